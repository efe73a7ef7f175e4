"""Measures the service on a primary and a standby: what is stale, what a token costs, who does the work, and how long a failover takes.

    python3 bench/standby.py [stale] [cost] [work] [failover]     # all of them without a name

Takes PostgreSQL's programs (PG_BIN, else /usr/lib/postgresql/15/bin) and a build (dotnet build Orders.Api -c Release). It makes both servers in a
temporary folder on loopback, and removes them.
"""
import asyncio
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(os.environ.get("PG_BIN", "/usr/lib/postgresql/15/bin"))
PORTS, APIS = (21811, 21812), (21821, 21822)
ORDERS = 100_000
PAIRS = int(os.environ.get("PAIRS", "50000"))
AS = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []


class Pair:
    """The two servers, the first of which is the primary at first."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="orders-standby-"))
        if AS:
            shutil.chown(self.root, "postgres")
        self.data = [self.root / "a", self.root / "b"]
        self.run("initdb", "-D", self.data[0], "-U", "postgres", "--auth=trust", "--no-locale", "-E", "UTF8")
        with open(self.data[0] / "postgresql.conf", "a") as settings:
            settings.write(f"listen_addresses='127.0.0.1'\nunix_socket_directories='{self.root}'\nmax_connections=200\n"
                           "synchronous_standby_names='*'\nsynchronous_commit=local\n")
        self.start(0)
        self.run("pg_basebackup", "-h", "127.0.0.1", "-p", PORTS[0], "-U", "postgres", "-D", self.data[1], "-R", "-X", "stream", "-c", "fast")
        self.start(1)

    def run(self, program, *arguments):
        subprocess.run([*AS, BIN / program, *map(str, arguments)], check=True, cwd="/", stdout=subprocess.DEVNULL)

    def start(self, index):
        self.run("pg_ctl", "-D", self.data[index], "-o", f"-p {PORTS[index]}", "-l", self.root / f"{index}.log", "-w", "start")

    def sql(self, index, text):
        subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(PORTS[index]), "-U", "postgres", "-qAtc", text], check=True, stdout=subprocess.DEVNULL)

    def delay(self, seconds):
        self.sql(1, f"alter system set recovery_min_apply_delay = '{int(seconds * 1000)}ms'")
        self.sql(1, "select pg_reload_conf()")

    def processes(self, index):
        postmaster = (self.data[index] / "postmaster.pid").read_text().split()[0]
        return [postmaster, *subprocess.run(["pgrep", "-P", postmaster], capture_output=True, text=True).stdout.split()]

    def seconds(self, index):
        """Processor seconds of a server, of those processes that are there and have been waited for."""
        total = 0
        for process in self.processes(index):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15] if process == self.processes(index)[0] else fields[11:13]))
        return total / os.sysconf("SC_CLK_TCK")

    def close(self):
        for data in self.data:
            subprocess.run([*AS, BIN / "pg_ctl", "-D", data, "-m", "immediate", "stop"], cwd="/", capture_output=True)
        shutil.rmtree(self.root)


class Api:
    """An instance of the service."""

    def __init__(self, port, reads, more=""):
        hosts = ",".join(f"127.0.0.1:{server}" for server in PORTS)
        self.port = port
        self.process = subprocess.Popen(
            ["dotnet", ROOT / "Orders.Api/bin/Release/net10.0/Orders.Api.dll"], stdout=subprocess.DEVNULL,
            env={**os.environ, "ASPNETCORE_URLS": f"http://127.0.0.1:{port}", "Orders__AnonymousAccess": "ReadWrite", "Orders__Reads": reads,
                 "ConnectionStrings__Orders": f"Host={hosts};Username=postgres;Database=postgres{more}", "Serilog__MinimumLevel__Default": "Warning"})

    async def ready(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if (await Client(self.port).get("/health/ready"))[0] == 200:
                    return self
            except OSError:
                pass
            await asyncio.sleep(0.1)
        raise RuntimeError("The service does not start.")

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


class Client:
    """One connection."""

    def __init__(self, port):
        self.port, self.streams = port, None

    async def get(self, path, token=None):
        return await self.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n{f'Consistency-Token: {token}' + chr(13) + chr(10) if token else ''}\r\n")

    async def change(self, key, status):
        body = f'{{"o_orderstatus":"{status}"}}'
        return await self.send(f"POST /api/v1/orders/{key}/status HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                               f"Content-Length: {len(body)}\r\n\r\n{body}")

    async def send(self, request):
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", head, re.I)
        body = (await reader.readexactly(int(length[1]))).decode() if length else ""
        token = re.search(r"consistency-token: (\S+)", head, re.I)
        return int(head[9:12]), body, token and token[1]


async def stale(pair):
    """Changes by one instance, each then read from the other."""
    writer, reader = Api(APIS[0], "Primary"), Api(APIS[1], "PreferStandby")
    await writer.ready(), await reader.ready()
    done, refused = {True: [0, 0], False: [0, 0]}, [0]

    async def client(number):
        changes, reads, turn = Client(writer.port), Client(reader.port), 0
        while done[True][0] < PAIRS:
            turn += 1
            key, status, sends = number + 64 * (turn % 1000) + 1, "OFP"[(turn // 1000 + turn) % 3], turn % 10 != 0
            code, _, token = await changes.change(key, status)
            if code != 200:
                refused[0] += 1
                continue
            code, body, _ = await reads.get(f"/api/v1/orders/{key}", token if sends else None)
            assert code == 200, body
            done[sends][0] += 1
            done[sends][1] += f'"o_orderstatus":"{status}"' not in body

    async def delays():
        while True:
            pair.delay(random.choice([0, 0.05, 0.5, 2]))
            await asyncio.sleep(3)

    delaying = asyncio.create_task(delays())
    await asyncio.gather(*(client(number) for number in range(16)))
    delaying.cancel()
    pair.delay(0)
    for sends, (count, wrong) in done.items():
        print(f"stale, {'with' if sends else 'without'} a token: {wrong} of {count} reads ({100 * wrong / count:.2f} %)")
    print(f"changes that were refused, and so not read: {refused[0]}")
    writer.close(), reader.close()


async def rate(port, seconds, token=None, clients=8):
    end, count = time.monotonic() + seconds, 0

    async def client():
        nonlocal count
        own = Client(port)
        while time.monotonic() < end:
            code, body, _ = await own.get(f"/api/v1/orders/{random.randrange(1, ORDERS)}", token)
            assert code == 200, body
            count += 1

    await asyncio.gather(*(client() for _ in range(clients)))
    return count / seconds


async def cost(pair):
    """Reads of an instance that has changed nothing, from a standby that has caught up: with a token, and without, in turn."""
    reader, writer = await Api(APIS[0], "PreferStandby").ready(), await Api(APIS[1], "Primary").ready()
    token = (await Client(writer.port).change(1, "F"))[2]
    writer.close()
    await rate(reader.port, 3, token), await rate(reader.port, 3)
    for clients in (1, 8):
        ratios = []
        for _ in range(9):
            plain, own = await rate(reader.port, 2, clients=clients), await rate(reader.port, 2, token, clients)
            ratios.append(plain / own)
        print(f"a read with a token, {clients} at a time: {sorted(ratios)[4]:.3f} times the time of one without (median of {sorted(ratios)[0]:.2f} to {sorted(ratios)[-1]:.2f})")
    reader.close()


async def work(pair):
    """Processor time of the primary for each read."""
    first = None
    for reads in ("Primary", "Balanced", "PreferStandby"):
        api = await Api(APIS[0], reads).ready()
        await rate(api.port, 3)
        before = pair.seconds(0)
        per_second = await rate(api.port, 8)
        each = (pair.seconds(0) - before) / (8 * per_second) * 1e6
        first = first or each
        print(f"processor time of the primary for a read, {reads}: {each:.1f} us, {100 * (1 - each / first):.0f} % less than Primary")
        api.close()


async def failover(pair):
    """The primary is killed under load, and the standby promoted 1.5 s later."""
    reads, keyword = os.environ.get("READS", "PreferStandby"), os.environ.get("KEYWORD", "")
    pair.sql(0, "alter system set synchronous_commit = 'on'")
    pair.sql(0, "select pg_reload_conf()")
    api = await Api(APIS[0], reads, f";{keyword}" if keyword else "").ready()
    ends, changed, acknowledged = time.monotonic() + 12, [], {}
    gaps = [time.monotonic(), 0.0]

    async def reader():
        own = Client(api.port)
        while time.monotonic() < ends:
            if (await own.get(f"/api/v1/orders/{random.randrange(1, ORDERS)}"))[0] == 200:
                gaps[1] = max(gaps[1], time.monotonic() - gaps[0])
                gaps[0] = time.monotonic()
            await asyncio.sleep(0.005)

    async def changer(number):
        own, turn = Client(api.port), 0
        while time.monotonic() < ends:
            turn += 1
            key, status = number * 1000 + turn % 1000 + 1, "FP"[turn // 1000 % 2]
            if (await own.change(key, status))[0] == 200:
                changed.append(time.monotonic())
                acknowledged[key] = status
            await asyncio.sleep(0.01)

    async def act():
        await asyncio.sleep(3)
        killed = time.monotonic()
        for process in pair.processes(0):
            os.kill(int(process), signal.SIGKILL)
        await asyncio.sleep(1.5)
        await asyncio.to_thread(pair.run, "pg_ctl", "-D", pair.data[1], "-w", "promote")
        pair.sql(1, "alter system set synchronous_standby_names = ''")
        pair.sql(1, "select pg_reload_conf()")
        return killed, time.monotonic()

    acting = asyncio.create_task(act())
    await asyncio.gather(*(changer(number) for number in range(4)), *(reader() for _ in range(4)))
    killed, promoted = await acting
    back = min((moment for moment in changed if moment > killed + 0.5), default=float("nan"))
    lost = 0
    for key, status in acknowledged.items():
        lost += f'"o_orderstatus":"{status}"' not in (await Client(api.port).get(f"/api/v1/orders/{key}"))[1]
    print(f"failover, {reads} {keyword}: first change {back - promoted:.2f} s after the promotion, {back - killed:.2f} s after the kill; "
          f"reads away for {gaps[1]:.2f} s; {lost} of {len(acknowledged)} acknowledged changes lost")
    api.close()


async def main():
    names = sys.argv[1:] or ["stale", "cost", "work", "failover"]
    pair = Pair()
    try:
        script = (ROOT / "Orders.Infrastructure/Schema/0001_orders_synced.sql").read_text()
        pair.sql(0, script)
        pair.sql(0, f"insert into orders_synced select key, 1, 'O', 1, '1996-01-02', '5-LOW', 'Clerk#000000001', 0, ' no. ' || key "
                    f"from generate_series(1, {ORDERS}) as key")
        pair.sql(0, "vacuum analyze orders_synced")
        for name in names:
            await globals()[name](pair)
    finally:
        pair.close()


asyncio.run(main())
