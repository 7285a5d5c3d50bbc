"""Who wants no messages: what people have switched off in their account.

It is about what nobody asked for, such as news of a visit; never about codes.
Accounts that were merged are followed to the one that is left, in whatever order
the merges were heard of.
"""

from sqlalchemy import CTE, bindparam, select
from sqlalchemy.orm import Session, aliased

from services.common.db import insert_into
from services.notify.models import User

SWITCHED_OFF = "its recipient wants no messages"


def note_choice(
    session: Session, *, user_id: int, notifications_enabled: bool, version: int
) -> None:
    """Remember what somebody has chosen, unless something newer is known."""
    told = insert_into(session, User).values(
        id=user_id, version=version, notifications_enabled=notifications_enabled
    )
    newer = told.excluded
    session.execute(
        told.on_conflict_do_update(
            index_elements=["id"],
            set_={"version": newer.version, "notifications_enabled": newer.notifications_enabled},
            where=User.version < newer.version,
        )
    )


def note_merge(session: Session, *, user_id: int, into_user_id: int, version: int) -> None:
    """Remember that another account's choice counts from now on. It is never taken back."""
    told = insert_into(session, User).values(
        id=user_id, version=version, notifications_enabled=True, merged_into_id=into_user_id
    )
    session.execute(
        told.on_conflict_do_update(
            index_elements=["id"], set_={"merged_into_id": told.excluded.merged_into_id}
        )
    )


def is_switched_off(session: Session, user_id: int | None) -> bool:
    """Whether this account, or the one it has become, wants no messages."""
    if user_id is None:
        return False
    return session.scalar(_SWITCHED_OFF, {"user_id": user_id}) is not None


def _chain() -> CTE:
    """The account ``user_id`` and what has become of it."""
    chain = (
        select(User.id, User.merged_into_id, User.notifications_enabled)
        .where(User.id == bindparam("user_id"))
        .cte("chain", recursive=True)
    )
    following = aliased(User)
    return chain.union(
        select(following.id, following.merged_into_id, following.notifications_enabled).join(
            chain, following.id == chain.c.merged_into_id
        )
    )


_CHAIN = _chain().c
_SWITCHED_OFF = select(_CHAIN.id).where(
    _CHAIN.merged_into_id.is_(None), ~_CHAIN.notifications_enabled
)
