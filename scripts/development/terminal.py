"""How the scripts speak: one line per step, with the time it took."""

import contextlib
import sys
import time
from collections.abc import Iterator


class SetupError(Exception):
    """Something a person has to change first; the message is one sentence that says what."""


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step and say how long it took."""
    say(f"── {title}")
    start = time.monotonic()
    yield
    say(f"   {time.monotonic() - start:.0f} s")


def show_progress(title: str, done: int, total: int, start: float) -> None:
    """Rewrite the current line with a count, a percentage and what is probably left, in seconds."""
    elapsed = time.monotonic() - start
    left = elapsed / done * (total - done) if done else 0
    line = f"   {title}: {done}/{total} ({100 * done // total} %), about {left:.0f} s left"
    if sys.stdout.isatty():
        print(f"\r\033[K{line}", end="\n" if done == total else "", flush=True)
    elif done == total or done % 20 == 0:
        say(line)
