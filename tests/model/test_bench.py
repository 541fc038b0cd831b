"""The benchmark's own run, short and compared with nothing: what it counts must hold anywhere."""

import pytest

from bench.engine.measure import measure
from bench.engine.recording import KeyKind
from bench.engine.rows import evaluated_beyond_typing, rows_of, typed_after_typing
from cloister.models.catalogue import BUNDLED

N_KEYSTROKES = 130

pytestmark = pytest.mark.model


async def test_a_short_recording_with_the_bundled_model() -> None:
    measurements = await measure(BUNDLED.path, None, 0, N_KEYSTROKES)
    assert len(measurements.kinds) == len(measurements.ours) == N_KEYSTROKES
    assert measurements.kinds[0] is KeyKind.JUMP
    # The engine was warm, so most keys cost next to nothing of a long prompt.
    typed = typed_after_typing(measurements.kinds, measurements.ours)
    assert sorted(cost.evaluated_tokens for cost in typed)[len(typed) // 2] <= 3
    beyond = evaluated_beyond_typing(measurements.kinds, measurements.ours)
    assert len(beyond) == len(typed)
    assert max(beyond) <= 2
    assert min(cost.prompt_tokens for cost in measurements.ours) > 300
    # Each document was read whole once, the first of them before the tour.
    first, *new, again = [cost.evaluated_tokens for cost in measurements.tour]
    assert max(first, again) < 10
    assert min(new) > 300
    assert any(cost.written_tokens for cost in measurements.repeating)
    assert {row.measure for row in rows_of(measurements)} >= {
        "evaluated beyond what a character adds, most",
        "written, repeating",
    }
