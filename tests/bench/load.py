"""A load generator: so many clients on kept-alive connections, each asking again at once.

Plain sockets in processes of their own, so that what is measured is the server
and not the client library. Every client sends its own requests, in order.
"""

import multiprocessing
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PROCESSES = 2


@dataclass
class Result:
    """What a run came to; times in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time within which this share of the requests was answered, in milliseconds."""
        if not self.times:
            return float("nan")
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(
    base_url: str, requests: Sequence[Sequence[bytes]], *, seconds: float, repeat: bool = True
) -> Result:
    """Let client number n send ``requests[n]`` one after the other; over and over if ``repeat``."""
    address = urlsplit(base_url)
    target = (address.hostname or "127.0.0.1", address.port or 80)
    queue: multiprocessing.Queue[tuple[float, list[float], dict[int, int]]] = (
        multiprocessing.Queue()
    )
    shares = [requests[number::PROCESSES] for number in range(PROCESSES)]
    processes = [
        multiprocessing.Process(target=_process, args=(target, share, seconds, repeat, queue))
        for share in shares
        if share
    ]
    for process in processes:
        process.start()
    result = Result()
    for _ in processes:
        took, times, statuses = queue.get()
        result.seconds = max(result.seconds, took)
        result.times += times
        for status, count in statuses.items():
            result.statuses[status] = result.statuses.get(status, 0) + count
    for process in processes:
        process.join()
    return result


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """An HTTP/1.1 request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", *(f"{k}: {v}" for k, v in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _process(
    target: tuple[str, int],
    requests: Sequence[Sequence[bytes]],
    seconds: float,
    repeat: bool,
    queue: "multiprocessing.Queue[tuple[float, list[float], dict[int, int]]]",
) -> None:
    result, lock = Result(), threading.Lock()
    began = time.perf_counter()
    clients = [
        threading.Thread(target=_client, args=(target, own, began + seconds, repeat, result, lock))
        for own in requests
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    queue.put((time.perf_counter() - began, result.times, result.statuses))


def _client(
    target: tuple[str, int],
    requests: Sequence[bytes],
    until: float,
    repeat: bool,
    result: Result,
    lock: threading.Lock,
) -> None:
    times: list[float] = []
    statuses: dict[int, int] = {}
    connection = socket.create_connection(target, timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream = connection.makefile("rb")
    while True:
        for one in requests:
            began = time.perf_counter()
            if began >= until:
                break
            connection.sendall(one)
            status = _read_answer(stream)
            times.append(time.perf_counter() - began)
            statuses[status] = statuses.get(status, 0) + 1
        if not repeat or time.perf_counter() >= until:
            break
    connection.close()
    with lock:
        result.times += times
        for status, count in statuses.items():
            result.statuses[status] = result.statuses.get(status, 0) + count


def _read_answer(stream: "socket.SocketIO | object") -> int:
    """Read one answer to its end; its status."""
    read_line = stream.readline  # type: ignore[union-attr]
    status = int(read_line().split(b" ", 2)[1])
    length = 0
    while (line := read_line()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    stream.read(length)  # type: ignore[union-attr]
    return status
