"""What a refusal means, in one sentence with what to do next.

The words of a service never enter a message: they may repeat what was sent, and messages are
logged. Its error's code and type may, where they look like names.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cloister.core.errors import BackendUnavailableError, CloisterError, ModelError, PassingError

_NAME = re.compile(r"[A-Za-z][\w.-]{0,59}")
_TOO_LONG = re.compile(
    r"context[ _-]?(length|size|window)|exceed_context|too[ _]long|too many tokens"
    r"|maximum context|reduce the length|maximum number of tokens",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(
    r"(invalid|incorrect).{0,10}api[ _-]?key|api[ _-]?key.{0,10}(not valid|invalid)", re.IGNORECASE
)
# What a service does not answer for what it says, and not for who asks.
_HELD_BACK = re.compile(r"moderation|flagged|guardrail|content[ _]filter", re.IGNORECASE)
_NO_MODEL = re.compile(
    r"model.{0,80}(not[ _]found|does not exist|not exist|not supported)", re.IGNORECASE
)
_MOST_BODY_BYTES = 64 * 1024
_MOST_WORDS_CHARS = 2000
_MOST_WAIT_DIGITS = 5
_UNAUTHORIZED, _PAYMENT_REQUIRED, _FORBIDDEN, _NOT_FOUND = 401, 402, 403, 404
_REQUEST_TIMEOUT, _TOO_LARGE, _TOO_MANY, _NO_CAPACITY = 408, 413, 429, 498
_SERVER_ERROR, _GATEWAY_TIMEOUT, _OVERLOADED = 500, 504, 529


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not a success, as far as it was read; `status` 0 came within an answer."""

    service: str
    model: str
    status: int = 0
    details: Mapping[str, Any] | None = None
    retry_after: str = ""

    @property
    def words(self) -> str:
        """The error's own words, to recognise it by; never to be shown."""
        return " ".join(_words(self.details or {}))


def explain_status(
    service: str, model: str, status: int, body: bytes = b"", retry_after: str = ""
) -> CloisterError:
    """Return the error for a status that is not a success; `body` as far as it was read."""
    details = _details(body[:_MOST_BODY_BYTES])
    return _explain(Refusal(service, model, status, details, retry_after))


def explain_error(service: str, model: str, error: object) -> CloisterError:
    """Return the error for one that came in the middle of an answer."""
    details = error if isinstance(error, Mapping) else {"message": error}
    return _explain(Refusal(service, model, details=details))


def _explain(refusal: Refusal) -> CloisterError:
    return next(explain(refusal) for applies, explain in _RULES if applies(refusal))


def _key_refused(refusal: Refusal) -> CloisterError:
    return BackendUnavailableError(
        f"{refusal.service} refused the key ({refusal.status}); "
        "put a valid one where it is kept, or use `cloister backend key` for the keyring."
    )


def _no_credit(refusal: Refusal) -> CloisterError:
    return BackendUnavailableError(
        f"The account at {refusal.service} has no credit left; add some there."
    )


def _too_long(refusal: Refusal) -> CloisterError:
    return ModelError(
        f"The text is too long for {refusal.model!r} at {refusal.service}; "
        "set a smaller context-tokens for this backend."
    )


def _no_model(refusal: Refusal) -> CloisterError:
    return ModelError(
        f"{refusal.service} has no model {refusal.model!r}, or not for this kind of request; "
        "`cloister backend test` lists those it has."
    )


def _too_many(refusal: Refusal) -> CloisterError:
    return PassingError(
        f"{refusal.service} takes no more requests now; try again{_when(refusal.retry_after)}."
    )


def _too_slow(refusal: Refusal) -> CloisterError:
    return PassingError(f"{refusal.service} did not answer in time; try again.")


def _broken(refusal: Refusal) -> CloisterError:
    return PassingError(
        f"{refusal.service} has a problem of its own ({refusal.status}); "
        f"try again{_when(refusal.retry_after)}."
    )


def _refused(refusal: Refusal) -> CloisterError:
    details = refusal.details or {}
    names = [details.get(key) for key in ("type", "code", "param")]
    known = [name for name in names if isinstance(name, str) and _NAME.fullmatch(name)]
    where = str(refusal.status) if refusal.status else "in the middle of its answer"
    return BackendUnavailableError(
        f"{refusal.service} refused the request ({', '.join([where, *dict.fromkeys(known)])}); "
        "check its provider, model and parameters."
    )


def _with_status(*statuses: int) -> Callable[[Refusal], bool]:
    return lambda refusal: refusal.status in statuses


def _with_words(*words: str) -> Callable[[Refusal], bool]:
    return lambda refusal: any(word in refusal.words for word in words)


def _matching(pattern: re.Pattern[str]) -> Callable[[Refusal], bool]:
    return lambda refusal: pattern.search(refusal.words) is not None


# The first rule that applies explains; what says more comes first.
_RULES: tuple[tuple[Callable[[Refusal], bool], Callable[[Refusal], CloisterError]], ...] = (
    (_with_status(_UNAUTHORIZED), _key_refused),
    (_matching(_BAD_KEY), _key_refused),
    (_with_status(_PAYMENT_REQUIRED), _no_credit),
    (_with_words("insufficient_quota", "insufficient_balance"), _no_credit),
    (_with_status(_TOO_MANY, _NO_CAPACITY, _OVERLOADED), _too_many),
    (_with_words("overloaded", "rate_limit"), _too_many),
    (_with_status(_REQUEST_TIMEOUT, _GATEWAY_TIMEOUT), _too_slow),
    (_with_status(_TOO_LARGE), _too_long),
    (_matching(_TOO_LONG), _too_long),
    (_matching(_HELD_BACK), _refused),
    (_with_status(_FORBIDDEN), _key_refused),
    (_with_status(_NOT_FOUND), _no_model),
    (_matching(_NO_MODEL), _no_model),
    (lambda refusal: refusal.status >= _SERVER_ERROR, _broken),
    (lambda _refusal: True, _refused),
)


def _details(body: bytes) -> Mapping[str, Any]:
    """Return the error's object, wherever in the body services put it; empty when there is none."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    # Gemini's answers are lists of one object.
    if isinstance(fields, list) and fields:
        fields = fields[0]
    if not isinstance(fields, Mapping):
        return {}
    error = fields.get("error", fields)
    return error if isinstance(error, Mapping) else {"message": error}


def _words(details: Mapping[str, Any]) -> Iterator[str]:
    for key in ("code", "type", "status", "message", "detail"):
        value = details.get(key)
        if isinstance(value, str):
            yield value[:_MOST_WORDS_CHARS]


def _when(retry_after: str) -> str:
    """Return when to try again; a date, which may be given instead of seconds, is not read."""
    text = retry_after.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_WAIT_DIGITS):
        return " later"
    return f" in {int(text)} seconds"
