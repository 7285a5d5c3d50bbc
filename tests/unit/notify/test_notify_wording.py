"""What messages say, in every language that we have."""

import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.languages import LANGUAGES
from services.notify.domain import wording
from services.notify.domain.kinds import (
    ABOUT_APPOINTMENTS,
    ABOUT_WAITING,
    CODE,
    CODE_TEMPLATES,
    LETTERS,
    LINKS,
    template_for,
)
from services.notify.domain.media import Medium
from services.notify.domain.wording import Words
from services.notify.templates import template_of

NOW = datetime(2030, 6, 3, 6, tzinfo=UTC)
ABOUT = [*ABOUT_APPOINTMENTS, "appointment_created_by_staff"]
APPOINTMENT: dict[str, Any] = {
    "wall_start": datetime(2030, 6, 4, 9, 30),
    "services": [{"title": "Haircut"}, {"title": "Beard"}],
    "staff": {"name": "Olga"},
    "location": {"title": "Maison Lumière", "address": "12 rue des Archives, 75004 Paris"},
}
EXPECTED = {
    ("appointment_created", "en"): Words(
        "Appointment booked",
        "You are booked for Tuesday 4 June 2030 at 09:30: Haircut, Beard with Olga"
        " at Maison Lumière. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_created", "fr"): Words(
        "Rendez-vous réservé",
        "Votre rendez-vous est réservé le mardi 4 juin 2030 à 09:30\u00a0: Haircut, Beard avec Olga"
        " chez Maison Lumière. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_created_by_staff", "en"): Words(
        "Appointment booked for you",
        "Maison Lumière has booked an appointment for you on Tuesday 4 June 2030 at 09:30:"
        " Haircut, Beard with Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_created_by_staff", "fr"): Words(
        "Rendez-vous réservé pour vous",
        "Un rendez-vous a été réservé pour vous chez Maison Lumière le mardi 4 juin 2030 à"
        " 09:30\u00a0: Haircut, Beard avec Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_confirmed", "en"): Words(
        "Appointment confirmed",
        "Maison Lumière expects you on Tuesday 4 June 2030 at 09:30:"
        " Haircut, Beard with Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_confirmed", "fr"): Words(
        "Rendez-vous confirmé",
        "Maison Lumière vous attend le mardi 4 juin 2030 à 09:30\u00a0:"
        " Haircut, Beard avec Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_confirmed", "es"): Words(
        "Cita confirmada",
        "Maison Lumière le espera el martes, 4 de junio de 2030 a las 9:30:"
        " Haircut, Beard con Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_confirmed", "de"): Words(
        "Termin bestätigt",
        "Maison Lumière erwartet Sie am Dienstag, 4. Juni 2030 um 09:30:"
        " Haircut, Beard bei Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_confirmed", "ru"): Words(
        "Запись подтверждена",
        "Вас ждут в Maison Lumière. Когда: вторник, 4 июня 2030\u202fг., 09:30."
        " Услуги: Haircut, Beard. Специалист: Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_moved", "en"): Words(
        "Appointment changed",
        "Your appointment at Maison Lumière has been changed. It is now on Tuesday 4 June 2030"
        " at 09:30: Haircut, Beard with Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_moved", "fr"): Words(
        "Rendez-vous modifié",
        "Votre rendez-vous chez Maison Lumière a été modifié. Il est maintenant le mardi 4 juin"
        " 2030 à 09:30\u00a0: Haircut, Beard avec Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_cancelled", "en"): Words(
        "Appointment cancelled",
        "Your appointment at Maison Lumière on Tuesday 4 June 2030 at 09:30 has been cancelled:"
        " Haircut, Beard with Olga.",
    ),
    ("appointment_created", "es"): Words(
        "Cita reservada",
        "Tiene una cita el martes, 4 de junio de 2030 a las 9:30: Haircut, Beard con Olga"
        " en Maison Lumière. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_created", "de"): Words(
        "Termin gebucht",
        "Ihr Termin ist am Dienstag, 4. Juni 2030 um 09:30: Haircut, Beard bei Olga,"
        " Maison Lumière. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_created", "ru"): Words(
        "Вы записаны",
        "Вы записаны. Когда: вторник, 4 июня 2030\u202fг., 09:30. Услуги: Haircut, Beard."
        " Специалист: Olga. Где: Maison Lumière. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_created_by_staff", "es"): Words(
        "Le han reservado una cita",
        "Maison Lumière le ha reservado una cita el martes, 4 de junio de 2030 a las 9:30:"
        " Haircut, Beard con Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_created_by_staff", "de"): Words(
        "Termin für Sie gebucht",
        "Maison Lumière hat für Sie einen Termin gebucht, am Dienstag, 4. Juni 2030 um 09:30:"
        " Haircut, Beard bei Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_created_by_staff", "ru"): Words(
        "Вас записали",
        "Вас записали в Maison Lumière. Когда: вторник, 4 июня 2030\u202fг., 09:30."
        " Услуги: Haircut, Beard. Специалист: Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_moved", "es"): Words(
        "Cita cambiada",
        "Su cita en Maison Lumière ha cambiado. Ahora es el martes, 4 de junio de 2030 a las"
        " 9:30: Haircut, Beard con Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_moved", "de"): Words(
        "Termin geändert",
        "Ihr Termin bei Maison Lumière wurde geändert. Er ist jetzt am Dienstag, 4. Juni 2030 um"
        " 09:30: Haircut, Beard bei Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_moved", "ru"): Words(
        "Запись изменена",
        "Ваша запись в Maison Lumière изменена. Теперь: вторник, 4 июня 2030\u202fг.,"
        " 09:30. Услуги: Haircut, Beard. Специалист: Olga. 12 rue des Archives, 75004 Paris",
    ),
    ("appointment_cancelled", "es"): Words(
        "Cita cancelada",
        "Su cita en Maison Lumière del martes, 4 de junio de 2030 a las 9:30 se ha cancelado:"
        " Haircut, Beard con Olga.",
    ),
    ("appointment_cancelled", "de"): Words(
        "Termin abgesagt",
        "Ihr Termin bei Maison Lumière am Dienstag, 4. Juni 2030 um 09:30 ist abgesagt:"
        " Haircut, Beard bei Olga.",
    ),
    ("appointment_cancelled", "ru"): Words(
        "Запись отменена",
        "Ваша запись отменена. Где и когда: Maison Lumière, вторник, 4 июня 2030\u202fг., 09:30."
        " Услуги: Haircut, Beard. Специалист: Olga.",
    ),
    ("appointment_cancelled", "fr"): Words(
        "Rendez-vous annulé",
        "Votre rendez-vous chez Maison Lumière du mardi 4 juin 2030 à 09:30 est annulé\u00a0:"
        " Haircut, Beard avec Olga.",
    ),
}


