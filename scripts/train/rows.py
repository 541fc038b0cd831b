"""Packs examples into rows of tokens.

A shard follows from the seed, its number and the length of rows alone, so a run that was stopped
goes on exactly. Every shard draws and cuts anew.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from train.examples import SILENT, TEXT, Library, example
from train.tokenizer import SPECIAL

_POOL = 96
_LEAST_GAP = 48
# Always taking the longest would leave nothing but short ones.
_ANY_SHARE = 0.5

Encoded = tuple[list[int], list[int]]
"""Token ids, and their codes."""


class Rows(NamedTuple):
    """Tokens (rows, length + 1) and what each of them is as a target, in the same shape."""

    tokens: NDArray[np.uint16]
    codes: NDArray[np.uint8]


def shard(library: Library, tokenizer: Tokenizer, name: str, row_tokens: int, n_rows: int) -> Rows:
    """Return so many rows; the dice are thrown by `name`."""
    dice = random.Random(f"{name}/{row_tokens}")  # noqa: S311  # repeatable
    encoded = _encoded(library, tokenizer, dice, row_tokens)
    shape = (n_rows, row_tokens + 1)
    rows = Rows(np.zeros(shape, np.uint16), np.zeros(shape, np.uint8))
    pool: list[Encoded] = []
    for row in range(n_rows):
        place = 0
        while (room := row_tokens + 1 - place) > 0:
            while len(pool) < _POOL:
                pool.append(next(encoded))
            ids, codes = _fitting(pool, room, dice)
            rows.tokens[row, place : place + len(ids)] = ids
            rows.codes[row, place : place + len(ids)] = codes
            place += len(ids)
    return rows


def _fitting(pool: list[Encoded], room: int, dice: random.Random) -> Encoded:
    """Take one of the longest examples that fit; a small gap is filled with a part of one."""
    pool.sort(key=lambda example: len(example[0]))
    n_fitting = bisect_right(pool, room, key=lambda example: len(example[0]))
    if n_fitting == 0 or room < _LEAST_GAP:
        ids, codes = dice.choice(pool)
        return ids[:room], [TEXT if code == TEXT else SILENT for code in codes[:room]]
    is_longest = dice.random() >= _ANY_SHARE
    return pool.pop(n_fitting - 1 if is_longest else dice.randrange(n_fitting))


def _encoded(
    library: Library, tokenizer: Tokenizer, dice: random.Random, row_tokens: int
) -> Iterator[Encoded]:
    special = {name: tokenizer.token_to_id(name) for name in SPECIAL}
    while True:
        examples = [example(library, dice, row_tokens) for _ in range(_POOL)]
        texts = [piece.text for pieces in examples for piece in pieces if piece.text not in special]
        found = iter(tokenizer.encode_batch(texts, add_special_tokens=False))
        for pieces in examples:
            ids: list[int] = []
            codes: list[int] = []
            for piece in pieces:
                new = [special[piece.text]] if piece.text in special else next(found).ids
                ids += new
                codes += [piece.code] * len(new)
            if len(ids) <= row_tokens + 1:
                yield ids, codes
