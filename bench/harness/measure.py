"""The measurements, interleaved: all contenders in turn, and round again."""
import statistics
from dataclasses import dataclass, field

import load
from contenders import Contender
from load import Result
from plan import JUDGED, Plan
from progress import say
from server import Server
from work import WALK, Work

# Below so many answers a second wrk would drop a good part of the requests at its end.
SLOW = 300
# What is slow at 32 connections is not measured at more of them: they would only wait longer.
SLOW_CONNECTIONS = 32
# Heavy statements keep two cores busy from a few connections on; the answers to more would only take long to wait for at the end.
HEAVY_CONNECTIONS = 8
PROBE_SECONDS = 0.3
# A walk that would take longer is walked in part.
WALK_SECONDS = 3


@dataclass
class Measured:
    """All results: by work, concurrency and contender a list with one entry for each round, None where not measured."""
    orders: int
    results: dict[tuple[str, int, str], list[Result]] = field(default_factory=dict)
    # By work and concurrency, the recipe with its better number of workers.
    recipes: dict[tuple[str, int], str] = field(default_factory=dict)
    # Seconds from the start of the process to its first good answer, by contender.
    starts: dict[str, list[float]] = field(default_factory=dict)
    # Bytes of resident memory at its peak, by contender.
    memory: dict[str, int] = field(default_factory=dict)
    # The same with a crowd of clients.
    crowd_memory: dict[str, int] = field(default_factory=dict)
    # Bytes a request, by work and contender.
    allocations: dict[tuple[str, str], float] = field(default_factory=dict)

    def add(self, work: Work, connections: int, contender: Contender, result: Result) -> None:
        self.results.setdefault((work.name, connections, contender.name), []).append(result)

    def of(self, work: Work, connections: int, name: str) -> list[Result]:
        return self.results.get((work.name, connections, name), [])

    def recipe(self, work: Work, connections: int) -> str:
        return self.recipes.get((work.name, connections), "")

    def rate(self, work: Work, connections: int, name: str) -> float | None:
        results = self.of(work, connections, name)
        return statistics.median(result.rate for result in results) if results else None


def _in_turn(contenders: list[Contender], turn: int) -> list[Contender]:
    """Another one first in each round: whoever is first has the database read what the others then find in its memory."""
    first = turn % len(contenders)
    return contenders[first:] + contenders[:first]


class Measurement:
    def __init__(self, plan: Plan, server: Server, contenders: list[Contender], measured: Measured) -> None:
        self.plan, self.server, self.contenders, self.measured = plan, server, contenders, measured

    def run(self) -> None:
        for work in self.plan.works:
            self._measure(work)
        if self.plan.walk:
            self._walk()

    def _measure(self, work: Work) -> None:
        if work.name != "fresh-count":
            contenders = self.contenders
        else:
            contenders = [contender for contender in self.contenders if contender.kind == "api"]
        self.server.tidy()
        rates = {contender.name: self._warm_up(work, contender) for contender in contenders}
        for connections, rounds in self.plan.rounds.items():
            if connections != JUDGED and not work.everywhere:
                continue
            chosen = self._with_better_recipe(work, contenders, connections, rates)
            for turn in range(1, rounds + 1):
                for contender in _in_turn(chosen, turn):
                    rate = rates[contender.name]
                    if rate < SLOW and connections > SLOW_CONNECTIONS:
                        continue
                    result = self._once(work, contender, connections, turn, self.plan.seconds, rate)
                    self.measured.add(work, connections, contender, result)
            self._tell(work, connections, chosen)

    def _warm_up(self, work: Work, contender: Contender) -> float:
        """Returns about how many answers a second to expect."""
        rate = float(SLOW)
        if contender.kind != "pgbench":
            requests = work.requests(0, self.measured.orders, 2000)
            alone = load.slowly(contender, requests, 1, PROBE_SECONDS).rate
            rate = 0 if alone < SLOW / 5 else rate
        return self._once(work, contender, JUDGED, 0, self.plan.warm_seconds, rate).rate

    def _with_better_recipe(self, work: Work, contenders: list[Contender], connections: int, rates: dict[str, float]) -> list[Contender]:
        """How many workers do better is another matter for one client than for many. `rates` are those of the warm-up."""
        recipes = [contender for contender in contenders if contender.kind == "recipe"]
        if not recipes:
            return contenders
        if connections < JUDGED:
            rates = {recipe.name: self._once(work, recipe, connections, 0, self.plan.warm_seconds, rates[recipe.name]).rate for recipe in recipes}
        better = max(recipes, key=lambda recipe: rates[recipe.name])
        self.measured.recipes[work.name, connections] = better.name
        return [contender for contender in contenders if contender.kind != "recipe" or contender is better]

    def _once(self, work: Work, contender: Contender, connections: int, seed: int, seconds: int, rate: float) -> Result:
        """Every contender has the same requests in the same round."""
        if work.writes:
            self.server.tidy()
        if contender.kind == "pgbench":
            clients = min(connections, HEAVY_CONNECTIONS) if work.heavy else connections
            return load.pgbench(self.server, work, self.measured.orders, seed, clients, seconds)
        requests = work.requests(seed, self.measured.orders)
        if rate < SLOW:
            clients = min(connections, HEAVY_CONNECTIONS) if work.heavy else connections
            return load.slowly(contender, requests, clients, seconds)
        return load.wrk(self.server, contender, requests, connections, seconds)

    def _walk(self) -> None:
        self.server.tidy()
        recipes = [contender for contender in self.contenders if contender.kind == "recipe"]
        contenders = [contender for contender in self.contenders if contender not in recipes[1:]]
        part = self.plan.walk_seconds or WALK_SECONDS
        for turn in range(self.plan.walk_rounds + 1):
            for contender in _in_turn(contenders, turn):
                if contender.kind == "pgbench":
                    slices = load.pgbench(self.server, WALK, self.measured.orders, turn, 1, part)
                    result = Result(rate=slices.rate * 1000, requests=slices.requests, errors=slices.errors)
                else:
                    partly = turn == 0 or contender.kind == "recipe"
                    result = load.walk(contender, self.measured.orders, part if partly else self.plan.walk_seconds)
                if turn > 0:
                    self.measured.add(WALK, 1, contender, result)
        if recipes:
            self.measured.recipes[WALK.name, 1] = recipes[0].name
        self._tell(WALK, 1, contenders)

    def _tell(self, work: Work, connections: int, contenders: list[Contender]) -> None:
        told = []
        for contender in contenders:
            rate = self.measured.rate(work, connections, contender.name)
            if rate is not None:
                told.append(f"{contender.name} {rate:,.0f}" if rate >= 100 else f"{contender.name} {rate:.1f}")
        say(f"  {work.name} at {connections}: {', '.join(told)}")