def about(name: str, language: str, appointment: dict[str, Any] = APPOINTMENT) -> Words:
    facts = wording.facts_about(appointment, language)
    return wording.fill(template_of(name, language), facts)


def with_code(
    language: str = "en", *, seconds_left: float = 600, public_url: str = "https://salon.example"
) -> str:
    return wording.code_words(
        template_of(CODE, language),
        "042137",
        medium=Medium.SMS,
        expires_at=NOW + timedelta(seconds=seconds_left),
        now=NOW,
        public_url=public_url,
    ).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ABOUT)
def test_every_kind_says_what_and_when_and_where(name: str, language: str) -> None:
    assert about(name, language) == EXPECTED[name, language]


OFFERED = {
    "en": Words(
        "A time is free",
        "A time is free at Maison Lumière: Tuesday 4 June 2030 at 09:30, Haircut, Beard with Olga."
        " It is yours if you accept it by 18:15. 12 rue des Archives, 75004 Paris",
    ),
    "fr": Words(
        "Une place s’est libérée",
        "Une place s’est libérée chez Maison Lumière\u00a0: mardi 4 juin 2030 à 09:30, Haircut,"
        " Beard avec Olga. Elle est à vous si vous l’acceptez avant 18:15."
        " 12 rue des Archives, 75004 Paris",
    ),
    "es": Words(
        "Hay una hora libre",
        "Ha quedado libre una hora en Maison Lumière: el martes, 4 de junio de 2030 a las 9:30,"
        " Haircut, Beard con Olga. Es suya si la acepta antes de las 18:15."
        " 12 rue des Archives, 75004 Paris",
    ),
    "de": Words(
        "Ein Termin ist frei",
        "Bei Maison Lumière ist ein Termin frei: Dienstag, 4. Juni 2030 um 09:30, Haircut, Beard"
        " bei Olga. Er gehört Ihnen, wenn Sie ihn bis 18:15 annehmen."
        " 12 rue des Archives, 75004 Paris",
    ),
    "ru": Words(
        "Освободилось время",
        "Освободилось время. Где и когда: Maison Lumière, вторник, 4 июня 2030\u202fг., 09:30."
        " Услуги: Haircut, Beard. Специалист: Olga. Оно ваше, если вы примете его до 18:15."
        " 12 rue des Archives, 75004 Paris",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_says_what_and_when_and_until_when(language: str) -> None:
    offer = APPOINTMENT | {"wall_expires": datetime(2030, 6, 3, 18, 15)}
    facts = wording.facts_about_offer(offer, language)
    told = wording.fill(template_of("waitlist_offer_made", language), facts)
    assert told == OFFERED[language]


def test_no_template_is_there_that_nobody_uses() -> None:
    found = {path.name for path in files("services.notify.templates").iterdir()}
    used = {
        f"{name}.{language}.txt"
        for name in [
            *ABOUT,
            *ABOUT_WAITING,
            *CODE_TEMPLATES.values(),
            *LETTERS.values(),
            "greeting",
            "visit",
        ]
        for language in LANGUAGES
    }

    assert {name for name in found if name.endswith(".txt")} == used


@pytest.mark.parametrize("name", [*ABOUT, *ABOUT_WAITING, *CODE_TEMPLATES.values(), "greeting"])
def test_french_keeps_its_marks_from_falling_off_the_line(name: str) -> None:
    assert re.findall(r"[^\u00a0][:;?!]", template_of(name, "fr")) == []


def test_a_place_without_an_address_leaves_no_hole() -> None:
    nowhere = APPOINTMENT | {"location": {"title": "Maison Lumière", "address": ""}}

    assert about("appointment_created", "en", nowhere).text.endswith("at Maison Lumière.")


def test_who_did_not_book_themselves_is_told_who_did() -> None:
    assert template_for("appointment_created", created_by="staff") == "appointment_created_by_staff"
    assert template_for("appointment_created", created_by="import").endswith("_by_staff")
    assert template_for("appointment_created", created_by="client") == "appointment_created"
    assert template_for("appointment_moved", created_by="staff") == "appointment_moved"


@pytest.mark.parametrize(
    ("language", "name", "greeting"),
    [
        ("en", "Ann Clark", "Hello Ann Clark! Done."),
        ("en", "", "Hello! Done."),
        ("fr", "Ann Clark", "Bonjour Ann Clark\u00a0! Done."),
        ("fr", " \n", "Bonjour\u00a0! Done."),
        ("es", "Ann Clark", "Hola Ann Clark: Done."),
        ("de", "Ann Clark", "Guten Tag Ann Clark! Done."),
        ("ru", "", "Здравствуйте! Done."),
    ],
)
def test_a_message_greets_who_has_a_name_by_it(language: str, name: str, greeting: str) -> None:
    assert wording.greet(template_of("greeting", language), name, "Done.") == greeting


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("fr-CA", "en"), "fr"),
        (("FR_fr",), "fr"),
        (("", "fr"), "fr"),
        (("de-AT", "fr"), "de"),
        (("ru_RU",), "ru"),
        (("pt", "es-MX"), "es"),
        (("pt", "lv"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_we_speak_is_taken(wishes: tuple[str, ...], language: str) -> None:
    assert wording.language_of(*wishes) == language


@pytest.mark.parametrize(
    ("day", "language", "words"),
    [
        (date(2030, 6, 1), "fr", "samedi 1er juin 2030"),
        (date(2030, 6, 11), "fr", "mardi 11 juin 2030"),
        (date(2030, 6, 1), "en", "Saturday 1 June 2030"),
        (date(2030, 6, 1), "es", "sábado, 1 de junio de 2030"),
        (date(2030, 6, 1), "de", "Samstag, 1. Juni 2030"),
        (date(2030, 6, 1), "ru", "суббота, 1 июня 2030\u202fг."),
    ],
)
def test_a_day_is_written_as_people_write_it(day: date, language: str, words: str) -> None:
    assert wording.day_in_words(day, language) == words


@given(st.text())
def test_what_people_typed_stays_on_its_line_and_commands_no_terminal(typed: str) -> None:
    shown = wording.on_one_line(typed)

    assert len(shown.splitlines()) <= 1
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in shown)


def test_a_name_cannot_be_a_line_that_fills_in_a_code() -> None:
    sly = APPOINTMENT | {"staff": {"name": "Olga\n\n@bank.example #123456"}}

    assert "\n" not in about("appointment_created", "en", sly).text


@given(st.dictionaries(st.sampled_from(["day", "time", "services"]), st.text()))
def test_a_template_that_asks_for_an_unknown_fact_is_refused(facts: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        wording.fill(template_of("appointment_created", "en"), facts)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your code: 042137. It is valid for 10 min. Do not share it with anyone."),
        (
            "fr",
            "Votre code\u00a0: 042137. Il est valable 10\u00a0min. Ne le communiquez à personne.",
        ),
        (
            "es",
            "Su código: 042137. Es válido durante 10\u00a0min. No lo comparta con nadie.",
        ),
        ("de", "Ihr Code: 042137. Er gilt 10\u00a0Min. Geben Sie ihn an niemanden weiter."),
        ("ru", "Ваш код: 042137. Он действует 10\u00a0мин. Никому его не сообщайте."),
    ],
)
def test_a_code_is_told_with_how_long_it_is_good(language: str, text: str) -> None:
    assert with_code(language) == f"{text}\n\n@salon.example #042137"


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(600, 10), (598.7, 10), (340, 6), (89, 1), (20, 1), (1, 1)]
)
def test_minutes_are_rounded_and_never_none(seconds: float, minutes: int) -> None:
    assert f" {minutes} min." in with_code(seconds_left=seconds)


