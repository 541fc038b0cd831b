"""What a model's chat template puts around the turns of a conversation.

The template is a program in the model file, so it runs only here, in the locked engine process: in
Jinja's sandbox, for a bounded time, without any text of ours. Each turn is a placeholder; what
comes back are the template's pieces between them, so that nothing a person wrote can pass for one
of the model's markers, and the pieces hold for every conversation of the same roles.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from types import FrameType
from typing import Any, NoReturn

from jinja2 import TemplateError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cloister.core.errors import ModelError

MOST_TEMPLATE_CHARS = 100_000
MOST_PIECES_CHARS = 100_000
MOST_SECONDS = 2.0
_MOST_REPEATED = 10_000
_PADDING = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})

# Private-use characters, so that no template finds a word of its own in them.
_PLACEHOLDER = "\ue000{}\ue001"


def chat_layout(
    template: str, roles: Sequence[str], tokens: dict[str, str], name: str
) -> tuple[str, ...]:
    """Return the text before the first turn, between turns, and up to the answer.

    One more piece than `roles`. `tokens` are `bos_token` and `eos_token`, `name` is the model's,
    for messages. Raises ModelError when the template cannot be used for such a conversation.
    """
    if len(template) > MOST_TEMPLATE_CHARS:
        raise _unusable(name, "it is too long")
    messages = [{"role": role, "content": _PLACEHOLDER.format(i)} for i, role in enumerate(roles)]
    try:
        with _time_limit():
            text = _rendered(template, {"messages": messages, **tokens})
    except _OverError as error:
        raise _unusable(name, "it does not end") from error
    except _RefusedError as error:
        raise _unusable(name, str(error)) from error
    # A hostile template may raise whatever Python knows.
    except (
        TemplateError,
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
    ) as error:
        raise _unusable(name, f"{type(error).__name__}") from error
    return tuple(_between(text, len(roles), name))


class _OverError(BaseException):
    """The time is over; no template may catch it."""


class _RefusedError(Exception):
    """The template itself says that it is not made for such a conversation."""


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which also refuses to make huge texts of small ones."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _PADDING and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(it) if isinstance(it, str | list | tuple) else it for it in (left, right)]
        if operator == "%" and isinstance(left, str):
            raise ValueError(operator)
        if operator != "%" and any(
            isinstance(it, int) and abs(it) > _MOST_REPEATED for it in sizes
        ):
            raise ValueError(operator)
        return super().call_binop(context, operator, left, right)


def _rendered(template: str, values: dict[str, Any]) -> str:
    environment = _Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=Undefined,
        extensions=["jinja2.ext.loopcontrols"],
    )
    environment.globals |= {"raise_exception": _refuse, "strftime_now": _today}
    for word in ("center", "format", "indent", "wordwrap"):
        environment.filters.pop(word, None)
    pieces: list[str] = []
    n_chars = 0
    for piece in environment.from_string(template).generate(add_generation_prompt=True, **values):
        n_chars += len(piece)
        if n_chars > MOST_PIECES_CHARS:
            raise ValueError(n_chars)
        pieces.append(piece)
    return "".join(pieces)


def _between(text: str, n_turns: int, name: str) -> Iterator[str]:
    for i in range(n_turns):
        before, placeholder, text = text.partition(_PLACEHOLDER.format(i))
        if not placeholder or "\ue000" in before:
            raise _unusable(name, "it leaves out a part of the conversation")
        yield before
    if "\ue000" in text:
        raise _unusable(name, "it repeats a part of the conversation")
    yield text


@contextmanager
def _time_limit() -> Iterator[None]:
    """Stop what runs in this thread after MOST_SECONDS, wherever its Python code is."""
    end = monotonic() + MOST_SECONDS

    def watch(_frame: FrameType, _event: str, _argument: object) -> Any:
        if monotonic() > end:
            raise _OverError
        return watch

    previous = sys.gettrace()
    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(previous)


def _refuse(_message: object = "") -> NoReturn:
    raise _RefusedError("it is not made for such a conversation")


def _today(form: str) -> str:
    # Templates date their system prompts, and the same day keeps what was evaluated usable.
    return datetime.now(UTC).strftime(form[:40])


def _unusable(name: str, reason: str) -> ModelError:
    return ModelError(
        f"The chat template of {name} cannot be used ({reason}); choose another model for actions."
    )
