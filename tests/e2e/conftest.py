"""The installations that end-to-end tests talk to; each test meets both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installations import Installation, embedded, real


@pytest.fixture(scope="session")
def embedded_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with embedded(tmp_path_factory.mktemp("embedded")) as installation:
        installation.wait_until_quiet()
        yield installation


@pytest.fixture(scope="session")
def real_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with real(tmp_path_factory.mktemp("real"), durable=False) as installation:
        installation.wait_until_quiet()
        yield installation


@pytest.fixture(params=["embedded", "real"])
def installation(request: pytest.FixtureRequest) -> Installation:
    chosen: Installation = request.getfixturevalue(f"{request.param}_installation")
    return chosen


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("installation")
