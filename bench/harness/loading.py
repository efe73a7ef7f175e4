"""The orders of a run, and the disk they take."""
import os
import subprocess

import contenders
from progress import say
from server import Server
from work import key_of


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
