"""A loaded model: reads prompts into its cells and says what it would write next."""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import llama_cpp as llama
import numpy as np
from numpy.typing import NDArray

from cloister.core.errors import ModelError
from cloister.core.hardware import ON_PROCESSOR, ModelSpeed, Placement
from cloister.engine.chat import chat_layout
from cloister.engine.healing import Spellings
from cloister.engine.hypotheses import Choice
from cloister.engine.llama.cells import Cells
from cloister.engine.llama.context import Context
from cloister.engine.llama.rehearsal import measure_speed
from cloister.engine.llama.vocabulary import Vocabulary
from cloister.engine.llama.weights import OnProgress, RefusedError, load_weights
from cloister.engine.mixture import NO_ADVICE, Advice, mixed
from cloister.engine.model_file import MOST_CONTEXT_TOKENS
from cloister.engine.speculation import BatchCosts
from cloister.engine.speed_cache import SpeedCache
from cloister.gguf.cursor import DamagedGgufError
from cloister.gguf.description import describe
from cloister.gguf.header import Header, read_header

# No line with a token this much less likely than another has ever been the likeliest.
_LEAST_POWER = 1e-4
_REMEMBERED_OPENINGS = 256
_END = Choice(token=0, piece=b"", probability=0.0, ends=True)


def open_model(
    path: Path,
    n_threads: int,
    on_progress: OnProgress,
    placement: Placement = ON_PROCESSOR,
) -> "Model":
    """Load the weights and make a context; everything is on the processor without a `placement`.

    Raises ModelError when llama.cpp refuses the file.
    """
    try:
        weights = load_weights(path, placement.gpu_layers, on_progress)
        try:
            return Model(path, weights, n_threads, placement)
        except RefusedError:
            llama.llama_model_free(weights)
            raise
    except RefusedError as error:
        raise ModelError(
            f"llama.cpp cannot load the model {path} ({error}); choose another model."
        ) from error


class Model(Cells):
    """Evaluates and samples in one document at a time; `open_model` makes it, `close` it once.

    Not thread-safe.
    """

    def __init__(
        self,
        path: Path,
        weights: llama.llama_model_p,
        n_threads: int,
        placement: Placement = ON_PROCESSOR,
    ) -> None:
        self.path = path
        self.placement = placement
        self.batch_costs = BatchCosts()
        self._speeds: SpeedCache | None = None
        self._weights = weights
        header = _header(path)
        context_tokens = min(int(llama.llama_model_n_ctx_train(weights)), MOST_CONTEXT_TOKENS)
        super().__init__(Context(weights, context_tokens, n_threads, placement))
        self.vocabulary = Vocabulary(weights, path.name)
        self.context_tokens = min(self._context.n_tokens, context_tokens)
        self.description = describe(header, path, self.context_tokens)

    def close(self) -> None:
        """Free everything; the model must not be used afterwards."""
        if self._speeds is not None:
            self._speeds.remember(self.speed)
        self._context.close()
        llama.llama_model_free(self._weights)

    @property
    def speed(self) -> ModelSpeed | None:
        """How fast the model runs here, by its latest evaluations."""
        return self._context.meter.speed

    def find_speed(self, speeds: SpeedCache) -> None:
        """Recall the speed or measure it, before the first document, and keep it at the end."""
        measure_speed(self._context, self.vocabulary.n_tokens, speeds)
        self._speeds = speeds

    def use_threads(self, n_threads: int) -> None:
        """Evaluate with `n_threads` threads from now on."""
        self._context.use_threads(n_threads)

    def lay_out_chat(self, roles: Sequence[str]) -> tuple[str, ...]:
        """Return what the file's chat template puts around turns of these roles.

        Raises ModelError when it has none, or none that can be used; see `chat_layout`.
        """
        template = llama.llama_model_chat_template(self._weights, None)
        if not template:
            raise ModelError(
                f"The model {self.path.name} was not made for instructions; choose another one."
            )
        text = bytes(template).decode("utf-8", "replace")
        return chat_layout(text, roles, self.vocabulary.special_texts, self.path.name)

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of plain text; what looks like a marker stays text.

        Raises ModelError for a text too long for any context.
        """
        return self.vocabulary.tokenize(text)

    def sample(self, place: int = -1, opening: bytes = b"", advice: Advice = NO_ADVICE) -> Choice:
        """Return the most likely token after entry `place` of what was evaluated last.

        Entries are those that can be sampled, -1 the last of them. With an `opening` only tokens
        are considered that spell its beginning, or begin with it, and the probability is that
        among them; when there is none the model has nothing to say. `advice` is mixed in.
        """
        choices = self.choices(place, opening, 1, advice)
        return max(choices, key=lambda choice: choice.probability)

    def choices(
        self, place: int, opening: bytes, n_tokens: int, advice: Advice = NO_ADVICE
    ) -> list[Choice]:
        """Return at least the `n_tokens` most likely next tokens, where there are; see `sample`."""
        tokens = self._openings(opening) if opening else None
        logits = self._context.logits(place)
        powers = _powers(logits if tokens is None else logits[tokens])
        if not powers.size:
            return [_END]
        indexes = _largest(powers, n_tokens)
        if advice.guesses:
            indexes = indexes.union(_places_of(advice.tokens, tokens))
        total = powers.sum()
        probabilities = {
            index if tokens is None else int(tokens[index]): float(powers[index] / total)
            for index in indexes
        }
        if advice is not NO_ADVICE:
            probabilities = mixed(probabilities, advice)
        return [self._choice(token, share) for token, share in probabilities.items()]

    def log2_probability(self, token: int, place: int = -1) -> float:
        """Return the base-2 logarithm of how likely `token` is after entry `place`."""
        logits = self._context.logits(place).astype(np.float64)
        highest = logits.max()
        surplus = float(logits[token] - highest - np.log(np.exp(logits - highest).sum()))
        return surplus / math.log(2)

    @cached_property
    def _openings(self) -> Callable[[bytes], NDArray[np.intp]]:
        vocabulary = self.vocabulary
        spellings = Spellings([vocabulary.piece(token) for token in range(vocabulary.n_tokens)])
        return lru_cache(_REMEMBERED_OPENINGS)(
            lambda opening: np.array(sorted(spellings.openings(opening)), np.intp)
        )

    def _choice(self, token: int, probability: float) -> Choice:
        vocabulary = self.vocabulary
        return Choice(token, vocabulary.piece(token), probability, vocabulary.ends(token))


def _powers(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities that have not been divided by their sum yet; the largest is 1."""
    powers: NDArray[np.float32] = logits - logits.max(initial=-np.inf)
    return np.exp(powers, out=powers)


def _largest(powers: NDArray[np.float32], n_tokens: int) -> set[int]:
    """Return where at least the `n_tokens` largest are, of all that count for anything."""
    if n_tokens == 1:
        return {int(powers.argmax())}
    counting = np.flatnonzero(powers > _LEAST_POWER)
    n_others = max(0, counting.size - n_tokens)
    return set(counting[np.argpartition(powers[counting], n_others)[n_others:]].tolist())


def _places_of(wanted: Iterable[int], tokens: NDArray[np.intp] | None) -> Iterable[int]:
    """Return at which places in `tokens`, which are in order, those that are wanted stand."""
    if tokens is None:
        return wanted
    places = ((int(tokens.searchsorted(token)), token) for token in wanted)
    return (at for at, token in places if at < tokens.size and tokens[at] == token)


def _header(path: Path) -> Header:
    try:
        return read_header(path)
    except (OSError, DamagedGgufError) as error:
        raise RefusedError(str(error)) from error