@pytest.mark.parametrize(
    ("address", "last_line"),
    [
        ("https://booking.salon.example:8443/api", "@booking.salon.example #042137"),
        ("http://localhost:8080", "@localhost #042137"),
    ],
)
def test_a_browser_on_our_address_may_fill_the_code_in(address: str, last_line: str) -> None:
    text = with_code(public_url=address)

    assert text.rpartition("\n")[2] == last_line


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:8080", "http://[::1]:8080"])
def test_an_address_without_a_name_binds_no_code(address: str) -> None:
    assert "\n" not in with_code(public_url=address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voice_says_the_digits_one_by_one_and_no_line_for_browsers(language: str) -> None:
    said = with_code_by(Medium.CALL, language)

    assert said.title == ""
    assert said.text.count("0, 4, 2, 1, 3, 7") == 2
    assert "@" not in said.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_with_a_code_has_a_heading_without_it(language: str) -> None:
    letter = with_code_by(Medium.EMAIL, language)

    assert letter.title and "042137" not in letter.title
    assert letter.text.count("042137") == 1
    assert "@" not in letter.text


def with_code_by(medium: Medium, language: str) -> Words:
    return wording.code_words(
        template_of(CODE_TEMPLATES[medium], language),
        "042137",
        medium=medium,
        expires_at=NOW + timedelta(minutes=10),
        now=NOW,
        public_url="https://salon.example",
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", LETTERS)
def test_a_letter_says_what_is_to_be_done(purpose: str, language: str) -> None:
    letter = wording.letter_words(
        template_of(LETTERS[purpose], language),
        "042137",
        link="https://salon.example/link",
        expires_at=NOW + timedelta(days=2),
        now=NOW,
    )

    assert letter.title and "\n" not in letter.title and "$" not in letter.text
    assert ("https://salon.example/link" in letter.text) == (purpose in LINKS)
    assert ("042137" in letter.text) == (purpose in ("reset_password", "change_email"))
    assert (
        purpose in ("account_exists", "reset_staff_refused")
        or "2880" in letter.text
        or "48" in letter.text
        or ("2 " in letter.text)
    )
