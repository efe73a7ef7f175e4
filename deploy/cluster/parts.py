"""What the cluster consists of, made from the files of deploy/ as they stand, with this machine's ports and passwords."""
import os
import subprocess
from pathlib import Path

from layout import DEPLOY, INSTANCES, NODES, Folders, Ports, password, postgres_programs, program
from processes import Process

LOCAL = "127.0.0.1"


class Parts:
    """`dll` is the service's program."""

    def __init__(self, ports: Ports, folders: Folders, dll: Path):
        self.ports, self.folders, self.dll = ports, folders, dll
        self.passwords = {name: password() for name in ("superuser", "replication", "rewind", "owner", "api")}
        self.haproxy_socket = folders.database / "haproxy.sock"
        self.etcd = self._etcd()
        self.nodes = {number: self._node(number) for number in NODES}
        self.haproxy = self._haproxy()
        self.pgbouncer = self._pgbouncer()
        self.instances = {number: self._instance(number) for number in INSTANCES}

    def data_folder(self, number: int) -> Path:
        return self.folders.database / f"pg{number}"

    def _log(self, name: str) -> Path:
        return self.folders.logs / f"{name}.log"

    def _etcd(self) -> Process:
        clients, peers = f"http://{LOCAL}:{self.ports.etcd}", f"http://{LOCAL}:{self.ports.etcd_peer}"
        return Process("etcd", [
            program("etcd"), "--name", "orders", "--data-dir", str(self.folders.database / "etcd"), "--log-level", "warn",
            "--listen-client-urls", clients, "--advertise-client-urls", clients, "--listen-peer-urls", peers,
            "--initial-advertise-peer-urls", peers, "--initial-cluster", f"orders={peers}"], self._log("etcd"))

    def _node(self, number: int) -> Process:
        """Patroni merges all files of a folder. The second one keeps PostgreSQL's socket out of the system's folder."""
        name = f"patroni{number}"
        self.folders.write(f"{name}/1.yml", (DEPLOY / "patroni/patroni.yml").read_text())
        self.folders.write(f"{name}/2.yml", f"postgresql:\n  parameters:\n    unix_socket_directories: '{self.folders.database}'\n")
        address, rest = f"{LOCAL}:{self.ports.postgres[number]}", f"{LOCAL}:{self.ports.patroni[number]}"
        return Process(name, [program("patroni"), str(self.folders.database / name)], self._log(name), {
            "PATRONI_NAME": f"pg{number}",
            "PATRONI_ETCD3_HOSTS": f"{LOCAL}:{self.ports.etcd}",
            "PATRONI_RESTAPI_LISTEN": rest,
            "PATRONI_RESTAPI_CONNECT_ADDRESS": rest,
            "PATRONI_POSTGRESQL_LISTEN": address,
            "PATRONI_POSTGRESQL_CONNECT_ADDRESS": address,
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.data_folder(number)),
            "PATRONI_POSTGRESQL_BIN_DIR": str(postgres_programs()),
            "PATRONI_POSTGRESQL_PGPASS": str(self.folders.database / name / "pgpass"),
            "PATRONI_SUPERUSER_PASSWORD": self.passwords["superuser"],
            "PATRONI_REPLICATION_PASSWORD": self.passwords["replication"],
            "PATRONI_REWIND_PASSWORD": self.passwords["rewind"],
        })

    def _haproxy(self) -> Process:
        folder = self.folders.database / "haproxy"
        for file in (DEPLOY / "haproxy").glob("*.cfg"):
            self.folders.write(f"haproxy/{file.name}", file.read_text())
        environment = {
            "HAPROXY_SOCKET": str(self.haproxy_socket),
            "ORDERS_BIND": f"{LOCAL}:{self.ports.http}",
            "POSTGRES_PRIMARY_BIND": f"{LOCAL}:{self.ports.primary}",
            "POSTGRES_REPLICAS_BIND": f"{LOCAL}:{self.ports.replicas}",
        }
        environment |= {f"ORDERS_{number}": f"{LOCAL}:{port}" for number, port in self.ports.instances.items()}
        environment |= {f"PG_{number}": f"{LOCAL}:{port}" for number, port in self.ports.postgres.items()}
        environment |= {f"PATRONI_{number}": str(port) for number, port in self.ports.patroni.items()}
        return Process("haproxy", [program("haproxy"), "-db", "-f", str(folder)], self._log("haproxy"), environment)

    def _pgbouncer(self) -> Process:
        """A later line takes the place of an earlier one."""
        users = self.folders.write("pgbouncer/userlist.txt", f'"orders_api" "{self.passwords["api"]}"\n')
        shared = self.folders.write("pgbouncer/pgbouncer.ini", (DEPLOY / "pgbouncer/pgbouncer.ini").read_text())
        local = self.folders.write("pgbouncer/local.ini", f"""%include {shared}
listen_addr = {LOCAL}
listen_port = {self.ports.pgbouncer}
auth_file = {users}
[databases]
orders = host={LOCAL} port={self.ports.primary} dbname=orders
orders_reads = host={LOCAL} port={self.ports.replicas} dbname=orders
""")
        return Process("pgbouncer", [program("pgbouncer"), str(local)], self._log("pgbouncer"))

    def connection(self, database: str = "orders") -> str:
        """The service's way to the database."""
        return (f"Host={LOCAL};Port={self.ports.pgbouncer};Database={database};Username=orders_api;"
                f"Password={self.passwords['api']};SSL Mode=Disable")

    def _instance(self, number: int) -> Process:
        environment = {
            "ASPNETCORE_ENVIRONMENT": "Production",
            "ASPNETCORE_URLS": f"http://{LOCAL}:{self.ports.instances[number]}",
            "ASPNETCORE_CONTENTROOT": str(self.dll.parent),
            "ConnectionStrings__Orders": self.connection(),
            "ConnectionStrings__OrdersReads": self.connection("orders_reads"),
            "Orders__Reads": "PreferStandby",
            # A demonstration for this machine alone.
            "Orders__AnonymousAccess": "ReadWrite",
            "Orders__TrustedProxies": LOCAL,
        }
        return Process(f"orders{number}", ["dotnet", str(self.dll)], self._log(f"orders{number}"), environment, as_account=False)

    def fill(self) -> None:
        """Database, roles, the table with 15,000 orders, and the service's rights."""
        self._psql("postgres", "superuser", "postgres", "roles.sql", "--set", f"owner_password={self.passwords['owner']}",
                   "--set", f"api_password={self.passwords['api']}")
        owner = f"Host={LOCAL};Port={self.ports.primary};Database=orders;Username=orders_owner;Password={self.passwords['owner']}"
        self._run(["dotnet", str(self.dll), "seed", "--scale-factor", "0.01", "--if-empty"], {"ConnectionStrings__Orders": owner})
        self._psql("orders_owner", "owner", "orders", "rights.sql")

    def _psql(self, role: str, password_name: str, database: str, file: str, *more: str) -> None:
        self._run([str(postgres_programs() / "psql"), "--no-psqlrc", "--quiet", "--host", LOCAL, "--port", str(self.ports.primary),
                   "--username", role, *more, "--file", str(DEPLOY / "postgres" / file), database],
                  {"PGPASSWORD": self.passwords[password_name]})

    @staticmethod
    def _run(command: list[str], environment: dict[str, str]) -> None:
        done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command[:3])} failed: {done.stderr.strip()}")
