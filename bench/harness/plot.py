"""The ratios at a glance, as an SVG."""
import math
from html import escape

from judge import Ratio, concurrency_of, number, ratio
from measure import Measured
from work import WALK, Work

WIDTH, LEFT, RIGHT, TOP, ROW, BAR = 960, 210, 140, 84, 44, 16
INK, GRID, API, BARE, PGBENCH, MISSED = "#24292f", "#d8dee4", "#0969da", "#8c959f", "#d0d7de", "#bc4c00"
FONT = "font-family=\"-apple-system,'Segoe UI','DejaVu Sans',sans-serif\""


def draw(measured: Measured, works: list[Work]) -> str:
    """One row for each work that was measured against the recipe; the scale is logarithmic and begins at the recipe."""
    rows = []
    for work in [*works, WALK]:
        recipe = measured.recipe(work, concurrency_of(work))
        found = {name: ratio(measured, work, concurrency_of(work), name, recipe) for name in ("api", "bare", "pgbench")}
        if found["api"]:
            rows.append((work, found))
    greatest = max([1, *(value.greatest for _, found in rows for value in found.values() if value), *(work.against_recipe or 1 for work, _ in rows)])
    decades = max(1, math.ceil(math.log10(greatest)))
    height = TOP + ROW * len(rows) + 30

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * max(0.0, math.log10(value)) / decades

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" {FONT} font-size="13" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        '<text x="16" y="28" font-size="17" font-weight="600">Times the recipe’s rate, on the same database and machine</text>',
        *legend(),
    ]
    for decade in range(decades + 1):
        at = x(10 ** decade)
        parts.append(f'<line x1="{at:.1f}" y1="{TOP - 8}" x2="{at:.1f}" y2="{height - 28}" stroke="{GRID}"/>')
        parts.append(f'<text x="{at:.1f}" y="{height - 10}" text-anchor="middle" font-size="12">{10 ** decade:,} ×</text>')
    for index, (work, found) in enumerate(rows):
        parts += row(TOP + ROW * index, work, found, x)
    return "\n".join([*parts, "</svg>"]) + "\n"


def legend() -> list[str]:
    parts, at = [], 16
    for colour, text in ((API, "this API"), (BARE, "bare limit"), (PGBENCH, "pgbench, the database’s ceiling")):
        parts.append(f'<rect x="{at}" y="44" width="14" height="12" fill="{colour}"/><text x="{at + 20}" y="55">{text}</text>')
        at += 40 + 7.2 * len(text)
    parts.append(f'<line x1="{at + 4:.0f}" y1="42" x2="{at + 4:.0f}" y2="58" stroke="{INK}" stroke-width="2"/><text x="{at + 14:.0f}" y="55">target</text>')
    at += 70
    parts.append(f'<path d="M{at:.0f} 50h24m-24 -4v8m24 -8v8" stroke="{INK}" fill="none"/><text x="{at + 32:.0f}" y="55">least to greatest of all rounds</text>')
    return parts


def row(top: int, work: Work, found: dict[str, Ratio | None], x) -> list[str]:
    parts = [f'<text x="{LEFT - 12}" y="{top + 17}" text-anchor="end">{escape(work.title.replace("`", ""))}</text>']
    mine = found["api"]
    for name, colour, offset, thickness in (("pgbench", PGBENCH, BAR + 7, 5), ("bare", BARE, BAR + 1, 5), ("api", API, 0, BAR)):
        if value := found[name]:
            width = max(1.0, x(value.median) - LEFT)
            parts.append(f'<rect x="{LEFT}" y="{top + offset}" width="{width:.1f}" height="{thickness}" fill="{colour}"/>')
    middle = top + BAR / 2
    least, greatest = x(mine.least), x(mine.greatest)
    parts.append(f'<path d="M{least:.1f} {middle}H{greatest:.1f}M{least:.1f} {middle - 4}v8M{greatest:.1f} {middle - 4}v8" stroke="{INK}" fill="none"/>')
    label = f"{number(mine.median)} ×"
    ends = greatest
    if work.against_recipe:
        target = x(work.against_recipe)
        missed = mine.median < work.against_recipe
        parts.append(f'<line x1="{target:.1f}" y1="{top - 5}" x2="{target:.1f}" y2="{top + BAR + 5}" stroke="{MISSED if missed else INK}" stroke-width="2"/>')
        if missed:
            label += f" of {work.against_recipe:,g}"
        ends = max(ends, target)
    parts.append(f'<text x="{ends + 8:.1f}" y="{top + 13}" font-weight="600">{label}</text>')
    return parts
