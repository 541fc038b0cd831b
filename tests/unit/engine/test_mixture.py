"""Mixed probabilities are probabilities, and lean towards what long matches agree on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.mixture import FAR, NEAR, Advice, Guess, Mixture, Spell, mixed
from cloister.engine.passages import Passage
from cloister.engine.speculation import LONGEST_DRAFT_TOKENS

CODE = b"total = compute_total(items)\nprint(total)\n"


def letters(text: bytes) -> list[tuple[int, int]]:
    return [(letter, 1) for letter in text]


def mixture(near: bytes, far: bytes, written: bytes, spell: Spell = letters) -> Mixture:
    return Mixture([Passage(near)], [Passage(far)], written, spell)


def check_mixed(probabilities: dict[int, float], *guesses: Guess) -> dict[int, float]:
    result = mixed(probabilities, Advice(guesses))
    assert result.keys() == probabilities.keys()
    assert all(0 <= share <= 1 for share in result.values())
    return result


shares = st.dictionaries(st.integers(0, 5), st.floats(0.01, 1), min_size=1).map(
    lambda counts: {token: count / sum(counts.values()) for token, count in counts.items()}
)
guesses = st.builds(Guess, shares, st.integers(3, 64), st.sampled_from([NEAR, FAR]))


@given(own=shares, guessed=st.lists(guesses, max_size=2))
def test_a_distribution_stays_one(own: dict[int, float], guessed: list[Guess]) -> None:
    everything = {token: own.get(token, 0.0) for token in range(6)}
    assert sum(check_mixed(everything, *guessed).values()) == pytest.approx(1)


def test_without_a_guess_nothing_changes() -> None:
    assert check_mixed({1: 0.7, 2: 0.2}) == {1: 0.7, 2: 0.2}


def test_a_longer_match_weighs_more() -> None:
    own = {1: 0.6, 2: 0.1}
    short, long = (check_mixed(own, Guess({2: 1.0}, length, NEAR))[2] for length in (4, 40))
    assert 0.1 < short < long
    assert long > 0.5


def test_places_that_disagree_weigh_less() -> None:
    own = {1: 0.6, 2: 0.1, 3: 0.1}
    sure = check_mixed(own, Guess({2: 1.0}, 20, NEAR))
    torn = check_mixed(own, Guess({2: 0.5, 3: 0.5}, 20, NEAR))
    assert torn[1] > sure[1]


def test_what_is_guessed_begins_to_spell_what_was_typed_and_goes_on_from_there() -> None:
    computing = mixture(CODE, b"", b"x = compute_")
    # The match is that of the whole text, typed word included; the token spells the word anew.
    guess = computing.advice(b"", b"compute_").guesses[0]
    assert (guess.shares, guess.weighing) == ({ord("c"): 1.0}, NEAR)
    assert guess.length == len(" = compute_")
    assert computing.advice(b"total(", b"").guesses[0].shares == {ord("i"): 1.0}


def test_texts_that_have_no_match_guess_nothing() -> None:
    assert mixture(CODE, CODE, b"def other").advice(b"", b"").guesses == ()


def test_what_no_token_can_spell_is_left_out() -> None:
    assert mixture(CODE, b"", b"total = ", lambda _text: []).advice(b"", b"").guesses == ()


def test_a_place_is_spelled_once_for_several_tokens() -> None:
    asked: list[bytes] = []

    def spell(text: bytes) -> list[tuple[int, int]]:
        asked.append(text)
        return letters(text)

    following = mixture(b"x = a_long_name_to_follow_from_here_on()", b"", b"y = x = ", spell)
    name = b"a_long_name"
    for n_told in range(len(name)):
        (guess,) = following.advice(name[:n_told], b"").guesses
        assert guess.shares == {name[n_told]: 1.0}
    assert asked == [b"a_long_name_to_follow_from_here_"]


def test_a_model_that_does_not_know_the_language_counts_less() -> None:
    own, copied = {1: 0.9, 2: 0.05}, (Guess({2: 1.0}, 30, NEAR),)
    assert mixed(own, Advice((), 0.25)) == pytest.approx({1: 0.225, 2: 0.0125})
    known, foreign = (mixed(own, Advice(copied, familiarity)) for familiarity in (1.0, 0.25))
    assert foreign[2] > known[2]
    assert foreign[1] < known[1]
    assert sum(foreign.values()) == pytest.approx(sum(own.values()), abs=0.06)


def test_a_forecast_goes_on_behind_the_longest_match() -> None:
    following = mixture(CODE, b"x = compute_total(items)\n", b"y = compute_total(")
    forecast = following.forecast(b"it")
    # " = compute_total(it" are 20 bytes, which are some five tokens; the other text says less.
    assert forecast.agreed == len(" = compute_total(it") // 4
    assert bytes(forecast.tokens) == (b"ems)\n" + CODE.split(b"\n")[1])[: len(forecast.tokens)]
    assert len(forecast.tokens) == LONGEST_DRAFT_TOKENS
    assert following.forecast(b"unknown").tokens == ()
