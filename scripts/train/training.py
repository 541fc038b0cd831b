"""Trains: takes steps, writes checkpoints, and says how it goes.

A run goes on from its last checkpoint exactly: what follows depends on the checkpoint and the
corpus alone. The rates stay constant, so that it can go on for as long as there is time; `decay`
lowers them to zero in a run of its own, from any checkpoint, and leaves that one as it is.
"""

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from train.corpus import HELD_OUT
from train.examples import CODES, TEXT
from train.feed import Progress, RowOrder, Shards, batches, data_hash, make_rows
from train.knobs import HOME, SIZES, Knobs, Phase
from train.model import Decoder, token_losses
from train.optimizer import Optimizer
from train.rows import Rows
from train.tokenizer import tokenizer
from train.warm_start import warm_start

_REPORT_STEPS = 25
_CHECK_STEPS = 250
_CHECK_ROWS = 96
_CHECK_ROW_TOKENS = 512
_CHECK_BATCH = 8


@dataclass(frozen=True, slots=True)
class Decay:
    """The rates fall to zero between two counts of tokens."""

    from_tokens: int
    until_tokens: int

    def share(self, tokens: int) -> float:
        """Return which share of the rates is left."""
        left = self.until_tokens - tokens
        return min(1.0, max(0.0, left / (self.until_tokens - self.from_tokens)))


class Run:
    """A network in training on the corpus that hashes to `data`."""

    def __init__(self, knobs: Knobs, data: str, device: str = "cpu") -> None:
        torch.manual_seed(knobs.seed)
        self.knobs, self.data, self.device = knobs, data, device
        self.network = Decoder(knobs.shape).to(device)
        self.optimizer = Optimizer(self.network, knobs)
        self.progress = Progress()
        self.decay: Decay | None = None
        self._loss = self._weighted_loss

    def compile(self) -> None:
        """Make steps about twice as fast, for a minute's work now."""
        self._loss = torch.compile(self._weighted_loss, dynamic=False)

    def step(self, rows: Rows) -> float:
        """Learn from some rows; returns the loss."""
        tokens = self._on_device(rows.tokens)
        with torch.autocast(self.device, torch.bfloat16):
            loss = self._loss(tokens, self._weights(rows))
        loss.backward()  # type: ignore[no-untyped-call]  # torch does not say
        share = min(1.0, (self.progress.step + 1) / self.knobs.warm_up_steps)
        if self.decay:
            share *= self.decay.share(self.progress.tokens)
        self.optimizer.step(share)
        self.progress.step += 1
        self.progress.tokens += tokens[:, 1:].numel()
        return loss.item()

    @torch.no_grad()
    def check(self, rows: Rows) -> dict[str, float]:
        """Return nats a token for text and for each kind of hole."""
        losses = []
        for tokens in self._on_device(rows.tokens).split(_CHECK_BATCH):
            with torch.autocast(self.device, torch.bfloat16):
                losses.append(token_losses(self.network(tokens[:, :-1]), tokens[:, 1:]).cpu())
        found, codes = torch.cat(losses).numpy(), rows.codes[:, 1:]
        names = {"text": TEXT} | {str(kind): code for kind, code in CODES.items()}
        return {name: float(found[codes == code].mean()) for name, code in names.items()}

    def save(self, path: Path) -> None:
        """Write a checkpoint; the one before it stays until this one is whole."""
        state = {
            "knobs": asdict(self.knobs),
            "progress": asdict(self.progress),
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state(),
            "data": self.data,
        }
        torch.save(state, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint; raises ValueError when the corpus is another one."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["data"] != self.data:
            raise ValueError(f"{path} was trained on another corpus; begin anew without it.")
        self.network.load_state_dict(state["network"])
        self.optimizer.load(state["optimizer"])
        self.progress = Progress(**state["progress"])

    def _weighted_loss(self, tokens: Tensor, weights: Tensor) -> Tensor:
        losses = token_losses(self.network(tokens[:, :-1]), tokens[:, 1:])
        return (losses * weights).sum() / weights.sum()

    def _weights(self, rows: Rows) -> Tensor:
        targets = torch.from_numpy(rows.codes[:, 1:]).to(self.device)
        return (targets == TEXT).float() + self.knobs.middle_weight * (targets > TEXT).float()

    def _on_device(self, tokens: np.typing.NDArray[np.uint16]) -> Tensor:
        return torch.from_numpy(tokens.astype(np.int64)).to(self.device)


def run(arguments: argparse.Namespace) -> int:
    """Train with constant rates until stopped, going on from the last checkpoint."""
    knobs = SIZES[arguments.size]
    path = HOME / f"{arguments.size}.pt"
    going = Run(knobs, data_hash(knobs.shape.vocabulary), arguments.device)
    if path.exists():
        going.load(path)
    elif arguments.begin_with:
        vocabulary = tokenizer(knobs.shape.vocabulary)
        warm_start(going.network, vocabulary, arguments.begin_with)
    _train(going, path, arguments.workers)
    return 0


def decay(arguments: argparse.Namespace) -> int:
    """Lower the rates to zero over so many tokens, from a checkpoint."""
    knobs = SIZES[arguments.size]
    if arguments.row_tokens:
        knobs = replace(knobs, phases=(Phase(arguments.row_tokens, 10**12),))
    going = Run(knobs, data_hash(knobs.shape.vocabulary), arguments.device)
    going.load(arguments.checkpoint)
    start = going.progress.tokens
    going.decay = Decay(start, start + int(arguments.tokens))
    path = arguments.checkpoint.with_name(
        f"{arguments.size}-decayed-{start}-{going.decay.until_tokens}.pt"
    )
    if path.exists():
        going.load(path)
    _train(going, path, arguments.workers)
    print(path)
    return 0


def _train(going: Run, path: Path, n_workers: int) -> None:
    """Take steps and save now and then, until the rates are down to zero."""
    going.compile()
    check_rows = make_rows(
        HELD_OUT,
        RowOrder(going.knobs.shape.vocabulary, "check", _CHECK_ROW_TOKENS, _CHECK_ROWS),
    )
    progress, shards = going.progress, Shards(going.knobs, n_workers)
    started = saved = time.monotonic()
    tokens_at_start, losses = progress.tokens, []
    try:
        for rows in batches(going.knobs, progress, shards.rows_of):
            losses.append(going.step(rows))
            now = time.monotonic()
            is_over = going.decay is not None and going.decay.share(progress.tokens) == 0
            if progress.step % _REPORT_STEPS == 0 or is_over:
                rate = (progress.tokens - tokens_at_start) / (now - started)
                facts = {"step": progress.step, "tokens": progress.tokens, "rate": rate}
                _tell({**facts, "loss": float(np.mean(losses))})
                losses.clear()
            if progress.step % _CHECK_STEPS == 0 or is_over:
                _tell({"checked_at": progress.tokens, **going.check(check_rows)})
            if now - saved > going.knobs.checkpoint_seconds or is_over:
                going.save(path)
                saved = now
            if is_over:
                return
    finally:
        shards.close()


def _tell(facts: dict[str, float]) -> None:
    print(json.dumps({name: round(fact, 4) for name, fact in facts.items()}), flush=True)
