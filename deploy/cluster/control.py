"""How `./dev cluster failover` and `restart` reach the running cluster: a line each way, on a socket of the user's own."""
import contextlib
import os
import socket
import sys
import threading
from pathlib import Path

DONE, FAILED = "done", "failed"


class Control:
    """Takes one order at a time. `handlers` are called with a function to say something, and the order's arguments."""

    def __init__(self, path: Path, handlers: dict):
        self._path, self._handlers = path, handlers
        self._busy = threading.Lock()
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        self._socket = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            self._socket.bind(str(path))
        finally:
            os.umask(before)
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rw") as stream:
            def say(text: str) -> None:
                with contextlib.suppress(OSError):
                    stream.write(text + "\n")
                    stream.flush()

            name, *arguments = stream.readline().split()
            if not self._busy.acquire(blocking=False):
                say("The cluster does something else at present: try again when that is done.")
                say(FAILED)
                return
            try:
                good = self._handlers[name](say, *arguments)
            except RuntimeError as error:
                say(str(error))
                good = False
            finally:
                self._busy.release()
            say(DONE if good else FAILED)


def remove(path: Path) -> None:
    """The folder of the socket; it stays where another cluster of this user is."""
    with contextlib.suppress(OSError):
        path.parent.rmdir()


def is_running(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def order(path: Path, line: str) -> int:
    """Sends an order, prints what comes of it, and returns the exit code."""
    with socket.socket(socket.AF_UNIX) as connection:
        if connection.connect_ex(str(path)) != 0:
            print("No cluster of yours is running. ./dev cluster starts one, in another terminal.", file=sys.stderr)
            return 1
        connection.sendall(f"{line}\n".encode())
        last = FAILED
        with connection.makefile() as stream:
            for text in stream:
                last = text.rstrip("\n")
                if last not in (DONE, FAILED):
                    print(last, flush=True)
    return 0 if last == DONE else 1
