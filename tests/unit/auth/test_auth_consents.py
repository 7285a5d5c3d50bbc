"""Which texts hold at a place, and which must still be accepted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.consents import Text, accepted, holding
from services.common.errors import Invalid

POLICY, TERMS = "privacy_policy", "user_agreement"


def a_text(**changes: Any) -> Text:
    details = {
        "id": 1,
        "kind": POLICY,
        "location_id": None,
        "version": 1,
        "language": "en",
        "is_required": True,
    }
    return Text(**{**details, **changes})


def test_the_newest_version_holds():
    old, new = a_text(version=3), a_text(version=4)

    assert holding([new, old], "en") == [new]


def test_a_locations_own_text_takes_the_place_of_the_installations():
    own, general = a_text(version=3, location_id=7), a_text(version=4)

    assert holding([own, general], "en") == [own]


def test_each_kind_holds_by_itself():
    policy, terms = a_text(version=3, location_id=7), a_text(kind=TERMS, version=1)

    assert holding([terms, policy], "en") == [policy, terms]


@pytest.mark.parametrize(
    ("languages", "asked", "shown"),
    [
        (["en", "fr"], "fr", "fr"),
        (["fr", "en"], "de", "en"),
        (["fr", "it"], "de", "fr"),
    ],
)
def test_a_text_is_shown_in_ones_language_else_in_english_else_in_any(languages, asked, shown):
    texts = [a_text(id=number, language=one) for number, one in enumerate(languages)]

    assert [text.language for text in holding(texts, asked)] == [shown]


def test_a_language_that_the_newest_version_lacks_does_not_bring_the_old_one_back():
    texts = [a_text(version=1, language="fr"), a_text(version=2, language="en")]

    assert holding(texts, "fr") == [texts[1]]


def test_what_is_required_and_not_accepted_is_named_with_its_version():
    texts = [a_text(version=5), a_text(kind=TERMS, version=6)]

    with pytest.raises(Invalid) as refused:
        accepted(texts, [{"kind": POLICY, "version": 4}])

    assert refused.value.code == "consent_required"
    assert refused.value.fields == {
        "agreements.privacy_policy": "5",
        "agreements.user_agreement": "6",
    }


def test_what_is_optional_may_be_left_out_or_accepted():
    texts = [a_text(version=5, is_required=False)]

    assert accepted(texts, []) == []
    assert accepted(texts, [{"kind": POLICY, "version": 5}]) == texts


@given(
    versions=st.lists(st.integers(1, 5), unique=True),
    given_versions=st.lists(st.integers(1, 6)),
)
def test_nobody_gets_on_without_the_version_that_holds(versions, given_versions):
    texts = holding([a_text(version=version) for version in versions], "en")
    agreements = [{"kind": POLICY, "version": version} for version in given_versions]
    if texts and max(versions) not in given_versions:
        with pytest.raises(Invalid):
            accepted(texts, agreements)
    else:
        assert accepted(texts, agreements) == texts
