"""The widget dictionary and the texts of refusals: complete, alike and well set in every language.

`dictionary_keys.txt` holds the contract's keys, flat and dotted. Front ends look texts up by
them, so a key that goes missing, or is renamed, is a break of the API. None of the keys is
at once a word and the beginning of others, so each has one place in the nested answer.

A new language needs no change here, except the words it shares with English (`SHARED`).
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from gateway.wire.activity_titles import FILTERS, REPEATS
from gateway.wire.sessions import CHANNELS
from gateway.wire.staff_users import TITLES
from services.common.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
DICTIONARIES = ROOT / "gateway" / "i18n"
REFUSALS = ROOT / "gateway" / "wire" / "texts"
PAGES = ROOT / "gateway" / "wire" / "page_texts"
KEYS = Path(__file__).with_name("dictionary_keys.txt").read_text(encoding="utf-8").splitlines()
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]

# A counted noun has the form of each plural category of CLDR (what `Intl.PluralRules` answers)
# and, beside it, the names under which older front ends look for the same form. The names of
# grammatical cases have an accusative too, which goes with a count of one.
CATEGORIES = {"one", "few", "many", "other"}
BY_CASE = {"nominative": "one", "genitive": "few", "plural-genitive": "many"}
BY_NUMBER = {"1": "one", "2": "few", "3": "many"}
PLURAL_SETS = {
    "loyalty.points": BY_CASE,
    "master.reviews": BY_CASE,
    "time.hourCased": BY_CASE,
    "time.weekCased": BY_CASE,
    "time.monthCased": BY_CASE,
    "time.yearCased": BY_CASE,
    "time.dayCased": BY_CASE,
    "time.minuteCased": BY_CASE,
    "time.secondCased": BY_CASE,
    "city.affiliate": BY_NUMBER,
    "service.services_pref": BY_NUMBER,
}

# What the contract spells twice: front ends use either.
TWINS = {
    "date.by_month_num.08": "date.by_month_num.8",
    "date.by_month_num.09": "date.by_month_num.9",
    "date.by_month_short.March": "date.by_month_short.Mar",
    "March": "Mar",
}

# Front ends write something straight after these, so they end in a blank.
CONTINUED = {
    "city.town_abbreviation",
    "login.sms_not_send",
    "profile.email.info",
    "profile.name.saved",
    "record.error_cancel_record_new2_1",
    "record.error_change_record_time2_1",
}

# Keys, and groups of keys, that are rightly the same in English and in the other language.
SHARED = {
    "fr": {
        "address.photos",
        "dist_km",
        "dist_m",
        "footer.worked_on_company_name",
        "h",
        "header.actions",
        "header.confirmation",
        "header.notification",
        "loyalty.cashback",
        "loyalty.points",
        "m",
        "menu.header",
        "record.date",
        "service.currency_short",
        "time.minuteCased",
    },
    "es": {
        "No",
        "dist_km",
        "dist_m",
        "footer.worked_on_company_name",
        "h",
        "loyalty.cashback",
        "m",
        "service.currency_short",
    },
    "de": {
        "Apr",
        "Aug",
        "Nov",
        "Sep",
        "address.site",
        "confirm.first_name",
        "date.by_month_num.08",
        "date.by_month_num.09",
        "date.by_month_num.11",
        "date.by_month_num.4",
        "date.by_month_num.8",
        "date.by_month_num.9",
        "dist_km",
        "dist_m",
        "footer.worked_on_company_name",
        "record.through",
        "service.currency_short",
    },
    "ru": {"footer.worked_on_company_name", "service.currency_short"},
}
SHARED_PAGES: dict[str, set[str]] = {"fr": set(), "es": set(), "de": {"common.name"}, "ru": set()}

# Front ends fill the dictionary with a template engine that writes placeholders <%- like_this %>;
# the refusals are filled by ourselves, in Python's manner.
PLACEHOLDER = re.compile(r"<%- ([a-z_]+) %>|\{([a-z_]+)\}")


def refuse_repeated_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if repeated:
        raise ValueError(f"said twice: {repeated}")
    return dict(pairs)


def flat(tree: dict[str, object], path: str = "") -> dict[str, str]:
    """Every text under its dotted key; whatever is neither a text nor a group is refused."""
    texts: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            texts |= flat(value, f"{path}{key}.")
        elif isinstance(value, str):
            texts[path + key] = value
        else:
            raise TypeError(f"{path}{key} is neither a text nor a group: {value!r}")
    return texts


def read(folder: Path, language: str) -> dict[str, str]:
    text = (folder / f"{language}.json").read_text(encoding="utf-8")
    return flat(json.loads(text, object_pairs_hook=refuse_repeated_keys))


def placeholders(texts: dict[str, str]) -> dict[str, list[str]]:
    found = {
        key: sorted("".join(names) for names in PLACEHOLDER.findall(text))
        for key, text in texts.items()
    }
    return {key: names for key, names in found.items() if names}


def group_of(key: str) -> str:
    """The group for a form of a counted noun, the key itself for any other."""
    group = key.rpartition(".")[0]
    return group if group in PLURAL_SETS else key


@pytest.fixture(params=[DICTIONARIES, REFUSALS], ids=["dictionary", "refusals"])
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.mark.parametrize("texts", [DICTIONARIES, REFUSALS, PAGES], ids=lambda path: path.name)
def test_all_texts_are_there_in_every_language(texts: Path) -> None:
    assert {path.stem for path in texts.glob("*.json")} == set(LANGUAGES)


def test_what_is_named_in_code_has_a_name_in_every_language() -> None:
    for titles in (TITLES, FILTERS, REPEATS, *CHANNELS.values()):
        assert set(titles) == set(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_the_pages_of_links_say_the_same_in_every_language(language: str) -> None:
    texts, english = read(PAGES, language), read(PAGES, "en")
    assert set(texts) == set(english)
    assert placeholders(texts) == placeholders(english)
    assert {key for key in texts if texts[key] == english[key]} <= SHARED_PAGES[language]


def test_russian_counts_in_three_forms() -> None:
    texts = read(DICTIONARIES, "ru")
    for group in PLURAL_SETS:
        assert len({texts[f"{group}.{count}"] for count in ("one", "few", "many")}) == 3, group


def test_no_key_is_listed_twice() -> None:
    assert [key for key, count in Counter(KEYS).items() if count > 1] == []


def test_no_key_is_at_once_a_word_and_the_beginning_of_others() -> None:
    parts = [key.split(".") for key in KEYS]
    groups = {".".join(path[:end]) for path in parts for end in range(1, len(path))}
    assert groups & set(KEYS) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dictionary_has_every_key_of_the_contract_and_no_other(language: str) -> None:
    assert set(read(DICTIONARIES, language)) == set(KEYS)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_refusal_has_a_text_in_every_language(language: str) -> None:
    assert set(read(REFUSALS, language)) == set(read(REFUSALS, "en"))


def test_the_codes_of_refusals_are_snake_case() -> None:
    codes = read(REFUSALS, "en")
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(_[a-z]+)*", code)] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_text_has_the_same_placeholders_in_every_language(folder: Path, language: str) -> None:
    assert placeholders(read(folder, language)) == placeholders(read(folder, "en"))


def test_the_placeholders_are_the_ones_that_are_filled_in() -> None:
    assert placeholders(read(DICTIONARIES, "en")) == {"notification.your_city": ["city_name"]}
    assert placeholders(read(REFUSALS, "en")) == {
        "appointments_to_come": ["count"],
        "cancel_too_late": ["hours"],
        "capacity_below_seats": ["taken"],
        "class_full": ["free"],
        "code_sends_used_up": ["seconds"],
        "code_sent_recently": ["seconds"],
        "codes_paused": ["seconds"],
        "codes_used_up_here": ["seconds"],
        "custom_field_invalid": ["code"],
        "custom_field_unknown": ["code"],
        "move_too_late": ["hours"],
        "rate_limit_exceeded": ["seconds"],
        "series_too_long": ["most"],
        "too_many_seats": ["most"],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brace_is_part_of_a_placeholder_and_no_text_is_markup(
    folder: Path, language: str
) -> None:
    texts = read(folder, language)
    odd = {key for key, text in texts.items() if re.search(r"[{}<>]", PLACEHOLDER.sub("", text))}
    assert odd == set()


@pytest.mark.parametrize("group", PLURAL_SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_noun_has_the_same_forms_under_old_and_new_names(
    language: str, group: str
) -> None:
    texts = read(DICTIONARIES, language)
    forms = {
        key.removeprefix(f"{group}."): text
        for key, text in texts.items()
        if key.startswith(f"{group}.")
    }
    older = PLURAL_SETS[group]
    accusative = {"accusative"} if older is BY_CASE else set()
    assert set(forms) == CATEGORIES | set(older) | accusative
    assert {name: forms[name] for name in older} == {
        name: forms[category] for name, category in older.items()
    }


def test_every_group_with_plural_categories_is_a_listed_plural_set() -> None:
    assert {key.removesuffix(".other") for key in KEYS if key.endswith(".other")} == set(
        PLURAL_SETS
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_contract_spells_twice_is_said_the_same_way(language: str) -> None:
    texts = read(DICTIONARIES, language)
    assert {key: texts[key] for key in TWINS} == {key: texts[twin] for key, twin in TWINS.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_of_a_booking_is_worded_for_both_places_it_stands_in(language: str) -> None:
    texts = read(DICTIONARIES, language)
    prefix = "confirm.orderErrors."
    sentences = {
        key.removeprefix(f"{prefix}bigLetter."): text
        for key, text in texts.items()
        if key.startswith(f"{prefix}bigLetter.")
    }
    inside = {name: texts[prefix + name] for name in sentences}
    assert {prefix + name for name in sentences} == {
        key for key in KEYS if key.startswith(prefix) and "bigLetter" not in key
    }
    assert {name for name, text in sentences.items() if not text[0].isupper()} == set()
    assert {name for name, text in inside.items() if not text[0].islower()} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(folder: Path, language: str) -> None:
    assert {key for key, text in read(folder, language).items() if not text.strip()} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_text_that_is_continued_ends_in_a_blank(language: str) -> None:
    texts = read(DICTIONARIES, language)
    assert {key for key, text in texts.items() if text.endswith(" ")} == CONTINUED
    assert {key for key, text in texts.items() if text.rstrip(" ") != text.strip()} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_told_in_whole_sentences(language: str) -> None:
    texts = read(REFUSALS, language)
    assert {code for code, text in texts.items() if not text[0].isupper()} == set()
    assert {code for code, text in texts.items() if not text.endswith(".")} == set()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_nothing_but_the_listed_words_is_left_in_english(language: str) -> None:
    texts, english = read(DICTIONARIES, language), read(DICTIONARIES, "en")
    same = {group_of(key) for key, text in texts.items() if text == english[key]}
    assert same == SHARED[language]


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_refusal_is_left_in_english(language: str) -> None:
    texts, english = read(REFUSALS, language), read(REFUSALS, "en")
    assert {code for code, text in texts.items() if text == english[code]} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_apostrophes_and_quotation_marks_are_typographic(folder: Path, language: str) -> None:
    assert {
        key for key, text in read(folder, language).items() if re.search("['\"]", text)
    } == set()


def test_french_punctuation_stands_behind_a_no_break_space(folder: Path) -> None:
    loose = re.compile("[^\u00a0](?:[:;?!](?= |$)|»)|«(?!\u00a0)")
    assert {key for key, text in read(folder, "fr").items() if loose.search(text)} == set()
