"""The latencies at each size of the table at a glance, as an SVG."""
import math
from html import escape

from growth_results import MAX_MILLISECONDS, MAX_RATIO, ROWS, Grown, ratio
from growth_load import Operation
from judge import number
from plot import API, BARE, FONT, GRID, INK, MISSED, WIDTH

LEFT, RIGHT, TOP, BAR, GAP = 264, 90, 84, 13, 18
LEAST = 0.1
COLOURS = (BARE, API, "#1a7f37", "#8250df", "#9a6700")


def draw(grown: list[Grown]) -> str:
    """A group of bars for each operation: to the median, with a line on to the slowest. The scale is logarithmic."""
    slowest = max([MAX_MILLISECONDS, *(one.of(operation).worst or 0 for one in grown for operation in ROWS)])
    decades = math.ceil(math.log10(slowest / LEAST))
    group = BAR * len(grown) + GAP
    height = TOP + group * len(ROWS) + 30

    def x(milliseconds: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * max(0.0, math.log10(milliseconds / LEAST)) / decades

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" {FONT} font-size="13" '
        f'fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        '<text x="16" y="28" font-size="17" font-weight="600">Latency by number of orders: the median, and on to the slowest answer</text>',
        *legend(grown),
    ]
    for decade in range(decades + 1):
        milliseconds = LEAST * 10 ** decade
        at = x(milliseconds)
        bar = math.isclose(milliseconds, MAX_MILLISECONDS)
        parts.append(f'<line x1="{at:.1f}" y1="{TOP - 8}" x2="{at:.1f}" y2="{height - 28}" stroke="{MISSED if bar else GRID}"/>')
        parts.append(f'<text x="{at:.1f}" y="{height - 10}" text-anchor="middle" font-size="12">{milliseconds:,g} ms</text>')
    for index, operation in enumerate(ROWS):
        parts += rows(TOP + group * index, operation, grown, x)
    return "\n".join([*parts, "</svg>"]) + "\n"


def legend(grown: list[Grown]) -> list[str]:
    parts, at = [], 16.0
    for index, one in enumerate(grown):
        text = f"{one.orders:,} orders"
        parts.append(f'<rect x="{at:.0f}" y="44" width="14" height="12" fill="{COLOURS[index % len(COLOURS)]}"/>'
                     f'<text x="{at + 20:.0f}" y="55">{text}</text>')
        at += 40 + 7.2 * len(text)
    if len(grown) > 1:
        parts.append(f'<text x="{at:.0f}" y="55">at the right: times the median of {grown[0].orders:,} orders</text>')
    return parts


def rows(top: int, operation: Operation, grown: list[Grown], x) -> list[str]:
    title = escape(operation.title.replace("`", ""))
    parts = [f'<text x="{LEFT - 12}" y="{top + BAR * len(grown) / 2 + 4:.0f}" text-anchor="end">{title}</text>']
    for index, one in enumerate(grown):
        samples, at = one.of(operation), top + BAR * index
        if samples.median is not None:
            width = max(1.0, x(samples.median) - LEFT)
            parts.append(f'<rect x="{LEFT}" y="{at}" width="{width:.1f}" height="{BAR - 2}" fill="{COLOURS[index % len(COLOURS)]}"/>')
        if samples.worst is not None:
            middle, end = at + BAR / 2 - 1, x(samples.worst)
            begin = x(samples.median) if samples.median is not None else LEFT
            parts.append(f'<path d="M{begin:.1f} {middle}H{end:.1f}M{end:.1f} {middle - 4}v8" stroke="{INK}" fill="none"/>')
        if index > 0 and (value := ratio(operation, one, grown[0])) is not None:
            colour = MISSED if value > MAX_RATIO and operation.judged else INK
            parts.append(f'<text x="{WIDTH - 12}" y="{at + BAR - 2}" text-anchor="end" font-size="12" fill="{colour}">'
                         f'{number(value)} ×</text>')
    return parts
