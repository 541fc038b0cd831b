"""The seam between features and whatever generates; a backend is local, remote or scripted."""

from collections.abc import Callable, Sequence
from typing import Protocol

from cloister.core.cancel import CancelToken
from cloister.core.chat import Message
from cloister.core.generation import Chunk, Generation, GenerationRequest
from cloister.core.hardware import ModelSpeed, Placement
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt

LOCAL = "local"
"""The name of the backend that costs nothing and sends nothing anywhere."""

OnChunk = Callable[[Chunk], bool]
"""Called with each chunk as it arrives; returning True means that enough has been written."""

OnLoading = Callable[[float], None]
"""Called with the loaded fraction (0 to 1) while a model loads; 1.0 when it is ready."""


class TokenCounter(Protocol):
    """Measures texts."""

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, tokenized alone without special tokens."""


class Backend(TokenCounter, Protocol):
    """Generates text for prompts; safe to call concurrently from one event loop."""

    @property
    def name(self) -> str:
        """A short name for people and JSON: `local`, `scripted`."""

    @property
    def speed(self) -> ModelSpeed | None:
        """How fast the model runs here, as far as it is known by now."""

    @property
    def placement(self) -> Placement | None:
        """Where the model's layers are; None until it is loaded."""

    async def describe(self) -> ModelDescription:
        """Return the model's description, starting the engine and loading the model if needed.

        Raises ModelError for an unusable model, BackendUnavailableError when nothing can run.
        """

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        """Generate until the model ends, a limit is met, `on_chunk` has enough, or `cancel` stops.

        A cancelled or expired request returns at once with what was written (Finish.CANCELLED or
        Finish.DEADLINE); the engine is told and stops on its own. Raises BackendUnavailableError
        when the engine died or is off, ModelError when the model cannot take the prompt.
        """

    async def close(self) -> None:
        """Release connections; the shared engine itself lives on for other windows."""


class ChatBackend(Backend, Protocol):
    """A backend that also takes conversations as prompts."""

    async def identify(self) -> ModelDescription:
        """Return what the model's file says of itself; nothing is started or loaded.

        Raises ModelError for an unusable file.
        """

    async def chat_prompt(self, messages: Sequence[Message]) -> Prompt:
        """Return a conversation as the model was trained to read it, up to its answer.

        Raises ModelError for a model that was not made for instructions.
        """
