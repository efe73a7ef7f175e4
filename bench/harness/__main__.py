"""./dev bench: sets up, checks that the answers agree, measures, and tells."""
import contextlib
import os
import resource
import signal
import subprocess
import sys

import agreement
import contenders as known
import growth
import judge
import loading
import overload
import plan as plans
import plot
import report
import resources
import results
from contenders import Contender
from measure import Measured, Measurement
from plan import Plan
from progress import elapsed, say
from server import Server
from work import WALK

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    arguments = sys.argv[1:]
    if "--growth" in arguments:
        run, plan = growth.measure, growth.parse(arguments)
    elif "--overload" in arguments:
        run, plan = overload.measure, overload.parse(arguments)
    else:
        run, plan = bench, plans.parse(arguments)
    # A crowd of clients takes more files than the usual soft limit.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    for number in ENDING:
        signal.signal(number, end)
    try:
        failures = run(plan)
    except (RuntimeError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return 1
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def end(number: int, _) -> None:
    """Once: a second Ctrl-C is not to disturb what the first one cleans up."""
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    say("Stopping")
    sys.exit(128 + number)


def bench(plan: Plan) -> list[str]:
    """Returns what makes the run a failed one."""
    say("Building")
    for root in [known.ROOT, *plan.others]:
        known.build(os.path.join(root, "Orders.Api"))
    if "bare" in plan.kinds:
        known.build(os.path.join(known.ROOT, "bench/bare-limit"))
    if "allocations" in plan.parts:
        known.build(resources.ALLOCATIONS)
    with contextlib.ExitStack() as stack:
        say("Starting PostgreSQL")
        server = stack.enter_context(Server())
        chosen = choose(plan, server)
        measured = Measured(loading.seed(server, plan.scale_factor))
        serving = [contender for contender in chosen if contender.kind != "pgbench"]
        if "start" in plan.parts:
            say("Measuring starts")
            resources.measure_starts(plan, serving, measured)
        for contender in serving:
            stack.callback(contender.stop)
            contender.start(known.free_port())
        works = plan.works + ([WALK] if plan.walk else [])
        if works and serving:
            say(f"{agreement.check(serving, works, measured.orders)} answers agree")
        say(f"Measuring {', '.join(contender.title for contender in chosen)}")
        Measurement(plan, server, chosen, measured).run()
        if "memory" in plan.parts:
            say("Measuring memory")
            resources.measure_memory(plan, server, serving, measured)
        if "crowd" in plan.parts:
            say("Measuring a crowd")
            resources.measure_crowd(plan, server, serving, measured)
        # After the memory, which the counting adds to.
        if "allocations" in plan.parts:
            say("Measuring allocations")
            resources.measure_allocations(plan, server, serving, measured)
        say("Done")
        report.tell(plan, measured, chosen)
        if plan.complete:
            write_results(plan, server, measured, chosen, elapsed())
        apis = [contender.name for contender in chosen if contender.kind == "api"]
        return [f"FAILED: {name} had {count:,} errors." for name, count in judge.errors(measured).items() if name in apis]


def write_results(plan: Plan, server: Server, measured: Measured, chosen: list[Contender], seconds: float) -> None:
    for name, text in (("RESULTS.md", results.write(plan, server, measured, chosen, seconds)), ("results.svg", plot.draw(measured, plan.works))):
        with open(os.path.join(known.ROOT, "bench", name), "w") as file:
            file.write(text)
    say("Wrote bench/RESULTS.md and bench/results.svg")


def choose(plan: Plan, server: Server) -> list[Contender]:
    chosen = []
    if "api" in plan.kinds:
        chosen.append(known.api(server, known.ROOT, "api", "this API"))
    for number, root in enumerate(plan.others, 1):
        chosen.append(known.api(server, root, f"api-{number}", f"API of {os.path.basename(root)}"))
    if "api-key" in plan.kinds:
        chosen.append(known.api_with_key(server))
    if "api-token" in plan.kinds:
        chosen.append(known.api_with_token(server))
    if "bare" in plan.kinds:
        chosen.append(known.bare_limit(server))
    if "recipe" in plan.kinds:
        chosen += [known.recipe(server, workers) for workers in (1, 2)]
    if "pgbench" in plan.kinds:
        chosen.append(known.pgbench())
    return chosen


if __name__ == "__main__":
    sys.exit(main())
