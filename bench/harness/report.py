"""The tables of the terminal."""
import statistics

from contenders import Contender
from judge import concurrency_of, errors, judge, latency, number, ratio
from measure import Measured
from plan import CROWD, Plan
from work import WALK


def tell(plan: Plan, measured: Measured, contenders: list[Contender]) -> None:
    show(rate_rows(plan, measured, contenders))
    show([COSTS, *cost_rows(measured, contenders)])
    show(judgement_rows(measured))
    for name, count in errors(measured).items():
        print(f"{name} had {count:,} errors.")


def rate_rows(plan: Plan, measured: Measured, contenders: list[Contender]) -> list[list[str]]:
    """The first contender against the others."""
    first = contenders[0]
    others = {contender.kind if contender.kind == "recipe" else contender.name: contender for contender in contenders[1:]}
    rows = [["work", "at once", f"{first.title} /s", "p50 ms", "p99 ms",
             *(f"÷ {'recipe' if name == 'recipe' else other.title}" for name, other in others.items())]]
    for work in plan.works + ([WALK] if plan.walk else []):
        for connections in [concurrency_of(work)] if work is WALK else [*sorted(plan.rounds), CROWD]:
            rate = measured.rate(work, connections, first.name)
            if rate is None:
                continue
            latencies = [latency(measured, work, connections, first.name, percentile) for percentile in ("p50", "p99")]
            peers = [measured.recipe(work, connections) if name == "recipe" else name for name in others]
            rows.append([work.title, str(connections), number(rate), *("–" if value is None else number(value) for value in latencies),
                         *(str(ratio(measured, work, connections, first.name, peer) or "–") for peer in peers)])
    return rows


COSTS = ["", "start to ready", "peak resident memory", "allocated, single order", "allocated, `/stream` of 100"]


def cost_rows(measured: Measured, contenders: list[Contender]) -> list[list[str]]:
    rows = []
    for contender in contenders:
        starts, memory = measured.starts.get(contender.name), measured.memory.get(contender.name)
        allocated = [measured.allocations.get((work, contender.name)) for work in ("single", "stream")]
        if starts or memory or any(allocated):
            rows.append([contender.title, f"{statistics.median(starts):.2f} s" if starts else "–", f"{memory / 1e6:.0f} MB" if memory else "–",
                         *(f"{count:,.0f} B" if count else "–" for count in allocated)])
    return rows


def judgement_rows(measured: Measured) -> list[list[str]]:
    return [["target", "", "measured", ""],
            *([judged.what, judged.target, judged.found, "holds" if judged.holds else "MISSED"] for judged in judge(measured))]


def show(rows: list[list[str]]) -> None:
    """A table, unless it has only its header."""
    if len(rows) == 1:
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print()
