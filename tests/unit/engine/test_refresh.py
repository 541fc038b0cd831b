from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.kv import Cached, after_step, evaluated_tokens
from cloister.engine.refresh import REFRESHED_TOKENS, refresh_steps


@given(st.integers(1, 500), st.data())
def test_pieces_make_everything_exact_and_each_token_is_read_once(
    n_tokens: int, data: st.DataObject
) -> None:
    exact = data.draw(st.integers(0, n_tokens - 1))
    tokens = tuple(range(n_tokens))
    cached, n_evaluated = Cached(tokens, exact, drift_tokens=9), 0
    while not cached.is_exact:
        steps = refresh_steps(cached)
        assert 0 < evaluated_tokens(steps) <= REFRESHED_TOKENS
        n_evaluated += evaluated_tokens(steps)
        for step in steps:
            cached = after_step(cached, step)
        assert (cached.tokens, cached.spare) == (tokens, None)
        assert cached.drift_tokens == (0 if cached.is_exact else 9)
    assert n_evaluated == n_tokens - exact
