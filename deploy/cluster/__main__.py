"""`./dev cluster`: a Patroni cluster, PgBouncer, HAProxy and two instances of the service on this machine, from the files of deploy/."""
import argparse
import contextlib
import signal
import sys
import threading
import time
from pathlib import Path

import actions
import control
import state
from layout import FIRST_PORT, INSTANCES, Folders, Ports, control_socket
from parts import Parts
from processes import Process, kill_family, wait_until

START_SECONDS = 150


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev cluster", description=__doc__)
    parser.add_argument("action", nargs="?", choices=["start", "failover", "restart"], default="start",
                        help="start (the default), or what to do with a running one: kill the primary, or restart both instances")
    parser.add_argument("--port", type=int, default=FIRST_PORT, help="start: the first of its ports (%(default)s), which the service is on")
    parser.add_argument("--requests", type=int, help="restart: go on until so many requests were sent")
    parser.add_argument("--program", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not 1024 <= options.port <= 32000:
        parser.error("--port has to be from 1024 to 32000.")
    path = control_socket()
    try:
        if options.action == "failover":
            return control.order(path, "failover")
        if options.action == "restart":
            return control.order(path, f"restart {options.requests or ''}")
        if control.is_running(path):
            raise RuntimeError("A cluster of yours is running already. Ctrl-C in its terminal stops it.")
        return run(Ports(options.port), options.program.resolve(), path)
    finally:
        control.remove(path)


def run(ports: Ports, program: Path, path: Path) -> int:
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())
    ports.check()
    folders = Folders()
    listening = None
    parts = Parts(ports, folders, program)
    try:
        start(parts, over)
        if not over.is_set():
            listening = control.Control(path, {
                "failover": lambda say: actions.failover(parts, say),
                "restart": lambda say, requests=None: actions.restart(parts, say, int(requests) if requests else None),
            })
            show(parts, over)
    finally:
        tell("Stopping")
        if listening is not None:
            listening.close()
        stop(parts)
        folders.remove()
    return 0


def start(parts: Parts, over: threading.Event) -> None:
    """In this order, each when what it needs is there."""
    def wait(ready, complaint: str, *processes: Process) -> None:
        wait_until(lambda: over.is_set() or ready(), START_SECONDS, complaint, list(processes))

    tell("Starting: etcd, and three PostgreSQL under Patroni")
    parts.etcd.start()
    wait(lambda: state.get(parts.ports.etcd, "/health")[0] == 200, "etcd does not answer.", parts.etcd)
    for node in parts.nodes.values():
        node.start()
    wait(lambda: state.primary(parts), "Patroni made no primary.", *parts.nodes.values())
    wait(lambda: state.standbys(parts) == 2, "The standbys did not start.", *parts.nodes.values())
    tell("Starting: HAProxy, PgBouncer, 15,000 orders")
    parts.haproxy.start()
    wait(lambda: state.has_found_primary(parts), "HAProxy finds no primary.", parts.haproxy)
    if over.is_set():
        return
    parts.fill()
    parts.pgbouncer.start()
    tell("Starting: Two instances of the service")
    for instance in parts.instances.values():
        instance.start()
    for number in INSTANCES:
        wait(lambda: state.is_in_rotation(parts, number), f"Instance {number} is not ready.", *parts.instances.values(), parts.pgbouncer)


def tell(text: str) -> None:
    """The terminal may be gone: that must not keep the rest from being stopped."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def addresses(parts: Parts) -> str:
    ports = parts.ports
    return "\n".join([
        f"The service      http://127.0.0.1:{ports.http}/docs, by HAProxy to the instances below",
        f"PostgreSQL       127.0.0.1:{ports.primary} the primary, 127.0.0.1:{ports.replicas} the standbys, by HAProxy",
        f"PgBouncer        127.0.0.1:{ports.pgbouncer}, to both",
        f"Logs             {parts.folders.logs}",
        "In another terminal: ./dev cluster failover, ./dev cluster restart. Here: Ctrl-C stops all of it.",
    ])


def show(parts: Parts, over: threading.Event) -> None:
    """A table that refreshes on a terminal; elsewhere a line when something has changed."""
    tell(addresses(parts))
    last = None
    while not over.is_set():
        if sys.stdout.isatty():
            tell(f"\x1b[H\x1b[J{addresses(parts)}\n\n{state.table(parts)}")
        elif (now := state.summary(parts)) != last:
            last = now
            tell(f"{time.strftime('%H:%M:%S')} {now}")
        over.wait(1)


def stop(parts: Parts) -> None:
    """Nothing stays: what does not end in time is killed."""
    for _ in range(2):
        # The second one says that nobody needs to be served any more.
        for instance in parts.instances.values():
            instance.send(signal.SIGTERM)
        time.sleep(0.2)
    parts.pgbouncer.send(signal.SIGTERM)
    parts.haproxy.send(signal.SIGTERM)
    for node in parts.nodes.values():
        node.send(signal.SIGTERM)
    for process in (*parts.instances.values(), parts.pgbouncer, parts.haproxy, *parts.nodes.values()):
        process.wait(20)
    for number, node in parts.nodes.items():
        node.kill()
        postmaster = parts.data_folder(number) / "postmaster.pid"
        if postmaster.exists():
            kill_family(int(postmaster.read_text().split()[0]))
    parts.etcd.send(signal.SIGTERM)
    parts.etcd.wait(5)
    for process in (parts.etcd, parts.haproxy, parts.pgbouncer, *parts.instances.values()):
        process.kill()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.exit(str(error))
