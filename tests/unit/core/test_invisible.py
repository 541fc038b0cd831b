import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.invisible import has_invisible, shown

ORDINARY = [
    "é",
    "e\u0301",
    "😀",
    "❤\ufe0f",
    "日本",
    "עברית",
    "نص",
    "हिन्दी",
    "a\tb\n",
    "\u00a0\u3000",
    "｜",
]
HIDDEN = {
    "\x1b]52;c;aGk=\x07": "\\x1b]52;c;aGk=\\x07",
    "a\rb": "a\\rb",
    "\x00": "\\x00",
    "\x9b31m": "\\x9b31m",
    "\u202e": "\\u202e",
    "\u2028": "\\u2028",
    "\u200b": "\\u200b",
    "\u3164": "\\u3164",
    "\ud800": "\\ud800",
    "\ue000": "\\ue000",
    "\U000e0041": "\\U000e0041",
    "\U000e0100": "\\U000e0100",
    "❤\ufe0f\ufe0f": "❤\\ufe0f\\ufe0f",
}


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_of_any_script_is_left_alone(text: str) -> None:
    assert not has_invisible(text)
    assert shown(text) == text


@pytest.mark.parametrize("text", HIDDEN)
def test_what_is_not_seen_is_written_out(text: str) -> None:
    assert has_invisible(text)
    assert shown(text) == HIDDEN[text]


def test_every_control_and_format_character_is_known() -> None:
    unseen = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    missed = [
        f"{number:04x}"
        for number in range(0x110000)
        if unicodedata.category(chr(number)) in unseen
        and chr(number) not in "\n\t"
        and not has_invisible(chr(number))
    ]
    assert missed == []


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Sm", "So"])))
def test_only_blank_letters_are_refused(text: str) -> None:
    blank = {chr(number) for number in (0x115F, 0x1160, 0x3164, 0xFFA0)}
    assert has_invisible(text) == bool(set(text) & blank)


@given(st.text(st.characters()))
def test_what_was_written_out_is_shown_as_it_is(text: str) -> None:
    assert not has_invisible(shown(text))
    assert shown(shown(text)) == shown(text)
