"""What a provider file says: where a service is, what it can do, and how it wants to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloister.egress.dialects import Dialect, openai
from cloister.settings.backends import CompletionWay


@dataclass(frozen=True, slots=True)
class Service:
    """One thing that a provider does: where, in which dialect, and with what besides.

    `fields` go into every request's object, under what the user adds; `limit` is the field that
    bounds the answer, empty where the dialect has a place of its own for it. `thinking_tokens` is
    room for what a model writes before its answer. Without a match of `models` in the model's name
    the service is not offered for it.
    """

    path: str
    dialect: Dialect
    fields: Mapping[str, Any] = field(default_factory=dict)
    limit: str = "max_tokens"
    thinking_tokens: int = 0
    models: str = ""


@dataclass(frozen=True, slots=True)
class KeyHeader:
    """The header that carries the key, in lower case, and what stands before the key there."""

    name: str
    prefix: str = ""


BEARER = KeyHeader("authorization", "Bearer ")

DETERMINISTIC = {"temperature": 0}
COUNTED = DETERMINISTIC | {"stream_options": {"include_usage": True}}
"""What most services in OpenAI's form need: the likeliest answer, and counts at its end."""

CHAT_PATH = "/v1/chat/completions"
COMPLETIONS_PATH = "/v1/completions"
CHAT = Service(CHAT_PATH, openai.CHAT, COUNTED)
THINKING = Service(
    CHAT_PATH,
    openai.CHAT,
    {"stream_options": {"include_usage": True}, "reasoning_effort": "low"},
    limit="max_completion_tokens",
    thinking_tokens=2048,
    models=r"^(o\d|gpt-([5-9]|\d\d))",
)
"""OpenAI's models that think: they know no temperature, and another field for the limit."""

MARKED = Service(COMPLETIONS_PATH, openai.MARKED, COUNTED | {"logprobs": 1})


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of service.

    `base_url` None means that the user has to say where it is, as in `url_example`; it ends before
    `/v1`. Of `chats` the first that is offered for a model counts. `ways` are those of completing
    besides chat, the best first. `context_tokens` is what every model of it can take, at least.
    """

    name: str
    title: str
    chats: tuple[Service, ...] = (CHAT,)
    base_url: str | None = None
    url_example: str = ""
    ways: Mapping[CompletionWay, Service] = field(default_factory=dict)
    models_path: str = "/v1/models"
    key_header: KeyHeader = BEARER
    needs_key: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    context_tokens: int = 8192
