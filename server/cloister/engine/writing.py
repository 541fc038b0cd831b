"""The token loop: what the model writes after a prompt, in as few evaluations as pays.

Each evaluation appends the last token and a draft of the next ones. As many drafted tokens are kept
as the model would have written itself; the others are forgotten before anybody else can run.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from cloister.core.generation import Chunk, Finish, Timings
from cloister.engine.chunker import Chunker
from cloister.engine.documents import Document
from cloister.engine.healing import told_and_left
from cloister.engine.hypotheses import Beam
from cloister.engine.kv import Evaluate, Tokens
from cloister.engine.line_search import find_line
from cloister.engine.mixture import Mixture, no_mixture
from cloister.engine.speculation import Drafter

if TYPE_CHECKING:
    from cloister.engine.llama.model import Model

_NO_TOKEN = -1


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom to tell: `on_evaluated` once the prompt is read, `on_chunk` for each piece of text.

    `should_stop` is asked before every evaluation and, on the CPU, within each.
    """

    should_stop: Callable[[], bool]
    on_evaluated: Callable[[Timings], None]
    on_chunk: Callable[[Chunk], None]


class Writer:
    """Writes one answer into `document`, which holds the prompt and nothing after it.

    `opening` is what the answer must begin with; it is not told.
    """

    def __init__(
        self,
        model: "Model",
        document: Document,
        listener: Listener,
        drafter: Drafter,
        opening: bytes,
        mixture: Mixture | None = None,
    ) -> None:
        self._model = model
        self._document = document
        self._listener = listener
        self._drafter = drafter
        self._opening = opening
        self._mixture = mixture or no_mixture()
        self._told = b""
        self._spelled = b""
        self._token = _NO_TOKEN
        self._n_tokens = self._n_drafted = self._n_accepted = 0
        self._first_token_at: float | None = None

    def write(
        self, chunker: Chunker, max_tokens: int, n_hypotheses: int = 1
    ) -> Generator[None, None, Finish]:
        """Write at most `max_tokens`, yielding before every evaluation; return why it ended.

        With several hypotheses the first line is the likeliest of those.
        """
        finish = None
        if n_hypotheses > 1 and max_tokens and self._model.memory.shifts:
            finish = yield from self._write_line(chunker, max_tokens, n_hypotheses)
        draft: Tokens = ()
        while finish is None and (finish := self._keep(draft, chunker, max_tokens)) is None:
            yield
            draft = self._guess(max_tokens - self._n_tokens - 1)
            finish = yield from self._evaluate_draft(draft)
        if finish is not Finish.CANCELLED:
            self._tell(chunker.rest())
        return finish

    @property
    def text(self) -> str:
        """The whole answer so far."""
        return self._spelled.decode("utf-8", "ignore")

    def timings(self, prompt: Timings, started: float) -> Timings:
        """Return the timings of the whole, given those of the prompt."""
        first_token_at = self._first_token_at or started
        return replace(
            prompt,
            generated_tokens=self._n_tokens,
            drafted_tokens=self._n_drafted,
            accepted_tokens=self._n_accepted,
            first_token_ms=1000 * (first_token_at - started),
        )

    def _keep(self, draft: Tokens, chunker: Chunker, max_tokens: int) -> Finish | None:
        """Take what the model writes while it is what was drafted, and forget the rest."""
        n_kept, finish = 0, None
        for place, guess in enumerate((*draft, _NO_TOKEN), -1 - len(draft)):
            finish = self._take(place, chunker, max_tokens)
            if finish is not None or self._token != guess:
                break
            n_kept += 1
        self._n_accepted += n_kept
        if n_kept < len(draft):
            n_tokens = len(self._document.cached.tokens) - len(draft) + n_kept
            self._model.keep(self._document, n_tokens)
        return finish

    def _take(self, place: int, chunker: Chunker, max_tokens: int) -> Finish | None:
        """Take the model's next token, evaluated at `place`; return why there is no other."""
        if self._n_tokens == max_tokens:
            return Finish.LENGTH
        advice = self._mixture.advice(self._told, self._opening)
        sampled = self._model.sample(place, self._opening, advice)
        self._first_token_at = self._first_token_at or monotonic()
        if sampled.ends:
            return Finish.END
        self._n_tokens += 1
        self._token = sampled.token
        self._drafter.add(sampled.token)
        self._spelled += sampled.piece
        told, self._opening = told_and_left(sampled.piece, self._opening)
        self._told += told
        self._tell(chunker.push(told, sampled.probability))
        if chunker.stopped:
            return Finish.STOP
        # The last token is never evaluated: nothing follows it.
        return Finish.LENGTH if self._n_tokens == max_tokens else None

    def _guess(self, most_tokens: int) -> Tokens:
        if not self._model.memory.rewinds:
            return ()
        # What begins an answer is no text of its own, and nothing goes on from it.
        others = [] if self._opening else [self._mixture.forecast(self._told)]
        draft = self._drafter.draft(most_tokens, self._model.batch_costs.cost, *others)
        self._n_drafted += len(draft)
        return draft

    def _write_line(
        self, chunker: Chunker, max_tokens: int, n_hypotheses: int
    ) -> Generator[None, None, Finish | None]:
        """Write the first line; return why there is no other."""
        beam = Beam(n_hypotheses, self._opening)
        line = yield from find_line(
            self._model,
            self._document,
            beam,
            max_tokens,
            self._mixture.advice,
            self._listener.should_stop,
        )
        self._first_token_at = monotonic()
        if line is None:
            return Finish.CANCELLED
        self._n_tokens = len(line.tokens)
        self._told = line.text + line.rest
        self._spelled, self._opening = self._opening + self._told, b""
        self._tell(chunker.push(line.text, line.probability, self._n_tokens))
        self._tell(chunker.push(line.rest, 1.0, 0))
        if chunker.stopped or not line.rest:
            return Finish.STOP if chunker.stopped else Finish.END
        for token in line.tokens:
            self._drafter.add(token)
        yield
        return (yield from self._append(Evaluate(line.tokens)))

    def _evaluate_draft(self, draft: Tokens) -> Generator[None, None, Finish | None]:
        tokens = (self._token, *draft)
        started = monotonic()
        finish = yield from self._append(Evaluate(tokens, n_sampled=len(tokens)))
        if finish is None:
            self._model.batch_costs.record(len(tokens), monotonic() - started)
        return finish

    def _append(self, step: Evaluate) -> Generator[None, None, Finish | None]:
        n_tokens = yield from self._model.carry_out(
            self._document, [step], self._listener.should_stop
        )
        return None if n_tokens == len(step.tokens) else Finish.CANCELLED

    def _tell(self, chunk: Chunk | None) -> None:
        if chunk is not None:
            self._listener.on_chunk(chunk)
