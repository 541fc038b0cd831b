import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.evaluation import ngram
from cloister.evaluation.ngram import ByteCounts, bits, standard_background

NOTHING = ByteCounts(b"")
few_letters = st.text("ab \n", max_size=60).map(str.encode)


@given(few_letters, few_letters)
def test_followers_are_all_that_follow(text: bytes, context: bytes) -> None:
    context = context[: ngram.ORDER]
    expected: dict[int, int] = {}
    for place in range(len(context), len(text)):
        if text[:place].endswith(context):
            expected[text[place]] = expected.get(text[place], 0) + 1
    followers = ByteCounts(text).followers(context)
    assert dict(followers.counts) == expected
    assert followers.total == sum(expected.values())


@given(few_letters, few_letters)
def test_probabilities_sum_to_one(text: bytes, history: bytes) -> None:
    near, before = ByteCounts(text), history.decode()
    total = sum(2 ** -bits(chr(byte), before, [near], NOTHING) for byte in range(128))
    # The other half of all bytes never follows, and each is as likely as any.
    rest = 128 * 2 ** -bits("\x7f", before, [near], NOTHING)
    assert total + rest == pytest.approx(1.0)


def test_without_any_text_every_byte_takes_eight_bits() -> None:
    assert bits("abc", "", [], NOTHING) == 24
    assert bits("é", "", [], NOTHING) == 16


def test_one_byte_after_another_is_as_witten_and_bell_say() -> None:
    # Seen three times over: a, and nothing else. One kind of follower, so one part in four is left.
    assert bits("a", "", [ByteCounts(b"a")], NOTHING) == pytest.approx(
        -_log2((3 + 1 / 256) / (3 + 1))
    )


def test_text_that_stands_near_saves_bits() -> None:
    line, window = "return self.retry_after_seconds", ByteCounts(b"def f(self):\n    return 1\n")
    context = ByteCounts(b"self.retry_after_seconds = 3\n")
    other = ByteCounts(b"the quick brown fox jumps over it\n")
    background = standard_background()
    without = bits(line, "    ", [window], background)
    assert bits(line, "    ", [window, context], background) < without / 2
    assert bits(line, "    ", [window, other], background) > without * 0.8


def test_the_background_knows_code() -> None:
    background = standard_background()
    code = bits("    def __init__(self):", "\n", [], background) / 23
    assert code < bits("qx7#Zw~q^kj0vv%pp@zzxq!", "\n", [], background) / 23 / 3


def _log2(number: float) -> float:
    import math

    return math.log2(number)
