"""What a person reads while they wait, on standard error."""
import sys
import time

_began = time.monotonic()


def elapsed() -> float:
    """Seconds since the program began."""
    return time.monotonic() - _began


def say(text: str) -> None:
    print(f"{elapsed():5.0f} s  {text}", file=sys.stderr, flush=True)
