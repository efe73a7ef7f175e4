"""Ratios of what was measured, and whether they reach their targets."""
import statistics
from dataclasses import dataclass

from measure import Measured
from plan import JUDGED
from work import WALK, WORKS, Work

MAX_MEMORY = 200_000_000
MAX_START = 1.5
MAX_ALLOCATED = 6 * 1024
# The median of a deep page, in medians of the first page.
MAX_DEPTH = 2
WORK = {work.name: work for work in [*WORKS, WALK]}


@dataclass(frozen=True)
class Ratio:
    """The median over rounds, and the rounds that are farthest from it."""
    median: float
    least: float
    greatest: float

    def __str__(self) -> str:
        return f"{number(self.median)} ({number(self.least)}–{number(self.greatest)})"


@dataclass(frozen=True)
class Judgement:
    what: str
    target: str
    found: str
    holds: bool


def number(value: float) -> str:
    """Three digits that matter, and no fewer before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def ratio(measured: Measured, work: Work, connections: int, first: str, second: str) -> Ratio | None:
    """How many times as much `first` did as `second`, each time in the same round."""
    pairs = list(zip(measured.of(work, connections, first), measured.of(work, connections, second)))
    values = [one.rate / other.rate for one, other in pairs if other.rate]
    return Ratio(statistics.median(values), min(values), max(values)) if values else None


def latency(measured: Measured, work: Work, connections: int, name: str, percentile: str) -> float | None:
    values = [getattr(result, percentile) for result in measured.of(work, connections, name)]
    return statistics.median(values) if values and None not in values else None


def concurrency_of(work: Work) -> int:
    return 1 if work is WALK else JUDGED


def judge(measured: Measured) -> list[Judgement]:
    """Every target that this run measured."""
    return [*ratios(measured), *depths(measured), *costs(measured)]


def ratios(measured: Measured):
    for work in WORK.values():
        for target, peer, title in ((work.against_recipe, measured.recipe(work, concurrency_of(work)), "the recipe"), (work.against_bare, "bare", "the bare limit")):
            found = ratio(measured, work, concurrency_of(work), "api", peer)
            if target is not None and found is not None:
                yield Judgement(f"{work.title}, against {title}", f"≥ {target:,g} ×", f"{found} ×", found.median >= target)


def depths(measured: Measured):
    """Alone, and in a crowd: there the first page, which is the same for all, is read for several at once."""
    for connections, title in ((1, "one client"), (JUDGED, f"{JUDGED} clients")):
        first = latency(measured, WORK["first-page"], connections, "api", "p50")
        for work in (WORK["deep-page"], WORK["deep-page-only"]):
            deep = latency(measured, work, connections, "api", "p50")
            if first and deep:
                yield Judgement(f"{work.title}, its median latency against the first page's, {title}", f"≤ {MAX_DEPTH} ×", f"{number(deep / first)} ×",
                                deep <= MAX_DEPTH * first)


def costs(measured: Measured):
    if memory := measured.memory.get("api"):
        yield Judgement("resident memory, at its peak", f"≤ {MAX_MEMORY / 1e6:.0f} MB", f"{memory / 1e6:.0f} MB", memory <= MAX_MEMORY)
    if starts := measured.starts.get("api"):
        middle = statistics.median(starts)
        yield Judgement("from start to ready", f"≤ {MAX_START} s", f"{middle:.2f} s ({min(starts):.2f}–{max(starts):.2f})", middle <= MAX_START)
    if allocated := measured.allocations.get(("single", "api")):
        yield Judgement("allocated for a single order", f"≤ {MAX_ALLOCATED:,} bytes", f"{allocated:,.0f} bytes", allocated <= MAX_ALLOCATED)


def errors(measured: Measured) -> dict[str, int]:
    """By contender, those that had any: answers of 400 and above, connections that broke, time-outs."""
    counts: dict[str, int] = {}
    for (_, _, name), results in measured.results.items():
        counts[name] = counts.get(name, 0) + sum(result.errors for result in results)
    return {name: count for name, count in counts.items() if count}
