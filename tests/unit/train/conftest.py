"""What the tests of training share; they need packages that only `dev.py train` installs."""

from importlib.util import find_spec

import pytest

from train.knobs import Knobs, Phase, Shape

collect_ignore_glob = [] if find_spec("torch") else ["test_*.py"]


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    # More of them wait for each other where others want the processor too.
    import torch

    torch.set_num_threads(1)


@pytest.fixture
def knobs() -> Knobs:
    shape = Shape(
        vocabulary=384, width=32, layers=2, heads=2, feed_forward=64, rope_base=1e4, context=128
    )
    return Knobs(
        shape=shape,
        phases=(Phase(32, 512), Phase(64, 10**9)),
        step_tokens=128,
        shard_tokens=1024,
        warm_up_steps=2,
    )
