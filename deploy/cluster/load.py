"""Clients of the service, through HAProxy. They keep their connections, and count each request that is not answered with 200."""
import http.client
import random
import threading
import time
from dataclasses import dataclass, field

from parts import LOCAL

# Those of the sample data: TPC-H leaves out 24 keys of 32.
KEYS = [block * 32 + offset for block in range(1800) for offset in range(1, 8)]
CHANGES_SHARE = 0.1


@dataclass
class Result:
    """`answered` holds when good answers came."""
    sent: int = 0
    failures: list[str] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)

    def away(self, begin: float) -> float:
        """The longest time without a good answer since `begin`, in seconds."""
        times = [begin, *(moment for moment in self.answered if moment > begin)]
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=0.0)

    def first_after(self, moment: float) -> float | None:
        return next((answered for answered in self.answered if answered > moment), None)


class Clients:
    """`changes` is the share of requests that change a status. It ends by itself at `most` requests, or when it is told to."""

    def __init__(self, port: int, count: int, changes: float = CHANGES_SHARE, most: int | None = None, pause: float = 0):
        self.port, self.changes, self.most, self.pause = port, changes, most, pause
        self.result = Result()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]

    def start(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def stop(self) -> Result:
        self._over.set()
        for thread in self._threads:
            thread.join()
        return self.result

    def _run(self) -> None:
        connection = http.client.HTTPConnection(LOCAL, self.port, timeout=20)
        while not self._over.is_set() and self._take():
            change = random.random() < self.changes
            path = f"/api/v1/orders/{random.choice(KEYS)}"
            began = time.monotonic()
            try:
                if change:
                    body = f'{{"o_orderstatus":"{random.choice("OFP")}"}}'
                    connection.request("POST", f"{path}/status", body, {"Content-Type": "application/json"})
                else:
                    connection.request("GET", path)
                answer = connection.getresponse()
                text = answer.read()
                failure = None if answer.status == 200 else f"{answer.status} {text[:200].decode(errors='replace')}"
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                failure = f"{type(error).__name__} {error} after {time.monotonic() - began:.3f} s"
            self._note(failure, "POST" if change else "GET")
            if self.pause:
                time.sleep(self.pause)
        connection.close()

    def _take(self) -> bool:
        with self._lock:
            if self.most is not None and self.result.sent >= self.most:
                return False
            self.result.sent += 1
            return True

    def _note(self, failure: str | None, method: str) -> None:
        with self._lock:
            if failure is None:
                self.result.answered.append(time.monotonic())
            else:
                self.result.failures.append(f"{method}: {failure}")
