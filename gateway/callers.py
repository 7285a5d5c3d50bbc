"""Kinds of callers, and what of them a route asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.common.rights import Permission, Scope


class Caller(StrEnum):
    """Kinds of callers. What a partner may see of whom, the service that owns it decides."""

    NONE = "none"
    PARTNER = "partner"
    CLIENT = "client"
    STAFF = "staff"


@dataclass(frozen=True)
class Access:
    """Who may call a route: which kinds of callers, with a key of one of which scopes.

    Staff need the permission as well, at the location that the address names. With
    a user's token the key needs the scope of that kind of user besides.
    """

    callers: frozenset[Caller]
    scopes: frozenset[Scope] = frozenset(Scope)
    permission: Permission | None = None

    @property
    def takes_users(self) -> bool:
        return bool(self.callers & {Caller.CLIENT, Caller.STAFF})


def _access(*callers: Caller, scopes: Iterable[Scope] = Scope) -> Access:
    return Access(frozenset(callers), frozenset(scopes))


def staff(permission: Permission | None) -> Access:
    """For staff who may do that there; with None, for all who work there."""
    return replace(STAFF, permission=permission)


ANYBODY = _access(*Caller)
PARTNERS = _access(Caller.PARTNER, Caller.CLIENT, Caller.STAFF)
BOOKING = replace(PARTNERS, scopes=frozenset({Scope.BOOKING}))
# Opened by a hash, or by being signed in as the client.
HASH = replace(PARTNERS, scopes=frozenset({Scope.BOOKING, Scope.CLIENT}))
# Clients look for them, and staff do.
ACTIVITIES = replace(PARTNERS, scopes=frozenset({Scope.BOOKING, Scope.STAFF}))
USERS = _access(Caller.CLIENT, Caller.STAFF)
CLIENTS = _access(Caller.CLIENT, scopes=[Scope.CLIENT])
STAFF = _access(Caller.STAFF, scopes=[Scope.STAFF])
# Who signs in is nobody yet: a user token, perhaps an old one, is not looked at.
SIGNING_IN = _access(Caller.PARTNER, scopes=[Scope.BOOKING, Scope.CLIENT])
SIGNING_IN_CLIENTS = replace(SIGNING_IN, scopes=frozenset({Scope.CLIENT}))
SIGNING_IN_STAFF = replace(SIGNING_IN, scopes=frozenset({Scope.STAFF}))

Table = Mapping[str, Access]
