"""A table with anything wrong is refused whole, with all that is wrong; nothing stays of it."""

import pytest

from services.booking.models import Service
from tests.factories import a_wish, create_location, create_service, create_staff_member
from tests.service.booking.importing import ONE_PLACE, Newcomer
from tests.service.conftest import NewDatabase

LOCATIONS = ONE_PLACE["locations"].splitlines()[0] + "\n"
SERVICES = "external_id,category,title,duration_minutes,price,price_max\n"
APPOINTMENTS = "external_id,staff,services,starts_at,client,client_phone,client_name\n"
SCHEDULES = "staff,weekday,date,kind,opens,closes\n"
CLIENTS = "external_id,phone,name,email,birth_date,gender\n"

CELLS: dict[str, tuple[str, str, list[str]]] = {
    "a location's facts": (
        "locations",
        LOCATIONS + "B,Other,Paris,XX,Europe/Atlantis,EURO",
        [
            "row 2: country_code: not an ISO 3166 country such as FR",
            "row 2: currency: not an ISO 4217 currency such as EUR",
            "row 2: timezone: not an IANA time zone such as Europe/Paris",
        ],
    ),
    "what a location keeps": (
        "locations",
        LOCATIONS + "A,Salon,Paris,FR,Europe/London,GBP",
        [
            "row 2: currency: is EUR already, and no import changes that",
            "row 2: timezone: is Europe/Paris already, and no import changes that",
        ],
    ),
    "a location's phones": (
        "locations",
        LOCATIONS.strip() + ",phones\nA,Salon,Paris,FR,Europe/Paris,EUR,01 43 55 12 34|12",
        ["row 2: phones: not a phone number, as + and its country or as one of FR"],
    ),
    "numbers and money": (
        "services",
        SERVICES + "1,Hair,A,4,45,\n2,Hair,B,1e2,1.234,\n3,Hair,C,60,EUR 5,\n4,Hair,D,60,20,10",
        [
            "row 2: duration_minutes: not a whole number from 5 to 1440",
            "row 3: duration_minutes: not a whole number from 5 to 1440",
            "row 4: price: not an amount such as 35 or 35.50, without currency or spaces",
            "row 5: price_max: less than price",
        ],
    ),
    "money smaller than the currency has": (
        "services",
        SERVICES + "1,Hair,A,60,10.005,\n2,Hair,B,60,,10",
        [
            "row 2: price: EUR has 2 digits behind the point",
            "row 3: price: must not be empty beside price_max",
        ],
    ),
    "what must be there": (
        "services",
        SERVICES + "1,,,60,,",
        ["row 2: category: must not be empty", "row 2: title: must not be empty"],
    ),
    "twins": (
        "services",
        SERVICES + "1,Hair,A,60,,\n1,Hair,B,60,,\n,Hair,A,60,,",
        [
            "row 3: title: the same as in row 2",
            "row 4: title: the same as in row 2, and not both have an external_id",
        ],
    ),
    "a location that is none": (
        "staff",
        "location,name\nZ,Vera",
        ["row 2: location: there is no location «Z» here"],
    ),
    "yes and no": (
        "staff",
        "name,is_online\nVera,perhaps",
        ["row 2: is_online: neither yes nor no"],
    ),
    "who and what is unknown": (
        "links",
        "staff,service\nVera,cut\nolga,shave\nolga,cut\nOlga,Cut",
        [
            "row 2: staff: there is no staff member «Vera» here",
            "row 3: service: there is no service «shave» here",
            "row 5: service: the same as in row 4",
        ],
    ),
    "hours that make no sense": (
        "schedules",
        SCHEDULES + "olga,mon,,,18:00,09:00\nolga,tue,,,9,17:00\nolga,funday,,,09:00,17:00\n"
        "olga,,,,09:00,17:00\nolga,wed,2030-06-05,,09:00,17:00\nolga,thu,,off,,\n"
        "olga,fri,,,09:00,\nolga,,2030-06-31,off,,\nolga,,2030-06-30,off,09:00,\n"
        "olga,sat,,,25:00,26:00",
        [
            "row 2: closes: not after opens; a time in the night after is written 26:00",
            "row 3: opens: not a time such as 09:00 (26:00 is 02:00 of the next day)",
            "row 4: weekday: not one of: mon, tue, wed, thu, fri, sat, sun",
            "row 5: weekday: either this or date must be told",
            "row 6: weekday: either this or date must be told",
            "row 7: kind: off is for dates; leave the weekday out instead",
            "row 8: closes: must not be empty",
            "row 9: date: not a date such as 2030-06-04",
            "row 10: opens: must be empty on a day off",
            "row 11: opens: work begins on its own day, before 24:00",
        ],
    ),
    "hours that overlap, and breaks outside them": (
        "schedules",
        SCHEDULES + "olga,mon|tue,,,09:00,13:00\nolga,tue,,,12:00,18:00\n"
        "olga,mon,,break,12:30,13:30\nolga,,2030-06-04,break,14:00,14:30\n"
        "marc,,2030-06-04,break,20:00,21:00\nolga,,2030-06-05,off,,\nolga,,2030-06-05,,09:00,12:00",
        [
            "row 3: opens: overlaps row 2",
            "row 4: opens: this break is outside the hours of mon",
            "row 5: opens: this break is outside the hours of 2030-06-04",
            "row 6: opens: this break is outside the hours of 2030-06-04",
            "row 8: opens: row 7 says something else of that day",
        ],
    ),
    "clients": (
        "clients",
        CLIENTS + "1,12,Ann,,,\n2,,Bob,nobody,1990-02-30,x\n,,Eve,,,\n4,0612345678,,,,\n"
        "5,+33612345679,A,,,\n5,,B,,,\n7,06 12 34 56 79,C,,,",
        [
            "row 2: phone: not a phone number, as + and its country or as one of FR",
            "row 3: birth_date: not a date such as 2030-06-04",
            "row 3: email: not an e-mail address",
            "row 3: gender: not one of: unknown, male, female",
            (
                "row 4: external_id: must not be empty without a phone: "
                "by what would a second import know them?"
            ),
            "row 5: name: must not be empty",
            "row 7: external_id: the same as in row 6",
            "row 8: phone: the same as in row 6",
        ],
    ),
    "appointments": (
        "appointments",
        APPOINTMENTS + "1,Vera,Cut,2030-06-04 10:00,,,\n2,olga,Shave|Cut,2030-06-04 10:00,,,\n"
        "3,olga,Cut,tomorrow,,,\n4,olga,Cut,2031-03-30 02:30,,,\n5,olga,Cut,2030-06-04 10:00,c9,,\n"
        "6,olga,Cut,2030-06-04 12:00,,12,Ann\n7,olga,Cut,2030-06-04 13:00,,+33612345678,\n"
        "8,olga,Cut,2030-06-04 14:00,,,Ann\n8,olga,Cut,2030-06-04 15:00,,,",
        [
            "row 2: staff: there is no staff member «Vera» here",
            "row 3: services: there is no service «Shave» here",
            "row 4: starts_at: not a date with a time such as 2030-06-04 15:30",
            "row 5: starts_at: the clocks of Europe/Paris leave this time out",
            "row 6: client: there is no client «c9»",
            "row 7: client_phone: not a phone number, as + and its country or as one of FR",
            "row 8: client_name: must not be empty: nobody is known by this phone alone",
            (
                "row 9: client_phone: must not be empty beside a name; "
                "who comes by without one needs no name"
            ),
            "row 10: external_id: the same as in row 9",
        ],
    ),
    "appointments at one time": (
        "appointments",
        APPOINTMENTS + "1,olga,Cut,2030-06-04 10:00,,,\n2,olga,Colour,2030-06-04 09:00,,,\n"
        "3,olga,Cut,2030-06-04 11:00,,,\n4,marc,Cut,2030-06-04 10:30,,,\n"
        "5,marc,Cut,2030-06-04 17:30,,,\n6,marc,Cut,2030-06-08 10:00,,,",
        [
            "row 2: starts_at: Olga has something else at that time, in row 3",
            "row 6: starts_at: outside the hours of Marc",
            "row 7: starts_at: outside the hours of Marc",
        ],
    ),
}


