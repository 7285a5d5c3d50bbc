"""Letters say what they are about, and lead to the pages of this installation."""

import pytest

from services.common.config import Settings
from services.notify.domain.kinds import LETTERS, LINKS
from services.notify.domain.media import Medium
from services.notify.models import Message
from services.notify.use_cases.codes import code_words_of
from tests.service.conftest import NOW
from tests.service.notify.conftest import a_code_text

EMAIL = "ann@example.com"
TOKEN = "01936d2e-7c1a-7b30-9a41-000000000001.abcdefghijklmnopqrstuvwxyz234567"


class Auth:
    """What auth tells of one challenge."""

    def __init__(self, **told: object) -> None:
        self.told = a_code_text(recipient=EMAIL, **told)

    def call(self, *_: object, **__: object) -> dict[str, object]:
        return self.told


def letter(purpose: str, *, token: str | None = None, public_url: str = "https://s.example/"):
    message = Message(
        id=1,
        subject="challenge/x",
        kind="code",
        medium=Medium.EMAIL,
        recipient=EMAIL,
        language="fr",
    )
    settings = Settings(amqp_uri="memory://", public_url=public_url)
    auth = Auth(purpose=purpose, link_token=token)
    return code_words_of(message, auth, settings=settings, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("purpose", LINKS)
def test_a_link_leads_to_the_page_of_its_purpose(purpose: str) -> None:
    assert f"https://s.example/{LINKS[purpose]}/{TOKEN}\n" in letter(purpose, token=TOKEN).text


def test_without_a_public_address_it_leads_to_where_the_gateway_listens() -> None:
    told = letter("prove_email", token=TOKEN, public_url="")
    assert f"http://127.0.0.1:8080/account/confirm/{TOKEN}\n" in told.text


def test_every_purpose_has_words_of_its_own_and_the_others_are_codes() -> None:
    titles = {letter(purpose, token=TOKEN).title for purpose in [*LETTERS, "prove_phone"]}
    assert len(titles) == len(LETTERS)  # both ways of proving an address have one title
