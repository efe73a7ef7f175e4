"""One connection that is kept alive, and how long each answer on it takes."""
import http.client
import time
from dataclasses import dataclass

from work import Request

TIMEOUT_SECONDS = 60
BROKEN = 0


@dataclass(frozen=True)
class Answer:
    """`status` is BROKEN when no answer came; `age` is that of a count, in seconds."""
    status: int
    milliseconds: float
    age: int | None = None


class TimedConnection:
    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS, source_address=(source, 0))

    def ask(self, request: Request) -> Answer:
        status, age = BROKEN, None
        began = time.perf_counter()
        try:
            self._connection.request(request.method, request.path, request.body or None,
                                     {"Content-Type": "application/json"} if request.body else {})
            response = self._connection.getresponse()
            response.read()
            status, age = response.status, response.getheader("Age")
        except (OSError, http.client.HTTPException):
            # The next request opens a new one.
            self._connection.close()
        took = time.perf_counter() - began
        return Answer(status, 1000 * took, None if age is None else int(age))

    def close(self) -> None:
        self._connection.close()
