"""RESULTS.md: what was measured, on what, and how it is to be read."""
import os

import machine
from contenders import PYTHON, ROOT, Contender
from judge import concurrency_of, errors, judge, latency, number, ratio
from machine import said
from measure import Measured
from plan import CROWD, JUDGED, Plan
from report import COSTS, cost_rows
from server import Server
from work import WALK, WORKS

PACKAGES = ("python3-fastapi", "python3-uvicorn", "python3-sqlmodel", "python3-sqlalchemy", "python3-pydantic", "python3-asyncpg")
NAMES = ("api", "bare", "recipe", "pgbench")


def write(plan: Plan, server: Server, measured: Measured, contenders: list[Contender], seconds: float) -> str:
    return "\n".join([
        "# Results", "",
        "Written by `./dev bench`; what is said here is said of this one run.", "",
        "![Times the recipe’s rate, by work](results.svg)", "",
        *targets(measured),
        *setting(server, measured, seconds),
        *rates(plan, measured),
        *costs(measured, contenders),
        *mistakes(measured, contenders),
        *causes(measured),
        *reading(),
    ]).rstrip() + "\n"


def table(header: list[str], rows: list[list[str]], numbers: int = 0) -> list[str]:
    """The last so many columns are aligned to the right."""
    marks = ["---"] * (len(header) - numbers) + ["---:"] * numbers
    return ["| " + " | ".join(cells) + " |" for cells in (header, marks, *rows)] + [""]


def targets(measured: Measured) -> list[str]:
    judged = judge(measured)
    held = sum(one.holds for one in judged)
    return ["## Targets", "", f"{held} of {len(judged)} hold. Ratios are of rates at {JUDGED} connections (the walk: one client), medians over the rounds "
            "with the least and the greatest in brackets.", "",
            *table(["what", "target", "measured", ""], [[one.what, one.target, one.found, "holds" if one.holds else "**missed**"] for one in judged])]


def setting(server: Server, measured: Measured, seconds: float) -> list[str]:
    packages = said(["dpkg-query", "--show", "--showformat", "${Package} ${Version}, ", *PACKAGES]).rstrip(", ")
    python = said([PYTHON, "--version"])
    rows = [
        *machine.rows(server, ROOT),
        ["database", machine.database(server, f"{measured.orders:,} orders")],
        ["this API, bare limit", machine.runtime()],
        ["recipe", f"{python}, {packages}"],
        ["load", said(["dpkg-query", "--show", "--showformat", "${Package} ${Version}", "wrk"])],
        ["this run", f"{seconds / 60:.0f} minutes"],
    ]
    return ["## On what", "", *table(["", ""], rows), "The database, the load and the contender that is measured share the machine’s cores.", ""]


def rates(plan: Plan, measured: Measured) -> list[str]:
    lines = ["## Rates and latencies", "", "Requests a second (of the walk: orders), and the 50th and 99th percentile of the latency in milliseconds; "
             "medians over the rounds.", ""]
    rows = []
    for work in [*WORKS, WALK]:
        for connections in [concurrency_of(work)] if work is WALK else [*sorted(plan.rounds), CROWD]:
            if measured.rate(work, connections, "api") is None:
                continue
            cells = [work.title, str(connections)]
            for name in NAMES:
                peer = measured.recipe(work, connections) if name == "recipe" else name
                rate = measured.rate(work, connections, peer)
                percentiles = [latency(measured, work, connections, peer, percentile) for percentile in ("p50", "p99")]
                cells.append("–" if rate is None else number(rate) if None in percentiles else
                             f"{number(rate)} ({' / '.join(map(number, percentiles))})")
            recipe = measured.recipe(work, connections)
            cells += [str(ratio(measured, work, connections, "api", recipe) or "–"), str(ratio(measured, work, connections, "api", "bare") or "–")]
            rows.append(cells)
    return [*lines, *table(["work", "at once", "this API", "bare limit", "recipe", "pgbench", "API ÷ recipe", "API ÷ bare limit"], rows, numbers=7)]


def costs(measured: Measured, contenders: list[Contender]) -> list[str]:
    crowd = [f"With {CROWD:,} clients the peak of {contender.title} is {measured.crowd_memory[contender.name] / 1e6:.0f} MB."
             for contender in contenders if contender.name in measured.crowd_memory]
    return ["## Start, memory, allocations", "", *table(COSTS, cost_rows(measured, contenders), numbers=4), *crowd, ""]


def mistakes(measured: Measured, contenders: list[Contender]) -> list[str]:
    titles = {contender.name: contender.title for contender in contenders}
    found = [f"{titles[name]} {count:,}" for name, count in errors(measured).items()]
    return [f"Errors (answers of 400 and above, broken connections, time-outs): {', '.join(found) or 'none'}.", ""]


def causes(measured: Measured) -> list[str]:
    """What holds the numbers that were missed: a section of causes.md is headed by how the targets begin that it is about."""
    missed = [one.what for one in judge(measured) if not one.holds]
    if not missed:
        return []
    with open(os.path.join(ROOT, "bench/causes.md")) as file:
        sections = dict(section.split("\n", 1) for section in file.read().split("\n## ")[1:])
    known = [text for title, text in sections.items() if any(what.startswith(title) for what in missed)]
    unknown = [what for what in missed if not any(what.startswith(title) for title in sections)]
    told = [f"Not looked into yet: {', '.join(unknown)}."] if unknown else []
    return ["## What holds the numbers that were missed", "", *"\n".join(known).strip().splitlines(), *told, ""]


def reading() -> list[str]:
    with open(os.path.join(ROOT, "bench/reading.md")) as file:
        return file.read().splitlines()
