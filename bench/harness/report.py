"""The table on the terminal."""
import statistics

from contenders import Contender
from measure import Measured
from plan import JUDGED, Plan
from work import WALK, Work


def ratios(measured: Measured, work: Work, connections: int, first: str, second: str) -> list[float]:
    """Of one round each."""
    pairs = zip(measured.of(work, connections, first), measured.of(work, connections, second))
    return [a.rate / b.rate for a, b in pairs if b.rate]


def ratio_text(values: list[float], target: float | None = None) -> str:
    if not values:
        return "–"
    middle = statistics.median(values)
    text = f"{number(middle)} ({number(min(values))}–{number(max(values))})"
    if target is not None:
        text += f" {'≥' if middle >= target else '<'} {target:g}"
    return text


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def tell(plan: Plan, measured: Measured, contenders: list[Contender]) -> list[str]:
    works = plan.works + ([WALK] if plan.walk else [])
    rows = [["work", "at once", "this API /s", "p50 ms", "p99 ms", "× recipe", "of bare limit", "of pgbench",
             *(f"of {c.name}" for c in contenders if c.kind == "api" and c.name != "api")]]
    for work in works:
        for connections in ([1] if work is WALK else plan.rounds):
            mine = measured.of(work, connections, "api")
            if not mine:
                continue
            judged = connections == JUDGED or work is WALK
            rows.append([
                work.title, str(connections), number(measured.rate(work, connections, "api")),
                number(statistics.median(r.p50 for r in mine)), number(statistics.median(r.p99 for r in mine)),
                ratio_text(ratios(measured, work, connections, "api", measured.recipes.get(work.name, "")), work.against_recipe if judged else None),
                ratio_text(ratios(measured, work, connections, "api", "bare"), work.against_bare if judged else None),
                ratio_text(ratios(measured, work, connections, "api", "pgbench")),
                *(ratio_text(ratios(measured, work, connections, "api", c.name)) for c in contenders if c.kind == "api" and c.name != "api"),
            ])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    errors = {}
    for (work, connections, name), results in measured.results.items():
        if count := sum(result.errors for result in results):
            errors[name] = errors.get(name, 0) + count
    apis = {c.name for c in contenders if c.kind == "api"}
    for name, count in errors.items():
        print(f"{name}: {count} errors")
    return [f"{name} had {count} errors." for name, count in errors.items() if name in apis]
