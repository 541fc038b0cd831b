"""What most services speak: chat completions and text completions in OpenAI's form.

Rests on the public references of the two endpoints (`choices[].delta.content`, `choices[].text`,
`usage`, `data: [DONE]`). Mistral asks for infilling like a text completion and answers like a chat,
so one reader takes both. Text in parts (`content: [{"type": "text"}]`) is Mistral's as well.
"""

import math
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

_FINISHES = {"length": Finish.LENGTH, "max_tokens": Finish.LENGTH}
# The most that any of the services takes; what is more is cut off here when the answer comes.
_MOST_STOPS = 4


def _chat_body(question: Question, model: str) -> dict[str, Any]:
    if not isinstance(question, Chat):
        raise TypeError
    messages = [{"role": it.role.value, "content": it.text} for it in question.messages]
    return {"model": model, "messages": messages, "stream": True}


def _marked_body(question: Question, model: str) -> dict[str, Any]:
    if not isinstance(question, Infill):
        raise TypeError
    stop = {"stop": list(question.stop[:_MOST_STOPS])} if question.stop else {}
    return {"model": model, "prompt": question.marked, "stream": True} | stop


def _suffix_body(question: Question, model: str) -> dict[str, Any]:
    if not isinstance(question, Infill):
        raise TypeError
    return _marked_body(question, model) | {
        "prompt": question.prefix,
        "suffix": question.suffix,
    }


def _events(fields: Fields) -> Iterator[Event]:
    # The object with the final count has an empty list, or none.
    for choice in (fields.get("choices") or ())[:1]:
        if text := _text(choice):
            yield Wrote(text, _probability(choice.get("logprobs")))
        if reason := choice.get("finish_reason"):
            yield Ended(_FINISHES.get(reason, Finish.END))
    if usage := fields.get("usage"):
        details = usage.get("prompt_tokens_details") or {}
        # The second name is DeepSeek's.
        reused = details.get("cached_tokens", usage.get("prompt_cache_hit_tokens"))
        yield Counted(usage.get("prompt_tokens"), usage.get("completion_tokens"), reused)


def _text(choice: Fields) -> str:
    if isinstance(text := choice.get("text"), str):
        return text
    content = (choice.get("delta") or choice.get("message") or {}).get("content") or ""
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content if part.get("type") == "text")
    return str(content)


def _probability(logprobs: Fields | None) -> float | None:
    if not logprobs:
        return None
    # llama-server answers text completions in the form of chats.
    parts = logprobs.get("content") or ()
    values = [part["logprob"] for part in parts] or logprobs.get("token_logprobs")
    # Without one for every token nothing is known of the whole.
    return math.exp(min(0.0, sum(values))) if values and None not in values else None


CHAT = Dialect(Framing.EVENTS, _chat_body, _events)
"""A chat model's next turn."""

MARKED = Dialect(Framing.EVENTS, _marked_body, _events)
"""A text completion of a prompt that holds the model's own markers."""

SUFFIX = Dialect(Framing.EVENTS, _suffix_body, _events)
"""A text completion that is told what follows."""
