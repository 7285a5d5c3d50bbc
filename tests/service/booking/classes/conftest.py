"""What tests of classes begin with: a salon with a class."""

import pytest

from tests.service.booking.classes.group_classes import Yoga
from tests.service.booking.conftest import Salon


@pytest.fixture
def yoga(salon: Salon) -> Yoga:
    return Yoga(salon)
