"""One generation from prompt to last token: what is reused, what is evaluated, when it ends."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from cloister.core.errors import ModelError
from cloister.core.generation import Chunk, Finish, GenerationRequest, Timings
from cloister.core.prompt import Prompt, Segment, SegmentKind, SegmentRole
from cloister.engine.chunker import Chunker
from cloister.engine.kv import plan_prompt, room_for_answer

if TYPE_CHECKING:
    from cloister.engine.binding import Model


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom to tell: `on_evaluated` once the prompt is read, `on_chunk` for each piece of text.

    `should_stop` is asked before every token and every micro-batch.
    """

    should_stop: Callable[[], bool]
    on_evaluated: Callable[[Timings], None]
    on_chunk: Callable[[Chunk], None]


def generate(
    model: "Model", request: GenerationRequest, listener: Listener, started: float
) -> tuple[Finish, Timings]:
    """Write the answer to `request` and return how it ended; `started` is on time.monotonic.

    Raises ModelError when the prompt does not fit the model, BackendUnavailableError when
    llama.cpp fails.
    """
    tokens, n_head_tokens = _prompt_tokens(model, request.prompt)
    plan = plan_prompt(model.slots, model.idle_order, tokens, n_head_tokens)
    model.use_slot(plan.slot)
    kept = model.forget_after(plan.keep)
    evaluated = model.evaluate(tokens[kept:], listener.should_stop)
    timings = Timings(prompt_tokens=len(tokens), evaluated_tokens=evaluated, reused_tokens=kept)
    listener.on_evaluated(timings)
    if kept + evaluated < len(tokens):
        return Finish.CANCELLED, replace(timings, total_ms=_since_ms(started))
    writer = _Writer(model, listener, started)
    finish = writer.write(Chunker(request.stop), _room(model, request, len(tokens)))
    return finish, replace(
        timings,
        generated_tokens=writer.n_tokens,
        first_token_ms=writer.first_token_ms,
        total_ms=_since_ms(started),
    )


class _Writer:
    """The token loop, with the two figures that it leaves behind."""

    def __init__(self, model: "Model", listener: Listener, started: float) -> None:
        self.n_tokens = 0
        self.first_token_ms = 0.0
        self._model = model
        self._listener = listener
        self._started = started

    def write(self, chunker: Chunker, max_tokens: int) -> Finish:
        for _ in range(max_tokens):
            sampled = self._model.sample()
            self.first_token_ms = self.first_token_ms or _since_ms(self._started)
            if sampled.ends:
                return self._end(chunker, Finish.END)
            self.n_tokens += 1
            self._tell(chunker.push(sampled.piece, sampled.probability))
            if chunker.stopped:
                return Finish.STOP
            if not self._model.evaluate([sampled.token], self._listener.should_stop):
                return Finish.CANCELLED
        return self._end(chunker, Finish.LENGTH)

    def _end(self, chunker: Chunker, finish: Finish) -> Finish:
        self._tell(chunker.rest())
        return finish

    def _tell(self, chunk: Chunk | None) -> None:
        if chunk is not None:
            self._listener.on_chunk(chunk)


def _prompt_tokens(model: "Model", prompt: Prompt) -> tuple[list[int], int]:
    """Return the prompt's tokens, and how many of them are its head."""
    segments = [(segment.role, _segment_tokens(model, segment)) for segment in prompt.segments]
    tokens = [token for _, part in segments for token in part]
    n_head_tokens = sum(len(part) for role, part in segments if role is SegmentRole.HEAD)
    if not 0 < len(tokens) < model.context_tokens:
        raise ModelError(
            f"A prompt of {len(tokens)} tokens does not fit the {model.context_tokens} tokens "
            f"of {model.path.name}; shrink the context."
        )
    return tokens, n_head_tokens


def _segment_tokens(model: "Model", segment: Segment) -> list[int]:
    if segment.kind is SegmentKind.MARKER:
        return [model.marker_token(segment.text)]
    return model.tokenize(segment.text)


def _room(model: "Model", request: GenerationRequest, prompt_tokens: int) -> int:
    return room_for_answer(prompt_tokens, request.max_tokens, model.context_tokens)


def _since_ms(started: float) -> float:
    return (monotonic() - started) * 1000
