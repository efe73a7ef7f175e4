"""Who is measured, and how each is started: every one as a process of its own on a loopback port of its own."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import secrets
import socket
import subprocess
import time
from dataclasses import dataclass, field

import processes
from server import Server

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Below the range that the system gives to outgoing connections.
FIRST_PORT = 18100
READY_SECONDS = 60
# Debian's packages are for Debian's Python, whatever another one is first in the path.
PYTHON = "/usr/bin/python3"


@dataclass
class Contender:
    """`kind` is api, bare, recipe or pgbench; `ready` is the path that is answered with 200 once it serves; `headers` go with every request."""
    name: str
    title: str
    kind: str
    command: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = ROOT
    ready: str = "/api/v1/orders/1"
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen | None = None

    def start(self, port: int) -> float:
        """Starts it and returns the seconds until it was ready."""
        self.port = port
        command = [part.replace("{port}", str(port)) for part in self.command]
        environment = {**os.environ, **{name: value.replace("{port}", str(port)) for name, value in self.environment.items()}}
        self.process = processes.start(command, env=environment, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return processes.wait_until(self._is_ready, self.process, READY_SECONDS, self.title, interval=0.005)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process)
            self.process = None

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=READY_SECONDS)
        try:
            connection.request("GET", self.ready)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def free_port() -> int:
    """The first port that nobody listens on."""
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError(f"All ports from {FIRST_PORT} on are in use.")


def build(project: str) -> None:
    """In its own root, where global.json says which SDK builds."""
    done = subprocess.run(["dotnet", "build", project, "--configuration", "Release", "--nologo", "--verbosity", "quiet"],
                          cwd=project, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{project} does not build:\n{done.stdout}{done.stderr}")


def api(server: Server, root: str, name: str, title: str) -> Contender:
    """As `./dev run` starts it."""
    return Contender(
        name, title, "api",
        command=["dotnet", os.path.join(root, "Orders.Api/bin/Release/net10.0/Orders.Api.dll")],
        environment={"ConnectionStrings__Orders": server.connection, "ASPNETCORE_ENVIRONMENT": "Development",
                     "ASPNETCORE_CONTENTROOT": os.path.join(root, "Orders.Api"), "ASPNETCORE_URLS": "http://127.0.0.1:{port}"},
        folder=root, ready="/health/ready")


def api_with_key(server: Server) -> Contender:
    """This API, open to nobody without a key."""
    key = secrets.token_hex(32)
    contender = api(server, ROOT, "api-key", "this API with a key")
    contender.environment |= {"Orders__AnonymousAccess": "None", "Authentication__ApiKeys__bench__Scopes": "orders.read orders.write",
                              "Authentication__ApiKeys__bench__Sha256": hashlib.sha256(key.encode()).hexdigest()}
    contender.headers = {"X-API-Key": key}
    return contender


def api_with_token(server: Server) -> Contender:
    """This API, open to nobody without a bearer token, which is signed as `dotnet user-jwts` signs it."""
    secret = secrets.token_bytes(32)
    contender = api(server, ROOT, "api-token", "this API with a token")
    schemes = "Authentication__Schemes__Bearer__"
    contender.environment |= {"Orders__AnonymousAccess": "None", f"{schemes}ValidIssuer": "bench", f"{schemes}ValidAudiences__0": "orders",
                              f"{schemes}SigningKeys__0__Issuer": "bench", f"{schemes}SigningKeys__0__Value": base64.b64encode(secret).decode()}
    contender.headers = {"Authorization": f"Bearer {token(secret)}"}
    return contender


def token(secret: bytes) -> str:
    now = int(time.time())
    claims = {"iss": "bench", "aud": "orders", "sub": "bench", "scope": "orders.read orders.write", "nbf": now - 60, "exp": now + 24 * 3600}
    signed = ".".join(encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{signed}.{encode(hmac.digest(secret, signed.encode(), 'sha256'))}"


def encode(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def bare_limit(server: Server) -> Contender:
    return Contender(
        "bare", "bare limit", "bare",
        command=["dotnet", os.path.join(ROOT, "bench/bare-limit/bin/Release/net10.0/BareLimit.dll")],
        environment={"ConnectionStrings__Orders": server.connection, "ASPNETCORE_URLS": "http://127.0.0.1:{port}"})


def recipe(server: Server, workers: int) -> Contender:
    """With uvicorn's own loop and parser: its requirements name no others, and which are installed is not to matter."""
    return Contender(
        f"recipe-{workers}", f"recipe, {workers} worker{'s' if workers > 1 else ''}", "recipe",
        command=[PYTHON, "-B", "-m", "uvicorn", "app:app", "--port", "{port}", "--workers", str(workers), "--loop", "asyncio", "--http", "h11"],
        environment={"PGHOST": server.folder, "PGUSER": "orders", "PGDATABASE": "orders"},
        folder=os.path.join(ROOT, "bench/recipe"))


def pgbench() -> Contender:
    return Contender("pgbench", "pgbench", "pgbench")
