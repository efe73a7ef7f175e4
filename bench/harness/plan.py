"""How much is measured, by the command's options."""
import argparse
import os
from dataclasses import dataclass

from work import WALK, WORKS, Work

# Ratios are judged here: every contender is busy, and none is swamped.
JUDGED = 32
PARTS = ("start", "memory", "allocations", "crowd")
# Far more than the pool has connections.
CROWD = 2000
KINDS = ("api", "bare", "recipe", "pgbench")
# Measured only when they are named.
WITH_CREDENTIALS = ("api-key", "api-token")


@dataclass(frozen=True)
class Plan:
    """`rounds` by concurrency; seconds are those of one measurement."""
    works: list[Work]
    walk: bool
    parts: frozenset[str]
    kinds: frozenset[str]
    rounds: dict[int, int]
    warm_seconds: int
    seconds: int
    # None: to the end.
    walk_seconds: float | None
    walk_rounds: int
    starts: int
    scale_factor: str
    others: list[str]
    quick: bool
    complete: bool


def parse(arguments: list[str]) -> Plan:
    names = [*(work.name for work in WORKS), WALK.name, *PARTS]
    parser = argparse.ArgumentParser(prog="./dev bench", allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, description=(
        "Measures this API against the recipe, the bare limit and pgbench on one private PostgreSQL server.\n"
        "A run without options takes up to 20 minutes and writes bench/RESULTS.md and bench/results.svg; all others only print."))
    parser.add_argument("--quick", action="store_true", help="the ratios in 3 minutes")
    parser.add_argument("--growth", action="store_true", help="another measurement: how the cost of each operation grows with the table; "
                        "./dev bench --growth --help lists its options")
    parser.add_argument("--overload", action="store_true", help="another measurement: what the API does at ten times the load that it can "
                        "serve; ./dev bench --overload --help lists its options")
    parser.add_argument("--only", metavar="WORK,…", help=f"some of {', '.join(names)}")
    parser.add_argument("--contenders", metavar="NAME,…", help=f"some of {', '.join(KINDS + WITH_CREDENTIALS)}")
    parser.add_argument("--api", metavar="DIR", action="append", default=[],
                        help="another checkout of this repository, measured beside this one; may be given more than once")
    parser.add_argument("--concurrency", metavar="N,…", help="connections at once (1,32,256)")
    parser.add_argument("--rounds", type=int, metavar="N", help="how often each contender is measured (5 at 32 connections, 3 at others)")
    parser.add_argument("--seconds", type=int, metavar="N", help="how long each time (2)")
    parser.add_argument("--scale-factor", default="1", metavar="F", help="the size of the table: 1 is 1,500,000 orders")
    options = parser.parse_args(arguments)

    others = [os.path.abspath(other) for other in options.api]
    for other in others:
        if not os.path.isdir(os.path.join(other, "Orders.Api")):
            parser.error(f"{other} is no checkout of this repository: it has no folder Orders.Api")
    only = choose(parser, options.only, names)
    kinds = choose(parser, options.contenders, KINDS + WITH_CREDENTIALS) or KINDS
    quick = options.quick
    if options.concurrency and not all(n.isdecimal() and int(n) > 0 for n in options.concurrency.split(",")):
        parser.error(f"'{options.concurrency}' is no list of numbers like 1,32,256")
    concurrency = [int(n) for n in options.concurrency.split(",")] if options.concurrency else [JUDGED] if quick else [JUDGED, 1, 256]
    chosen = only or [name for name in names if not (quick and name in ("fresh-count", "deep-page-only", "crowd"))]
    return Plan(
        works=[work for work in WORKS if work.name in chosen],
        walk=WALK.name in chosen,
        parts=frozenset(PARTS) & frozenset(chosen),
        kinds=frozenset(kinds),
        rounds={n: options.rounds or (2 if quick else 5 if n == JUDGED else 3) for n in concurrency},
        warm_seconds=1 if quick else 2,
        seconds=options.seconds or (1 if quick else 2),
        walk_seconds=2 if quick else None,
        walk_rounds=options.rounds or (1 if quick else 3),
        starts=3 if quick else 5,
        scale_factor=options.scale_factor,
        others=others,
        quick=quick,
        complete=not arguments,
    )


def choose(parser: argparse.ArgumentParser, text: str | None, names) -> list[str] | None:
    chosen = text.split(",") if text else None
    for name in chosen or ():
        if name not in names:
            parser.error(f"there is no '{name}'; there are {', '.join(names)}")
    return chosen
