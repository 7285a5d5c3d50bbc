"""What clients do who want time to type: hold a time, book it, let it go, or forget about it."""

from dataclasses import replace

from hypothesis import strategies as st
from sqlalchemy import func, select

from services.booking.models import Hold
from tests.service.booking.lives.clients import Clients, Wish
from tests.service.booking.lives.diary import Key
from tests.service.booking.lives.machine import ANY, IS_PICKY, WHAT, WHEN, WHO, way

LASTS = 5
"""Minutes."""


class Holds(Clients):
    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, tuple[Key, list[Wish]]] = {}

    @way(
        often=3,
        wishes=st.lists(st.tuples(WHO, WHAT, WHEN), min_size=1, max_size=2),
        is_picky=IS_PICKY,
    )
    def hold(self, wishes: list[Wish], is_picky: bool) -> None:
        self.hold_all(wishes if is_picky else [self.possible(one) for one in wishes[:1]], None)

    @way(if_any="held", which=ANY, wish=st.tuples(WHO, WHAT, WHEN))
    def hold_instead(self, which: int, wish: Wish) -> None:
        """Another time than that of an earlier hold, or the same once more."""
        token = self.any_token(which)
        self.hold_all(self.held[token][1] if which % 3 else [wish], token)

    @way(often=2, if_any="held", which=ANY, wish=st.tuples(WHO, WHAT, WHEN))
    def book_held(self, which: int, wish: Wish) -> None:
        """Mostly what was held, perhaps too late; or something else."""
        token = self.any_token(which)
        wishes = self.held[token][1] if which % 5 else [wish]
        self.book_all(wishes, hold=token, own=self.kept(token))

    @way(if_any="held", which=ANY)
    def let_go(self, which: int) -> None:
        token = self.any_token(which)
        self.do("release_hold", location_id=self.salon.location_id, token=token)
        for one in self.kept(token):
            self.diary.give_up(one)

    def hold_all(self, wishes: list[Wish], replaces: str | None) -> None:
        own = self.kept(replaces) if replaces else []
        refusal, choices = self.choose(wishes, own)
        held = self.do(
            "hold_time",
            refusal=refusal,
            location_id=self.salon.location_id,
            appointments=self.wished(wishes),
            replaces=replaces,
        )
        if held is None:
            return
        assert [one["staff_id"] for one in held["appointments"]] == [
            choice.staff for choice in choices
        ]
        for one in own:
            self.diary.give_up(one)
        with self.database.read() as session:
            newest = session.scalar(select(func.max(Hold.id))) or 0
        # SQLite gives ids again: what was kept before is not meant by this one.
        key = ("hold", newest, len(self.held))
        self.held[held["token"]] = key, wishes
        for number, choice in enumerate(choices):
            until = self.diary.now + LASTS
            self.diary.holdings[*key, number] = replace(choice, until=until)

    def any_token(self, number: int) -> str:
        """Mostly the newest."""
        tokens = list(self.held)
        return tokens[-1] if number % 2 else tokens[number % len(tokens)]

    def kept(self, token: str) -> list[Key]:
        """What this hold keeps still."""
        key, _ = self.held[token]
        return [one for one in self.diary.holdings if one[:3] == key]
