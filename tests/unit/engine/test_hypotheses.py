"""The beam against every line there is, on small made-up models."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.hypotheses import Beam, Choice, Hypothesis, Line

PIECES = (b"a", b"b", b"ab", b"\n", b"b\n  ", b"")
END = 5
MOST_TOKENS = 4

Model = dict[tuple[int, ...], list[float]]


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Return the probability of each next token after each beginning; all sum to 1."""
    weights = st.lists(st.integers(1, 50), min_size=len(PIECES), max_size=len(PIECES))
    model = {}
    for length in range(MOST_TOKENS):
        for tokens in product(range(len(PIECES)), repeat=length):
            if all(token in (0, 1, 2) for token in tokens):
                drawn = draw(weights) if length < 2 else [1] * len(PIECES)
                model[tokens] = [weight / sum(drawn) for weight in drawn]
    return model


def choices(model: Model, hypothesis: Hypothesis) -> list[Choice]:
    return [
        Choice(token, piece, model[hypothesis.tokens][token], ends=token == END)
        for token, piece in enumerate(PIECES)
        if not hypothesis.opening
        or piece.startswith(hypothesis.opening)
        or (piece and hypothesis.opening.startswith(piece))
    ]


def search(model: Model, width: int, opening: bytes = b"") -> Beam:
    beam = Beam(width, opening)
    for _ in range(MOST_TOKENS):
        if not beam.open:
            break
        beam.extend([choices(model, hypothesis) for hypothesis in beam.open])
    return beam


def every_way(model: Model) -> list[tuple[bytes, float]]:
    """Return each way to write a line of at most MOST_TOKENS tokens, with its probability."""
    ways: list[tuple[bytes, float]] = []
    unfinished: list[tuple[tuple[int, ...], bytes, float]] = [((), b"", 1.0)]
    for tokens, text, probability in unfinished:
        for token, piece in enumerate(PIECES):
            together = probability * model[tokens][token]
            line, end, _ = piece.partition(b"\n")
            if token == END or end:
                ways.append((text + line, together))
            elif len(tokens) + 1 < MOST_TOKENS:
                unfinished.append(((*tokens, token), text + piece, together))
    return ways


@given(models())
def test_a_wide_beam_finds_no_less_than_the_likeliest_way(model: Model) -> None:
    best, ways = search(model, 200).best, every_way(model)
    assert best is not None
    assert best.probability >= max(probability for _, probability in ways) - 1e-9
    assert best.probability <= sum(it for text, it in ways if text == best.text) + 1e-9


@given(models(), st.integers(1, 3))
def test_at_most_so_many_are_open_and_all_may_still_win(model: Model, width: int) -> None:
    beam = Beam(width, b"")
    for _ in range(MOST_TOKENS):
        if not beam.open:
            break
        before = beam.open
        beam.extend([choices(model, hypothesis) for hypothesis in before])
        assert len(beam.open) <= width
        for hypothesis in beam.open:
            assert beam.best is None or hypothesis.probability > beam.best.probability
            assert before[hypothesis.parent].tokens == hypothesis.tokens[:-1]


@given(models())
def test_one_hypothesis_goes_on_with_the_likeliest_token_that_ends_nothing(model: Model) -> None:
    beam = Beam(1, b"")
    beam.extend([choices(model, beam.open[0])])
    for hypothesis in beam.open:
        assert hypothesis.tokens[0] == max((0, 1, 2), key=model[()].__getitem__)


def certain(*following: tuple[bytes, float]) -> list[Choice]:
    return [
        Choice(token, piece, probability, ends=not piece)
        for token, (piece, probability) in enumerate(following)
    ]


def test_the_likeliest_line_may_begin_with_a_less_likely_token() -> None:
    beam = Beam(2, b"")
    beam.extend([certain((b"many", 0.6), (b"one", 0.4))])
    beam.extend([certain((b"\n", 0.2), (b"s\n", 0.2)), certain((b"\n", 0.9))])
    assert beam.best == Line((1, 0), b"one", b"\n", 0.4 * 0.9)
    assert not beam.open


def test_two_ends_of_the_same_line_count_together() -> None:
    beam = Beam(2, b"")
    beam.extend([certain((b"x", 0.5), (b"", 0.2), (b"\n", 0.25))])
    best = beam.best
    assert best is not None
    assert (best.text, best.rest, best.tokens) == (b"", b"\n", (2,))
    assert best.probability == pytest.approx(0.45)


def test_what_follows_the_line_end_is_its_rest() -> None:
    beam = Beam(1, b"")
    beam.extend([certain((b"x:\n    ", 1.0))])
    assert beam.best == Line((0,), b"x:", b"\n    ", 1.0)


@given(models())
def test_typed_text_is_no_part_of_the_line(model: Model) -> None:
    best = search(model, 3, b"ab").best
    if best is not None:
        spelled = b"".join(PIECES[token] for token in best.tokens)
        assert spelled == b"ab" + best.text + best.rest


def test_a_line_without_an_end_is_what_there_is_of_it() -> None:
    beam = Beam(2, b"")
    beam.extend([certain((b"x", 0.5), (b"y", 0.3))])
    assert beam.best is None
    assert beam.unfinished == Line((0,), b"x", b"", 0.5)
