"""What can be done with a running cluster: `failover` and `restart`, each under load, with what its clients saw."""
import contextlib
import signal
import time

from layout import INSTANCES
from load import Clients, Result
from parts import Parts
from processes import kill_family, wait_until
from state import can_fail_over, is_in_rotation, primary, standbys

CLIENTS = 8
STOP_SECONDS = 40
START_SECONDS = 120
FAILOVER_SECONDS = 120
# Of failures.
SHOWN = 5
# How often to look whether a standby was promoted, in seconds.
LOOK = 0.1


def failover(parts: Parts, say) -> bool:
    """Kills the primary, as a machine that loses its power, and tells when changes came back. The killed node comes back as a standby."""
    wait_until(lambda: can_fail_over(parts), 30, "There is no synchronous standby at present: try again in some seconds.")
    old = primary(parts)
    if old is None:
        raise RuntimeError("There is no primary at present: try again in some seconds.")
    changes = Clients(parts.ports.http, count=2, changes=1, pause=0.01).start()
    reads = Clients(parts.ports.http, count=2, changes=0, pause=0.01).start()
    wait_until(lambda: changes.result.answered and reads.result.answered, 20, "The service does not answer.")
    say(f"Killing pg{old}, the primary, with its Patroni.")
    killed = time.monotonic()
    _kill_node(parts, old)
    try:
        new = wait_until(lambda: primary(parts), FAILOVER_SECONDS, "No standby was promoted.", interval=LOOK)
        promoted = time.monotonic()
        say(f"{promoted - killed:5.1f} s  pg{new} is the primary, by Patroni's own word.")
        changed = wait_until(lambda: changes.result.first_after(killed + 1), FAILOVER_SECONDS, "No change came back.", interval=LOOK)
        say(f"{changed - killed:5.1f} s  The first change is answered, {changed - promoted:.1f} s after that.")
    finally:
        _tell(say, "changes", changes.stop(), killed)
        _tell(say, "reads", reads.stop(), killed)
    say(f"Starting pg{old} again.")
    parts.nodes[old].start()
    wait_until(lambda: standbys(parts) == 2 and can_fail_over(parts), FAILOVER_SECONDS, f"pg{old} did not come back as a standby.")
    say(f"{time.monotonic() - killed:5.1f} s  pg{old} is a standby.")
    return True


def restart(parts: Parts, say, requests: int | None) -> bool:
    """Restarts the instances one after another. With a number of requests, until so many were sent."""
    clients = Clients(parts.ports.http, CLIENTS, most=requests).start()
    began, rounds = time.monotonic(), 0
    try:
        while rounds == 0 or (requests is not None and not clients.is_done()):
            rounds += 1
            for number in INSTANCES:
                _restart_instance(parts, number, say)
        if requests is not None:
            wait_until(clients.is_done, 600, "The requests did not end.")
    finally:
        result = clients.stop()
    seconds = time.monotonic() - began
    say(f"{result.sent} requests in {seconds:.0f} s, a tenth of them changes, during {rounds * len(INSTANCES)} restarts: "
        f"{len(result.failures)} failed.")
    _show(say, result)
    return not result.failures


def _restart_instance(parts: Parts, number: int, say) -> None:
    instance = parts.instances[number]
    began = time.monotonic()
    instance.send(signal.SIGTERM)
    if not instance.wait(STOP_SECONDS):
        raise RuntimeError(f"{instance.name} did not end within {STOP_SECONDS} s.")
    ended = time.monotonic()
    code = instance.running.returncode
    instance.start()
    wait_until(lambda: is_in_rotation(parts, number), START_SECONDS, f"{instance.name} did not come back.", [instance])
    say(f"{instance.name} ended with exit code {code} after {ended - began:.1f} s, and was back in rotation {time.monotonic() - ended:.1f} s later.")
    if code != 0:
        raise RuntimeError(f"{instance.name} ended with exit code {code}.")


def _kill_node(parts: Parts, number: int) -> None:
    """Patroni first, which would start PostgreSQL again."""
    parts.nodes[number].kill()
    with contextlib.suppress(OSError, ValueError):
        kill_family(int((parts.data_folder(number) / "postmaster.pid").read_text().split()[0]))


def _tell(say, what: str, result: Result, since: float) -> None:
    say(f"         {what}: {result.sent} sent, {len(result.failures)} failed, none was answered well for {result.away(since):.1f} s.")
    if len(result.failures) < SHOWN:
        _show(say, result)


def _show(say, result: Result) -> None:
    for failure in result.failures[:SHOWN]:
        say(f"  {failure}")
