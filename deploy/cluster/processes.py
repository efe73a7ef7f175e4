"""The processes of the cluster. Whatever ends this program, they end with it."""
import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)
# The kernel takes the thread that started a process for its parent, and ends the process with that thread. This one stays.
_starter = ThreadPoolExecutor(max_workers=1)


def account() -> dict:
    """PostgreSQL, Patroni and PgBouncer refuse to run as root, so root starts them as the account of PostgreSQL's package."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


class Process:
    """A program that can be stopped and started again. What it says goes to a file."""

    def __init__(self, name: str, command: list[str], log: Path, environment: dict[str, str] | None = None, as_account: bool = True):
        self.name = name
        self.command = command
        self.log = log
        self.environment = environment or {}
        self.options = account() if as_account else {}
        self.running: subprocess.Popen | None = None

    def start(self) -> None:
        _starter.submit(self._start).result()

    def _start(self) -> None:
        with open(self.log, "ab") as output:
            # In a session of its own: Ctrl-C reaches only this program, which then ends the others in order.
            self.running = subprocess.Popen(
                self.command, env={**os.environ, **self.environment}, cwd="/", stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True, umask=0o077,
                preexec_fn=lambda: _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM), **self.options)

    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def send(self, number: int) -> None:
        if self.is_alive():
            self.running.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Whether it ended in time."""
        if self.running is None:
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.running.wait(seconds)
        return not self.is_alive()

    def kill(self) -> None:
        """Ends it without a word, with what it started in its session."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()

    def last_words(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        return ""


def kill_family(pid: int) -> None:
    """Ends a process and its children without a word: the children first would let it notice."""
    family = [pid]
    with contextlib.suppress(OSError):
        family += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    for member in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)
    wait_until(lambda: not any(_is_running(member) for member in family), 10, "The processes did not end.")


def _is_running(pid: int) -> bool:
    try:
        # A zombie is one that waits for its parent to notice; state Z.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(ready, seconds: float, complaint: str, processes: list[Process] = (), interval: float = 0.1):
    """Waits for `ready()` to be true and returns what it returned."""
    deadline = time.monotonic() + seconds
    while not (result := ready()):
        for process in processes:
            if not process.is_alive():
                raise RuntimeError(f"{process.name} ended. Its last words:\n{process.last_words()}")
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(interval)
    return result
