"""Makes what is approximate exact again, in pieces, so that an interruption loses little; pure.

Whoever types on must not pay for what idle time began.
"""

from cloister.engine.kv import Cached, Evaluate, Keep, Rejoin, SetAside, Step

REFRESHED_TOKENS = 64
"""How much is evaluated again at a time: little enough for a keystroke to finish it."""


def refresh_steps(cached: Cached) -> tuple[Step, ...]:
    """Return the steps that evaluate the first approximate tokens again where they stand.

    The cells behind them are set aside and rejoin at the same positions, which costs nothing; they
    are still approximate.
    """
    start, n_tokens = cached.exact_tokens, len(cached.tokens)
    end = min(start + REFRESHED_TOKENS, n_tokens)
    again = (Keep(start), Evaluate(cached.tokens[start:end]))
    if end == n_tokens:
        return again
    return (SetAside(end, n_tokens), *again, Rejoin(0, n_tokens - end, cached.drift_tokens))
