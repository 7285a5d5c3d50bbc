"""The time of rooms and devices: what is taken of it, and whose turn is next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.domain.clocks import seconds_of
from services.booking.domain.intervals import Interval, Timeline, merge, overlaps
from services.booking.models import Reservation, Resource, ResourceInstance
from services.booking.use_cases.reservations import COUNTS, WITHIN, between


class ResourceTime:
    """What is taken of each instance of some resources, and what this request takes besides."""

    def __init__(self, taken: Mapping[int, Mapping[int, Timeline]]) -> None:
        """``taken``: {resource: {instance: its taken time}}."""
        self._taken = {resource: dict(instances) for resource, instances in taken.items()}

    def of(self, resource_ids: Iterable[int]) -> tuple[tuple[Timeline, ...], ...]:
        """The taken time of the instances of each of these resources."""
        return tuple(tuple(self._taken.get(one, {}).values()) for one in sorted(resource_ids))

    def take(self, resource_ids: Iterable[int], time: Interval) -> list[int]:
        """An instance of each resource that is free then, taken now; none of one that has none."""
        chosen = []
        for resource_id in sorted(resource_ids):
            instances = self._taken.get(resource_id, {})
            free = (one for one, busy in sorted(instances.items()) if not overlaps(busy, time))
            instance_id = next(free, None)
            if instance_id is not None:
                instances[instance_id] = merge([*instances[instance_id], time])
                chosen.append(instance_id)
        return chosen


def read_resource_time(
    session: Session,
    resource_ids: Collection[int],
    first: datetime,
    last: datetime,
    taken: dict[str, Any],
) -> ResourceTime:
    """The time of these resources between two moments; asks nothing when there are none.

    ``taken`` says which holds count (``taken_as_of``).
    """
    if not resource_ids:
        return ResourceTime({})
    instances = session.execute(
        select(ResourceInstance.id, ResourceInstance.resource_id)
        .join(Resource, Resource.id == ResourceInstance.resource_id)
        .where(
            Resource.id.in_(resource_ids),
            Resource.archived_at.is_(None),
            ResourceInstance.archived_at.is_(None),
        )
    ).all()
    busy: dict[int | None, list[Interval]] = defaultdict(list)
    for instance_id, start, end in session.execute(
        select(Reservation.resource_instance_id, Reservation.starts_at, Reservation.ends_at).where(
            Reservation.resource_instance_id.in_([instance_id for instance_id, _ in instances]),
            WITHIN,
            COUNTS,
        ),
        {**between(first, last), **taken},
    ):
        busy[instance_id].append(Interval(seconds_of(start), seconds_of(end)))
    times: dict[int, dict[int, Timeline]] = defaultdict(dict)
    for instance_id, resource_id in instances:
        times[resource_id][instance_id] = merge(busy[instance_id])
    return ResourceTime(times)
