#!/usr/bin/env python3
"""Measures many orders in one call against one at a time, on a service that runs: ./dev run in another terminal, on the sample data.

    bench/many.py [URL] [PROCESS]    http://127.0.0.1:8000; with the service's process id, also what a call allocates: build
                                     bench/allocations first (dotnet build bench/allocations --configuration Release)

One client on one connection, both sides of each line in turns. Prints medians of milliseconds, and their ratio.
"""
import http.client
import json
import pathlib
import statistics
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
URL = urllib.parse.urlsplit(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
PROCESS = sys.argv[2] if len(sys.argv) > 2 else None
ROUNDS = 200
ALLOCATED_CALLS = 300

connection = http.client.HTTPConnection(URL.hostname, URL.port or 80)


def call(method, path, body=None, headers=None, expected=200):
    connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != expected:
        raise SystemExit(f"{method} {path}: {answer.status} {content[:300]}")
    return answer, content


def keys_after(cursor, count):
    _, content = call("GET", f"/api/v1/orders/stream?cursor={cursor}&page_size={count}")
    return [order["o_orderkey"] for order in json.loads(content)["orders"]]


KEYS = keys_after(0, 1000)
STATUSES = "OFP"
turn = 0


def status():
    """Another one each time, so that each change writes."""
    global turn
    turn += 1
    return STATUSES[turn % 3]


def single_changes(count):
    code = status()
    for key in KEYS[:count]:
        call("POST", f"/api/v1/orders/{key}/status", {"o_orderstatus": code})


def many_changes(count, atomic=False):
    code = status()
    call("POST", "/api/v1/orders/status", {"changes": [{"o_orderkey": key, "o_orderstatus": code} for key in KEYS[:count]], "atomic": atomic})


def many_reads(count):
    call("GET", f"/api/v1/orders?order_keys={','.join(map(str, KEYS[:count]))}")


def slice_of(count):
    call("GET", f"/api/v1/orders/stream?page_size={count}")


ORDER = f"/api/v1/orders/{KEYS[500]}"


def tag():
    return call("GET", ORDER)[0].getheader("ETag")


LINES = {
    "100 orders by key / slice of 100": (lambda: many_reads(100), lambda: slice_of(100)),
    "1,000 orders by key / slice of 1,000": (lambda: many_reads(1000), lambda: slice_of(1000)),
    "1,000 changes at once / 20 one after another": (lambda: many_changes(1000), lambda: single_changes(20)),
    "1,000 changes, all or none / 20 one after another": (lambda: many_changes(1000, True), lambda: single_changes(20)),
}


def unchanged():
    """After the changes."""
    version = tag()
    return lambda: call("GET", ORDER, headers={"If-None-Match": version}, expected=304), lambda: call("GET", ORDER)


def milliseconds(work):
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def measure(one, other):
    for _ in range(10):
        one()
        other()
    times = [(milliseconds(one), milliseconds(other)) for _ in range(ROUNDS)]
    return statistics.median(time[0] for time in times), statistics.median(time[1] for time in times)


def allocated(work):
    """Kilobytes a call, by the runtime's own count."""
    counter = subprocess.Popen(
        ["dotnet", str(ROOT / "bench/allocations/bin/Release/net10.0/Allocations.dll"), PROCESS],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    counter.stdout.readline()
    for _ in range(ALLOCATED_CALLS):
        work()
    output, _ = counter.communicate()
    return int(output) / ALLOCATED_CALLS / 1024


print("| what | ms | ms | ratio |\n| --- | ---: | ---: | ---: |")
for name, works in {**LINES, "an order that is unchanged, 304 / answered": unchanged}.items():
    one, other = works if isinstance(works, tuple) else works()
    first, second = measure(one, other)
    print(f"| {name} | {first:.2f} | {second:.2f} | {first / second:.2f} |", flush=True)
if PROCESS:
    print("\n| what | KiB a call |\n| --- | ---: |")
    for name, work in {
        "slice of 1,000": lambda: slice_of(1000), "1,000 orders by key": lambda: many_reads(1000),
        "1,000 changes at once": lambda: many_changes(1000), "1,000 changes, all or none": lambda: many_changes(1000, True),
    }.items():
        print(f"| {name} | {allocated(work):,.0f} |", flush=True)
