"""Fills a hole of a document with a model that was trained for infilling.

The model sees the document as it would be with the hole's surroundings in place; what it wrote is
then checked like any other answer.
"""

import asyncio
from dataclasses import dataclass, replace
from math import exp, log

from cloister.backends.base import Backend, OnChunk
from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.edit import TextEdit
from cloister.core.generation import Chunk, Finish, Generation, GenerationRequest, Priority
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Span, Text, with_plain_newlines
from cloister.families import Family
from cloister.features.completion.telling import Telling
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.fitting import leading_space, line_terminator
from cloister.features.editing.place import Place
from cloister.features.editing.propose import Target, checked_edits, whole_lines
from cloister.features.editing.task import Hole
from cloister.policy.budget import Budget
from cloister.settings.settings import ContextSettings

LEAST_TOKEN_PROBABILITY = 0.3
"""A text whose tokens are less likely than this on average is a guess."""

_LEAST_LINES_COPIED = 2


@dataclass(frozen=True, slots=True)
class Filler:
    """A model that fills holes, with what it needs."""

    backend: Backend
    telling: Telling
    family: Family
    budget: Budget
    context: ContextSettings
    on_chunk: OnChunk


async def filled(
    hole: Hole, place: Place, filler: Filler, cancel: CancelToken
) -> tuple[TextEdit, ...]:
    """Return the edits that fill the hole.

    Raises RefusedAnswerError when what was written cannot be used, StoppedError and
    CloisterError as the backend does.
    """
    request = _request(hole, place)
    context = await filler.telling.context(request, filler.budget, filler.context)
    description = await filler.backend.describe()
    watch = _EndWatch(hole)
    generation = await filler.backend.generate(
        GenerationRequest(
            prompt=filler.family.render(context, description),
            max_tokens=hole.most_tokens,
            stop=(*filler.family.stops, *hole.stop),
            priority=Priority.ACTION,
            document=request.document.uri,
            surroundings=filler.telling.surroundings(request, context.window, filler.family),
        ),
        lambda chunk: filler.on_chunk(chunk) or watch(chunk),
        cancel,
    )
    if cancel.stopped:
        raise StoppedError
    if _token_probability(generation) < LEAST_TOKEN_PROBABILITY:
        raise RefusedAnswerError("The model does not know what belongs here; write a first line.")
    written = watch.wanted(generation.text, generation.finish)
    return await asyncio.to_thread(_edits, written, hole, place)


def _request(hole: Hole, place: Place) -> CompletionRequest:
    """Return the document as it is around the hole, under a name of its own."""
    document = place.read.document
    before = document.text.value[: hole.span.start] + _terminated(hole.lead, document.text)
    after = _terminated(hole.tail, document.text) + document.text.value[hole.span.end :]
    text = Text(before + after)
    shown = replace(document, uri=f"{document.uri}#action", text=text)
    return CompletionRequest(shown, len(before), Trigger.INVOKED, place.root)


def _edits(written: str, hole: Hole, place: Place) -> tuple[TextEdit, ...]:
    document, span = place.read.document, hole.span
    if not written.strip():
        raise RefusedAnswerError("The model wrote nothing here; try again or write a first line.")
    if _is_copied(written, document.text, hole):
        raise RefusedAnswerError(
            "The model repeated what stands elsewhere in the file; write a first line."
        )
    filled_hole = _terminated(f"{hole.lead}{written.rstrip()}{hole.tail}", document.text)
    lines = whole_lines(document.text, span)
    if lines.end < span.end:
        lines = Span(lines.start, document.text.line_end(document.text.line_of(span.end)))
    source = document.text.value
    new = source[lines.start : span.start] + filled_hole + source[span.end : lines.end]
    return checked_edits(new, (), Target(document, lines, place.read.language, hole.promise))


def _is_copied(written: str, text: Text, hole: Hole) -> bool:
    """Return whether the file has all of it already: a line of documentation, or lines of code.

    What a small model copies as a whole is about something else; one line of code may well be
    wanted twice.
    """
    lines = _bare_lines(written)
    if not hole.promise.code and len(lines) < _LEAST_LINES_COPIED:
        return False
    return "\n".join(lines) in "\n".join(_bare_lines(with_plain_newlines(text.value)))


def _bare_lines(text: str) -> list[str]:
    return [bare for line in text.split("\n") if (bare := line.strip())]


def _token_probability(generation: Generation) -> float:
    """Return the geometric mean of the tokens' probabilities."""
    n_tokens = sum(chunk.n_tokens for chunk in generation.chunks)
    logs = (log(max(chunk.probability, 1e-30)) for chunk in generation.chunks)
    return exp(sum(logs) / n_tokens) if n_tokens else 1.0


def _terminated(text: str, document: Text) -> str:
    return with_plain_newlines(text).replace("\n", line_terminator(document))


class _EndWatch:
    """Says when the hole is filled: at the first line that is indented less than it."""

    def __init__(self, hole: Hole) -> None:
        self._width = None if hole.indentation is None else _width(hole.indentation)
        self._text = ""

    def __call__(self, chunk: Chunk) -> bool:
        self._text += chunk.text
        return "\n" in self._text and self._end(self._text) is not None

    def wanted(self, text: str, finish: Finish) -> str:
        """Return what of the written text fills the hole; half a last line does not."""
        text = with_plain_newlines(text)
        end = self._end(text)
        if end is not None:
            return text[:end]
        is_cut = finish is Finish.LENGTH and "\n" in text.strip()
        return text[: text.rfind("\n")] if is_cut else text

    def _end(self, text: str) -> int | None:
        if self._width is None:
            return None
        start = text.find("\n") + 1
        while 0 < start < len(text):
            line = text[start:].partition("\n")[0]
            # A line that has only begun may still be indented further.
            if line.strip() and _width(leading_space(line)) < self._width:
                return start - 1
            start = text.find("\n", start) + 1
        return None


def _width(space: str) -> int:
    return len(space.expandtabs(4))
