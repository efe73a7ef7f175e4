"""How the cluster is, by Patroni's and HAProxy's own words."""
import csv
import http.client
import json
import socket

from layout import INSTANCES, NODES
from parts import LOCAL, Parts

# The instances, as deploy/haproxy/http.cfg names them.
SERVERS = {1: "one", 2: "two"}


def get(port: int, path: str, seconds: float = 1) -> tuple[int, bytes]:
    """The status, 0 where nobody answers, and the body."""
    connection = http.client.HTTPConnection(LOCAL, port, timeout=seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def primary(parts: Parts) -> int | None:
    """The number of the node that holds the leader's key and takes changes."""
    return next((number for number in NODES if parts.nodes[number].is_alive() and get(parts.ports.patroni[number], "/primary")[0] == 200), None)


def members(parts: Parts) -> list[dict]:
    """What Patroni knows of the nodes; empty while none of them answers."""
    for number in NODES:
        if parts.nodes[number].is_alive():
            status, body = get(parts.ports.patroni[number], "/cluster")
            if status == 200:
                return json.loads(body)["members"]
    return []


def standbys(parts: Parts) -> int:
    return sum(parts.nodes[number].is_alive() and get(parts.ports.patroni[number], "/replica")[0] == 200 for number in NODES)


def can_fail_over(parts: Parts) -> bool:
    """Patroni promotes a standby that has all acknowledged changes, and no other: it is called the synchronous one."""
    return any(member["role"] == "sync_standby" and member["state"] in ("running", "streaming") for member in members(parts))


def haproxy(parts: Parts) -> dict[tuple[str, str], dict[str, str]]:
    """HAProxy's rows, by backend and server."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(parts.haproxy_socket))
            connection.sendall(b"show stat\n")
            text = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    except OSError:
        return {}
    return {(row["# pxname"], row["svname"]): row for row in csv.DictReader(text.splitlines())}


def has_found_primary(parts: Parts) -> bool:
    """HAProxy takes all servers for good until it has asked them; afterwards one is the primary."""
    return sum(row["status"] == "UP" for (backend, server), row in haproxy(parts).items() if backend == "primary" and server.startswith("pg")) == 1


def is_in_rotation(parts: Parts, number: int) -> bool:
    return haproxy(parts).get(("instances", SERVERS[number]), {}).get("status") == "UP"


def table(parts: Parts) -> str:
    """What a person sees of it."""
    ports, known, stats = parts.ports, {member["name"]: member for member in members(parts)}, haproxy(parts)
    lines = [f"{'node':<10}{'port':<8}{'role':<16}{'state':<12}{'timeline':<10}lag"]
    for number in NODES:
        member = known.get(f"pg{number}", {})
        alive = parts.nodes[number].is_alive()
        lag = member.get("lag", "")
        lines.append(
            f"{f'pg{number}':<10}{ports.postgres[number]:<8}{member.get('role', '-') if alive else '-':<16}"
            f"{member.get('state', '-') if alive else 'gone':<12}{member.get('timeline', '-'):<10}"
            f"{f'{lag} B' if isinstance(lag, int) else lag}")
    lines += ["", f"{'instance':<10}{'port':<8}{'in rotation':<14}{'requests':<12}{'a second':<10}5xx"]
    for number in INSTANCES:
        ready, alive = (stats.get((backend, SERVERS[number]), {}) for backend in ("instances", "alive"))
        requests, rate, failed = (sum(int(row.get(name) or 0) for row in (ready, alive)) for name in ("stot", "rate", "hrsp_5xx"))
        lines.append(f"{f'orders{number}':<10}{ports.instances[number]:<8}{'yes' if ready.get('status') == 'UP' else 'no':<14}"
                     f"{requests:<12}{rate:<10}{failed}")
    return "\n".join(lines)


def summary(parts: Parts) -> str:
    """The same in one line, without what changes all the time."""
    leader = primary(parts)
    rotation = ", ".join(f"orders{number}" for number in INSTANCES if is_in_rotation(parts, number))
    return f"primary {f'pg{leader}' if leader else 'none'}, standbys {standbys(parts)}, in rotation {rotation or 'none'}"
