"""What answers are worth. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import fmean

from cloister.syntax.languages import language_named
from cloister.syntax.tree import parse
from train.answers import Answer
from train.questions import Question


@dataclass(frozen=True, slots=True)
class Scored:
    """One answer beside the truth; `parses` is None where the truth does not parse either."""

    question: Question
    answer: Answer
    is_exact: bool
    is_first_line_exact: bool
    similarity: float
    parses: bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """Shares of the answers; `thirds` is how many are exact in each third by confidence."""

    n: int
    exact: float
    first_line: float
    similarity: float
    parses: float
    thirds: tuple[float, float, float]


def scored(question: Question, answer: Answer) -> Scored:
    """Return the answer with what it is worth."""
    text, truth = answer.text.rstrip(), question.truth.rstrip()
    return Scored(
        question,
        answer,
        is_exact=text == truth,
        is_first_line_exact=text.partition("\n")[0].rstrip() == truth.partition("\n")[0].rstrip(),
        similarity=SequenceMatcher(None, text, truth, autojunk=False).ratio(),
        parses=_parses(question, answer.text),
    )


def row_of(answers: Sequence[Scored]) -> Row:
    """Return what some answers come to; there must be one."""
    by_confidence = sorted(answers, key=lambda it: -it.answer.probability)
    third = max(1, len(answers) // 3)
    thirds = by_confidence[:third], by_confidence[third:-third], by_confidence[-third:]
    first, second, last = (_share(part, lambda it: it.is_exact) for part in thirds)
    parsed = [it for it in answers if it.parses is not None]
    return Row(
        n=len(answers),
        exact=_share(answers, lambda it: it.is_exact),
        first_line=_share(answers, lambda it: it.is_first_line_exact),
        similarity=fmean(it.similarity for it in answers),
        parses=_share(parsed, lambda it: bool(it.parses)),
        thirds=(first, second, last),
    )


def _share(answers: Iterable[Scored], is_so: Callable[[Scored], bool]) -> float:
    return fmean([is_so(answer) for answer in answers] or [0.0])


def _parses(question: Question, text: str) -> bool | None:
    language = language_named(question.file.language)
    if language is None or parse(question.file.text, language).root.has_error:
        return None
    return not parse(question.before + text + question.after, language).root.has_error
