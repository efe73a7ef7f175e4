"""The orders of a run, and the disk they take."""
import os
import shutil
import subprocess

import contenders
from progress import say
from server import FOLDER, Server
from work import key_of

ORDERS_AT_ONE = 1_500_000
# Measured, with the index, and rounded up; the write-ahead log takes as much again, up to somewhat over the server's max_wal_size.
BYTES_AN_ORDER = 200
MAX_LOG_BYTES = 5_000_000_000
# An empty server, its own log, and what the changes of a measurement write.
SERVER_BYTES = 500_000_000


def seed(server: Server, scale_factor: str, root: str = contenders.ROOT) -> int:
    """Loads the orders with the checkout's own command, and returns how many there are."""
    say(f"Loading scale factor {scale_factor}")
    api = contenders.api(server, root, "api", "this API")
    done = subprocess.run([*api.command, "seed", "--scale-factor", scale_factor], env={**os.environ, **api.environment},
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"Seeding failed: {done.stdout}{done.stderr}")
    orders, last, strays = map(int, server.query(
        "select count(*), max(o_orderkey), count(*) filter (where o_orderkey % 32 >= 8) from orders_synced").split("|"))
    if strays or last != key_of(orders):
        raise RuntimeError(f"The keys are not where requests look for them: the last of {orders} is {last}, and {strays} are in gaps.")
    return orders


def require_disk(scale_factors: list[str]) -> None:
    """For one at a time: each has a server of its own, which goes before the next one."""
    free = shutil.disk_usage(FOLDER).free
    for scale_factor in scale_factors:
        orders = float(scale_factor) * ORDERS_AT_ONE
        needed = SERVER_BYTES + orders * BYTES_AN_ORDER + min(orders * BYTES_AN_ORDER, MAX_LOG_BYTES)
        if needed > free:
            raise RuntimeError(f"Scale factor {scale_factor} takes about {needed / 1e9:.1f} GB, but only {free / 1e9:.1f} GB are free "
                               f"on the disk of {FOLDER}. Choose a smaller scale factor.")
