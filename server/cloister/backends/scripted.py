"""A backend that plays a script: behaviour tests need exact answers and exact delays, not a model.

A script is JSON: `{"rules": [{"after": "text before the cursor ends with this", "text": "...",
"probability": 0.9, "hold": false, "fail": "message"}], "context_tokens": 1024}`. The first rule
whose `after` ends the prompt's prefix wins, or whose `instruction` stands in it; with one of those
the model follows instructions. `cut` says that no more tokens were left for the rest; `hold`
answers only when the request is cancelled; `fail` raises BackendUnavailableError with the message;
`crash` raises an error nobody expects.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cloister.backends.base import OnChunk
from cloister.core.cancel import CancelToken
from cloister.core.chat import Message
from cloister.core.errors import BackendUnavailableError, SettingsError
from cloister.core.generation import Chunk, Finish, Generation, GenerationRequest, Timings
from cloister.core.hardware import ModelSpeed, Placement
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt, chat_prompt

_CONTEXT_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Rule:
    """One scripted answer."""

    after: str = ""
    instruction: str = ""
    text: str = ""
    probability: float = 0.95
    cut: bool = False
    hold: bool = False
    fail: str = ""
    crash: bool = False


class ScriptedBackend:
    """Answers from rules; counts one token a word."""

    name = "scripted"
    speed: ModelSpeed | None = None
    placement: Placement | None = None

    def __init__(self, rules: Sequence[Rule], context_tokens: int = _CONTEXT_TOKENS) -> None:
        self.rules = tuple(rules)
        self.context_tokens = context_tokens
        self.follows_instructions = any(rule.instruction for rule in rules)

    @classmethod
    def from_file(cls, path: Path) -> "ScriptedBackend":
        """Read a script; raises SettingsError when it cannot be used."""
        try:
            script = json.loads(path.read_text(encoding="utf-8"))
            rules = [Rule(**rule) for rule in script["rules"]]
            return cls(rules, int(script.get("context_tokens", _CONTEXT_TOKENS)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"The backend script {path} cannot be used: {error}.") from error

    async def describe(self) -> ModelDescription:
        """Return a fixed description that the bundled family accepts."""
        return ModelDescription(
            name="cloister-scripted",
            path="",
            architecture="scripted",
            context_tokens=self.context_tokens,
            vocabulary_tokens=8192,
            fim_markers={
                "prefix": "<|fim_prefix|>",
                "suffix": "<|fim_suffix|>",
                "middle": "<|fim_middle|>",
                "file": "<|file_sep|>",
            },
            chat_template=self.follows_instructions,
        )

    async def identify(self) -> ModelDescription:
        """Return the same."""
        return await self.describe()

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(text.split()) for text in texts]

    async def chat_prompt(self, messages: Sequence[Message]) -> Prompt:
        """Return the messages' text, one after the other."""
        return chat_prompt(messages, [""] * (len(messages) + 1))

    async def generate(
        self, request: GenerationRequest, on_chunk: OnChunk, cancel: CancelToken
    ) -> Generation:
        """Play the first matching rule, one line at a time."""
        rule = self._rule_for(request)
        if rule.fail:
            raise BackendUnavailableError(rule.fail)
        if rule.crash:
            raise RuntimeError("scripted crash")
        if rule.hold:
            return await _hold(cancel)
        chunks, finish = list[Chunk](), Finish.LENGTH if rule.cut else Finish.END
        for line in _until_stop(rule.text, request.stop).splitlines(keepends=True):
            chunk = Chunk(line, rule.probability)
            chunks.append(chunk)
            await asyncio.sleep(0)
            if on_chunk(chunk):
                finish = Finish.ENOUGH
                break
        return Generation(tuple(chunks), finish, Timings(generated_tokens=len(chunks)))

    async def close(self) -> None:
        """Nothing is held."""

    def _rule_for(self, request: GenerationRequest) -> Rule:
        before = request.prompt.prefix + request.prompt.opening
        return next((rule for rule in self.rules if _matches(rule, before)), Rule())


def _matches(rule: Rule, before: str) -> bool:
    return rule.instruction in before if rule.instruction else before.endswith(rule.after)


async def _hold(cancel: CancelToken) -> Generation:
    released = asyncio.Event()
    cancel.on_cancel(released.set)
    remaining_ms = cancel.remaining_ms()
    try:
        timeout = None if remaining_ms is None else remaining_ms / 1000
        await asyncio.wait_for(released.wait(), timeout)
    except TimeoutError:
        return Generation((), Finish.DEADLINE, Timings())
    return Generation((), Finish.CANCELLED, Timings())


def _until_stop(text: str, stop: Sequence[str]) -> str:
    ends = [index for mark in stop if (index := text.find(mark)) >= 0]
    return text[: min(ends)] if ends else text
