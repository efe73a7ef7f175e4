"""What is measured: each work is a stream of random requests, and the statements that answer them."""
import random
from dataclasses import dataclass
from typing import Callable

COLUMNS = ("o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, "
           "o_orderpriority, o_clerk, o_shippriority, o_comment")
ORDERS = "/api/v1/orders"
PAGE_SIZE = 100
WALK_PAGE_SIZE = 1000


def key_of(index: int) -> int:
    """The key of an order by its place in the table, from 1. TPC-H uses the first 8 of every 32 keys (and not 0)."""
    return index // 8 * 32 + index % 8


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: str = ""
    header: str = ""

    def line(self) -> str:
        """One line of the file that load.lua reads."""
        return "\t".join((self.method, self.path, self.header, self.body))


@dataclass(frozen=True)
class Work:
    """`make` draws a request for a table of so many orders; `pgbench` is the script of the same statements."""
    name: str
    title: str
    make: Callable[[random.Random, int], Request]
    pgbench: str
    # Targets of this API: at least so many times the recipe, and the bare limit.
    against_recipe: float | None = None
    against_bare: float | None = None
    writes: bool = False
    # Its plain statement reads the whole index, or a good part of it.
    heavy: bool = False
    # Measured with a crowd of clients as well.
    crowded: bool = False
    # Measured at every concurrency, and not only at the one that ratios are judged at.
    everywhere: bool = True

    def requests(self, seed: int, orders: int, count: int = 20_000) -> list[Request]:
        draw = random.Random(f"{self.name} {seed}")
        return [self.make(draw, orders) for _ in range(count)]


def random_key(draw: random.Random, orders: int) -> int:
    return key_of(draw.randint(1, orders))


def deep_page(draw: random.Random, orders: int) -> int:
    """A page in the second half of the table."""
    last = -(-orders // PAGE_SIZE)
    return draw.randint(last // 2 + 1, last)


def page(number: int, count: bool) -> Request:
    return Request("GET", f"{ORDERS}/pages?page={number}&page_size={PAGE_SIZE}&include_count={str(count).lower()}")


def status_change(draw: random.Random, orders: int) -> Request:
    return Request("POST", f"{ORDERS}/{random_key(draw, orders)}/status", '{"o_orderstatus":"%s"}' % draw.choice("OFP"))


RANDOM_KEY = "\\set place random(1, :orders)\n\\set key :place / 8 * 32 + :place % 8\n"
DEEP_PAGE = f"\\set offset (random(:orders / {PAGE_SIZE * 2}, :orders / {PAGE_SIZE} - 1)) * {PAGE_SIZE}\n"
COUNT = "select count(*) from orders_synced;\n"


def slice_of(size: int) -> str:
    """A slice and the cursor of the one before it, in one round trip."""
    return f"""\\startpipeline
select {COLUMNS} from orders_synced where o_orderkey > :key order by o_orderkey limit {size + 1};
select coalesce((select o_orderkey from orders_synced where o_orderkey between 1 and :key
                 order by o_orderkey desc offset {size} limit 1), 0)
where :key >= (select min(o_orderkey) from orders_synced where o_orderkey > 0);
\\endpipeline
"""


def page_at(offset: str) -> str:
    return f"select {COLUMNS} from orders_synced order by o_orderkey offset {offset} limit {PAGE_SIZE + 1};\n"


def pipelined(statements: str) -> str:
    return f"\\startpipeline\n{statements}\\endpipeline\n"


WORKS = [
    Work("single", "single order", lambda draw, orders: Request("GET", f"{ORDERS}/{random_key(draw, orders)}"),
         RANDOM_KEY + f"select {COLUMNS} from orders_synced where o_orderkey = :key;\n",
         against_recipe=18, against_bare=0.9, crowded=True),
    Work("stream", "`/stream` of 100",
         lambda draw, orders: Request("GET", f"{ORDERS}/stream?cursor={random_key(draw, orders)}&page_size={PAGE_SIZE}"),
         RANDOM_KEY + slice_of(PAGE_SIZE), against_recipe=80, against_bare=0.9, crowded=True),
    Work("count", "`/count`", lambda draw, orders: Request("GET", f"{ORDERS}/count"), COUNT, against_recipe=1000, heavy=True),
    Work("fresh-count", "`/count`, `no-cache`", lambda draw, orders: Request("GET", f"{ORDERS}/count", header="no-cache"), COUNT,
         heavy=True, everywhere=False),
    Work("first-page", "first page with count", lambda draw, orders: page(1, count=True),
         pipelined(COUNT + page_at("0")), against_recipe=300, heavy=True),
    Work("deep-page", "deep page with count", lambda draw, orders: page(deep_page(draw, orders), count=True),
         DEEP_PAGE + pipelined(COUNT + page_at(":offset")), against_recipe=200, heavy=True, crowded=True),
    Work("deep-page-only", "deep page without count", lambda draw, orders: page(deep_page(draw, orders), count=False),
         DEEP_PAGE + page_at(":offset"), against_recipe=200, heavy=True, everywhere=False),
    # The last one, so that its dead rows are in nobody's way but its own; the table is vacuumed before each measurement.
    Work("status", "status update (durable)", status_change,
         RANDOM_KEY + "\\set choice random(1, 3)\n"
         "update orders_synced set o_orderstatus = substr('OFP', :choice::int, 1) where o_orderkey = :key;\n",
         against_recipe=15, against_bare=0.9, writes=True, crowded=True),
]
WALK = Work("walk", f"walk of all orders by {WALK_PAGE_SIZE}",
            lambda draw, orders: Request("GET", f"{ORDERS}/stream?cursor={random_key(draw, orders)}&page_size={WALK_PAGE_SIZE}"),
            RANDOM_KEY + slice_of(WALK_PAGE_SIZE), against_recipe=30, against_bare=0.9)
