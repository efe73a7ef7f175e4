"""The one PostgreSQL server that all contenders share: private, on a Unix socket, in a folder that goes with it."""
import glob
import os
import shutil
import signal
import subprocess
import tempfile

import processes

# What a sane server changes, and no more: memory that holds the table, and a log large enough that no checkpoint falls into a
# measurement by chance. Durability is PostgreSQL's default, named here because it is what the status update measures.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "effective_cache_size": "2GB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "max_connections": "600",
}
START_SECONDS = 30
# It is on a disk, where /tmp may be memory: a durable write has to reach what survives a power cut.
FOLDER = "/var/tmp"


def find_programs() -> str:
    """The folder of the server programs: the one that is set, or that of the newest ones installed."""
    chosen = os.environ.get("EmbeddedPostgres__BinDirectory")
    folders = [chosen] if chosen else [*glob.glob("/usr/lib/postgresql/*/bin"), *glob.glob("/usr/pgsql-*/bin")]
    found = [folder for folder in folders if os.access(os.path.join(folder, "initdb"), os.X_OK)]
    if not found:
        raise RuntimeError("PostgreSQL's server programs are missing: ./dev setup installs them.")
    return max(found, key=lambda folder: [int(digits) for digits in "".join(c if c.isdigit() else " " for c in folder).split()] or [0])


class Server:
    def __init__(self) -> None:
        self.programs = find_programs()
        self.folder = tempfile.mkdtemp(prefix="orders-bench-", dir=FOLDER)
        self.process: subprocess.Popen | None = None
        # PostgreSQL refuses to run as root.
        self.account: dict = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        self.connection = f"Host={self.folder};Username=orders;Database=orders"

    def __enter__(self) -> "Server":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        if self.process is not None:
            # Fast shutdown: clients are disconnected.
            processes.stop(self.process, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        if self.account:
            shutil.chown(self.folder, "postgres", "postgres")
        data = os.path.join(self.folder, "data")
        subprocess.run([self.program("initdb"), "--pgdata", data, "--username", "orders", "--auth", "trust", "--encoding", "UTF8",
                        "--locale", "C", "--no-instructions"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/", **self.account)
        options = {**SETTINGS, "listen_addresses": "", "unix_socket_directories": self.folder}
        with open(os.path.join(self.folder, "server.log"), "wb") as log:
            self.process = processes.start(
                [self.program("postgres"), "-D", data, *(part for name, value in options.items() for part in ("-c", f"{name}={value}"))],
                signal.SIGINT, stdout=log, stderr=log, cwd="/", **self.account)
        processes.wait_until(lambda: subprocess.run([self.program("pg_isready"), "-q", "-h", self.folder]).returncode == 0,
                             self.process, START_SECONDS, "PostgreSQL")
        self.query("create database orders", database="postgres")

    def program(self, name: str) -> str:
        return os.path.join(self.programs, name)

    def query(self, sql: str, database: str = "orders") -> str:
        done = subprocess.run([self.program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "orders", "-d", database, "-c", sql],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"PostgreSQL: {done.stderr.strip()}")
        return done.stdout.strip()

    def tidy(self) -> None:
        """Sets the table back to what a measurement should find: dead rows gone, visibility known, nothing left to write to disk."""
        self.query("vacuum (analyze) orders_synced")
        self.query("checkpoint")
