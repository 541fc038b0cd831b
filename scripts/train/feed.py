"""Feeds a run: shards are made in processes of their own, the next while this one is learnt from.

The order of rows depends on the seed and on `Progress` alone.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

from train.corpus import CORPUS, LEFT_OUT, read_files
from train.examples import Library, library_of
from train.knobs import HOME, Knobs
from train.rows import Rows, shard
from train.tokenizer import tokenizer, tokenizer_path

_NICENESS = 19


@dataclass(slots=True)
class Progress:
    """Where a run is; `shard` and `row` say which row comes next."""

    step: int = 0
    tokens: int = 0
    shard: int = 0
    row: int = 0
    row_tokens: int = 0


@dataclass(frozen=True, slots=True)
class RowOrder:
    """So many rows of so many tokens, in a vocabulary; the dice are thrown by `name`."""

    vocabulary: int
    name: str
    row_tokens: int
    n_rows: int


def batches(
    knobs: Knobs, progress: Progress, rows_of: Callable[[int, int], Rows]
) -> Iterator[Rows]:
    """Yield what each step learns from; `progress` then says what comes after it.

    `rows_of` gives the rows of a shard by its number and their length.
    """
    while True:
        row_tokens = row_tokens_at(knobs, progress.tokens)
        if row_tokens != progress.row_tokens:
            progress.shard += progress.row > 0
            progress.row_tokens, progress.row = row_tokens, 0
        rows = rows_of(progress.shard, row_tokens)
        n_rows = knobs.step_tokens // row_tokens
        batch = slice(progress.row, progress.row + n_rows)
        progress.row = batch.stop
        if batch.stop + n_rows > len(rows.tokens):
            progress.shard, progress.row = progress.shard + 1, 0
        yield Rows(rows.tokens[batch], rows.codes[batch])


class Shards:
    """Makes the shards of a run before they are needed."""

    def __init__(self, knobs: Knobs, n_workers: int) -> None:
        self._knobs = knobs
        # A forked process would hold the locks of the network's threads.
        self._pool = ProcessPoolExecutor(n_workers, get_context("spawn"), _begin_worker)
        self._n_ahead = n_workers
        self._coming: dict[tuple[int, int], Future[Rows]] = {}

    def rows_of(self, number: int, row_tokens: int) -> Rows:
        """Return a shard, and have those behind it made."""
        for ahead in range(number, number + self._n_ahead + 1):
            if (ahead, row_tokens) not in self._coming:
                order = self._order(ahead, row_tokens)
                self._coming[ahead, row_tokens] = self._pool.submit(make_rows, CORPUS, order)
        self._coming = {key: rows for key, rows in self._coming.items() if key[0] >= number}
        return self._coming[number, row_tokens].result()

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)

    def _order(self, number: int, row_tokens: int) -> RowOrder:
        knobs = self._knobs
        n_rows = knobs.shard_tokens // row_tokens
        return RowOrder(knobs.shape.vocabulary, f"{knobs.seed}/{number}", row_tokens, n_rows)


def row_tokens_at(knobs: Knobs, tokens: int) -> int:
    """Return how long rows are after so many tokens."""
    return next(phase.row_tokens for phase in knobs.phases if tokens < phase.until_tokens)


def make_rows(corpus: str, order: RowOrder) -> Rows:
    """Return rows of a corpus; of what is held out only what no figures are told of."""
    vocabulary = tokenizer(order.vocabulary)
    return shard(_library(corpus), vocabulary, order.name, order.row_tokens, order.n_rows)


def data_hash(vocabulary: int) -> str:
    """Return what the corpus and the vocabulary of so many tokens hash to."""
    digest = hashlib.sha256()
    for path in (HOME / CORPUS, tokenizer_path(vocabulary)):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _begin_worker() -> None:
    os.nice(_NICENESS)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"


@cache
def _library(corpus: str) -> Library:
    files = read_files(HOME / corpus)
    if corpus != CORPUS:
        files = [file for file in files if file.part == LEFT_OUT]
    return library_of(files)
