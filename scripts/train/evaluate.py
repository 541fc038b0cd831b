"""Measures models through the engine on packages that none of them was trained on."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean, median

from rich.console import Console
from rich.table import Table

from cloister.core.errors import ModelError
from cloister.engine.llama.model import open_model
from cloister.families import family_of, why_no_family
from train.answers import Asker, Way
from train.corpus import HELD_OUT, TESTED, read_files
from train.cuts import Kind
from train.knobs import HOME
from train.questions import Question, questions_in, written_in
from train.scores import Row, Scored, row_of, scored

_EVERYTHING = "all lines"
_SEVERAL = "several lines"


@dataclass(frozen=True, slots=True)
class Subject:
    """A model, and the language ids that it knows where that is not what its family says."""

    path: Path
    n_threads: int
    languages: Sequence[str]


def run(arguments: argparse.Namespace) -> int:
    """Measure each model on the same questions, and print tables."""
    console = Console(highlight=False, width=160)
    for model_path in arguments.model:
        for language in arguments.language:
            questions = _questions(language, arguments.questions)
            ways = list(map(Way, arguments.way))
            subject = Subject(model_path, arguments.threads, arguments.knows)
            facts, rows = _measured(subject, questions, ways)
            facts = {"model": model_path.name, "language": language, **facts}
            print(json.dumps({**facts, "rows": {name: asdict(row) for name, row in rows.items()}}))
            console.print(_table(facts, rows))
    return 0


def _questions(language: str, n_questions: int) -> list[Question]:
    files = [file for file in read_files(HOME / HELD_OUT) if file.part == TESTED]
    return questions_in(written_in(language, files), n_questions)


def _measured(
    subject: Subject, questions: Sequence[Question], ways: Sequence[Way]
) -> tuple[dict[str, object], dict[str, Row]]:
    model = open_model(subject.path, subject.n_threads, lambda _fraction: None)
    family = family_of(model.description)
    if family is None:
        raise ModelError(
            f"{subject.path.name} infills nothing: {why_no_family(model.description)}."
        )
    if subject.languages:
        family = replace(family, languages=frozenset(subject.languages))
    asker = Asker(model, family)
    rows: dict[str, Row] = {}
    speeds: list[float] = []
    for way in ways:
        answers = [scored(question, asker.ask(question, way)) for question in questions]
        speeds += [it.answer.ms / it.answer.tokens for it in answers if it.answer.tokens > 1]
        rows |= {f"{way}: {name}": row_of(part) for name, part in _parts(answers)}
    lines = [question for question in questions if question.kind is Kind.LINE]
    n_bytes = sum(len(question.truth.encode()) for question in lines)
    facts = {
        "stops": round(fmean(map(asker.ends_right, lines)), 4),
        "bits_per_byte": round(sum(map(asker.bits, lines)) / n_bytes, 4),
        "ms_per_token": round(median(speeds), 2) if speeds else None,
    }
    model.close()
    return facts, rows


def _parts(answers: Sequence[Scored]) -> Iterator[tuple[str, list[Scored]]]:
    """Yield the answers by what was asked; whole kinds first."""
    single = [it for it in answers if "\n" not in it.question.truth]
    yield from _named(_EVERYTHING, single)
    for kind in Kind:
        yield from _named(str(kind), [it for it in single if it.question.kind is kind])
    yield from _named(_SEVERAL, [it for it in answers if "\n" in it.question.truth])


def _named(name: str, answers: Iterable[Scored]) -> Iterator[tuple[str, list[Scored]]]:
    if found := list(answers):
        yield name, found


def _table(facts: dict[str, object], rows: dict[str, Row]) -> Table:
    table = Table(box=None, title=", ".join(f"{name} {fact}" for name, fact in facts.items()))
    for title in ("what", "n", "exact", "first line", "similarity", "parses", "by confidence"):
        table.add_column(title, justify="left" if title == "what" else "right")
    for name, row in rows.items():
        shares = (row.exact, row.first_line, row.similarity, row.parses)
        thirds = " ".join(f"{third:.0%}" for third in row.thirds)
        table.add_row(name, str(row.n), *(f"{share:.1%}" for share in shares), thirds)
    return table
