"""``kabinet import``, as an operator types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.cli import cli
from services.booking.models import StaffMember
from tests.service.booking.importing import ONE_PLACE, Newcomer
from tests.service.conftest import NewDatabase


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def newcomer(new_database: NewDatabase) -> Newcomer:
    return Newcomer(new_database("booking"))


def kabinet(newcomer: Newcomer, *arguments: str) -> Result:
    url = newcomer.database.engine.url.render_as_string(hide_password=False)
    env = {"AMQP_URI": "amqp://nowhere", "KABINET_ENV": "dev", "BOOKING_DATABASE_URL": url}
    return CliRunner().invoke(cli, arguments, env=env)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for table, content in ONE_PLACE.items():
        (tmp_path / f"{table}.csv").write_text(content)
    return tmp_path


def test_a_business_is_made_and_filled(newcomer: Newcomer, files: Path) -> None:
    made = kabinet(newcomer, "businesses", "create", "Other")
    assert (made.exit_code, made.output) == (0, "2\tOther\n")

    told = [
        kabinet(newcomer, "import", table, str(files / f"{table}.csv"), "--business-id", "2").output
        for table in ONE_PLACE
    ]

    assert told == [
        "1 new, 0 changed, 0 as they are\n",
        "2 new, 0 changed, 0 as they are\n",
        "2 new, 0 changed, 0 as they are\n",
        "3 new, 0 changed, 0 as they are\n",
        "2 new, 0 changed, 0 as they are\n",
    ]
    assert newcomer.slots(staff_id=1, service_ids=[1])


def test_a_dry_run_says_so(newcomer: Newcomer, files: Path) -> None:
    told = kabinet(newcomer, "import", "locations", str(files / "locations.csv"), "--dry-run")

    assert (told.exit_code, told.output) == (
        0,
        "would be: 1 new, 0 changed, 0 as they are; nothing was written\n",
    )


def test_problems_are_listed_up_to_a_limit(newcomer: Newcomer, files: Path) -> None:
    kabinet(newcomer, "import", "locations", str(files / "locations.csv"))
    (files / "staff.csv").write_text("name,weight\n" + "Vera,heavy\n" * 60)
    told = kabinet(newcomer, "import", "staff", str(files / "staff.csv"))

    lines = told.output.splitlines()
    assert told.exit_code == 1
    assert lines[0] == "row 2: weight: not a whole number from -1000000 to 1000000"
    assert lines[-2:] == [
        "… and 10 more",
        "kabinet: nothing was imported; 60 problems in staff.csv",
    ]
    assert newcomer.count(StaffMember) == 0


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--business-id", "9"], 1, "kabinet: there is no business 9"),
        (["--encoding", "klingon"], 2, "there is no encoding «klingon»"),
        (["--encoding", "undefined"], 2, "there is no encoding «undefined»"),
        (["--announce"], 2, "--outside-hours and --announce are for appointments"),
    ],
)
def test_what_makes_no_sense_is_refused(
    newcomer: Newcomer, files: Path, more: list[str], code: int, said: str
) -> None:
    told = kabinet(newcomer, "import", "staff", str(files / "staff.csv"), *more)

    assert (told.exit_code, said in told.output) == (code, True)


def test_where_there_are_several_businesses_one_must_be_named(
    newcomer: Newcomer, files: Path
) -> None:
    kabinet(newcomer, "businesses", "create", "Other")
    told = kabinet(newcomer, "import", "staff", str(files / "staff.csv"))

    assert (told.exit_code, told.output) == (
        1,
        "kabinet: there are 2 businesses; say which one is meant: --business-id\n",
    )
