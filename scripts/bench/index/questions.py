"""What context asks the index at a keystroke, timed: similar code, and where names are defined."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from cloister.workspace.index.read import Index
from cloister.workspace.index.schema import open_for_reading
from cloister.workspace.index.words import identifiers_in, terms_of
from development.terminal import SetupError

N_WORDS = 30
_N_HITS = 20
_DEFINITIONS_PER_NAME = 3


@dataclass(frozen=True, slots=True)
class Question:
    """Thirty identifiers that follow each other in a file, and thirty of their words."""

    path: str
    names: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """Milliseconds of each answer; `lookup_ms` of thirty rows of the same database by their key."""

    similar_ms: Sequence[float]
    named_ms: Sequence[float]
    lookup_ms: Sequence[float]


def questions_in(
    root: Path, paths: Sequence[str], n_questions: int, seed: int = 0
) -> list[Question]:
    """Return questions from files chosen by chance; fewer when few files are long enough."""
    generator = random.Random(seed)  # noqa: S311  # a repeatable choice
    shuffled = generator.sample(paths, len(paths))
    texts = ((path, (root / path).read_text("utf-8", "replace")) for path in shuffled)
    questions = (question_at(path, text, generator.random()) for path, text in texts)
    return list(islice(filter(None, questions), n_questions))


def question_at(path: str, text: str, position: float) -> Question | None:
    """Return the question at a position from 0 to 1; None when too little follows."""
    identifiers = identifiers_in(text[int(position * len(text)) :])
    names = _first_of(iter(identifiers))
    terms = _first_of(term for name in identifiers for term in terms_of(name))
    return Question(path, names, terms) if len(names) == len(terms) == N_WORDS else None


def ask(index: Index, database: Path, questions: Sequence[Question]) -> Answers:
    """Ask everything once; SetupError when there is no question or no index."""
    connection = open_for_reading(database)
    if connection is None or not questions:
        raise SetupError("There is too little to ask; measure a folder with more source files.")
    # The first answer opens the database.
    index.symbols_named(questions[0].names, 1)
    paths = [question.path for question in questions]
    with closing(connection):
        return Answers(
            similar_ms=[_ms(partial(_similar, index, each)) for each in questions],
            named_ms=[
                _ms(partial(index.symbols_named, each.names, _DEFINITIONS_PER_NAME))
                for each in questions
            ],
            lookup_ms=[
                _ms(partial(_look_up, connection, islice(cycle(paths), start, start + N_WORDS)))
                for start in range(len(paths))
            ],
        )


def _similar(index: Index, question: Question) -> None:
    index.similar(question.terms, _N_HITS, {question.path})


def _look_up(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    for path in paths:
        connection.execute("SELECT size FROM files WHERE path = ?", (path,)).fetchone()


def _first_of(words: Iterator[str]) -> tuple[str, ...]:
    return tuple(islice(dict.fromkeys(words), N_WORDS))


def _ms(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)
