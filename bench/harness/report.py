"""The tables of the terminal."""
from contenders import Contender
from judge import concurrency_of, errors, judge, latency, number, ratio
from measure import Measured
from plan import Plan
from work import WALK


def tell(plan: Plan, measured: Measured, contenders: list[Contender]) -> None:
    if any(contender.name == "api" for contender in contenders):
        show(rate_rows(plan, measured, contenders))
        show(judgement_rows(measured))
    for name, count in errors(measured).items():
        print(f"{name} had {count:,} errors.")


def rate_rows(plan: Plan, measured: Measured, contenders: list[Contender]) -> list[list[str]]:
    others = [contender for contender in contenders if contender.kind == "api" and contender.name != "api"]
    rows = [["work", "at once", "this API /s", "p50 ms", "p99 ms", "× recipe", "× bare limit", "× pgbench",
             *(f"× {contender.name}" for contender in others)]]
    for work in plan.works + ([WALK] if plan.walk else []):
        for connections in [concurrency_of(work)] if work is WALK else sorted(plan.rounds):
            rate = measured.rate(work, connections, "api")
            if rate is None:
                continue
            peers = [measured.recipes.get(work.name, ""), "bare", "pgbench", *(contender.name for contender in others)]
            rows.append([work.title, str(connections), number(rate),
                         *(number(latency(measured, work, connections, "api", percentile)) for percentile in ("p50", "p99")),
                         *(str(ratio(measured, work, connections, "api", peer) or "–") for peer in peers)])
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
