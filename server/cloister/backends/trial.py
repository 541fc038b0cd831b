"""The same small tasks for every backend, with a text of our own: what works, and at what cost."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cloister.backends.base import ChatBackend
from cloister.backends.remote import RemoteBackend
from cloister.core.cancel import CancelToken
from cloister.core.chat import Message, Role
from cloister.core.context import CompletionContext
from cloister.core.errors import CloisterError, ModelError
from cloister.core.generation import Generation, GenerationRequest, Priority
from cloister.core.text import Span
from cloister.egress.dialects import Chat, Counted, Question
from cloister.egress.messages import Approval, Purpose
from cloister.families import family_of, why_no_family

_BEFORE = "def add(first, second):\n    return "
_AFTER = "\n\n\nprint(add(1, 2))\n"
_CONTEXT = CompletionContext("add.py", _BEFORE, _AFTER, Span(0, len(_BEFORE + _AFTER)))
_CHAT = Chat((Message(Role.USER, "Answer with the single word: hello"),), 32)
_MOST_TOKENS = 24
_DEADLINE_MS = 60_000.0


@dataclass(frozen=True, slots=True)
class Trial:
    """How one task went; `problem` says why it did not, and then the rest says nothing.

    `cost` is in US dollars, None where no price is known; local tokens cost nothing.
    """

    backend: str
    task: str
    problem: str = ""
    text: str = ""
    first_token_ms: float = 0.0
    total_ms: float = 0.0
    prompt_tokens: int = 0
    generated_tokens: int = 0
    cost: float | None = None


async def try_local(backend: ChatBackend, chatting: ChatBackend) -> list[Trial]:
    """Return how a completion goes on this machine, and a chat with who follows instructions."""

    async def complete() -> Generation:
        description = await backend.describe()
        family = family_of(description)
        if family is None:
            raise ModelError(f"The model cannot complete: {why_no_family(description)}.")
        prompt = family.render(_CONTEXT, description)
        request = GenerationRequest(prompt, _MOST_TOKENS, (*family.stops, "\n"))
        return await backend.generate(request, _all, CancelToken.after_ms(_DEADLINE_MS))

    async def chat() -> Generation:
        prompt = await chatting.chat_prompt(_CHAT.messages)
        request = GenerationRequest(prompt, _CHAT.max_tokens, priority=Priority.ACTION)
        return await chatting.generate(request, _all, CancelToken.after_ms(_DEADLINE_MS))

    tasks = (("completion", complete), ("chat", chat))
    return [await _tried(backend.name, task, run, lambda _generation: 0.0) for task, run in tasks]


async def try_remote(backend: RemoteBackend) -> list[Trial]:
    """Return how a completion and a chat go at a service; nothing of the user's is sent."""
    infill = backend.drafting.infill(_CONTEXT, _MOST_TOKENS, ("\n",))
    questions: tuple[tuple[str, Question], ...] = (("completion", infill), ("chat", _CHAT))
    return [await _asked(backend, task, question) for task, question in questions]


async def _asked(backend: RemoteBackend, task: str, question: Question) -> Trial:
    price = backend.drafting.price

    async def send() -> Generation:
        draft = backend.drafting.draft(question, (), Purpose.TRIAL)
        cancel = CancelToken.after_ms(_DEADLINE_MS)
        # Whoever runs a trial has agreed to this very text, which is ours.
        return await backend.send(draft, _all, cancel, Approval.PREVIEW)

    def cost(generation: Generation) -> float | None:
        timings = generation.timings
        counted = Counted(timings.prompt_tokens, timings.generated_tokens, timings.reused_tokens)
        return price.cost_of(counted) if price else None

    return await _tried(backend.name, task, send, cost)


async def _tried(
    name: str,
    task: str,
    run: Callable[[], Awaitable[Generation]],
    cost: Callable[[Generation], float | None],
) -> Trial:
    started = time.monotonic()
    try:
        generation = await run()
    except CloisterError as error:
        return Trial(name, task, str(error))
    timings = generation.timings
    return Trial(
        backend=name,
        task=task,
        problem="" if generation.text.strip() else "The answer is empty.",
        text=generation.text,
        first_token_ms=timings.first_token_ms,
        total_ms=(time.monotonic() - started) * 1000,
        prompt_tokens=timings.prompt_tokens,
        generated_tokens=timings.generated_tokens,
        cost=cost(generation),
    )


def _all(_chunk: object) -> bool:
    return False
