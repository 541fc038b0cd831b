"""One generation from prompt to last token: what is reused, what is evaluated, when it ends.

It is an iterator that yields wherever something more urgent may run on the same thread, even on the
same model: between micro-batches of the prompt and after every token.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from cloister.core.errors import ModelError
from cloister.core.generation import Finish, GenerationRequest, Priority, Timings
from cloister.core.prompt import Segment, SegmentKind, SegmentRole
from cloister.engine.chunker import Chunker
from cloister.engine.copying import SEPARATOR, copyable
from cloister.engine.documents import Document
from cloister.engine.kv import (
    ShiftRule,
    Step,
    Tokens,
    Wanted,
    common_length,
    evaluated_tokens,
    plan_prompt,
    room_for_answer,
)
from cloister.engine.layout import Layout, layouts, outgrows
from cloister.engine.mixture import Mixture
from cloister.engine.passages import Passage, indexed
from cloister.engine.refresh import refresh_steps
from cloister.engine.speculation import Answer, Drafter
from cloister.engine.writing import Listener, Writer

if TYPE_CHECKING:
    from cloister.engine.llama.model import Model

SHIFT_RULE = ShiftRule(fresh_tokens=32, least_tokens=64, most_drift_tokens=400)

# So much of a prompt that would be forgotten is worth keeping, for when the cursor comes back.
_WORTH_KEEPING_TOKENS = 192
# So much that two prompts begin with in common is worth copying.
_WORTH_SHARING_TOKENS = 64

__all__ = ["SHIFT_RULE", "Listener", "Steps", "generate", "refine"]

Steps = Generator[None, None, tuple[Finish, Timings]]


def generate(
    model: "Model", request: GenerationRequest, listener: Listener, started: float
) -> Steps:
    """Write the answer to `request` and return how it ended; `started` is on time.monotonic.

    A suspended generation holds its document; only from a warm-up may another one take it, and the
    warm-up ends as cancelled. Raises ModelError when the prompt does not fit the model,
    BackendUnavailableError when llama.cpp fails.
    """
    document, wanted, steps = _prepare(model, request)
    n_prompt, n_planned = len(wanted.tokens), evaluated_tokens(steps)
    try:
        n_evaluated = yield from model.carry_out(document, steps, listener.should_stop)
        timings = Timings(n_prompt, n_evaluated, n_prompt - n_planned)
        listener.on_evaluated(timings)
        if n_evaluated < n_planned:
            return Finish.CANCELLED, replace(timings, total_ms=_since_ms(started))
        writer = _writer(model, document, request, wanted.tokens, listener)
        room = room_for_answer(n_prompt, request.max_tokens, model.context_tokens)
        finish = yield from writer.write(Chunker(request.stop), room, request.hypotheses)
        document.answer = Answer(request.prompt.prefix, writer.text)
        return finish, replace(writer.timings(timings, started), total_ms=_since_ms(started))
    finally:
        if document.holder is request:
            document.holder = None


def refine(model: "Model", should_stop: Callable[[], bool]) -> Generator[None, None, int]:
    """Make the last used document exact and ready for more typing; return the evaluated tokens.

    For idle moments: a prompt that is about to be split anew is split now, and whatever is
    approximate is evaluated again, piece by piece.
    """
    document = model.documents.latest
    if document is None or document.request is None or document.holder is not None:
        return 0
    request = document.holder = replace(document.request, priority=Priority.WARM_UP)
    n_evaluated = 0
    try:
        layout = next(layouts(request.prompt, ()))
        if outgrows(layout, document.split):
            wanted = _wanted(model, layout)
            steps = plan_prompt(document.cached, wanted, model.memory, SHIFT_RULE)
            document.split, document.prompt_tokens = layout.split, len(wanted.tokens)
            n_evaluated += yield from model.carry_out(document, steps, should_stop)
        while document.holder is request and not document.cached.is_exact and not should_stop():
            steps = refresh_steps(document.cached)
            n_evaluated += yield from model.carry_out(document, steps, should_stop)
            yield
        return n_evaluated
    finally:
        if document.holder is request:
            document.holder = None


def _writer(
    model: "Model",
    document: Document,
    request: GenerationRequest,
    prompt: Tokens,
    listener: Listener,
) -> Writer:
    expected = document.answer.rest(request.prompt.prefix) if document.answer else ""
    drafter = Drafter(prompt, model.tokenize(expected))
    opening = request.prompt.opening.encode()
    return Writer(model, document, listener, drafter, opening, _mixture(model, request))


def _mixture(model: "Model", request: GenerationRequest) -> Mixture | None:
    surroundings, prompt = request.surroundings, request.prompt
    if surroundings is None:
        return None
    before, after = prompt.prefix + prompt.opening, prompt.text_of(SegmentRole.SUFFIX)
    written = _encoded(before)
    window = Passage(SEPARATOR.join((copyable(written), _encoded(after))))
    head = prompt.text_of(SegmentRole.HEAD)
    return Mixture(
        (window, indexed(surroundings.file)),
        (indexed(head), indexed(surroundings.others)),
        written,
        model.vocabulary.spelling,
        surroundings.familiarity,
    )


def _encoded(text: str) -> bytes:
    # A document may hold lone surrogates, which UTF-8 cannot.
    return text.encode("utf-8", "replace")


def _prepare(
    model: "Model", request: GenerationRequest
) -> tuple[Document, Wanted, tuple[Step, ...]]:
    """Choose a document for the request, make it hold it, and plan."""
    free = [document for document in model.documents if _is_free(document)]
    splits = [document.split for document in free if document.split is not None]
    options = [(layout, _wanted(model, layout)) for layout in layouts(request.prompt, splits)]
    document = _most_useful(free, [wanted for _, wanted in options])
    if document is None:
        document = model.documents.add(request.document)
    layout, wanted, steps = _cheapest(model, document, options)
    n_reused = len(wanted.tokens) - evaluated_tokens(steps)
    n_lost = min(document.prompt_tokens, len(document.cached.tokens)) - n_reused
    if document.name != request.document or n_lost > _WORTH_KEEPING_TOKENS:
        document = _branch(model, document, request, n_reused)
        steps = plan_prompt(document.cached, wanted, model.memory, SHIFT_RULE)
    model.documents.use(document)
    document.holder = document.request = request
    document.split, document.prompt_tokens = layout.split, len(wanted.tokens)
    return document, wanted, steps


def _most_useful(documents: Sequence[Document], options: Sequence[Wanted]) -> Document | None:
    """Return the document that shares most with one of the options, of equals the last used."""
    shared = {
        document: max(common_length(document.cached.tokens, wanted.tokens) for wanted in options)
        for document in reversed(documents)
    }
    return max(shared, key=shared.__getitem__, default=None)


def _cheapest(
    model: "Model", document: Document, options: Sequence[tuple[Layout, Wanted]]
) -> tuple[Layout, Wanted, tuple[Step, ...]]:
    """Return the layout to use: the first one, unless another costs less than half of it."""
    plans = [
        (layout, wanted, plan_prompt(document.cached, wanted, model.memory, SHIFT_RULE))
        for layout, wanted in options
    ]
    best = min(plans, key=lambda plan: evaluated_tokens(plan[2]))
    is_worth_it = 2 * evaluated_tokens(best[2]) < evaluated_tokens(plans[0][2])
    return best if is_worth_it else plans[0]


def _branch(
    model: "Model", document: Document, request: GenerationRequest, n_reused: int
) -> Document:
    """Return a document to go on with that leaves `document` as it is."""
    if n_reused < _WORTH_SHARING_TOKENS:
        return model.documents.add(request.document)
    return model.fork(document, request.document)


def _is_free(document: Document) -> bool:
    return document.holder is None or document.holder.priority is Priority.WARM_UP


def _wanted(model: "Model", layout: Layout) -> Wanted:
    """Return the layout in tokens; raises ModelError when it does not fit."""
    lead, tail, rest = (
        tuple(token for segment in part for token in _segment_tokens(model, segment))
        for part in (layout.lead, layout.tail, layout.rest)
    )
    n_tokens = len(lead) + len(tail) + len(rest)
    if not 0 < n_tokens < model.context_tokens:
        raise ModelError(
            f"A prompt of {n_tokens} tokens does not fit the {model.context_tokens} tokens "
            f"of {model.path.name}; shrink the context."
        )
    return Wanted(lead, tail, rest)


def _segment_tokens(model: "Model", segment: Segment) -> Sequence[int]:
    if segment.kind is SegmentKind.MARKER:
        return [model.vocabulary.marker_token(segment.text)]
    if segment.kind is SegmentKind.TEMPLATE:
        return model.vocabulary.template_tokens(segment.text)
    return model.vocabulary.segment_tokens(segment.text)


def _since_ms(started: float) -> float:
    return (monotonic() - started) * 1000
