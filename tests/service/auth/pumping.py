"""An attack that earns from messages, and the people who book meanwhile, in one process.

The attackers have many addresses and as many numbers of ranges they are paid for,
never type a code, and are as quick as the service lets them. The people have one
address each, and type their code half a minute after it was sent.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.common.errors import Refusal
from tests.service.auth.conftest import Auth

PUMPED = ("+99450", "+99455", "+234803", "+92300", "+880171", "+225070", "+25571", "+99890")
PEOPLE = ("+33612", "+33698", "+447911")
BUSINESS = 7
TYPED_AFTER = 30.0


@dataclass
class Attack:
    """``requests`` from ``origins`` addresses and to as many numbers, over ``seconds``."""

    requests: int
    origins: int
    seconds: float
    people: int
    pumped: tuple[str, ...] = PUMPED
    outcomes: Counter[str] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def run(self, auth: Auth) -> None:
        """People come from the beginning on, attackers when the first have signed in."""
        dice = random.Random(17)
        for moment, kind, number in sorted(self._schedule(dice)):
            if kind == "attacker":
                self._attack(auth, number, moment)
            else:
                self._visit(auth, number, moment)

    def _schedule(self, dice: random.Random) -> Iterator[tuple[float, str, int]]:
        begin = self.seconds / 10
        for number in range(self.requests):
            yield begin + dice.random() * (self.seconds - begin), "attacker", number
        for number in range(self.people):
            yield self.seconds * number / self.people, "person", number

    def _attack(self, auth: Auth, number: int, moment: float) -> None:
        who = number % self.origins
        prefix = self.pumped[who % len(self.pumped)]
        address = f"203.{who // 65536}.{who // 256 % 256}.{who % 256}"
        self.outcomes[self._ask(auth, f"{prefix}{3_000_000 + who:07d}", address, moment)] += 1

    def _visit(self, auth: Auth, number: int, moment: float) -> None:
        prefix = PEOPLE[number % len(PEOPLE)]
        phone = f"{prefix}{number:06d}"
        address = f"198.51.{number // 256}.{number % 256}"
        outcome = self._ask(auth, phone, address, moment)
        if outcome != "sent":
            self.refused.append(f"{phone}: {outcome}")
            return
        challenge_id = auth.last_challenge_id()
        later = moment + TYPED_AFTER
        auth.sign_in(auth.text(challenge_id, after=later)["code"], phone, after=later)
        self.served[prefix] += 1

    def _ask(self, auth: Auth, phone: str, address: str, moment: float) -> str:
        where = {"business_id": BUSINESS, "address": address, "device": "Browser/1.0"}
        try:
            auth.request_code(phone, after=moment, **where)
        except Refusal as refusal:
            return refusal.code
        return "sent"
