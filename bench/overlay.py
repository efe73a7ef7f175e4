#!/usr/bin/env python3
"""Measures status changes kept in an overlay against changes in place: the same statements, on the same table, side by side in turns.

    bench/overlay.py [ROUNDS]        default 7; each round measures both sides of each line for SECONDS (3)

Needs psql, pgbench, wrk, the .NET SDK, and in ConnectionStrings__Orders a connection string for the service to a database of its own:
the script makes 1,500,000 orders in it, changes the status of 100,000, and leaves both there. psql finds the same database by its own
variables (PGHOST, PGPORT, PGUSER, PGDATABASE). PostgreSQL has to run on this machine, a Linux, and its data directory be readable.
Prints tables for bench/overlay.md.
"""
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "Orders.Api/bin/Release/net10.0/Orders.Api.dll"
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
SECONDS = int(os.environ.get("SECONDS_EACH", "3"))
SIDES = {"in place": ("public", 8191, "InPlace"), "overlay": ("orders_overlay", 8192, "Overlay")}
ORDERS, CHANGES = 1_500_000, 100_000

COLUMNS = "o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment"

# TPC-H's keys: eight of each 32.
RANDOM_KEY = "\\set n random(1, 1500000)\n\\set key (:n / 8) * 32 + :n % 8\n"

# The statements of OrderRepository, asked by one; $1, $2, … are pgbench's variables here.
SLICE = f"""select row.*
from unnest((select array[:key::bigint]), (select array[:skip::bigint]), (select array[:size::bigint])) with ordinality as question (key, skip, size, place)
cross join lateral (
    select case question.skip when 0 then question.key
           else (select o_orderkey
                 from (select o_orderkey from orders_synced where o_orderkey > question.key order by o_orderkey limit 1001) as skipped
                 offset question.skip - 1 limit 1)
           end as cursor
    offset 0
) as start
cross join lateral (
    select case when start.cursor >= (select min(o_orderkey) from orders_synced where o_orderkey > 0)
           then coalesce((select o_orderkey
                          from (select o_orderkey
                                from orders_synced
                                where o_orderkey between 1 and start.cursor
                                order by o_orderkey desc limit 1001) as before
                          offset question.size limit 1), 0)
           end,
           null::bigint, null::text, null::numeric, null::date, null::text, null::text, null::integer, null::text, question.place
    union all
    (select {COLUMNS}, null
     from (select * from orders_synced where o_orderkey > start.cursor order by o_orderkey limit 1001) as after
     limit question.size + 1)
) as row;"""
WALK = """with recursive boundary as (
    select (select o_orderkey from orders_synced where o_orderkey > 0 order by o_orderkey offset 999 limit 1) as o_orderkey
    union all
    select (select o_orderkey from orders_synced where o_orderkey > boundary.o_orderkey order by o_orderkey offset 999 limit 1)
    from boundary
    where boundary.o_orderkey is not null
), found as (
    select coalesce(array_agg(o_orderkey order by o_orderkey), '{}') as boundaries, coalesce(max(o_orderkey), 0) as last
    from boundary
    where o_orderkey is not null
)
select 1000 * cardinality(boundaries)::bigint
       + (select count(*)
          from (select from orders_synced where o_orderkey > found.last order by o_orderkey limit 1000) as rest)
       + (select count(*) from orders_synced where o_orderkey <= 0) as orders,
       boundaries
from found;"""
STATEMENTS = {
    "single order": RANDOM_KEY + f"select {COLUMNS} from orders_synced where o_orderkey = any((select array[:key::bigint])::bigint[]);",
    "stream of 100": RANDOM_KEY + "\\set skip 0\n\\set size 100\n" + SLICE,
    "page of 100, any depth": RANDOM_KEY + "\\set skip random(1, 999)\n\\set size 100\n" + SLICE,
    "the walk that counts": WALK,
    "`count(*)`": "select count(*) from orders_synced;",
    "change of status": RANDOM_KEY + """\\set which random(1, 3)
update orders_synced set o_orderstatus = (array['O', 'F', 'P'])[:which]
where o_orderkey = :key
  and set_config('orders.changed_by', 'anna@example.com', true) is not null and set_config('orders.trace_id', '4bf92f3577b34da6a3ce929d0e0e4736', true) is not null;""",
}
REQUESTS = {
    "single order": "return '/api/v1/orders/' .. key()",
    "stream of 100": "return '/api/v1/orders/stream?page_size=100&cursor=' .. key()",
    "page of 100, any depth": "return '/api/v1/orders/pages?page_size=100&page=' .. math.random(1, 15000)",
    "count, never remembered": "return '/api/v1/orders/count'",
}


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, capture_output=True, **options).stdout


def psql(sql):
    return run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql).strip()


def orders(*arguments):
    run("dotnet", PROGRAM, *arguments)


