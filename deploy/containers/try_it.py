"""What try-with-podman.sh does with its images: start, book, scale, kill one, go on booking.

Ends with an error as soon as something is not as promised. Runs in the environment of
podman-compose, so it needs nothing of Kabinet's but its HTTP interface.
"""

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.containers.compose import Compose, Failed, wait_for
from deploy.containers.front_end import FrontEnd

REPLICAS = 3
VISITS = 90
CLIENTS = 3


def main() -> None:
    compose = Compose(Path(__file__).parents[2])
    try:
        run(compose)
    except Failed as failure:
        sys.exit(f"{compose.describe()}\ntry-with-podman: {failure}")


def run(compose: Compose) -> None:
    began = time.monotonic()
    compose.start_in_order(tell)
    tell(f"ready after {time.monotonic() - began:.0f} s")
    front_end = FrontEnd(compose.demo())

    [first] = front_end.book(1)
    message = wait_for(lambda: front_end.messages(first["phone"]), "a message")[0]
    tell(f"booked visit {first['record_id']}; the client was told: {message['body'][:70]!r} …")

    compose.scale("booking", REPLICAS)
    compose.wait_until_healthy("booking")
    wait_for(lambda: consumers(compose) == REPLICAS, "three replicas to listen")
    tell(f"booking runs {REPLICAS} times")
    survive_a_kill(compose, front_end)

    check(compose, front_end)
    tell(f"all is as promised, {time.monotonic() - began:.0f} s after the start")


def survive_a_kill(compose: Compose, front_end: FrontEnd) -> None:
    """Book from several clients at once, and kill one replica in their midst."""
    before = len(front_end.booked)
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(front_end.book, VISITS // CLIENTS) for _ in range(CLIENTS)]
        wait_for(lambda: len(front_end.booked) - before >= VISITS // 3, "a third of the visits")
        name, process = list(compose.processes("booking").items())[1]
        os.kill(process, signal.SIGKILL)
        tell(f"killed {name} after {len(front_end.booked) - before} of {VISITS} visits")
        done = sum(len(client.result()) for client in clients)
    tell(f"booked {done} visits; {front_end.repeated} requests had to be sent again")

    wait_for(lambda: compose.processes("booking").get(name, process) != process, f"{name}'s return")
    wait_for(lambda: consumers(compose) == REPLICAS, f"{name} to listen again")
    compose.wait_until_healthy("booking")
    tell(f"{name} was started again; booking runs {REPLICAS} times")


def consumers(compose: Compose) -> int:
    """How many processes wait for calls to booking, as the broker sees it."""
    told = compose.run_in("rabbitmq", "rabbitmqctl", "-q", "-p", "kabinet", "list_consumers")
    return sum(line.startswith("rpc-booking\t") for line in told.splitlines())


def check(compose: Compose, front_end: FrontEnd) -> None:
    """Every visit that was answered with success is there, and no time is taken twice."""
    for visit in front_end.booked:
        expect(front_end.is_there(visit), f"visit {visit['record_id']} is lost")
    times = {(visit["staff_id"], visit["datetime"]) for visit in front_end.booked}
    expect(len(times) == len(front_end.booked), "a time was given twice")
    for visit in front_end.booked:
        told = wait_for(lambda phone=visit["phone"]: front_end.messages(phone), "a message")
        expect(len(told) == 1, f"{len(told)} messages to {visit['phone']}")
    tell(f"{len(front_end.booked)} visits are there, once, each with one message")


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise Failed(otherwise)


def tell(what: str) -> None:
    print(time.strftime("%H:%M:%S"), what, flush=True)


if __name__ == "__main__":
    main()
