"""Opening accounts, and moving amounts between them.

Whoever moves amounts first locks all accounts concerned, in the order of their
ids, so that nobody waits in a circle. Nothing else changes a balance.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.common.errors import Conflict
from services.loyalty.domain.ledger import Reason, Way, obtainable
from services.loyalty.models import Account, AccountKind, Transfer


def open_account(
    session: Session,
    *,
    business_id: int,
    kind: AccountKind,
    currency: str,
    client_id: int | None = None,
    may_go_negative: bool = False,
    now: datetime,
) -> Account:
    """A new, empty account."""
    account = Account(
        business_id=business_id,
        client_id=client_id,
        kind=kind,
        currency=currency,
        may_go_negative=may_go_negative,
        changed_at=now,
    )
    session.add(account)
    session.flush()
    return account


def lock_accounts(session: Session, account_ids: Iterable[int]) -> dict[int, Account]:
    """These accounts as they are now, by id; nobody else changes them before we are done."""
    locked = session.scalars(
        select(Account)
        .where(Account.id.in_(sorted(set(account_ids))))
        .order_by(Account.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {account.id: account for account in locked}


def post(
    session: Session,
    *,
    key: str,
    debit: Account,
    credit: Account,
    amount_minor: int,
    reason: Reason,
    subject: str,
    now: datetime,
) -> Transfer:
    """Move an amount from one locked account to another and write it down.

    Refused with Conflict("balance_too_low") when the debit account may not go
    below zero and would. A key that was used before violates ``uq_transfers_key``.
    """
    had = obtainable(
        amount_minor,
        balance_minor=debit.balance_minor,
        may_go_negative=debit.may_go_negative,
    )
    if had < amount_minor:
        raise Conflict("balance_too_low")
    # A clock that is behind another replica's must not put this before what is already there.
    moment = max(now, debit.changed_at, credit.changed_at)
    for account, change in ((debit, -amount_minor), (credit, amount_minor)):
        account.balance_minor += change
        account.transfers_count += 1
        account.changed_at = moment
    transfer = Transfer(
        business_id=debit.business_id,
        key=key,
        debit_account_id=debit.id,
        credit_account_id=credit.id,
        amount_minor=amount_minor,
        currency=debit.currency,
        reason=reason,
        subject=subject,
        created_at=moment,
        debit_balance_after=debit.balance_minor,
        credit_balance_after=credit.balance_minor,
    )
    session.add(transfer)
    session.flush()
    return transfer


def moved_about(session: Session, subject: str, *, forth: Reason, back: Reason) -> dict[Way, int]:
    """What was moved along each way because of this subject, less what was taken back; no zeros."""
    sums = session.execute(
        select(
            Transfer.debit_account_id,
            Transfer.credit_account_id,
            Transfer.reason,
            func.sum(Transfer.amount_minor),
        )
        .where(Transfer.subject == subject, Transfer.reason.in_((forth, back)))
        .group_by(Transfer.debit_account_id, Transfer.credit_account_id, Transfer.reason)
    )
    moved: dict[Way, int] = {}
    for debit_id, credit_id, reason, amount in sums:
        way = Way(debit_id, credit_id) if reason == forth else Way(credit_id, debit_id)
        signed = int(amount) if reason == forth else -int(amount)
        moved[way] = moved.get(way, 0) + signed
    return {way: amount for way, amount in moved.items() if amount}
