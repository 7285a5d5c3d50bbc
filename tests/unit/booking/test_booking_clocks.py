"""Wall clocks: the hour that is missing, the hour that comes twice, and what clients write."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.clocks import (
    FIRST_DAY,
    LAST_DAY,
    TimeDoesNotExist,
    TimeMalformed,
    day_clock,
    day_of,
    instant_of,
    local_day_bounds,
    moment_of,
    parse_wish,
    seconds_of,
    wall_of,
)

PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")
HAVANA = ZoneInfo("America/Havana")

ZONES = [
    PARIS,
    NEW_YORK,
    LORD_HOWE,
    HAVANA,
    ZoneInfo("America/St_Johns"),
    ZoneInfo("Africa/Casablanca"),
    ZoneInfo("Asia/Beirut"),
    ZoneInfo("Antarctica/Troll"),
    ZoneInfo("UTC"),
]

zones = st.sampled_from(ZONES)
walls = st.datetimes(datetime(2020, 1, 1), datetime(2037, 12, 31)).map(
    lambda wall: wall.replace(microsecond=0)
)


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text + "+00:00").timestamp())


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        (PARIS, "2026-11-20T10:00", "2026-11-20T09:00"),
        # 02:00 to 03:00 is missing: the clock jumps at 01:00 UTC.
        (PARIS, "2026-03-29T01:59", "2026-03-29T00:59"),
        (PARIS, "2026-03-29T02:00", "2026-03-29T01:00"),
        (PARIS, "2026-03-29T02:30", "2026-03-29T01:00"),
        (PARIS, "2026-03-29T03:00", "2026-03-29T01:00"),
        (PARIS, "2026-03-29T03:30", "2026-03-29T01:30"),
        # 02:00 to 03:00 comes twice, from 00:00 UTC and from 01:00 UTC.
        (PARIS, "2026-10-25T01:59", "2026-10-24T23:59"),
        (PARIS, "2026-10-25T02:00", "2026-10-25T00:00"),
        (PARIS, "2026-10-25T02:59", "2026-10-25T00:59"),
        (PARIS, "2026-10-25T03:00", "2026-10-25T02:00"),
        # Half an hour is missing.
        (LORD_HOWE, "2026-10-04T02:15", "2026-10-03T15:30"),
        (LORD_HOWE, "2026-10-04T02:30", "2026-10-03T15:30"),
        # The missing hour is the first of the day.
        (HAVANA, "2026-03-08T00:00", "2026-03-08T05:00"),
        (HAVANA, "2026-03-08T00:59", "2026-03-08T05:00"),
        # The whole day is missing.
        (APIA, "2011-12-30T00:00", "2011-12-30T10:00"),
        (APIA, "2011-12-30T12:00", "2011-12-30T10:00"),
        (APIA, "2011-12-31T00:00", "2011-12-30T10:00"),
    ],
)
def test_a_boundary_is_the_first_moment_at_which_the_clock_shows_it_or_later(
    zone: ZoneInfo, wall: str, instant: str
) -> None:
    assert instant_of(datetime.fromisoformat(wall), zone) == utc(instant)


@given(zones, walls, walls)
def test_a_later_wall_time_is_never_an_earlier_instant(
    zone: ZoneInfo, one: datetime, other: datetime
) -> None:
    sooner, later = sorted([one, other])
    assert instant_of(sooner, zone) <= instant_of(later, zone)


@given(zones, walls)
def test_the_clock_shows_a_boundary_or_where_it_jumped_past_it(
    zone: ZoneInfo, wall: datetime
) -> None:
    instant = instant_of(wall, zone)

    assert wall_of(instant, zone) >= wall
    assert wall_of(instant - 1, zone) < wall


@given(zones, walls, st.integers(0, 2880))
def test_the_clock_of_a_day_agrees_with_the_rule(
    zone: ZoneInfo, wall: datetime, minute: int
) -> None:
    midnight = datetime.combine(wall.date(), datetime.min.time())
    by_rule = instant_of(midnight + timedelta(minutes=minute), zone)
    assert day_clock(wall.date(), zone)(minute) == by_rule


@given(zones, walls)
def test_every_moment_lies_within_its_local_day(zone: ZoneInfo, wall: datetime) -> None:
    instant = instant_of(wall, zone)
    begins, ends = local_day_bounds(day_of(instant, zone), zone)
    assert begins <= instant < ends


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (PARIS, date(2026, 11, 20), 24),
        (PARIS, date(2026, 3, 29), 23),
        (PARIS, date(2026, 10, 25), 25),
        (LORD_HOWE, date(2026, 10, 4), 23.5),
        (APIA, date(2011, 12, 30), 0),
    ],
)
def test_a_local_day_is_as_long_as_its_clock_makes_it(
    zone: ZoneInfo, day: date, hours: float
) -> None:
    begins, ends = local_day_bounds(day, zone)
    assert ends - begins == hours * 3600


@pytest.mark.parametrize("day", [date.min, FIRST_DAY, LAST_DAY, date.max])
@pytest.mark.parametrize("zone", [PARIS, NEW_YORK, APIA])
def test_days_at_the_ends_of_the_calendar_have_bounds_too(zone: ZoneInfo, day: date) -> None:
    begins, ends = local_day_bounds(day, zone)
    assert begins < ends


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T12:00:00+03:00",
        "2026-11-20T12:00:00+0300",
        "2026-11-20T12:00+03",
        "2026-11-20T09:00:00Z",
        "2026-11-20T09:00Z",
        "2026-11-20T09:00:00.000Z",
        "2026-11-20t09:00:00z",
        "2026-11-20 04:00:00-05:00",
        "2026-11-20T05:30:00-0330",
        "2026-11-20T10:00:00",
        "2026-11-20T10:00",
        "2026-11-20 10:00",
    ],
)
def test_a_wish_may_be_written_in_any_of_these_ways(text: str) -> None:
    assert parse_wish(text, PARIS) == utc("2026-11-20T09:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-11-20",
        "10:00",
        "2026-11-20T",
        "2026-11-20T1000",
        "2026-11-20T10",
        "20261120T100000",
        "2026-W47-5T10:00",
        "2026-02-29T10:00",
        "2026-13-01T10:00",
        "2026-11-20T24:00",
        "2026-11-20T10:60",
        "2026-11-20T23:59:60",
        "2026-11-20T10:00:00.5Z",
        "2026-11-20T10:00+24:00",
        "2026-11-20T10:00+03:60",
        "2026-11-20T10:00 03:00",
        "2026-11-20T10:00Z+03:00",
        "2026-11-20T10:00\n",
        " 2026-11-20T10:00",
        "2026-11-20T10:00 Europe/Paris",
        "٢٠٢٦-11-20T10:00",
        "-2026-11-20T10:00",
        "0000-01-01T00:00",
        "0001-01-01T00:00+14:00",
        "1969-12-31T23:59",
        "9999-01-01T00:00",
        "9999-12-31T23:59-14:00",
    ],
)
def test_a_wish_that_is_no_time_is_malformed(text: str) -> None:
    with pytest.raises(TimeMalformed) as refused:
        parse_wish(text, PARIS)
    assert refused.value.code == "time_malformed"


@given(st.text(alphabet="0123456789-:+TZ. ٣", max_size=30), zones)
def test_whatever_a_client_writes_is_a_time_or_is_refused(text: str, zone: ZoneInfo) -> None:
    try:
        instant = parse_wish(text, zone)
    except (TimeMalformed, TimeDoesNotExist):
        return
    assert isinstance(wall_of(instant, zone), datetime)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-03-29T02:00", PARIS),
        ("2026-03-29T02:59:59", PARIS),
        ("2026-03-08T02:30", NEW_YORK),
        ("2026-10-04T02:15", LORD_HOWE),
        ("2026-03-08T00:00", HAVANA),
        ("2011-12-30T12:00", APIA),
    ],
)
def test_a_wall_time_that_the_clock_skips_does_not_exist(text: str, zone: ZoneInfo) -> None:
    with pytest.raises(TimeDoesNotExist) as refused:
        parse_wish(text, zone)
    assert refused.value.code == "time_does_not_exist"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-10-25T02:30", "2026-10-25T00:30"),
        ("2026-10-25T02:30+02:00", "2026-10-25T00:30"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30"),
        # Taken literally, though the clock of Paris never shows it.
        ("2026-03-29T02:30+01:00", "2026-03-29T01:30"),
        ("2026-03-29T02:00+00:00", "2026-03-29T02:00"),
    ],
)
def test_a_repeated_hour_means_the_earlier_unless_the_offset_says_otherwise(
    text: str, instant: str
) -> None:
    assert parse_wish(text, PARIS) == utc(instant)


@given(zones, walls)
def test_the_wall_time_of_an_instant_leads_back_to_it(zone: ZoneInfo, wall: datetime) -> None:
    instant = instant_of(wall, zone)

    assert parse_wish(moment_of(instant).astimezone(zone).isoformat(), zone) == instant
    assert parse_wish(wall_of(instant, zone).isoformat(), zone) == instant


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))
def test_instants_drop_only_the_part_of_a_second(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert moment_of(seconds_of(aware)) == aware.replace(microsecond=0)


def test_wall_times_and_instants_cannot_be_mixed_up() -> None:
    with pytest.raises(ValueError, match="no instant"):
        seconds_of(datetime(2026, 11, 20))
    with pytest.raises(ValueError, match="has no zone"):
        instant_of(datetime(2026, 11, 20, tzinfo=UTC), PARIS)
