"""What a backend is asked to write, and what it wrote."""

from dataclasses import dataclass
from enum import StrEnum

from cloister.core.privacy import Piece
from cloister.core.prompt import Prompt


class Priority(StrEnum):
    """What goes first, in this order; nobody waits for a warm-up."""

    COUNT = "count"
    COMPLETION = "completion"
    ACTION = "action"
    WARM_UP = "warm_up"

    @property
    def rank(self) -> int:
        """The place in the order; lower goes first."""
        return list(Priority).index(self)


TEXT_SEPARATOR = "\0"
"""What stands between the texts of Surroundings; nothing is copied across it."""


@dataclass(frozen=True, slots=True, repr=False)
class Surroundings:
    """Text that an answer may repeat, beside the prompt: the rest of its file, and other files.

    `familiarity` (0 to 1) is how far the model's own expectations count: less than 1 in a language
    that it was not trained on, where it is sure of what is wrong.
    """

    file: str = ""
    others: str = ""
    familiarity: float = 1.0


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Continue `prompt` greedily by at most `max_tokens` tokens, or until one of `stop` appears.

    The stop text itself is not part of the answer. With no tokens the prompt is only read.
    `document` is any text that names the document: requests of the same one share what the model
    has read of it. With more than one of `hypotheses` the first line is not greedy but the
    likeliest of several, told in one piece. With `surroundings` what they and the prompt repeat is
    mixed into what the model expects. `pieces` say where the prompt's text came from: nothing may
    leave the machine without them.
    """

    prompt: Prompt
    max_tokens: int
    stop: tuple[str, ...] = ()
    priority: Priority = Priority.COMPLETION
    document: str = ""
    hypotheses: int = 1
    surroundings: Surroundings | None = None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of generated text; `probability` (0 to 1) is that of all its tokens together.

    A chunk always ends at a code-point boundary, so it may hold several tokens.
    """

    text: str
    probability: float
    n_tokens: int = 1


class Finish(StrEnum):
    """Why generation ended."""

    END = "end"
    STOP = "stop"
    LENGTH = "length"
    ENOUGH = "enough"
    CANCELLED = "cancelled"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Timings:
    """Counts in tokens, durations in milliseconds; `evaluated + reused = prompt` tokens.

    Of the generated tokens, those `accepted` were guessed before among those `drafted`.
    `first_token_ms` and `total_ms` are measured by the backend from the moment it got the request.
    """

    prompt_tokens: int = 0
    evaluated_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    first_token_ms: float = 0.0
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Generation:
    """Everything that was written, in order."""

    chunks: tuple[Chunk, ...]
    finish: Finish
    timings: Timings

    @property
    def text(self) -> str:
        """The chunks' text, joined."""
        return "".join(chunk.text for chunk in self.chunks)
