"""llama-server's `/infill`: the server sets the markers of the model that it has loaded.

Rests on the README of llama.cpp's server: `input_prefix`, `input_suffix`, `input_extra`; pieces
with `content`, and a last one with `stop`, `stop_type` and counts. With `n_probs` each piece has
the logarithms of its tokens' probabilities.
"""

import math
from collections.abc import Iterator
from typing import Any

from cloister.core.generation import Finish
from cloister.egress.dialects import (
    Counted,
    Dialect,
    Ended,
    Event,
    Fields,
    Framing,
    Infill,
    Question,
    Wrote,
)


def _body(question: Question, model: str) -> dict[str, Any]:
    if not isinstance(question, Infill):
        raise TypeError
    return {
        "model": model,
        "input_prefix": question.prefix,
        "input_suffix": question.suffix,
        "input_extra": [{"filename": path, "text": text} for path, text in question.files],
        "stop": list(question.stop),
        "n_probs": 1,
        "temperature": 0,
        "cache_prompt": True,
        "stream": True,
    }


def _events(fields: Fields) -> Iterator[Event]:
    if text := fields["content"]:
        yield Wrote(text, _probability(fields.get("completion_probabilities")))
    if fields.get("stop"):
        timings = fields.get("timings") or {}
        yield Counted(
            fields.get("tokens_evaluated"), fields.get("tokens_predicted"), timings.get("cache_n")
        )
        yield Ended(Finish.LENGTH if fields.get("stop_type") == "limit" else Finish.END)


def _probability(tokens: list[Fields] | None) -> float | None:
    return math.exp(min(0.0, sum(it["logprob"] for it in tokens))) if tokens else None


INFILL = Dialect(Framing.EVENTS, _body, _events)
"""What stands between two texts, in the format of whatever model is loaded."""
