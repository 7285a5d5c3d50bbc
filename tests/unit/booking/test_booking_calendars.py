"""Calendar files, read by two programs that are not ours."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.booking.domain.calendars import Entry, calendar_of, uid_of, web_address

PARIS = "Europe/Paris"
CHANGED = datetime(2030, 6, 1, 12, tzinfo=UTC)


def an_entry(wall: str = "2030-06-04T10:00", **changes: Any) -> Entry:
    timezone = changes.pop("timezone", PARIS)
    wall_start = datetime.fromisoformat(wall)
    starts_at = wall_start.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    facts: dict[str, Any] = {
        "secret": "ab" * 16,
        "version": 1,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "wall_start": wall_start,
        "timezone": timezone,
        "changed_at": CHANGED,
        "created_at": CHANGED,
        "is_cancelled": False,
        "title": "Haircut · Salon",
        "place": "Salon, 12 rue des Archives",
        "details": ["Haircut", "Olga"],
        "url": "https://salon.example",
        "latitude": 48.86,
        "longitude": 2.36,
    }
    return Entry(**(facts | changes))


def events(content: str) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_an_appointment_says_what_when_and_where() -> None:
    [event] = events(calendar_of([an_entry()]))
    assert event["SUMMARY"] == "Haircut · Salon"
    assert event["LOCATION"] == "Salon, 12 rue des Archives"
    assert event["DESCRIPTION"] == "Haircut\nOlga"
    assert event["URL"] == "https://salon.example"
    assert event["DTSTART"].params["TZID"] == PARIS
    assert event.start == datetime(2030, 6, 4, 10, tzinfo=ZoneInfo(PARIS))
    assert event.end == datetime(2030, 6, 4, 11, tzinfo=ZoneInfo(PARIS))
    assert event["LAST-MODIFIED"].dt == CHANGED
    assert (event["SEQUENCE"], event["STATUS"]) == (1, "CONFIRMED")


def test_another_program_reads_the_same() -> None:
    read = vobject.readOne(calendar_of([an_entry()]))
    assert read.vevent.summary.value == "Haircut · Salon"
    assert read.vevent.dtstart.value.astimezone(UTC) == datetime(2030, 6, 4, 8, tzinfo=UTC)
    assert read.vevent.status.value == "CONFIRMED"


def test_a_move_replaces_the_entry_and_a_cancellation_takes_it_out() -> None:
    [before] = events(calendar_of([an_entry()]))
    [moved] = events(calendar_of([an_entry("2030-06-05T15:00", version=2)]))
    [gone] = events(calendar_of([an_entry("2030-06-05T15:00", version=3, is_cancelled=True)]))
    assert before["UID"] == moved["UID"] == gone["UID"] == uid_of("ab" * 16)
    assert [event["SEQUENCE"] for event in (before, moved, gone)] == [1, 2, 3]
    assert gone["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("zone", [PARIS, "America/New_York", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("day", ["2030-01-15", "2030-03-31", "2030-04-07", "2030-07-15"])
def test_the_wall_time_survives_every_change_of_the_clocks(zone: str, day: str) -> None:
    """A program that knows no zones by name reads the right instants from the file alone."""
    entries = [an_entry(f"{day}T{hour:02}:30", timezone=zone) for hour in (0, 4, 12, 23)]
    content = calendar_of(entries).replace(zone, f"Our own {zone} of {day}")
    for event, entry in zip(
        vobject.readOne(content).vevent_list if zone != "UTC" else [], entries, strict=False
    ):
        assert event.dtstart.value.replace(tzinfo=None) == entry.wall_start
        assert event.dtstart.value.astimezone(UTC) == entry.starts_at
    for event, entry in zip(events(calendar_of(entries)), entries, strict=True):
        assert event.start.astimezone(UTC) == entry.starts_at
        assert event.end.astimezone(UTC) == entry.ends_at


def test_the_second_of_two_equal_hours_is_told_in_utc() -> None:
    starts_at = datetime(2030, 10, 27, 1, 30, tzinfo=UTC)
    entry = an_entry(
        "2030-10-27T02:30", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )
    [event] = events(calendar_of([entry]))
    assert event.start == starts_at
    assert event.end - event.start == timedelta(hours=1)


EVIL = "Cut\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTENDEE:mailto:x@y.z\u2028\x0b\x85"


def test_no_text_writes_lines_of_its_own() -> None:
    entry = an_entry(title=EVIL, place=EVIL, details=[EVIL], url=f"https://x.example/{EVIL}")
    content = calendar_of([entry], name=EVIL)
    [event] = events(content)
    assert "ATTENDEE" not in event
    assert "URL" not in event
    lines = content.split("\r\n")
    assert not any(line.startswith(("ATTENDEE", "END:VEVENT ")) for line in lines)
    assert len(list(vobject.readOne(content).vevent_list)) == 1


@given(st.text(max_size=80))
def test_whatever_a_title_is_the_file_can_be_read(title: str) -> None:
    try:
        title.encode()
    except UnicodeEncodeError:
        return
    content = calendar_of([an_entry(title=title, place=title, details=[title], url=title)])
    assert len(events(content)) == 1
    assert "\n" not in content.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))


@pytest.mark.parametrize(
    "text", ["", "javascript:alert(1)", "https://", "https://a b", 'https://a/"', "http://[", "é"]
)
def test_what_is_no_address_of_a_site_is_left_out(text: str) -> None:
    assert web_address(text) is None


def test_the_file_does_not_show_what_opens_the_appointment() -> None:
    assert "ab" * 16 not in calendar_of([an_entry()])
