import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.hardware import ModelSpeed
from cloister.engine.speed import PROBE_SECONDS, SpeedMeter, probe_speed

TYPICAL = ModelSpeed(prefill_tokens_per_second=300.0, decode_tokens_per_second=70.0)


class Machine:
    """Takes a fixed time for each pass and a fixed time for each token in it."""

    def __init__(self, pass_seconds: float, token_seconds: float, *, stops_at: int = 0) -> None:
        self.meter = SpeedMeter()
        self.passes: list[int] = []
        self.now = 1000.0
        self._costs = (pass_seconds, token_seconds)
        self._stops_at = stops_at

    def evaluate(self, n_tokens: int) -> bool:
        self.passes.append(n_tokens)
        pass_seconds, token_seconds = self._costs
        seconds = pass_seconds + n_tokens * token_seconds
        self.now += seconds
        if n_tokens == self._stops_at:
            return False
        self.meter.record(n_tokens, seconds)
        return True

    def probe(self) -> ModelSpeed | None:
        probe_speed(self.evaluate, lambda: self.now)
        return self.meter.speed


@pytest.mark.parametrize(
    ("pass_ms", "token_ms", "passes", "prefill", "decode"),
    [
        pytest.param(5.0, 0.01, [1, 1, 16, 64, 256], 11_348, 200, id="graphics processor"),
        pytest.param(0.7, 0.1, [1, 1, 16, 64, 256], 9014, 1250, id="bundled model"),
        pytest.param(11.0, 3.0, [1, 1, 16], 271, 71, id="half a billion"),
        pytest.param(160.0, 60.0, [1, 1], 4.5, 4.5, id="seven billion"),
    ],
)
def test_a_probe_finds_the_speed_in_a_moment(
    pass_ms: float, token_ms: float, passes: list[int], prefill: float, decode: float
) -> None:
    machine = Machine(pass_ms / 1000, token_ms / 1000)
    speed = machine.probe()
    assert machine.passes == passes
    assert speed is not None
    assert speed.prefill_tokens_per_second == pytest.approx(prefill, rel=0.02)
    assert speed.decode_tokens_per_second == pytest.approx(decode, rel=0.02)


@given(st.floats(1e-5, 1.0), st.floats(0.0, 0.1))
def test_a_probe_is_short_on_every_machine(pass_seconds: float, token_seconds: float) -> None:
    machine = Machine(pass_seconds, token_seconds)
    speed = machine.probe()
    assert speed is not None
    took = machine.now - 1000.0
    assert machine.passes == [1, 1] or took <= 4 * PROBE_SECONDS


@pytest.mark.parametrize("stops_at", [1, 16])
def test_an_interrupted_probe_ends(stops_at: int) -> None:
    machine = Machine(0.001, 0.0001, stops_at=stops_at)
    machine.probe()
    assert machine.passes[-1] == stops_at


def test_nothing_is_known_before_anything_ran() -> None:
    assert SpeedMeter().speed is None
    assert SpeedMeter(TYPICAL).speed == TYPICAL


def test_a_prompt_is_read_at_least_as_fast_as_text_is_written() -> None:
    meter = SpeedMeter()
    meter.record(1, 0.01)
    assert meter.speed == ModelSpeed(100.0, 100.0)


def test_small_batches_say_nothing() -> None:
    meter = SpeedMeter(TYPICAL)
    for _ in range(100):
        meter.record(5, 1.0)
    assert meter.speed == TYPICAL


def test_a_stall_does_not_matter_and_a_lasting_change_does() -> None:
    meter = SpeedMeter(TYPICAL)
    for _ in range(20):
        meter.record(256, 256 / 300)
        meter.record(1, 1 / 70)
    for _ in range(10):
        meter.record(256, 30.0)
        meter.record(1, 1.0)
    speed = meter.speed
    assert speed is not None
    assert speed.prefill_tokens_per_second == pytest.approx(300)
    assert speed.decode_tokens_per_second == pytest.approx(70)
    for _ in range(20):
        meter.record(256, 2.56)
        meter.record(1, 0.1)
    speed = meter.speed
    assert speed is not None
    assert speed.prefill_tokens_per_second == pytest.approx(100)
    assert speed.decode_tokens_per_second == pytest.approx(10)


def test_a_clock_that_stands_still_is_no_error() -> None:
    meter = SpeedMeter()
    meter.record(1, 0.0)
    assert meter.speed is not None
