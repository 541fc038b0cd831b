"""Finds out how fast a model runs here, on tokens that mean nothing and leave nothing behind."""

from cloister.engine.llama.context import BatchToken, Context
from cloister.engine.speed import SpeedMeter, probe_speed
from cloister.engine.speed_cache import SpeedCache

_SEQUENCE = 0


def measure_speed(context: Context, n_vocabulary: int, speeds: SpeedCache) -> None:
    """Let the empty context begin with the speed that is known, or with one measured now."""
    context.meter = SpeedMeter(speeds.recall())
    if context.meter.speed is None:
        probe_speed(lambda n_tokens: _evaluate_anything(context, n_vocabulary, n_tokens))
        speeds.remember(context.meter.speed)


def _evaluate_anything(context: Context, n_vocabulary: int, n_tokens: int) -> bool:
    last = n_tokens - 1
    tokens = [
        BatchToken(index % n_vocabulary, index, _SEQUENCE, index == last)
        for index in range(n_tokens)
    ]
    is_done = context.evaluate(tokens, lambda: False)
    context.forget(_SEQUENCE)
    return is_done