@pytest.fixture
def place(new_database: NewDatabase) -> Newcomer:
    newcomer = Newcomer(new_database("booking"))
    newcomer.put_all(ONE_PLACE)
    return newcomer


@pytest.mark.parametrize("table", CELLS)
def test_every_cell_that_is_wrong_is_told(place: Newcomer, table: str) -> None:
    name, content, problems = CELLS[table]

    assert place.wrong(name, content) == problems


def test_what_others_have_booked_is_not_taken(place: Newcomer) -> None:
    place.book(a_wish(staff_id=1, starts_at="2030-06-04T10:00:00"))
    rows = APPOINTMENTS + "1,olga,Cut,2030-06-04 10:30,,,\n2,olga,Cut,2030-06-04 11:30,,,"

    assert place.wrong("appointments", rows) == [
        "row 2: starts_at: Olga has something else at that time"
    ]
    assert place.overlapping() == 0


def test_what_is_somewhere_else_is_not_there(place: Newcomer) -> None:
    with place.write() as session:
        stranger = create_location(session, title="Strangers")
        create_staff_member(session, stranger, create_service(session, stranger, title="Shave"))
    place.put("locations", LOCATIONS + "B,Other,Paris,FR,Europe/Paris,EUR")
    place.put("services", f"location,{SERVICES}B,b,Hair,Curls,60,,")

    assert place.wrong(
        "links", "location,staff,service\nA,olga,Curls\nA,olga,Shave\n,olga,cut"
    ) == [
        "row 2: service: there is no service «Curls» here",
        "row 3: service: there is no service «Shave» here",
        "row 4: location: must not be empty: the business has several",
    ]


