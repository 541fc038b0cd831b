"""What an answer of a service has brought so far, as chunks, counts and times."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from cloister.backends.base import OnChunk
from cloister.backends.draft import Draft
from cloister.backends.estimate import estimated_tokens
from cloister.core.generation import Chunk, Finish, Generation, Timings
from cloister.egress.dialects import Counted, Ended, Event, Wrote
from cloister.egress.dialects.gap import is_filled, text_for_gap


@dataclass(slots=True)
class Writing:
    """One answer; `tells_confidence` says whether every part of it came with a probability."""

    draft: Draft
    on_chunk: OnChunk
    finish: Finish = Finish.END
    tells_confidence: bool = True
    _chunks: list[Chunk] = field(default_factory=list)
    _told: Counted = field(default_factory=Counted)
    _text: str = ""
    _n_shown: int = 0
    _started: float = field(default_factory=time.monotonic)
    _first_token_ms: float = 0.0

    @property
    def is_estimated(self) -> bool:
        """Whether the service did not count."""
        return self._told.prompt_tokens is None or self._told.generated_tokens is None

    def take(self, events: Sequence[Event]) -> bool:
        """Take what came; returns whether nothing more is wanted."""
        return any(self._take(event) for event in events)

    def close(self) -> bool:
        """Show what is only judged as a whole; returns that nothing more is wanted."""
        if self.draft.gap is not None:
            self._show(text_for_gap(self.draft.gap, self._text), 1.0)
        return True

    def counted(self) -> Counted:
        """Return the service's counts, and estimates for what it did not count."""
        told = self._told
        generated = told.generated_tokens
        return Counted(
            self.draft.prompt_tokens if told.prompt_tokens is None else told.prompt_tokens,
            estimated_tokens(self._text) if generated is None else generated,
            told.reused_tokens or 0,
        )

    def generation(self) -> Generation:
        """Return everything that was written."""
        counted = self.counted()
        prompt, reused = counted.prompt_tokens or 0, counted.reused_tokens or 0
        timings = Timings(
            prompt_tokens=prompt,
            evaluated_tokens=max(0, prompt - reused),
            reused_tokens=reused,
            generated_tokens=counted.generated_tokens or 0,
            first_token_ms=self._first_token_ms,
            total_ms=self._since_ms(),
        )
        return Generation(tuple(self._chunks), self.finish, timings)

    def _take(self, event: Event) -> bool:
        match event:
            case Wrote(text=text, probability=probability):
                self._first_token_ms = self._first_token_ms or self._since_ms()
                self._text += text
                if self.draft.gap is None:
                    return self._show_new(probability)
                self.tells_confidence = False
                return is_filled(self._text) and self.close()
            case Counted():
                self._told = _joined(self._told, event)
            case Ended(finish=finish):
                self.finish = finish
        return False

    def _show_new(self, probability: float | None) -> bool:
        """Show what is new before any stop text, which a service may not know of."""
        self.tells_confidence = self.tells_confidence and probability is not None
        visible = _until_stop(self._text, self.draft.stop)
        new, self._n_shown = visible[self._n_shown :], len(visible)
        is_enough = self._show(new, 1.0 if probability is None else probability)
        if len(visible) < len(self._text):
            self.finish = Finish.STOP
            return True
        return is_enough

    def _show(self, text: str, probability: float) -> bool:
        if not text:
            return False
        chunk = Chunk(text, probability)
        self._chunks.append(chunk)
        is_enough = self.on_chunk(chunk)
        if is_enough:
            self.finish = Finish.ENOUGH
        return is_enough

    def _since_ms(self) -> float:
        return (time.monotonic() - self._started) * 1000


def _joined(told: Counted, more: Counted) -> Counted:
    """Return both counts; what is told later counts."""
    return Counted(
        told.prompt_tokens if more.prompt_tokens is None else more.prompt_tokens,
        told.generated_tokens if more.generated_tokens is None else more.generated_tokens,
        told.reused_tokens if more.reused_tokens is None else more.reused_tokens,
    )


def _until_stop(text: str, stops: Sequence[str]) -> str:
    ends = [index for stop in stops if (index := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text
