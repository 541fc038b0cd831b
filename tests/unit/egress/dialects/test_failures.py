"""What services say no with, in their documented shapes, and the sentence that people get."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import BackendUnavailableError, CloisterError, ModelError, PassingError
from cloister.egress.dialects.failures import explain_status

CANARY = "canary_source_text"

TABLE = [
    (
        401,
        {"error": {"code": "invalid_api_key"}},
        "",
        BackendUnavailableError,
        "refused the key (401)",
    ),
    (403, {"message": "Forbidden"}, "", BackendUnavailableError, "refused the key (403)"),
    (
        400,
        [{"error": {"code": 400, "message": f"API key not valid. {CANARY}"}}],
        "",
        BackendUnavailableError,
        "refused the key (400)",
    ),
    (400, {"error": "Incorrect API key provided"}, "", BackendUnavailableError, "the key (400)"),
    (
        403,
        {"error": {"message": "Input token count must be less than the context length"}},
        "",
        ModelError,
        "too long",
    ),
    (
        403,
        {"error": {"code": 403, "message": "Your input was flagged"}},
        "",
        BackendUnavailableError,
        "refused the request (403)",
    ),
    (402, {"error": {"message": "Insufficient Balance"}}, "", BackendUnavailableError, "no credit"),
    (429, {"error": {"code": "insufficient_quota"}}, "", BackendUnavailableError, "no credit left"),
    (429, {"error": {"type": "rate_limit_error"}}, "17", PassingError, "try again in 17 seconds."),
    (429, {}, "Wed, 21 Oct 2026 07:28:00 GMT", PassingError, "try again later."),
    (429, {}, "99999999999999999999", PassingError, "try again later."),
    (498, {"error": {"type": "flex"}}, "", PassingError, "takes no more requests"),
    (529, {"error": {"type": "overloaded_error"}}, "", PassingError, "takes no more requests"),
    (404, {"error": {"type": "not_found_error"}}, "", ModelError, "has no model 'model-1'"),
    (404, {"error": 'model "x" not found, try pulling it'}, "", ModelError, "has no model"),
    (400, {"error": {"message": "The model `x` does not exist"}}, "", ModelError, "has no model"),
    (413, {"error": {"type": "request_too_large"}}, "", ModelError, "too long for 'model-1'"),
    (400, {"error": {"code": "context_length_exceeded"}}, "", ModelError, "too long"),
    (400, {"error": {"type": "exceed_context_size_error"}}, "", ModelError, "too long"),
    (
        400,
        {"object": "error", "message": "This model's maximum context length is 4096 tokens."},
        "",
        ModelError,
        "too long",
    ),
    (
        400,
        [{"error": {"code": 400, "status": "INVALID_ARGUMENT"}}],
        "",
        BackendUnavailableError,
        "refused",
    ),
    (
        400,
        {"error": {"type": "invalid_request_error", "param": "stop", "message": CANARY}},
        "",
        BackendUnavailableError,
        "refused the request (400, invalid_request_error, stop)",
    ),
    (422, {"detail": [{"type": "extra_forbidden"}]}, "", BackendUnavailableError, "(422)"),
    (500, {"error": {"message": CANARY}}, "", PassingError, "a problem of its own (500)"),
    (503, {"error": {"type": "unavailable_error"}}, "3", PassingError, "try again in 3 seconds"),
    (408, {}, "", PassingError, "did not answer in time"),
    (504, {}, "", PassingError, "did not answer in time"),
    (418, {"error": {"code": f"{CANARY} with spaces"}}, "", BackendUnavailableError, "(418)"),
]


@pytest.mark.parametrize(("status", "body", "wait", "kind", "sentence"), TABLE)
def test_a_refusal_is_one_sentence_with_what_to_do(
    status: int, body: object, wait: str, kind: type[CloisterError], sentence: str
) -> None:
    error = explain_status("The service", "model-1", status, json.dumps(body).encode(), wait)
    assert type(error) is kind
    assert sentence in str(error)
    assert str(error).endswith(".")
    assert CANARY not in str(error)


@given(st.integers(100, 999), st.binary(max_size=200), st.text(max_size=30))
def test_any_refusal_is_a_sentence(status: int, body: bytes, wait: str) -> None:
    assert str(explain_status("The service", "m", status, body, wait)).endswith(".")


def test_a_nested_body_is_no_trouble() -> None:
    body = b"[" * 60_000
    assert "refused the request (400)" in str(explain_status("The service", "m", 400, body))