def prepare():
    run("dotnet", "build", ROOT / "Orders.Api", "-c", "Release", "-v", "quiet", "--nologo")
    orders("migrate")
    if psql("select count(*) from public.orders_synced") != str(ORDERS):
        orders("seed", "--scale-factor", "1", "--replace")
    orders("overlay", "install", "--yes")
    if psql("select count(*) from orders_overlay.order_status_changes") != str(CHANGES):
        psql("truncate orders_overlay.order_status_changes")
        psql(f"""insert into orders_overlay.order_status_changes (o_orderkey, old_status, new_status, changed_by, trace_id)
                 select o_orderkey, o_orderstatus, 'P', 'anna@example.com', md5(o_orderkey::text)
                 from (select o_orderkey, o_orderstatus from public.orders_synced order by random() limit {CHANGES}) as drawn""")
    for table in ("public.orders_synced", "orders_overlay.order_status_changes"):
        psql(f"vacuum (analyze) {table}")


def ticks(pid, *fields):
    """Of /proc/PID/stat: 14 and 15 are the process's own processor time, 16 and 17 that of its children that have ended."""
    values = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(values[field - 3]) for field in fields)


def processor_seconds(service):
    """What the whole of PostgreSQL and the service have used so far."""
    server = pathlib.Path(psql("show data_directory"), "postmaster.pid").read_text().split()[0]
    children = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()
    total = ticks(server, 14, 15, 16, 17)
    for pid in children + ([str(service.pid)] if service else []):
        try:
            total += ticks(pid, 14, 15)
        except (FileNotFoundError, ProcessLookupError):
            pass  # ended meanwhile, and counted with its parent the next time
    return total / os.sysconf("SC_CLK_TCK")


def pgbench(side, script):
    environment = {**os.environ, "PGOPTIONS": f"-c search_path={SIDES[side][0]} -c jit=off"}
    output = run("pgbench", "-n", "-M", "prepared", "-c", 1, "-T", SECONDS, "-f", script, env=environment)
    return int(re.search(r"actually processed: (\d+)", output)[1]), float(re.search(r"tps = ([\d.]+)", output)[1])


def wrk(side, script):
    output = run("wrk", "-t", 1, "-c", 16, "-d", f"{SECONDS}s", "--timeout", "20s", "-s", script, f"http://127.0.0.1:{SIDES[side][1]}")
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(output)
    return int(re.search(r"(\d+) requests in", output)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


def measure(title, measure_side, script, services=None):
    """Both sides in turns, each round the other one first; medians. What else runs on the machine disturbs rates more than processor time."""
    rates = {side: [] for side in SIDES}
    costs = {side: [] for side in SIDES}
    for number in range(ROUNDS):
        for side in list(SIDES)[:: 1 if number % 2 == 0 else -1]:
            service = (services or {}).get(side)
            before = processor_seconds(service)
            count, rate = measure_side(side, script)
            time.sleep(0.2)
            costs[side].append((processor_seconds(service) - before) / max(count, 1) * 1e6)
            rates[side].append(max(rate, 0.001))
    by_rate = statistics.median(overlay / place for place, overlay in zip(*rates.values()))
    (place_rate, overlay_rate), (place, overlay) = ([statistics.median(values) for values in of.values()] for of in (rates, costs))
    print(f"| {title} | {place_rate:,.0f} | {overlay_rate:,.0f} | {by_rate:.2f} | {place:,.0f} | {overlay:,.0f} | {place / overlay:.2f} |", flush=True)


def heading(what):
    print(f"\n| {what} | in place /s | overlay /s | ratio | in place µs | overlay µs | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)


def serve(side):
    schema, port, mode = SIDES[side]
    service = subprocess.Popen(
        ["dotnet", PROGRAM, f"--urls=http://127.0.0.1:{port}", f"--Orders:StatusChanges={mode}", "--Orders:CountMaxAge=" + os.environ.get("COUNT_MAX_AGE", "2"),
         "--Serilog:MinimumLevel:Default=Warning"],
        stdout=subprocess.DEVNULL, env={**os.environ, "ASPNETCORE_ENVIRONMENT": "Production"})
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5)
            return service
        except OSError:
            time.sleep(0.2)
    service.kill()
    raise SystemExit(f"The service for {side} is not ready.")


def main():
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        heading("statement, one connection")
        for title, sql in STATEMENTS.items():
            if title == "change of status":
                continue
            script = pathlib.Path(folder, "statement.sql")
            script.write_text(sql)
            measure(title, pgbench, script)

        heading("request, 16 connections")
        services = {}
        try:
            for side in SIDES:
                services[side] = serve(side)
            for title, request in REQUESTS.items():
                script = pathlib.Path(folder, "request.lua")
                headers = "headers['Cache-Control'] = 'no-cache'" if title.startswith("count") else ""
                script.write_text(f"""
local headers = {{}}
{headers}
local function key() local n = math.random(1, 1500000); return math.floor(n / 8) * 32 + n % 8 end
local function path() {request} end
function request() return wrk.format('GET', path(), headers) end
""")
                measure(title, wrk, script, services)
        finally:
            for service in services.values():
                service.send_signal(signal.SIGTERM)
            for service in services.values():
                service.wait(timeout=60)

        # Last: it changes both tables. The write-ahead log's flush to the disk is most of it.
        heading("statement, one connection")
        script = pathlib.Path(folder, "change.sql")
        script.write_text(STATEMENTS["change of status"])
        measure("change of status", pgbench, script)
        psql(f"delete from orders_overlay.order_status_changes where id > (select min(id) + {CHANGES} - 1 from orders_overlay.order_status_changes)")
        psql("vacuum (analyze) orders_overlay.order_status_changes")
        psql("vacuum (analyze) public.orders_synced")


main()
