"""``kabinet documents``, as an operator types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.cli import cli
from tests.service.auth.conftest import Auth


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, Path]:
    files = {"en": "We keep little.", "fr": "Nous gardons peu."}
    for language, text in files.items():
        (tmp_path / language).write_text(text)
    return {language: tmp_path / language for language in files}


def kabinet(auth: Auth, *arguments: str) -> Result:
    url = auth.database.engine.url.render_as_string(hide_password=False)
    env = {"AMQP_URI": "amqp://nowhere", "KABINET_ENV": "dev", "AUTH_DATABASE_URL": url}
    return CliRunner().invoke(cli, ["documents", *arguments], env=env)


def test_a_published_text_holds_at_its_location(auth, texts):
    files = [f"{language}={path}" for language, path in texts.items()]
    made = kabinet(auth, "publish", "privacy_policy", *files, "--location-id", "3")

    assert (made.exit_code, made.output) == (0, "version 1\n")
    [document] = auth.worker().list_documents(location_id=3)["documents"]
    assert (document["content"], document["is_required"]) == ("We keep little.", True)
    assert (
        auth.worker(locale="fr").list_documents(location_id=3)["documents"][0]["language"] == "fr"
    )
    assert auth.worker().list_documents(location_id=4)["documents"] == []


def test_texts_are_listed(auth, texts):
    kabinet(auth, "publish", "user_agreement", f"en={texts['en']}", "--optional")

    listed = kabinet(auth, "list").output

    assert listed.startswith("1\tuser_agreement\teverywhere\ten\toptional\t")
    assert listed.endswith("\t15 characters\n")


@pytest.mark.parametrize("written", ["policy.txt", "en=/nowhere/policy.txt", "=x", "e n=x"])
def test_a_text_that_cannot_be_read_is_refused(auth, written):
    assert kabinet(auth, "publish", "privacy_policy", written).exit_code == 2
    assert auth.count("documents") == 0
