"""Where everything is: ports, folders, programs."""
import os
import pwd
import secrets
import shutil
import socket
import stat
import sys
import tempfile
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent
NODES = (1, 2, 3)
INSTANCES = (1, 2)
FIRST_PORT = 15000


class Ports:
    """All on 127.0.0.1, from one number on."""

    def __init__(self, first: int):
        self.http, self.instances = first, {number: first + number for number in INSTANCES}
        self.primary, self.replicas, self.pgbouncer = first + 10, first + 11, first + 12
        self.etcd, self.etcd_peer = first + 20, first + 21
        self.postgres = {number: first + 30 + number for number in NODES}
        self.patroni = {number: first + 40 + number for number in NODES}

    def check(self) -> None:
        """Raises when one is taken."""
        for port in (self.http, *self.instances.values(), self.primary, self.replicas, self.pgbouncer, self.etcd, self.etcd_peer,
                     *self.postgres.values(), *self.patroni.values()):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    raise RuntimeError(f"Port {port} is taken by another program. ./dev cluster --port 16000 takes others.") from None


class Folders:
    """One for all, which is gone at the end. Others may pass through it, as the database's account has to, and not look inside."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="orders-cluster-"))
        self.root.chmod(0o711)
        self.logs, self.database = self.root / "logs", self.root / "database"
        self.logs.mkdir(0o700)
        self.database.mkdir(0o700)
        self.give(self.database)

    @staticmethod
    def give(path: Path) -> None:
        """To the account that the database runs as."""
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres")
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def write(self, name: str, text: str) -> Path:
        """A file that the database's account alone may read."""
        path = self.database / name
        path.parent.mkdir(0o700, exist_ok=True)
        self.give(path.parent)
        path.touch(0o600)
        path.write_text(text)
        self.give(path)
        return path

    def remove(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)


def control_socket() -> Path:
    """Where a running cluster takes orders from its user: a folder that nobody else can enter."""
    folder = Path(tempfile.gettempdir()) / f"orders-cluster-of-{os.geteuid()}"
    folder.mkdir(0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise RuntimeError(f"{folder} has to be a folder that is yours alone (mode 0700): remove it, and try again.")
    return folder / "control"


def postgres_programs() -> Path:
    """PostgreSQL's programs, the newest where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("postgres")
    if not found and not on_path:
        raise RuntimeError("PostgreSQL's programs are missing: install the package postgresql.")
    return found[-1].parent if found else Path(on_path).parent


def program(name: str) -> str:
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    return path or sys.exit(f"{name} is missing: install it, and try again.")


def password() -> str:
    return secrets.token_hex(16)
