"""What a contender costs besides time: its start, its memory, what it allocates."""
import os
import subprocess

import contenders as known
import load
import processes
from contenders import Contender
from measure import Measured
from plan import CROWD, JUDGED, Plan
from progress import say
from server import Server
from work import WORKS

# The works that memory and allocations are measured under.
WORKS_BY_NAME = {work.name: work for work in WORKS if work.name in ("single", "stream")}
MEMORY_CONNECTIONS = 256
ALLOCATIONS = os.path.join(known.ROOT, "bench/allocations")


def measure_starts(plan: Plan, contenders: list[Contender], measured: Measured) -> None:
    """From the start of the process to the first good answer of /health/ready, or of a single order where there is no such path."""
    for turn in range(plan.starts):
        for contender in contenders if turn == 0 or not plan.quick else contenders[:1]:
            seconds = contender.start(known.free_port())
            contender.stop()
            measured.starts.setdefault(contender.name, []).append(seconds)


def judged_alone(plan: Plan, contenders: list[Contender]) -> list[Contender]:
    """Whoever has a target of its own, when there is little time."""
    return [contender for contender in contenders if contender.kind == "api"] if plan.quick else contenders


def measure_memory(plan: Plan, server: Server, contenders: list[Contender], measured: Measured) -> None:
    """The peak since the process started, after single orders and slices at 256 connections at the latest."""
    for contender in judged_alone(plan, contenders):
        for work in WORKS_BY_NAME.values():
            load.wrk(server, contender, work.requests(0, measured.orders), MEMORY_CONNECTIONS, plan.seconds)
        measured.memory[contender.name] = processes.peak_memory(contender.process.pid)
        say(f"  {contender.name} {measured.memory[contender.name] / 1e6:.0f} MB")


def measure_crowd(plan: Plan, server: Server, contenders: list[Contender], measured: Measured) -> None:
    """This API with far more clients than connections to the database: no errors, fair latencies, bounded memory."""
    for contender in contenders:
        if contender.kind != "api":
            continue
        for work in (work for work in WORKS if work.crowded):
            if work.writes:
                server.tidy()
            for turn in range(2):
                result = load.wrk(server, contender, work.requests(turn, measured.orders), CROWD, 2 * plan.seconds)
            measured.add(work, CROWD, contender, result)
            say(f"  {work.name} at {CROWD}: {contender.name} {result.rate:,.0f}")
        measured.crowd_memory[contender.name] = processes.peak_memory(contender.process.pid)
        say(f"  {contender.name} {measured.crowd_memory[contender.name] / 1e6:.0f} MB")


def measure_allocations(plan: Plan, server: Server, contenders: list[Contender], measured: Measured) -> None:
    """By the runtime's own count, read from outside of the process."""
    for contender in judged_alone(plan, contenders):
        if contender.kind == "recipe":
            continue
        for work in list(WORKS_BY_NAME.values())[:1 if plan.quick else None]:
            requests = work.requests(0, measured.orders)
            load.wrk(server, contender, requests, JUDGED, plan.seconds)
            counting = processes.start(["dotnet", os.path.join(ALLOCATIONS, "bin/Release/net10.0/Allocations.dll"), str(contender.process.pid)],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            try:
                if counting.stdout.readline().strip() != "counting":
                    raise RuntimeError(f"The allocations of {contender.title} can't be counted.")
                result = load.wrk(server, contender, requests, JUDGED, plan.seconds)
                told, _ = counting.communicate(timeout=30)
                measured.allocations[work.name, contender.name] = int(told) / result.requests
            finally:
                processes.stop(counting)
            say(f"  {work.name}: {contender.name} {measured.allocations[work.name, contender.name]:,.0f} bytes a request")
