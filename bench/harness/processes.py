"""Processes of this run. Whatever ends it, they end with it."""
import contextlib
import ctypes
import os
import signal
import subprocess
import time

STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def start(arguments: list[str], end_signal: int = signal.SIGTERM, **options) -> subprocess.Popen:
    """Starts a process in a session of its own: Ctrl-C reaches only this program, which then ends the others in order.

    The kernel sends `end_signal` when this program is killed.
    """
    return subprocess.Popen(arguments, start_new_session=True, preexec_fn=lambda: _libc.prctl(PR_SET_PDEATHSIG, end_signal),
                            **{"stdin": subprocess.DEVNULL, **options})


def stop(process: subprocess.Popen, end_signal: int = signal.SIGTERM) -> None:
    """Ends a process and what it started."""
    if process.poll() is None:
        process.send_signal(end_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for parent in found:
        with contextlib.suppress(FileNotFoundError):
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children") as children:
                    found += map(int, children.read().split())
    return found


def peak_memory(pid: int) -> int:
    """The greatest resident memory so far in bytes, summed over a process and all that it started."""
    return memory(pid, "VmHWM:")


def resident_memory(pid: int) -> int:
    """The resident memory in bytes, summed over a process and all that it started."""
    return memory(pid, "VmRSS:")


def memory(pid: int, name: str) -> int:
    total = 0
    for member in family(pid):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{member}/status") as status:
            total += sum(int(line.split()[1]) * 1024 for line in status if line.startswith(name))
    return total


def wait_until(ready, process: subprocess.Popen, seconds: float, what: str, interval: float = 0.01) -> float:
    """Waits for `ready()` and returns the seconds it took."""
    began = time.monotonic()
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended with exit code {process.returncode} before it was ready.")
        if time.monotonic() - began > seconds:
            raise RuntimeError(f"{what} was not ready within {seconds:.0f} s.")
        time.sleep(interval)
    return time.monotonic() - began
