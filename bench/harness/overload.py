"""./dev bench --overload: what the API does at ten times the load that it can serve."""
import argparse
import contextlib
import json
import os
import random
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass, field

import contenders
import load
import loading
import machine
import overload_results
import processes
from contenders import Contender
from progress import elapsed, say
from server import Server
from timed import Answer, TimedConnection
from work import ORDERS, WALK, Request, random_key

FACTOR = 10
# Each connection of the flood pauses so long between requests: together they send at a rate that does not depend on the answers.
PAUSE_SECONDS = 0.2
PROBE_SECONDS = 0.1
SAMPLERS = 16
RECOVERY_SECONDS = 10
SAMPLE_CLIENTS = 2000
# As the service has them: as many wait as run, half of them of one network.
WAITING_SHARE = 0.5
# The flood comes from 127.0.0.1.
OTHER_NETWORK = "127.0.0.2"
HEALTH = ("/health/live", "/health/ready", "/api/v1/healthcheck")


@dataclass(frozen=True)
class Plan:
    """`permits` is the setting that is measured with, `root` the checkout that is measured."""
    scale_factor: str
    seconds: int
    permits: int
    root: str


@dataclass
class Overload:
    """Rates are good answers a second. Memory in bytes: before the flood, its peak, and after."""
    best: float
    offered: float
    connections: int
    admitted: float
    refused: float
    answers: dict[str, list[Answer]]
    normal: float
    recovered: float | None
    memory: list[int]
    sampling: dict[str, list[Answer]] = field(default_factory=dict)
    sampled: float = 0


