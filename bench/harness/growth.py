"""./dev bench --growth: how the cost of each operation grows with the table."""
import argparse
import contextlib
import os
import re
import time
from dataclasses import dataclass

import contenders
import growth_load
import growth_plot
import growth_results
import loading
import machine
from growth_results import Grown
from progress import elapsed, say
from server import Server
from timed import TimedConnection
from work import ORDERS, Request

# Where a count takes longer than a request may, it is there in the end, or never.
FIRST_COUNT_SECONDS = 900
RETRY_SECONDS = 0.1
# Not ready yet, and not in time.
RETRIED = (503, 504)


@dataclass(frozen=True)
class Plan:
    """`root` is the checkout that is measured."""
    scale_factors: list[str]
    seconds: int
    root: str


def parse(arguments: list[str]) -> Plan:
    parser = argparse.ArgumentParser(
        prog="./dev bench --growth", allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, description=(
        "Measures each operation on tables of growing size, while another client changes 150 orders a second.\n"
        "Writes bench/growth.md and bench/growth.svg. Scale factors 1 and 10 take about 5 minutes, and 7 GB of disk for a while."))
    parser.add_argument("--growth", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--scale", default="1,10", metavar="F,…",
                        help="scale factors, 1 is 1,500,000 orders; the first is what the others are compared with (1,10)")
    parser.add_argument("--api", default=contenders.ROOT, metavar="DIR",
                        help="another checkout of this repository, measured in place of this one")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="how long each table is measured (60)")
    options = parser.parse_args(arguments)
    scale_factors = options.scale.split(",")
    if not all(re.fullmatch(r"\d+(\.\d+)?", factor) and float(factor) > 0 for factor in scale_factors):
        parser.error(f"'{options.scale}' is no list of scale factors like 1,10")
    if options.seconds < 1:
        parser.error("--seconds has to be 1 or more")
    root = os.path.abspath(options.api)
    if not os.path.isdir(os.path.join(root, "Orders.Api")):
        parser.error(f"{root} is no checkout of this repository: it has no folder Orders.Api")
    return Plan(scale_factors, options.seconds, root)


def measure(plan: Plan) -> list[str]:
    """Returns what makes the run a failed one."""
    loading.require_disk(plan.scale_factors)
    say("Building")
    contenders.build(os.path.join(plan.root, "Orders.Api"))
    setting: list[list[str]] = []
    grown = [at_scale(plan, factor, seed, setting) for seed, factor in enumerate(plan.scale_factors)]
    say("Done")
    growth_results.tell(grown)
    setting.append(["this run", f"{elapsed() / 60:.0f} minutes, {plan.seconds} s at each scale factor"])
    for name, text in (("growth.md", growth_results.write(grown, setting)), ("growth.svg", growth_plot.draw(grown))):
        with open(os.path.join(contenders.ROOT, "bench", name), "w") as file:
            file.write(text)
    say("Wrote bench/growth.md and bench/growth.svg")
    return [f"FAILED: at scale factor {one.scale_factor} there were answers other than 200: {one.others}." for one in grown if one.others]


def at_scale(plan: Plan, scale_factor: str, seed: int, setting: list[list[str]]) -> Grown:
    with contextlib.ExitStack() as stack:
        say("Starting PostgreSQL")
        server = stack.enter_context(Server())
        if not setting:
            setting += [*machine.rows(server, plan.root), ["database", machine.database(server, "a server for each scale factor")],
                        ["this API", machine.runtime()]]
        began = time.monotonic()
        orders = loading.seed(server, scale_factor, plan.root)
        loaded = time.monotonic() - began
        api = contenders.api(server, plan.root, "api", "this API")
        stack.callback(api.stop)
        began = time.monotonic()
        ready = api.start(contenders.free_port())
        first_count = wait_for_count(api, began)
        say(f"  The first count was there {'after %.1f s' % first_count if first_count else 'never'}")
        say(f"Measuring {orders:,} orders")
        load = growth_load.run(api, orders, plan.seconds, seed)
        say(f"  {growth_results.in_short(load)}")
        return Grown(scale_factor, orders, loaded, ready, first_count, load)


def wait_for_count(api: contenders.Contender, began: float) -> float | None:
    """The seconds from `began` to the first count, or None when none came in time."""
    connection = TimedConnection(api.port)
    with contextlib.closing(connection):
        while time.monotonic() - began < FIRST_COUNT_SECONDS:
            status = connection.ask(Request("GET", f"{ORDERS}/count")).status
            if status == 200:
                return time.monotonic() - began
            if status not in RETRIED:
                raise RuntimeError(f"/count was answered with {status} instead of a count.")
            time.sleep(RETRY_SECONDS)
    return None
