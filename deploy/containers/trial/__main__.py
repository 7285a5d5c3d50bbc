"""Starts the containers, books, scales, kills one, goes on booking, checks, and stops them.

Ends with an error as soon as something is not as promised. It runs in the environment of
podman-compose, so it uses nothing of Kabinet's but its HTTP interface.
"""

import os
import signal
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from deploy.containers.trial.api import Api
from deploy.containers.trial.clients import Clients
from deploy.containers.trial.compose import Compose
from deploy.containers.trial.main_job import PHONE, do_main_job
from deploy.containers.trial.waiting import Failed, expect, wait_for

REPLICAS = 3
VISITS = 90
AT_ONCE = 3
KILLED = 128 + signal.SIGKILL


def main() -> None:
    compose = Compose(Path(__file__).parents[3])
    try:
        run(compose)
    except Failed as failure:
        sys.exit(f"{compose.describe()}\ntry-with-podman: {failure}")


def run(compose: Compose) -> None:
    began = time.monotonic()
    compose.start_in_order(tell)
    tell(f"ready after {time.monotonic() - began:.0f} s")
    demo = compose.demo()
    api = Api(demo)
    clients = Clients(api)

    [first] = clients.book(1, phone=PHONE)
    message = wait_for(partial(api.messages, PHONE), "a message")[0]
    tell(f"booked visit {first['record_id']}; the client was told: {message['body'][:70]!r} …")

    compose.scale("booking", REPLICAS)
    compose.wait_until_healthy("booking")
    wait_for(lambda: listeners(compose) == REPLICAS, "three replicas to listen")
    tell(f"booking runs {REPLICAS} times")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        working = [pool.submit(clients.book, VISITS // AT_ONCE) for _ in range(AT_ONCE)]
        name, process = kill_one_among(working, clients, compose)
        do_main_job(api, demo, first)
        tell("a client signed in, moved and cancelled the visit, and earned cashback")
        done = sum(len(one.result()) for one in working)
    tell(f"booked {done} more visits; {api.repeated} requests had to be sent again")
    wait_for_return(compose, name, process)

    check(api, clients)
    stop(compose)
    tell(f"all is as promised, {time.monotonic() - began:.0f} s after the start")


def kill_one_among(
    working: list[Future[Any]], clients: Clients, compose: Compose
) -> tuple[str, int]:
    """kill -9 for a replica of booking while visits are booked; its name and process."""
    wait_for(
        lambda: len(clients.booked) > VISITS // 3 or any(one.done() for one in working),
        "a third of the visits",
    )
    name, process = list(compose.processes("booking").items())[1]
    os.kill(process, signal.SIGKILL)
    tell(f"killed {name} while visits were booked: {len(clients.booked)} by now")
    return name, process


def wait_for_return(compose: Compose, name: str, process: int) -> None:
    """Wait until the killed replica runs, as another process, and takes calls again."""
    wait_for(lambda: compose.processes("booking").get(name, process) != process, f"{name}'s return")
    wait_for(lambda: listeners(compose) == REPLICAS, f"{name} to listen again")
    tell(f"{name} was started again; booking runs {REPLICAS} times")


def listeners(compose: Compose) -> int:
    """How many processes wait for calls to booking, as the broker sees it."""
    told = compose.run_in("rabbitmq", "rabbitmqctl", "-q", "-p", "kabinet", "list_consumers")
    return sum(line.startswith("rpc-booking\t") for line in told.splitlines())


def check(api: Api, clients: Clients) -> None:
    """Every visit that was answered with success is there, and no time is taken twice."""
    times = {(visit["staff_id"], visit["datetime"]) for visit in clients.booked}
    expect(len(times) == len(clients.booked), "a time was given twice")
    for visit in clients.booked:
        expect(clients.is_there(visit), f"visit {visit['record_id']} is lost")
        if visit["phone"] != PHONE:
            told = wait_for(partial(api.messages, visit["phone"]), "a message")
            expect(len(told) == 1, f"{len(told)} messages to {visit['phone']}")
    tell(f"{len(clients.booked)} visits are there, no time twice, each with one message")


def stop(compose: Compose) -> None:
    """Stop it all as `make down` does. Nobody may have to be killed for it."""
    codes = compose.stop()
    expect(KILLED not in codes.values(), f"did not stop when asked to: {codes}")
    compose.remove()
    tell(f"{len(codes)} containers have stopped when asked to, and are removed")


def tell(what: str) -> None:
    print(time.strftime("%H:%M:%S"), what, flush=True)


if __name__ == "__main__":
    main()
