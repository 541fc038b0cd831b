import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.invisible import has_invisible
from cloister.policy.preview import payload_text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"prompt": "é😀日本\n"}'.encode(), '{"prompt": "é😀日本\n"}'),
        ("a\u200bb\U000e0041".encode(), "a\\u200bb\\U000e0041"),
        (b"\x1b[2Kx\r\n", "\\x1b[2Kx\\r\n"),
        (b"\xff\xfe", "\\xff\\xfe"),
        ("\ud800".encode("utf-8", "surrogatepass"), "\\xed\\xa0\\x80"),
    ],
)
def test_nothing_is_hidden(body: bytes, text: str) -> None:
    assert payload_text(body) == text


@given(st.binary())
def test_any_bytes_can_be_shown(body: bytes) -> None:
    assert not has_invisible(payload_text(body))
