from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from train.examples import SILENT, TEXT
from train.feed import Progress, batches
from train.knobs import Knobs
from train.rows import Rows
from train.training import Decay, Run

STEPS = 6


def rows(number: int) -> Rows:
    dice = np.random.default_rng(number)
    tokens = dice.integers(8, 384, (4, 33), dtype=np.uint16)
    return Rows(tokens, dice.integers(0, 9, (4, 33), dtype=np.uint8))


def test_a_run_that_was_stopped_goes_on_exactly(knobs: Knobs, tmp_path: Path) -> None:
    whole = Run(knobs, "data")
    losses = [whole.step(rows(number)) for number in range(STEPS)]

    first = Run(knobs, "data")
    resumed = [first.step(rows(number)) for number in range(STEPS // 2)]
    first.progress.shard, first.progress.row = 3, 5
    first.save(tmp_path / "run.pt")
    second = Run(knobs, "data")
    second.load(tmp_path / "run.pt")
    resumed += [second.step(rows(number)) for number in range(STEPS // 2, STEPS)]

    assert resumed == losses
    assert second.progress == Progress(STEPS, STEPS * 128, 3, 5)


def test_steps_make_the_loss_smaller(knobs: Knobs) -> None:
    run = Run(knobs, "data")
    losses = [run.step(rows(0)) for _ in range(12)]
    assert losses[-1] < losses[0] - 0.5


def test_a_checkpoint_of_another_corpus_is_refused(knobs: Knobs, tmp_path: Path) -> None:
    Run(knobs, "data").save(tmp_path / "run.pt")
    with pytest.raises(ValueError, match="another corpus"):
        Run(knobs, "other").load(tmp_path / "run.pt")


def test_nothing_is_learnt_when_the_rates_are_down(knobs: Knobs) -> None:
    run = Run(knobs, "data")
    run.decay = Decay(-100, 0)
    before = [weight.clone() for weight in run.network.parameters()]
    run.step(rows(0))
    assert all(map(torch.equal, before, run.network.parameters()))


def test_rates_fall_evenly() -> None:
    decay = Decay(100, 200)
    assert [decay.share(tokens) for tokens in (0, 100, 150, 200, 300)] == [1, 1, 0.5, 0, 0]


def test_rows_come_in_one_order_wherever_a_run_begins(knobs: Knobs) -> None:
    def rows_of(number: int, row_tokens: int) -> Rows:
        tokens = np.full((1024 // row_tokens, row_tokens + 1), 100 * number, np.uint16)
        return Rows(tokens + np.arange(len(tokens), dtype=np.uint16)[:, None], tokens)

    def seen(progress: Progress, n_steps: int) -> list[list[int]]:
        found = []
        for batch in islice(batches(knobs, progress, rows_of), n_steps):
            progress.tokens += knobs.step_tokens
            found.append([batch.tokens.shape[1] - 1, *batch.tokens[:, 0].tolist()])
        return found

    whole = seen(Progress(), 20)
    stopped = Progress()
    assert seen(stopped, 7) + seen(stopped, 13) == whole
    assert whole[0] == [32, 0, 1, 2, 3]
    # Longer rows come from a new shard, and nothing is seen twice.
    assert whole[4] == [64, 100, 101]
    assert len({row for step in whole for row in step[1:]}) == sum(len(step) - 1 for step in whole)


def test_only_what_is_learnt_counts_for_the_loss(knobs: Knobs) -> None:
    batch, run = rows(0), Run(knobs, "data")
    batch.codes[:] = SILENT
    batch.codes[:, 1] = TEXT
    loss = run.step(batch)
    batch.codes[:, 2:] = SILENT
    batch.tokens[:, 2:] = 9
    assert Run(knobs, "data").step(batch) == pytest.approx(loss, abs=1e-3)