def parse(arguments: list[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="./dev bench --overload", allow_abbrev=False, description=(
        "Asks for slices of 1,000 orders at ten times the rate at which the API can answer them. Writes bench/overload.md."))
    parser.add_argument("--overload", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--scale-factor", default="1", metavar="F", help="the size of the table: 1 is 1,500,000 orders")
    parser.add_argument("--seconds", type=int, default=20, metavar="N", help="how long the flood lasts (20)")
    parser.add_argument("--permits", type=int, default=256, metavar="N", help="Orders:MaxConcurrentRequests (256)")
    parser.add_argument("--api", default=contenders.ROOT, metavar="DIR", help="another checkout of this repository, in place of this one")
    options = parser.parse_args(arguments)
    root = os.path.abspath(options.api)
    if not os.path.isdir(os.path.join(root, "Orders.Api")):
        parser.error(f"{root} is no checkout of this repository: it has no folder Orders.Api")
    return Plan(options.scale_factor, options.seconds, options.permits, root)


def measure(plan: Plan) -> list[str]:
    """Returns what makes the run a failed one."""
    say("Building")
    contenders.build(os.path.join(plan.root, "Orders.Api"))
    with contextlib.ExitStack() as stack:
        say("Starting PostgreSQL")
        server = stack.enter_context(Server())
        orders = loading.seed(server, plan.scale_factor, plan.root)
        api = contenders.api(server, plan.root, "api", "this API")
        api.environment["Orders__MaxConcurrentRequests"] = str(plan.permits)
        # As in production: a line of JSON for each request. There it has to be said who may call.
        api.environment |= {"ASPNETCORE_ENVIRONMENT": "Production", "Orders__AnonymousAccess": "ReadWrite"}
        stack.callback(api.stop)
        api.start(contenders.free_port())
        found = flood(plan, server, api, orders)
        say("Measuring 2,000 clients that ask for samples")
        sample(plan, server, api, orders, found)
        setting = [*machine.rows(server, plan.root), ["database", machine.database(server, f"{orders:,} orders")], ["this API", machine.runtime()],
                   ["`Orders:MaxConcurrentRequests`", f"{plan.permits:,}"], ["this run", f"{elapsed() / 60:.0f} minutes, a flood of {plan.seconds} s"]]
    overload_results.tell(found)
    with open(os.path.join(contenders.ROOT, "bench", "overload.md"), "w") as file:
        file.write(overload_results.write(found, setting))
    say("Wrote bench/overload.md")
    wrong = sorted({answer.status for answers in found.answers.values() for answer in answers} - {200, 503})
    return [f"FAILED: there were answers other than 200 and 503: {wrong}."] if wrong else []


def flood(plan: Plan, server: Server, api: Contender, orders: int) -> Overload:
    requests = WALK.requests(0, orders)
    say("Measuring what it can answer")
    best = max(load.wrk(server, api, requests, connections, 5).rate for connections in (8, 16, 32, 64))
    normal = statistics.median(answer.milliseconds for answer in ask_alone(api, orders, 100))
    memory = [processes.resident_memory(api.process.pid)]
    offered = FACTOR * best
    # Those that run and wait pause later than the others.
    connections = round(offered * PAUSE_SECONDS + plan.permits * (1 + WAITING_SHARE))
    say(f"{best:,.0f} a second; measuring {offered:,.0f} a second on {connections:,} connections")
    with Probes(api, orders) as probes:
        told = wrk(server, api.port, requests, connections, plan.seconds)
    answers = probes.answers
    recovered = recovery(api, orders, normal)
    memory += [processes.peak_memory(api.process.pid), processes.resident_memory(api.process.pid)]
    seconds = told["duration"] / 1e6
    return Overload(best, told["requests"] / seconds, connections, (told["requests"] - told["refused"]) / seconds, told["refused"] / seconds,
                    answers, normal, recovered, memory)


def wrk(server: Server, port: int, requests: list[Request], connections: int, seconds: int, pause: float = PAUSE_SECONDS) -> dict:
    requests_file = os.path.join(server.folder, "requests.txt")
    with open(requests_file, "w") as file:
        file.writelines(request.line() + "\n" for request in requests)
    out = load.run(["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--timeout", "60s",
                    "--script", os.path.join(load.HERE, "load.lua"), f"http://127.0.0.1:{port}", "--", requests_file,
                    *([str(round(1000 * pause))] if pause else [])], seconds)
    return json.loads(out.strip().splitlines()[-1])


class Probes:
    """Clients that ask beside the flood, each on a thread, until the end: their answers by what they are."""

    def __init__(self, api: Contender, orders: int) -> None:
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self.answers: dict[str, list[Answer]] = {}
        slices = lambda draw: WALK.make(draw, orders)
        self._threads = [
            *(self._thread(path, api.port, lambda draw, path=path: Request("GET", path), OTHER_NETWORK, fresh=True) for path in HEALTH),
            *(self._thread("the flood’s network", api.port, slices, "127.0.0.1") for _ in range(SAMPLERS)),
            *(self._thread("another network", api.port, slices, OTHER_NETWORK) for _ in range(2)),
        ]

    def _thread(self, *arguments, **options) -> threading.Thread:
        return threading.Thread(target=self._ask, args=arguments, kwargs=options, daemon=True)

    def _ask(self, name: str, port: int, make, source: str, fresh: bool = False) -> None:
        """`fresh`: each time on a new connection, as who watches over a service does."""
        draw = random.Random(name)
        connection = TimedConnection(port, source)
        while not self._ending.wait(PROBE_SECONDS):
            answer = connection.ask(make(draw))
            with self._lock:
                self.answers.setdefault(name, []).append(answer)
            if fresh:
                connection.close()
        connection.close()

    def __enter__(self) -> "Probes":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()


def ask_alone(api: Contender, orders: int, count: int) -> list[Answer]:
    draw = random.Random("alone")
    with contextlib.closing(TimedConnection(api.port)) as connection:
        return [connection.ask(WALK.make(draw, orders)) for _ in range(count)]


def recovery(api: Contender, orders: int, normal: float) -> float | None:
    """Seconds until ten answers in a row take no more than twice as long as before the flood; None when that does not come."""
    began, row = time.monotonic(), 0
    draw = random.Random("recovery")
    with contextlib.closing(TimedConnection(api.port)) as connection:
        while time.monotonic() - began < RECOVERY_SECONDS:
            answer = connection.ask(WALK.make(draw, orders))
            row = row + 1 if answer.status == 200 and answer.milliseconds <= 2 * normal + 1 else 0
            if row == 10:
                return time.monotonic() - began
    return None


def sample(plan: Plan, server: Server, api: Contender, orders: int, found: Overload) -> None:
    """Another client asks for single orders, alone and beside the crowd."""
    def ask(answers: list[Answer], ending: threading.Event) -> None:
        draw = random.Random("single")
        with contextlib.closing(TimedConnection(api.port, OTHER_NETWORK)) as connection:
            while not ending.wait(PROBE_SECONDS / 5):
                answers.append(connection.ask(Request("GET", f"{ORDERS}/{random_key(draw, orders)}")))

    for name, crowd in (("alone", 0), ("beside them", SAMPLE_CLIENTS)):
        ending, answers = threading.Event(), found.sampling.setdefault(name, [])
        thread = threading.Thread(target=ask, args=(answers, ending), daemon=True)
        thread.start()
        if crowd:
            told = wrk(server, api.port, [Request("GET", f"{ORDERS}/sample")], crowd, plan.seconds // 2, pause=0)
            found.sampled = (told["requests"] - told["refused"]) / (told["duration"] / 1e6)
        else:
            time.sleep(plan.seconds / 4)
        ending.set()
        thread.join()
