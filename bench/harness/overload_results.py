"""overload.md: what came of ten times the load, and whether it is within the bars."""
from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from judge import Judgement, number
from report import show
from results import table
from timed import Answer

if TYPE_CHECKING:
    from overload import Overload

LEAST_SHARE = 0.8
MAX_MILLISECONDS = 1000
MAX_HEALTH_MILLISECONDS = 100
MAX_RECOVERY_SECONDS = 2
MAX_MEMORY = 500e6
SLICES = ("the flood’s network", "another network")


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def good(answers: list[Answer]) -> list[float]:
    return [answer.milliseconds for answer in answers if answer.status == 200]


def judge(found: Overload) -> list[Judgement]:
    health = {name: answers for name, answers in found.answers.items() if name not in SLICES}
    worst = max((percentile(good(answers), 0.99), name) for name, answers in health.items())
    unhealthy = sum(answer.status != 200 for answers in health.values() for answer in answers)
    slow = {name: percentile(good(found.answers[name]), 0.99) if good(found.answers[name]) else None for name in SLICES}
    return [
        Judgement("good answers a second, of the best", f"≥ {LEAST_SHARE:.0%}", f"{found.admitted / found.best:.0%}", found.admitted >= LEAST_SHARE * found.best),
        *(Judgement(f"99 % of the good answers, {name}", f"≤ {MAX_MILLISECONDS:,} ms", "none" if value is None else f"{number(value)} ms",
                    value is not None and value <= MAX_MILLISECONDS) for name, value in slow.items()),
        Judgement("99 % of the answers on health", f"≤ {MAX_HEALTH_MILLISECONDS} ms", f"{number(worst[0])} ms ({worst[1]})", worst[0] <= MAX_HEALTH_MILLISECONDS),
        Judgement("answers on health other than 200", "none", str(unhealthy), unhealthy == 0),
        Judgement("the greatest memory", f"≤ {MAX_MEMORY / 1e6:.0f} MB", f"{found.memory[1] / 1e6:.0f} MB", found.memory[1] <= MAX_MEMORY),
        Judgement("back to normal", f"≤ {MAX_RECOVERY_SECONDS} s", "never" if found.recovered is None else f"{found.recovered:.2f} s",
                  found.recovered is not None and found.recovered <= MAX_RECOVERY_SECONDS),
        Judgement("answers to another client beside 2,000 that sample, other than 200", "none",
                  str(sum(answer.status != 200 for answer in found.sampling["beside them"])),
                  all(answer.status == 200 for answer in found.sampling["beside them"])),
    ]


def answer_rows(found: Overload) -> list[list[str]]:
    rows = [["who asked", "answers", "200", "median of 200", "99 %", "slowest"]]
    told = {**found.answers, **{f"single orders, {name}": answers for name, answers in found.sampling.items()}}
    for name, answers in told.items():
        times = good(answers)
        rows.append([name, f"{len(answers):,}", f"{len(times) / len(answers):.0%}",
                     *((number(value) for value in (statistics.median(times), percentile(times, 0.99), max(times))) if times else ("–", "–", "–"))])
    return rows


def rate_rows(found: Overload) -> list[list[str]]:
    return [["the best that it can answer", f"{found.best:,.0f} a second"],
            ["requests under overload", f"{found.offered:,.0f} a second ({found.offered / found.best:.1f} ×), on {found.connections:,} connections"],
            ["answered 200", f"{found.admitted:,.0f} a second"], ["answered 503", f"{found.refused:,.0f} a second"],
            ["memory before, at its peak, after", " / ".join(f"{value / 1e6:.0f}" for value in found.memory) + " MB"],
            ["a lone client before (median)", f"{number(found.normal)} ms"],
            ["samples, 2,000 clients", f"{found.sampled:,.0f} a second"]]


def tell(found: Overload) -> None:
    show([["", ""], *rate_rows(found)])
    show(answer_rows(found))
    show([["bar", "", "", "measured"], *([one.what, one.target, "holds" if one.holds else "MISSED", one.found] for one in judge(found))])


def write(found: Overload, setting: list[list[str]]) -> str:
    answers = answer_rows(found)
    return "\n".join([
        "# At ten times the load", "",
        "Written by `./dev bench --overload`; what is said here is said of this one run.", "",
        "## Bars", "",
        *table(["what", "bar", "measured", ""], [[one.what, one.target, one.found, "holds" if one.holds else "**missed**"] for one in judge(found)]),
        "## Rates", "",
        *table(["", ""], rate_rows(found)),
        "## Answers", "",
        "Milliseconds. Slices of 1,000 orders, from the flood’s network (127.0.0.1) and from another one (127.0.0.2); health on a new connection each "
        "time; single orders from another network, alone and beside 2,000 clients that ask for samples.", "",
        *table(answers[0], answers[1:], numbers=5),
        "The flood asks for slices of 1,000 orders, the costliest there is: of single orders the machine that is measured can’t send ten times as many as it "
        "answers. Each connection pauses between an answer and its next request, so that the rate hardly depends on how quick the answers are.", "",
        "## On what", "",
        *table(["", ""], setting),
        "The database, the clients and the API share the machine’s cores.",
    ]) + "\n"
