"""Ollama's own API, one object a line: chat, raw prompts, and prompts with a suffix.

Rests on its public API reference: `/api/generate` takes `raw` (no template) or `suffix` (where the
model's template has a place for it), `/api/chat` takes messages; lengths and stops go into
`options`, and the last object (`done`) counts. Its other API, in OpenAI's form, knows no `raw`.
"""

from collections.abc import Iterator
from typing import Any

from cloister.core.generation import Finish
from cloister.egress.dialects import (
    Chat,
    Counted,
    Dialect,
    Ended,
    Event,
    Fields,
    Framing,
    Infill,
    Question,
    Wrote,
)


def _chat_body(question: Question, model: str) -> dict[str, Any]:
    if not isinstance(question, Chat):
        raise TypeError
    messages = [{"role": it.role.value, "content": it.text} for it in question.messages]
    return {"model": model, "messages": messages, "stream": True, "options": _options(question)}


def _raw_body(question: Question, model: str) -> dict[str, Any]:
    if not isinstance(question, Infill):
        raise TypeError
    return {
        "model": model,
        "prompt": question.marked,
        "raw": True,
        "stream": True,
        "options": _options(question),
    }


def _suffix_body(question: Question, model: str) -> dict[str, Any]:
    if not isinstance(question, Infill):
        raise TypeError
    return {
        "model": model,
        "prompt": question.prefix,
        "suffix": question.suffix,
        "stream": True,
        "options": _options(question),
    }


def _options(question: Question) -> dict[str, Any]:
    stop = list(question.stop) if isinstance(question, Infill) else []
    options: dict[str, Any] = {"num_predict": question.max_tokens, "temperature": 0}
    return options | ({"stop": stop} if stop else {})


def _events(fields: Fields) -> Iterator[Event]:
    text = fields.get("response") or (fields.get("message") or {}).get("content")
    if text:
        yield Wrote(text)
    if fields.get("done"):
        yield Counted(fields.get("prompt_eval_count"), fields.get("eval_count"))
        is_cut = fields.get("done_reason") == "length"
        yield Ended(Finish.LENGTH if is_cut else Finish.END)


CHAT = Dialect(Framing.LINES, _chat_body, _events)
"""A chat model's next turn."""

RAW = Dialect(Framing.LINES, _raw_body, _events)
"""A completion of a prompt that holds the model's own markers."""

SUFFIX = Dialect(Framing.LINES, _suffix_body, _events)
"""A completion that is told what follows, where the model's template has a place for it."""
