"""Publishing texts, asking for consent to them, and keeping who gave it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from services.auth.domain.consents import Text, accepted, holding
from services.auth.models import Consent, Document, DocumentKind
from services.common.db import insert_into
from services.common.errors import Invalid

UNPROVEN_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Whence:
    """From where a consent came: over which front end, at which place, from which address."""

    partner_id: int
    location_id: int | None
    address: str | None


def publish_document(
    session: Session,
    *,
    kind: DocumentKind,
    location_id: int | None,
    contents: Mapping[str, str],
    is_required: bool,
    now: datetime,
) -> int:
    """A new version, in each language of ``contents``; its number."""
    if not contents or not all(content.strip() for content in contents.values()):
        raise Invalid("document_empty")
    version = 1 + (session.scalar(select(func.max(Document.version))) or 0)
    session.add_all(
        Document(
            kind=kind,
            location_id=location_id,
            version=version,
            language=language,
            content=content,
            is_required=is_required,
            published_at=now,
        )
        for language, content in contents.items()
    )
    session.flush()
    return version


def list_documents(session: Session) -> Sequence[Document]:
    return session.scalars(select(Document).order_by(Document.version, Document.language)).all()


def documents_at(session: Session, location_id: int, *, language: str) -> list[Document]:
    """What holds at a location, one document of each kind."""
    ids = [text.id for text in _holding(session, location_id, language=language)]
    found = session.scalars(select(Document).where(Document.id.in_(ids))).all()
    return sorted(found, key=lambda document: ids.index(document.id))


def agreed(
    session: Session,
    location_id: int | None,
    agreements: Iterable[Mapping[str, Any]],
    *,
    language: str,
    needed: Collection[DocumentKind] = (),
) -> list[Text]:
    """The texts accepted; ``consent_required`` when one that is required is not among them.

    What was accepted before is not looked up: whoever asks for a code is nobody
    yet, and the answer would tell known phones from unknown ones.
    """
    return accepted(_holding(session, location_id, language=language), agreements, needed=needed)


def newly_agreed(
    session: Session,
    location_id: int | None,
    agreements: Iterable[Mapping[str, Any]],
    *,
    before: Collection[int],
    language: str,
) -> list[Text]:
    """The same of somebody who is known: of the texts accepted those that are new to them."""
    texts = _holding(session, location_id, language=language)
    return [
        text for text in accepted(texts, agreements, before=before) if text.version not in before
    ]


def keep_consents(
    session: Session,
    texts: Iterable[Text],
    whence: Whence,
    *,
    recipient: str | None,
    challenge_id: str | None = None,
    sign_up_id: int | None = None,
    user_id: int | None = None,
    now: datetime,
) -> None:
    """Keep who accepted these; proven at once when it is a user, else later."""
    given = [
        {
            "document_id": text.id,
            "recipient": recipient,
            "user_id": user_id,
            "challenge_id": challenge_id,
            "sign_up_id": sign_up_id,
            "partner_id": whence.partner_id,
            "location_id": whence.location_id,
            "address": whence.address,
            "given_at": now,
            "proven_at": None if user_id is None else now,
        }
        for text in texts
    ]
    if given:
        session.execute(insert_into(session, Consent).values(given).on_conflict_do_nothing())


def keep_common_consents(
    session: Session,
    texts: Iterable[Text],
    whence: Whence,
    *,
    challenge_id: str,
    now: datetime,
) -> None:
    """Of what was accepted with earlier requests for this code, keep what is accepted again.

    One of the requests may be a stranger's, and nobody knows which: only what all of
    them say is said by whoever types the code.
    """
    unproven = and_(Consent.challenge_id == challenge_id, Consent.proven_at.is_(None))
    again = [text.id for text in texts]
    session.execute(delete(Consent).where(unproven, Consent.document_id.not_in(again)))
    session.execute(
        update(Consent)
        .where(unproven)
        .values(address=whence.address, location_id=whence.location_id, given_at=now)
        .execution_options(synchronize_session=False)
    )


def prove_consents(
    session: Session, challenge_id: str, *, user_id: int | None = None, now: datetime
) -> None:
    """The code was right: it was they who accepted what was accepted with it."""
    proven: dict[str, Any] = {"proven_at": func.coalesce(Consent.proven_at, now)}
    if user_id is not None:
        proven["user_id"] = user_id
    session.execute(
        update(Consent)
        .where(Consent.challenge_id == challenge_id)
        .values(proven)
        .execution_options(synchronize_session=False)
    )


def prove_consents_of_wish(
    session: Session, sign_up_id: int, *, user_id: int, now: datetime
) -> None:
    """The account was confirmed with the password of this wish: what it accepted is theirs."""
    session.execute(
        update(Consent)
        .where(Consent.sign_up_id == sign_up_id)
        .values(user_id=user_id, proven_at=now, sign_up_id=None)
        .execution_options(synchronize_session=False)
    )


def give_consents(session: Session, user_id: int, into_user_id: int) -> None:
    """What one account consented to, another has: they are one person's."""
    session.execute(
        update(Consent)
        .where(Consent.user_id == user_id)
        .values(user_id=into_user_id)
        .execution_options(synchronize_session=False)
    )


def accepted_at(session: Session, user_id: int, phone: str | None) -> dict[int, datetime]:
    """{version: when this user, or whoever proved to have their phone, first accepted it}"""
    whose: list[ColumnElement[bool]] = [Consent.user_id == user_id]
    if phone is not None:
        # Not what was somebody else's, who had the number before.
        whose.append(and_(Consent.user_id.is_(None), Consent.recipient == phone))
    rows = session.execute(
        select(Document.version, func.min(Consent.given_at).label("given_at"))
        .join(Consent, Consent.document_id == Document.id)
        .where(Consent.proven_at.is_not(None), or_(*whose))
        .group_by(Document.version)
    )
    return {row.version: row.given_at for row in rows}


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete what nobody has proven to have said; what belongs to a wish goes with that."""
    session.execute(
        delete(Consent).where(
            Consent.proven_at.is_(None),
            Consent.sign_up_id.is_(None),
            Consent.given_at < now - UNPROVEN_KEPT_FOR,
        )
    )


def _holding(session: Session, location_id: int | None, *, language: str) -> list[Text]:
    """What holds at a location; without one, what holds everywhere."""
    rows = session.execute(
        select(
            Document.id,
            Document.kind,
            Document.location_id,
            Document.version,
            Document.language,
            Document.is_required,
        ).where(or_(Document.location_id == location_id, Document.location_id.is_(None)))
    )
    return holding((Text(**row._mapping) for row in rows), language)
