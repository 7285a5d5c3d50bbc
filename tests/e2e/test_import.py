"""A business that has nothing moves in with the samples of the documentation."""

from pathlib import Path

from click.testing import CliRunner

from deploy.cli import cli
from tests.e2e.test_main_job import sign_in
from tests.installations import Installation, a_phone, a_record

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "import"
TABLES = ("locations", "services", "staff", "links", "schedules", "clients", "appointments")
CLAIRE, LUC = "+33612345678", "+33655443322"


def kabinet(installation: Installation, *arguments: str) -> str:
    """What the command line says, which runs beside the services."""
    env = {
        "AMQP_URI": "amqp://nowhere",
        "KABINET_ENV": "dev",
        "BOOKING_DATABASE_URL": installation.database_urls["booking"],
    }
    told = CliRunner().invoke(cli, arguments, env=env)
    assert told.exit_code == 0, told.output
    return told.output


def test_the_samples_make_a_business_that_takes_bookings(installation: Installation) -> None:
    business_id = kabinet(installation, "businesses", "create", "Newcomers").split("\t")[0]
    for table in TABLES:
        file = str(SAMPLES / f"{table}.csv")
        kabinet(installation, "import", table, file, "--business-id", business_id)

    [place] = installation.data("companies", params={"title": "Salon Bastille"})
    where = place["id"]
    services = {
        one["title"]: one for one in installation.data(f"book_services/{where}")["services"]
    }
    staff = {one["name"]: one["id"] for one in installation.data(f"book_staff/{where}")}
    assert services["Balayage"]["price_max"] == 140
    asked = {"service_ids[]": services["Coupe femme"]["id"]}
    marc = staff["Marc Durand"]
    dates = installation.data(f"book_dates/{where}", params={**asked, "staff_id": marc})
    [first, *_] = installation.data(
        f"book_times/{where}/{marc}/{dates['booking_dates'][-1]}", params=asked
    )
    assert (first["seance_length"], first["time"]) == (75 * 60, "09:00")
    record = a_record(services["Coupe femme"]["id"], marc, first["datetime"], phone=a_phone())
    booked = installation.ask("POST", f"book_record/{where}", json=record)
    assert booked.status_code == 201, booked.text

    claire = sign_in(installation, CLAIRE)
    [imported] = claire("GET", "user/records").json()["data"]
    assert (imported["company"]["id"], imported["datetime"]) == (where, "2030-06-04T10:00:00+02:00")
    installation.wait_until_quiet()
    assert [one["kind"] for one in installation.messages(CLAIRE)] == ["code"]
    assert installation.messages(LUC) == []
