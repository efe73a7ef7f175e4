"""growth.md: what each operation costs at each size of the table, and whether that is within the bars."""
from dataclasses import dataclass

from growth_load import CHANGES_A_SECOND, CROWD, MAX_LOAD, OPERATIONS, TURN_SECONDS, Load, Operation, Samples
from judge import Judgement, number
from report import show
from results import table
from timed import BROKEN

MAX_RATIO = 1.5
MAX_MILLISECONDS = 1000
ROWS = [*OPERATIONS, CROWD]


@dataclass(frozen=True)
class Grown:
    """One scale factor. Seconds to load the orders; then from the API's start to ready, and to its first count (None: none came)."""
    scale_factor: str
    orders: int
    loaded: float
    ready: float
    first_count: float | None
    load: Load

    def of(self, operation: Operation) -> Samples:
        return self.load.samples[operation.title]

    @property
    def others(self) -> str:
        """The answers other than 200, by operation; empty when there are none."""
        return "; ".join(f"{operation.title}: {counted(self.of(operation))}" for operation in ROWS if self.of(operation).others)


def counted(samples: Samples) -> str:
    return ", ".join(f"{count:,} × {'no answer' if status == BROKEN else status}" for status, count in sorted(samples.others.items()))


def ratio(operation: Operation, one: Grown, first: Grown) -> float | None:
    mine, base = one.of(operation).median, first.of(operation).median
    return mine / base if mine and base else None


def judge(grown: list[Grown]) -> list[Judgement]:
    return [judgement for one in grown for judgement in (*growth(one, grown[0]), worst(one), statuses(one))]


def growth(one: Grown, first: Grown):
    if one is first:
        return
    ratios = [(ratio(operation, one, first), operation) for operation in ROWS if operation.judged]
    unknown = [operation.title for value, operation in ratios if value is None]
    known = [(value, operation.title) for value, operation in ratios if value is not None]
    found = [over_or_greatest(known, MAX_RATIO, "×")] if known else []
    yield Judgement(f"{one.orders:,} orders: the medians, against {first.orders:,} orders", f"each ≤ {MAX_RATIO} ×",
                    ", ".join([*found, *(f"none ({title})" for title in unknown)]), not unknown and max(known)[0] <= MAX_RATIO)


def over_or_greatest(found: list[tuple[float, str]], bar: float, unit: str) -> str:
    """All that are over the bar; the greatest when none is."""
    over = sorted((pair for pair in found if pair[0] > bar), reverse=True) or [max(found)]
    return ", ".join(f"{number(value)} {unit} ({title})" for value, title in over)


def worst(one: Grown) -> Judgement:
    found = [(one.of(operation).worst or 0, operation.title) for operation in ROWS if operation.judged]
    return Judgement(f"{one.orders:,} orders: the slowest answer", f"≤ {MAX_MILLISECONDS:,} ms",
                     over_or_greatest(found, MAX_MILLISECONDS, "ms"), max(found)[0] <= MAX_MILLISECONDS)


def statuses(one: Grown) -> Judgement:
    return Judgement(f"{one.orders:,} orders: answers other than 200", "none", one.others or "none", not one.others)


def operation_rows(grown: list[Grown]) -> list[list[str]]:
    header = ["operation", *(f"{one.orders:,} orders" for one in grown), *(f"{one.orders:,} ÷ {grown[0].orders:,}" for one in grown[1:])]
    return [header, *([operation.title, *(latencies(one.of(operation)) for one in grown),
                       *("–" if (value := ratio(operation, one, grown[0])) is None else f"{number(value)} ×" for one in grown[1:])]
                      for operation in ROWS)]


def latencies(samples: Samples) -> str:
    return " / ".join("–" if value is None else number(value) for value in (samples.median, samples.p99, samples.worst))


def scale_rows(grown: list[Grown]) -> list[list[str]]:
    def row(title: str, tell) -> list[str]:
        return [title, *map(tell, grown)]

    return [
        row("", lambda one: f"{one.orders:,} orders"),
        row("scale factor", lambda one: one.scale_factor),
        row("orders loaded in", lambda one: f"{one.loaded:,.1f} s"),
        row("from the API’s start to ready", lambda one: f"{one.ready:.2f} s"),
        row("from the API’s start to the first count", lambda one: "never" if one.first_count is None else f"{one.first_count:.2f} s"),
        row("oldest count (`Age`)", lambda one: "–" if one.load.greatest_age is None else f"{one.load.greatest_age} s"),
        row("answers to the lone client, each operation", lambda one: f"{len(one.of(OPERATIONS[0]).answers):,}"),
        row("status changes a second", lambda one: f"{one.load.changes_a_second:.0f}"),
        row("a change was sent late by (median)", lambda one: f"{number(one.load.late)} ms"),
        row("of a core: the lone client, the one that changes", lambda one: ", ".join(f"{load:.0%}" for load in one.load.loads)),
    ]


def warnings(grown: list[Grown]) -> list[str]:
    """Where the numbers are not the table's alone."""
    busy = [f"At {one.orders:,} orders a client was busy itself: what it measured is not the API’s alone."
            for one in grown if max(one.load.loads) > MAX_LOAD]
    controls = [(one, operation, ratio(operation, one, grown[0])) for one in grown[1:] for operation in ROWS if not operation.judged]
    noisy = [f"At {one.orders:,} orders {operation.title} took {number(value)} times as long: the machine was a "
             f"{'slower' if value > 1 else 'faster'} one then, and the other ratios are too {'great' if value > 1 else 'small'}."
             for one, operation, value in controls if value is not None and not 1 / MAX_RATIO <= value <= MAX_RATIO]
    return busy + noisy


def in_short(load: Load) -> str:
    return ", ".join(f"{operation.title} {number(samples.median) if samples.median else '–'}"
                     for operation in ROWS if (samples := load.samples[operation.title]).answers) + " ms"


def tell(grown: list[Grown]) -> None:
    show(operation_rows(grown))
    show(scale_rows(grown))
    show([["bar", "", "", "measured"], *([one.what, one.target, "holds" if one.holds else "MISSED", one.found] for one in judge(grown))])
    for warning in warnings(grown):
        print(warning)


def write(grown: list[Grown], setting: list[list[str]]) -> str:
    judged = judge(grown)
    operations, scales = operation_rows(grown), scale_rows(grown)
    return "\n".join([
        "# How costs grow with the table", "",
        "Written by `./dev bench --growth`; what is said here is said of this one run.", "",
        "![Latencies by operation and number of orders](growth.svg)", "",
        "## Bars", "",
        *table(["what", "bar", "measured", ""],
               [[one.what, one.target, one.found, "holds" if one.holds else "**missed**"] for one in judged]),
        *([*warnings(grown), ""] if warnings(grown) else []),
        "## Latencies", "",
        "Milliseconds: median / 99 % / slowest. The median and the 99 % are of answers with 200, the slowest is of all. Nothing was "
        "warmed up: the first answers of a fresh process are among them.", "",
        *table(operations[0], operations[1:], numbers=len(operations[0]) - 1),
        f"A lone client asked one operation after the other, all of them every {TURN_SECONDS:g} s, while another one changed the status of "
        f"{CHANGES_A_SECOND} random orders a second. Any page is a random one of all. `/health/live` answers without the database: its "
        "latency is what HTTP and the client take of each of the others, and its ratio is that of the machine’s own speed.", "",
        "## Sizes", "",
        *table(scales[0], scales[1:], numbers=len(grown)),
        "## On what", "",
        *table(["", ""], setting),
        "The database, both clients and the API share the machine’s cores.",
    ]) + "\n"
