import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.prompt import Prompt, SegmentRole, healed, marker, plain


def prompt_of(*texts: str) -> Prompt:
    prefix = SegmentRole.PREFIX
    return Prompt(
        (
            plain(SegmentRole.SUFFIX, "suffix"),
            marker(prefix, "<PRE>"),
            *(plain(prefix, text) for text in texts),
            marker(SegmentRole.CUE, "<MID>"),
        )
    )


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("x = pri", "pri"),
        ("pri", "pri"),
        ("größe_1", "größe_1"),
        ("x = ", ""),
        ("foo(", ""),
        ("word\n", ""),
        ("", ""),
    ],
)
def test_the_word_at_the_end_opens_the_answer(text: str, opening: str) -> None:
    prompt = healed(prompt_of(text))
    assert prompt.opening == opening
    assert prompt == Prompt(prompt_of(text.removesuffix(opening)).segments, opening)


def test_only_the_last_piece_of_the_prefix_is_cut() -> None:
    assert healed(prompt_of("one", "two")) == Prompt(prompt_of("one", "").segments, "two")


@given(st.text("aé_ \n", max_size=200))
def test_nothing_is_lost_and_long_words_are_cut_within(text: str) -> None:
    prompt = healed(prompt_of(text))
    assert prompt.prefix + prompt.opening == text
    assert len(prompt.opening) <= 64


def test_a_prompt_without_a_prefix_is_left_alone() -> None:
    prompt = Prompt((plain(SegmentRole.SUFFIX, "word"),))
    assert healed(prompt) is prompt
