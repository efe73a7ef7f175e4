"""Changes the status of random orders at an even pace. A program of its own, so that it can't hold up whoever measures beside it.

    changes.py PORT ORDERS RATE SECONDS SEED        prints one line of JSON at the end
"""
import json
import random
import sys
import threading
import time

from timed import TimedConnection
from work import status_change

CONNECTIONS = 4


def main() -> None:
    port, orders, rate, seconds, seed = (int(argument) for argument in sys.argv[1:])
    answers: list[tuple[int, float]] = []
    late: list[float] = []
    began = time.perf_counter()

    def client(number: int) -> None:
        draw = random.Random(f"changes {seed} {number}")
        connection = TimedConnection(port)
        # Every connection has its turn: the changes of all are evenly apart. One that is late catches up.
        for turn in range(number, rate * seconds, CONNECTIONS):
            due = began + turn / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            if time.perf_counter() - began > seconds:
                break
            late.append(1000 * (time.perf_counter() - due))
            answer = connection.ask(status_change(draw, orders))
            answers.append((answer.status, answer.milliseconds))
        connection.close()

    threads = [threading.Thread(target=client, args=[number], daemon=True) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    print(json.dumps({"answers": answers, "seconds": wall, "late": sorted(late)[len(late) // 2], "load": time.process_time() / wall}))


if __name__ == "__main__":
    main()
