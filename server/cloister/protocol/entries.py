"""Entries of the menu of code actions, as the client keeps them until one is chosen.

What comes back is read strictly, because anybody may send it.
"""

from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

_MOST_DIAGNOSTICS = 100
_FIX_ALL = "source.fixAll"
_MOST_MESSAGE_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry carries until it is resolved; `diagnostics` are what it is about."""

    uri: str
    version: int | None
    action: str
    title: str
    service: str
    range: types.Range
    diagnostics: tuple[types.Diagnostic, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as the client keeps it."""
        return {
            "uri": self.uri,
            "version": self.version,
            "action": self.action,
            "title": self.title,
            "service": self.service,
            "range": _numbers(self.range),
            "diagnostics": [
                {
                    "range": _numbers(it.range),
                    "message": message_of(it)[:_MOST_MESSAGE_CHARS],
                    "source": it.source or "",
                }
                for it in self.diagnostics[:_MOST_DIAGNOSTICS]
            ],
        }


def entry_from_json(data: object) -> Entry:
    """Read what a client sends back; raises JsonRpcInvalidParams when it is not ours."""
    match data:
        case {
            "uri": str(uri),
            "version": int() | None as version,
            "action": str(action),
            "title": str(title),
            "service": str(service),
            "range": place,
            "diagnostics": list(diagnostics),
        }:
            read = tuple(_diagnostic(it) for it in diagnostics)
            return Entry(uri, version, action, title, service, _range(place), read)
    raise _not_ours()


def asked_kinds(context: types.CodeActionContext) -> list[str] | None:
    """Return the kinds of entries that are asked for, None for all.

    What an editor asks for with each save does not count: who wants a model to change every file
    that is saved has to name its kind.
    """
    if context.only is None:
        return None
    is_automatic = context.trigger_kind is types.CodeActionTriggerKind.Automatic
    general = {_FIX_ALL, "source"} if is_automatic else {_FIX_ALL}
    return [kind for it in context.only if (kind := str(getattr(it, "value", it))) not in general]


def message_of(diagnostic: types.Diagnostic) -> str:
    """Return the message as plain text."""
    message = diagnostic.message
    return message if isinstance(message, str) else message.value


def _numbers(place: types.Range) -> list[int]:
    return [place.start.line, place.start.character, place.end.line, place.end.character]


def _range(numbers: object) -> types.Range:
    match numbers:
        case [int(line), int(unit), int(last_line), int(last_unit)] if (
            min(line, unit, last_line, last_unit) >= 0
        ):
            return types.Range(types.Position(line, unit), types.Position(last_line, last_unit))
    raise _not_ours()


def _diagnostic(data: object) -> types.Diagnostic:
    match data:
        case {"range": place, "message": str(message), "source": str(source)}:
            return types.Diagnostic(_range(place), message, source=source)
    raise _not_ours()


def _not_ours() -> JsonRpcInvalidParams:
    return JsonRpcInvalidParams("This code action is not one of ours; ask again.")
