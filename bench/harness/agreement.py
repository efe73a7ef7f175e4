"""Whether all contenders give the same answers, before any of them is measured."""
import http.client
import json
import random
from decimal import Decimal

from contenders import Contender
from load import send
from work import PAGE_SIZE, WALK, WALK_PAGE_SIZE, WORKS, Request, Work, deep_page, key_of, page, ORDERS

SAMPLES = 5


def check(contenders: list[Contender], works: list[Work], orders: int) -> int:
    """Raises with the first difference; returns the number of requests that were compared."""
    first, *others = contenders
    requests = [request for work in works for request in sample(work, orders)]
    for request in requests:
        expected = answer(first, request)
        if request.method == "POST":
            shows_change(first, request, expected)
        for other in others:
            found = answer(other, request)
            if common(found, other, request) != common(expected, other, request):
                raise RuntimeError(f"{first.title} and {other.title} answer {request.method} {request.path} differently:\n"
                                   f"{shorten(expected)}\n{shorten(found)}")
            if request.method == "POST":
                shows_change(other, request, found)
    return len(requests)


def shows_change(contender: Contender, request: Request, told) -> None:
    """A change that was answered shows in what is read after it."""
    _, order = answer(contender, Request("GET", request.path.removesuffix("/status")))
    if order["o_orderstatus"] != told[1]["o_orderstatus"]:
        raise RuntimeError(f"{contender.title} answers {request.method} {request.path} with {shorten(told)}, and then reads {shorten(order)}")


def sample(work: Work, orders: int) -> list[Request]:
    """Some requests of a work, and its edges."""
    requests = work.requests(0, orders, SAMPLES)
    if work.name == "single":
        requests += [Request("GET", f"{ORDERS}/{key_of(index)}") for index in (1, 7, 8, orders)]
    if work.name in ("stream", "walk"):
        size = PAGE_SIZE if work.name == "stream" else WALK_PAGE_SIZE
        cursors = (0, 1, key_of(orders) - 100, key_of(orders))
        requests += [Request("GET", f"{ORDERS}/stream?cursor={cursor}&page_size={size}") for cursor in cursors]
    if work.name == "deep-page":
        requests += [page(-(-orders // PAGE_SIZE) + step, count=True) for step in (0, 1)]
    return requests


def answer(contender: Contender, request: Request):
    connection = http.client.HTTPConnection("127.0.0.1", contender.port, timeout=60)
    try:
        status, body = send(connection, request, contender.headers)
    finally:
        connection.close()
    # Numbers are compared as they are written: a price that went through a binary float shows.
    return status, json.loads(body, parse_float=Decimal) if body else None


def common(told, contender: Contender, request: Request):
    """The part of an answer that a contender promises too.

    The recipe knows no cursors of numbered pages, and its previous_cursor of a slice is another on purpose: it subtracts from the key.
    The bare limit's numbered pages are the recipe's.
    """
    status, body = told
    if not isinstance(body, dict) or "pagination" not in body:
        return told
    hidden = set()
    if "/pages" in request.path and contender.kind in ("recipe", "bare"):
        hidden = {"next_cursor", "previous_cursor"}
    elif contender.kind == "recipe":
        hidden = {"previous_cursor", "has_previous"}
    return status, body["orders"], {name: value for name, value in body["pagination"].items() if name not in hidden}


def shorten(told) -> str:
    text = json.dumps(told, default=str)
    return text if len(text) <= 600 else f"{text[:300]} … {text[-300:]}"
