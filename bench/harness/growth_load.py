"""What a lone client asks while another one changes orders, and how long its answers take."""
import json
import os
import random
import statistics
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Callable

import processes
from contenders import PYTHON, Contender
from timed import TIMEOUT_SECONDS, Answer, TimedConnection
from work import ORDERS, PAGE_SIZE, Request, page, random_key, status_change

TURN_SECONDS = 0.25
CHANGES_A_SECOND = 150
CHANGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "changes.py")
# What a client that did nothing but this could hardly keep up with: then the numbers would be its own.
MAX_LOAD = 0.5


@dataclass(frozen=True)
class Operation:
    """`make` draws a request for a table of so many orders."""
    title: str
    make: Callable[[random.Random, int], Request]
    # Whether the bars are about it.
    judged: bool = True


def any_page(draw: random.Random, orders: int) -> int:
    return draw.randint(1, -(-orders // PAGE_SIZE))


# In the order in which they take turns.
OPERATIONS = [
    Operation("`/count`", lambda draw, orders: Request("GET", f"{ORDERS}/count")),
    Operation("first page with count", lambda draw, orders: page(1, count=True)),
    Operation("first page without count", lambda draw, orders: page(1, count=False)),
    Operation("any page with count", lambda draw, orders: page(any_page(draw, orders), count=True)),
    Operation("any page without count", lambda draw, orders: page(any_page(draw, orders), count=False)),
    Operation("`/stream` of 100",
              lambda draw, orders: Request("GET", f"{ORDERS}/stream?cursor={random_key(draw, orders)}&page_size={PAGE_SIZE}")),
    Operation("one order", lambda draw, orders: Request("GET", f"{ORDERS}/{random_key(draw, orders)}")),
    Operation("`/sample`", lambda draw, orders: Request("GET", f"{ORDERS}/sample")),
    Operation("status change", status_change),
    Operation("`/health/live`, without the database", lambda draw, orders: Request("GET", "/health/live"), judged=False),
]
CROWD = Operation(f"status change, {CHANGES_A_SECOND} a second", status_change)


@dataclass
class Samples:
    """The answers to one operation."""
    answers: list[Answer] = field(default_factory=list)

    def _good(self) -> list[float]:
        return sorted(answer.milliseconds for answer in self.answers if answer.status == 200)

    @property
    def median(self) -> float | None:
        """Of the good answers: a fast error is no fast answer."""
        good = self._good()
        return statistics.median(good) if good else None

    @property
    def p99(self) -> float | None:
        good = self._good()
        return good[int(len(good) * 0.99)] if good else None

    @property
    def worst(self) -> float | None:
        """Of all answers."""
        return max((answer.milliseconds for answer in self.answers), default=None)

    @property
    def others(self) -> Counter[int]:
        """How often each status but 200 came."""
        return Counter(answer.status for answer in self.answers if answer.status != 200)


@dataclass
class Load:
    """What both clients saw; `loads` is how much of a core each took, `late` how late a change was sent, the median in milliseconds."""
    samples: dict[str, Samples]
    changes_a_second: float
    late: float
    loads: list[float]

    @property
    def greatest_age(self) -> int | None:
        return max((answer.age for samples in self.samples.values() for answer in samples.answers if answer.age is not None), default=None)


def run(api: Contender, orders: int, seconds: int, seed: int) -> Load:
    changes = processes.start([PYTHON, "-B", CHANGES, *map(str, (api.port, orders, CHANGES_A_SECOND, seconds, seed))],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        samples, load = ask_in_turn(api, orders, seconds, seed)
        out, errors = changes.communicate(timeout=2 * TIMEOUT_SECONDS)
    finally:
        processes.stop(changes)
    if changes.returncode != 0:
        raise RuntimeError(f"The client that changes orders failed: {errors.strip()}")
    told = json.loads(out)
    samples[CROWD.title] = Samples([Answer(status, milliseconds) for status, milliseconds in told["answers"]])
    return Load(samples, len(told["answers"]) / told["seconds"], told["late"], [load, told["load"]])


def ask_in_turn(api: Contender, orders: int, seconds: int, seed: int) -> tuple[dict[str, Samples], float]:
    """Each operation in every turn; nothing is warmed up first, so a fresh process's first answers are among them."""
    samples = {operation.title: Samples() for operation in OPERATIONS}
    draws = {operation.title: random.Random(f"{operation.title} {seed}") for operation in OPERATIONS}
    connection = TimedConnection(api.port)
    began, spent = time.perf_counter(), time.process_time()
    due = began
    while time.perf_counter() - began < seconds:
        for operation in OPERATIONS:
            samples[operation.title].answers.append(connection.ask(operation.make(draws[operation.title], orders)))
            if api.process.poll() is not None:
                raise RuntimeError(f"The API ended with exit code {api.process.returncode}.")
        # A turn that took too long is not caught up with.
        due = max(due + TURN_SECONDS, time.perf_counter())
        time.sleep(max(0.0, due - time.perf_counter()))
    connection.close()
    return samples, (time.process_time() - spent) / (time.perf_counter() - began)
