"""Bits per character of a text under a byte n-gram: how much a context tells, without any model.

Interpolated by Witten and Bell, order 6. What stands near (the window and the context) counts three
times over a fixed background, which is part of Python's standard library: it is on every machine,
and it teaches what words and code look like but no name of the repository.
"""

import math
import sysconfig
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ORDER = 6
LOCAL_WEIGHT = 3

# Longer contexts are looked for among the places where their last bytes stand.
_KEY_BYTES = 3
_BACKGROUND_MODULES = ("argparse", "ast", "configparser", "csv", "dataclasses", "enum", "functools",
                       "inspect", "pathlib", "shutil", "textwrap", "threading")  # fmt: skip
_BACKGROUND_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class Followers:
    """How often each byte follows, and how many do in all."""

    counts: Mapping[int, int]
    total: int


class ByteCounts:
    """Which byte follows which bytes in a text, and how often; counted when it is asked for."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._followers: dict[bytes, Followers] = {}
        self._places: dict[bytes, list[int]] = {}

    def followers(self, context: bytes) -> Followers:
        """Return what follows `context` anywhere in the text."""
        known = self._followers.get(context)
        if known is None:
            known = self._followers[context] = self._count(context)
        return known

    def _count(self, context: bytes) -> Followers:
        text = self._text
        if not context:
            counts = Counter(text)
        elif len(context) <= _KEY_BYTES:
            counts = Counter([text[place] for place in self._places_after(context)])
        else:
            places = self._places_after(context[-_KEY_BYTES:])
            counts = Counter([text[it] for it in places if text.endswith(context, 0, it)])
        return Followers(counts, counts.total())

    def _places_after(self, key: bytes) -> list[int]:
        """Return every place but the text's end that `key` stands right before."""
        known = self._places.get(key)
        if known is None:
            text, known, length = self._text, [], len(key)
            last = len(text) - length
            start = text.find(key)
            while 0 <= start < last:
                known.append(start + length)
                start = text.find(key, start + 1)
            self._places[key] = known
        return known


def bits(text: str, before: str, near: Sequence[ByteCounts], background: ByteCounts) -> float:
    """Return the bits that `text` takes after `before`, given what stands near."""
    history = before[-ORDER:].encode("utf-8", "replace")[-ORDER:]
    encoded = text.encode("utf-8", "replace")
    whole = history + encoded
    total = 0.0
    for place in range(len(history), len(whole)):
        context = whole[max(0, place - ORDER) : place]
        total -= math.log2(_probability(whole[place], context, near, background))
    return total


@cache
def standard_background() -> ByteCounts:
    """Return the fixed background."""
    folder = Path(sysconfig.get_path("stdlib"))
    sources = [folder / f"{name}.py" for name in _BACKGROUND_MODULES]
    text = b"\n".join(source.read_bytes() for source in sources if source.is_file())
    return ByteCounts(text[:_BACKGROUND_BYTES])


def _probability(
    byte: int, context: bytes, near: Sequence[ByteCounts], background: ByteCounts
) -> float:
    probability = 1 / 256
    weighted = [*((counts, LOCAL_WEIGHT) for counts in near), (background, 1)]
    for length in range(len(context) + 1):
        suffix = context[len(context) - length :]
        found = [(counts.followers(suffix), weight) for counts, weight in weighted]
        total = sum(weight * followers.total for followers, weight in found)
        if not total:
            # A longer context was not seen either.
            return probability
        seen = sum(weight * followers.counts.get(byte, 0) for followers, weight in found)
        n_distinct = len(set().union(*(followers.counts for followers, _ in found)))
        probability = (seen + n_distinct * probability) / (total + n_distinct)
    return probability
