"""Anthropic's Messages API: a system text beside the turns, and named events.

Rests on the public reference of `/v1/messages` and its streaming page: `message_start` counts the
prompt, `content_block_delta` brings text, `message_delta` the reason of the end and the final
count, `message_stop` ends; `ping` and kinds that are not known may come at any time.
"""

from collections.abc import Iterator
from typing import Any

from cloister.core.chat import Role
from cloister.core.generation import Finish
from cloister.egress.dialects import (
    Chat,
    Counted,
    Dialect,
    Ended,
    Event,
    Fields,
    Framing,
    Question,
    Wrote,
)


def _body(question: Question, model: str) -> dict[str, Any]:
    if not isinstance(question, Chat):
        raise TypeError
    system = "\n\n".join(it.text for it in question.messages if it.role is Role.SYSTEM)
    turns = [
        {"role": it.role.value, "content": it.text}
        for it in question.messages
        if it.role is not Role.SYSTEM
    ]
    body: dict[str, Any] = {"model": model, "messages": turns, "stream": True}
    return body | ({"system": system} if system else {})


def _events(fields: Fields) -> Iterator[Event]:
    match fields["type"]:
        case "message_start":
            usage = fields["message"].get("usage") or {}
            reused = usage.get("cache_read_input_tokens") or 0
            written = usage.get("cache_creation_input_tokens") or 0
            yield Counted((usage.get("input_tokens") or 0) + reused + written, None, reused)
        case "content_block_delta" if fields["delta"].get("type") == "text_delta":
            yield Wrote(fields["delta"]["text"])
        case "message_delta":
            yield Counted(generated_tokens=(fields.get("usage") or {}).get("output_tokens"))
            if reason := fields["delta"].get("stop_reason"):
                yield Ended(Finish.LENGTH if reason == "max_tokens" else Finish.END)


MESSAGES = Dialect(Framing.EVENTS, _body, _events)
"""A chat model's next turn."""
