"""Repairs one after the other, in memory: each is about what the one before made of the document.

What cannot be used is left out and counted. All that was made is one change of the document as it
was open, so that undoing takes it back at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.edit import TextEdit, edited
from cloister.core.text import Span, Text
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.minimal import minimal_edits
from cloister.features.editing.place import Place, read_document
from cloister.features.editing.steps import Step, Watch
from cloister.features.editing.task import Instruction, PartialEdits, Series

REPAIR_MS = 120_000

Make = Callable[[Instruction, Place, Watch, CancelToken], Awaitable[tuple[TextEdit, ...]]]
"""Has a model do what an instruction says at a place; raises as `ActionFeature.result` does."""


async def made_in_turn(
    series: Series, place: Place, make: Make, watch: Watch, cancel: CancelToken
) -> tuple[TextEdit, ...] | PartialEdits:
    """Return the edits of all repairs that could be made; each has a time limit of its own.

    Raises RefusedAnswerError when there is none, StoppedError when somebody cancels, and what else
    `make` raises: then nothing is changed.
    """
    here, n_made, reasons = place, 0, list[str]()
    spans = [it.instruction.span for it in series.repairs]
    moved = spans
    for number, each in enumerate(series.repairs):
        numbered = partial(_numbered, watch, f"{number + 1} of {len(spans)}")
        instruction = replace(each.instruction, span=moved[number])
        try:
            edits = await make(instruction, here, numbered, cancel.again(REPAIR_MS))
        except RefusedAnswerError as error:
            reasons.append(str(error))
        except StoppedError:
            if cancel.cancelled:
                raise
            reasons.append("The model took too long; fix less at once.")
        else:
            here = await asyncio.to_thread(_after, here, edits)
            moved = [_moved(span, edits) for span in moved]
            n_made += each.n_problems
    if not n_made:
        raise RefusedAnswerError(f"Nothing was fixed. {reasons[0]}")
    edits = await asyncio.to_thread(_composed, (place.text, spans), (here.text, moved))
    return PartialEdits(edits, _report(n_made, series)) if reasons else edits


def _numbered(watch: Watch, number: str, step: Step) -> None:
    watch(replace(step, message=f"{number}: {step.message}"))


def _report(n_made: int, series: Series) -> str:
    n_problems = sum(it.n_problems for it in series.repairs)
    return f"Changed {n_made} of {n_problems}; for the others the model gave no usable answer."


def _after(place: Place, edits: Sequence[TextEdit]) -> Place:
    document = replace(place.read.document, text=Text(edited(place.text.value, edits)))
    return replace(place, read=read_document(document, place.read.language))


def _moved(span: Span, edits: Iterable[TextEdit]) -> Span:
    """Return where a span is after edits that lie within it or outside of it."""
    start, end = span.start, span.end
    for edit in edits:
        growth = len(edit.text) - (edit.span.end - edit.span.start)
        if edit.span.end <= span.start:
            start, end = start + growth, end + growth
        elif edit.span.start <= span.end:
            end += growth
    return Span(start, end)


def _composed(
    before: tuple[Text, Sequence[Span]], after: tuple[Text, Sequence[Span]]
) -> tuple[TextEdit, ...]:
    """Return the smallest edits of each span and of each gap between them."""
    (old, spans), (new, moved) = before, after
    edits: list[TextEdit] = []
    at = now = 0
    ends = Span(len(old), len(old)), Span(len(new), len(new))
    for span, there in (*zip(spans, moved, strict=True), ends):
        edits += minimal_edits(old.value[at : span.start], new.value[now : there.start], at)
        wanted = new.value[there.start : there.end]
        edits += minimal_edits(old.value[span.start : span.end], wanted, span.start)
        at, now = span.end, there.end
    return tuple(edits)
