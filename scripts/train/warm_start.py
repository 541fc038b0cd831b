"""Begins a run with what an earlier model has learnt, though its vocabulary is another one.

A token that the earlier vocabulary lacks begins as the mean of the tokens that spelled its text
there. The shapes must be the same.
"""

from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models

from train.export import half_split, tensor_names
from train.knobs import Shape
from train.model import Decoder
from train.tokenizer import SPECIAL, pre_tokenizer

Weights = NDArray[np.float32]


def warm_start(network: Decoder, tokenizer: Tokenizer, path: Path) -> None:
    """Set the network's weights to those of a GGUF file that `export` wrote."""
    reader = GGUFReader(path)
    tensors = {it.name: dequantize(it.data, it.tensor_type) for it in reader.tensors}
    state = {
        ours: torch.from_numpy(half_split(theirs, tensors[theirs], network.shape).copy())
        for ours, theirs in tensor_names(network.shape).items()
    }
    earlier = tokenizer_of(reader)
    state["embedding.weight"] = torch.from_numpy(
        _embedding(tensors["token_embd.weight"], earlier, tokenizer, network.shape)
    )
    network.load_state_dict(state)


def _embedding(known: Weights, earlier: Tokenizer, tokenizer: Tokenizer, shape: Shape) -> Weights:
    embedding = np.tile(known.mean(axis=0), (shape.vocabulary, 1)).astype(np.float32)
    for piece, token in tokenizer.get_vocab().items():
        same = earlier.token_to_id(piece)
        if same is not None:
            embedding[token] = known[same]
        elif piece not in SPECIAL:
            parts = earlier.encode(tokenizer.decode([token]), add_special_tokens=False).ids
            if parts:
                embedding[token] = known[parts].mean(axis=0)
    return embedding


def tokenizer_of(reader: GGUFReader) -> Tokenizer:
    """Return the vocabulary of a GGUF file that `export` wrote."""
    pieces = reader.fields["tokenizer.ggml.tokens"].contents()
    merges = reader.fields["tokenizer.ggml.merges"].contents()
    pairs = [tuple(merge.split(" ")) for merge in merges]
    tokenizer = Tokenizer(models.BPE({piece: i for i, piece in enumerate(pieces)}, pairs))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizer(), decoders.ByteLevel()
    return tokenizer
