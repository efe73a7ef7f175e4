"""Puts load on a contender for a while and says what came of it."""
import http.client
import itertools
import json
import os
import re
import subprocess
import threading
import time
from dataclasses import dataclass

from contenders import Contender
from server import Server
from work import Request, Work, WALK_PAGE_SIZE, ORDERS

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Result:
    """Latencies in milliseconds; None where the tool doesn't tell."""
    rate: float
    p50: float | None = None
    p99: float | None = None
    requests: int = 0
    errors: int = 0


def wrk(server: Server, contender: Contender, requests: list[Request], connections: int, seconds: float) -> Result:
    requests_file = os.path.join(server.folder, "requests.txt")
    with open(requests_file, "w") as file:
        file.writelines(request.line() + "\n" for request in requests)
    out = run(["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s",
               "--timeout", f"{TIMEOUT_SECONDS}s", "--script", os.path.join(HERE, "load.lua"), f"http://127.0.0.1:{contender.port}",
               *(part for name, value in contender.headers.items() for part in ("--header", f"{name}: {value}")),
               "--", requests_file], seconds)
    told = json.loads(out.strip().splitlines()[-1])
    return Result(rate=told["requests"] / (told["duration"] / 1e6), p50=told["p50"] / 1000, p99=told["p99"] / 1000,
                  requests=told["requests"], errors=told["errors"] + told["timeouts"])


def pgbench(server: Server, work: Work, orders: int, seed: int, connections: int, seconds: float) -> Result:
    script = os.path.join(server.folder, f"{work.name}.sql")
    with open(script, "w") as file:
        file.write(work.pgbench)
    out = run([server.program("pgbench"), "-h", server.folder, "-U", "orders", "-n", "-M", "prepared", "-c", str(connections), "-j", "1",
               "-T", str(max(1, round(seconds))), "-D", f"orders={orders}", "--random-seed", str(seed), "-f", script, "orders"], seconds)
    rate, processed, failed = (re.search(pattern + r"([0-9.]+)", out) for pattern in ("tps = ", "actually processed: ", "failed transactions: "))
    # There is no rate when the time was too short for one transaction.
    return Result(rate=float(rate[1]) if rate else 0, requests=int(processed[1]), errors=int(failed[1]))


def run(arguments: list[str], seconds: float) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=seconds + 2 * TIMEOUT_SECONDS)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def slowly(contender: Contender, requests: list[Request], connections: int, seconds: float) -> Result:
    """For answers that take so long that wrk would drop a good part of them at its end.

    The rate is that between the first answer and the last, so what is under way at either end doesn't count.
    """
    began, lock = time.monotonic(), threading.Lock()
    ended: list[float] = []
    took: list[float] = []
    errors = 0
    # Over again when a fast answer uses them up.
    pending = itertools.cycle(requests)

    def client() -> None:
        nonlocal errors
        connection = http.client.HTTPConnection("127.0.0.1", contender.port, timeout=TIMEOUT_SECONDS)
        # The first answer may come after the time is up.
        while time.monotonic() - began < seconds or not ended:
            with lock:
                request = next(pending)
            sent = time.monotonic()
            try:
                good = send(connection, request, contender.headers)[0] < 400
            except (OSError, http.client.HTTPException):
                good = False
                connection.close()
            with lock:
                if good:
                    ended.append(time.monotonic())
                    took.append(ended[-1] - sent)
                else:
                    errors += 1
        connection.close()

    threads = [threading.Thread(target=client, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended.sort()
    took.sort()
    span = ended[-1] - ended[0] if len(ended) > 1 else 0
    return Result(rate=(len(ended) - 1) / span if span else len(ended) / (time.monotonic() - began),
                  p50=1000 * took[len(took) // 2] if took else None, p99=1000 * took[int(len(took) * 0.99)] if took else None,
                  requests=len(ended) + errors, errors=errors)


def send(connection: http.client.HTTPConnection, request: Request, headers: dict[str, str]) -> tuple[int, bytes]:
    headers = dict(headers)
    if request.header:
        headers["Cache-Control"] = request.header
    if request.body:
        headers["Content-Type"] = "application/json"
    connection.request(request.method, request.path, request.body or None, headers)
    response = connection.getresponse()
    return response.status, response.read()


def walk(contender: Contender, orders: int, seconds: float | None) -> Result:
    """One client that follows next_cursor from the start, to the end or for so many seconds. The rate is orders a second."""
    connection = http.client.HTTPConnection("127.0.0.1", contender.port, timeout=TIMEOUT_SECONDS)
    began, cursor, seen, took = time.monotonic(), b"0", 0, []
    while cursor != b"null" and (seconds is None or time.monotonic() - began < seconds):
        sent = time.monotonic()
        status, body = send(connection, Request("GET", f"{ORDERS}/stream?cursor={cursor.decode()}&page_size={WALK_PAGE_SIZE}"),
                            contender.headers)
        if status != 200:
            return Result(rate=0, requests=len(took) + 1, errors=1)
        took.append(time.monotonic() - sent)
        seen += body.count(b'"o_orderkey"')
        cursor = re.search(rb'"next_cursor":\s*(\d+|null)', body[-300:])[1]
    rate = seen / (time.monotonic() - began)
    connection.close()
    took.sort()
    missed = 1 if cursor == b"null" and seen != orders else 0
    return Result(rate=rate, p50=1000 * took[len(took) // 2], p99=1000 * took[int(len(took) * 0.99)], requests=len(took), errors=missed)