def test_who_leaves_is_there_no_longer_after_the_last_day(place: Newcomer) -> None:
    place.do(
        "dismiss_staff_member",
        viewer=place.staff(),
        location_id=1,
        staff_id=2,
        last_day="2030-06-05",
    )
    rows = APPOINTMENTS + "1,marc,Cut,2030-06-05 10:00,,,\n2,marc,Cut,2030-06-06 10:00,,,"

    assert place.wrong("appointments", rows) == [
        "row 3: starts_at: Marc works there no longer then"
    ]


def test_a_name_that_several_have_is_not_enough(place: Newcomer) -> None:
    with place.write() as session:
        cut = session.get_one(Service, 1)
        session.add(
            Service(location_id=1, category_id=cut.category_id, title="CUT", duration_seconds=60)
        )

    assert place.wrong("links", "staff,service\nolga,Cut") == [
        "row 2: service: several are called «Cut» here; an external_id tells them apart"
    ]
    assert place.wrong("services", "category,title,duration_minutes\nHair,Cut,60") == [
        "row 2: title: several have this already"
    ]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("locations", "title,city,country_code,timezone,currency\n{}B,Paris,FR,Europe/Paris,EUR"),
        ("services", "category,title,duration_minutes\n{}Hair,Shave,30"),
        ("staff", "name\n{}Vera"),
    ],
)
def test_of_two_with_one_name_both_need_an_external_id(
    place: Newcomer, table: str, columns: str
) -> None:
    """A second import would not know which of them is meant by the name."""
    column = "name" if table == "staff" else "title"
    heading, row = columns.split("\n{}")

    assert place.wrong(table, f"external_id,{heading}\n1,{row}\n,{row}") == [
        f"row 3: {column}: the same as in row 2, and not both have an external_id"
    ]
    content = f"external_id,{heading}\n1,{row}\n2,{row}"
    assert place.put(table, content).created == 2
    assert place.put(table, content).same == 2


def test_an_external_id_is_no_name(place: Newcomer) -> None:
    rows = "external_id,category,title,duration_minutes\nshave,Hair,Beard,30\n,Hair,Shave,30"

    assert place.put("services", rows).created == 2
    assert place.put("services", rows).same == 2


def test_the_phone_of_another_client_is_not_taken(place: Newcomer) -> None:
    place.put("clients", CLIENTS + "1,+33612345678,Ann,,,\n2,+33612345679,Bob,,,")

    assert place.wrong("clients", CLIENTS + "2,+33612345678,Bob,,,\n3,+33612345678,Eve,,,") == [
        "row 2: phone: another client of the business has it",
        "row 3: phone: the same as in row 2",
    ]
    assert place.wrong("clients", CLIENTS + "3,+33612345678,Eve,,,") == [
        "row 2: phone: another client of the business has it"
    ]
