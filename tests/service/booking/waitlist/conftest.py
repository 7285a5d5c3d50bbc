"""What tests of waitlists begin with: the salon with people in line, and a day without room."""

from typing import Any

import pytest

from tests.service.booking.conftest import Salon
from tests.service.booking.waitlist.waiters import Waiters


@pytest.fixture
def waiters(salon: Salon) -> Waiters:
    return Waiters(salon)


@pytest.fixture
def full(waiters: Waiters) -> list[Any]:
    """Tuesday is booked out; ten o'clock is the second of its visits."""
    return waiters.fill()
