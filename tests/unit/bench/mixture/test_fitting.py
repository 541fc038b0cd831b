"""The fit finds the weights that made the tokens."""

import math
import random

import pytest

from bench.mixture.fitting import fit, nats, table_of
from bench.mixture.observations import Observation, Suggestion
from cloister.engine.mixture import Weighing

NOTHING = Weighing(-math.inf, 0.0, 0.0, 0.0, 0.0)


def observations(n: int, right_when_long: float, right_when_short: float) -> list[Observation]:
    """Return tokens of which a long match in the file at hand is right so often."""
    generator = random.Random(1)  # noqa: S311  # a repeatable choice, not a secret
    result = []
    for number in range(n):
        length = generator.choice([4, 40])
        right = generator.random() < (right_when_long if length == 40 else right_when_short)
        features = Weighing(1.0, math.log(length), 0.0, 0.0, 0.2)
        near = Suggestion(1.0 if right else 0.0, features)
        result.append(Observation(number, 0.05 if right else 0.3, near, None))
    return result


def test_a_source_that_is_right_when_its_match_is_long_weighs_more_then() -> None:
    near, _ = fit(table_of(observations(400, 0.9, 0.1)))
    assert near.length > 0.3
    short, long = (near.constant + near.length * math.log(length) for length in (4, 40))
    assert short < 0 < long


def test_fitted_weights_beat_the_model_alone_on_other_tokens() -> None:
    seen, unseen = observations(400, 0.8, 0.2)[:300], observations(400, 0.8, 0.2)[300:]
    near, far = fit(table_of(seen))
    table = table_of(unseen)
    assert nats(table, near, far) < nats(table, NOTHING, NOTHING)


def test_without_suggestions_only_the_model_counts() -> None:
    table = table_of([Observation(0, 0.5, None, None), Observation(1, 0.25, None, None)])
    assert nats(table, *fit(table)) == pytest.approx((math.log(2) + math.log(4)) / 2)
