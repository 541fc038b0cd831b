"""How chunks are numbered in blocks, and how the words of a block are packed.

A chunk's number is its block's followed by its place there. An entry of a word's array is a place
followed by how often the chunk has the word.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

PLACE_BITS = 12
BLOCK_CHUNKS = 1 << PLACE_BITS
COUNT_BITS = 4
MOST_COUNTED = (1 << COUNT_BITS) - 1
PostingRow = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True)
class BlockPostings:
    """The chunks of a block that have each word, packed: arrays of 32 bits, and of 16 at the end.

    `sizes` says how many bytes of `entries` belong to each of `terms`, which are in order.
    """

    terms: bytes = b""
    sizes: bytes = b""
    entries: bytes = b""

    def rows(self, block: int) -> Iterator[PostingRow]:
        """Yield the rows of the table."""
        start = 0
        for term, size in zip(array("I", self.terms), array("I", self.sizes), strict=True):
            yield term, block, self.entries[start : start + size]
            start += size
