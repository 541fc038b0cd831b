"""Writes a checkpoint as a GGUF file that any llama.cpp runs.

The graph that llama.cpp calls `llama` turns neighbouring numbers of a head together, where the
network turns its halves: rows of the two matrices before that are put in its order.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType
from gguf.quants import quantize
from numpy.typing import NDArray
from tokenizers import Tokenizer

from train.knobs import Shape
from train.tokenizer import (
    END,
    FILE,
    MIDDLE,
    PAD,
    PRE_TOKENIZER,
    PREFIX,
    REPOSITORY,
    SPECIAL,
    SUFFIX,
    tokenizer,
)

Weights = NDArray[np.float32]
_NORMAL, _CONTROL, _UNUSED = 1, 3, 5
_NORM_EPSILON = 1e-5
_INFILLING = {
    "pre": PREFIX,
    "suf": SUFFIX,
    "mid": MIDDLE,
    "pad": PAD,
    "rep": REPOSITORY,
    "sep": FILE,
}
_LAYER = {
    "attention_norm": "attn_norm",
    "attention.q": "attn_q",
    "attention.k": "attn_k",
    "attention.v": "attn_v",
    "attention.output": "attn_output",
    "feed_forward_norm": "ffn_norm",
    "feed_forward.gate": "ffn_gate",
    "feed_forward.up": "ffn_up",
    "feed_forward.down": "ffn_down",
}


def run(arguments: argparse.Namespace) -> int:
    """Write the file that is asked for."""
    state = torch.load(arguments.checkpoint, map_location="cpu", weights_only=True)
    weights = {name: tensor.float().numpy() for name, tensor in state["network"].items()}
    # A longer context than any row that was learnt from would be a false promise.
    context = arguments.context or state["progress"]["row_tokens"]
    shape = replace(Shape(**state["knobs"]["shape"]), context=context)
    vocabulary = tokenizer(shape.vocabulary)
    write_gguf(arguments.gguf, weights, shape, vocabulary, is_exact=arguments.exact)
    return 0


def write_gguf(
    path: Path, weights: dict[str, Weights], shape: Shape, vocabulary: Tokenizer, *, is_exact: bool
) -> None:
    """Write weights by the names of `Decoder`: in 16 bits when `is_exact`, else in 8 (Q8_0)."""
    writer = GGUFWriter(path, "llama")
    kind = LlamaFileType.MOSTLY_F16 if is_exact else LlamaFileType.MOSTLY_Q8_0
    writer.add_name(path.name.partition(".")[0])
    writer.add_file_type(kind)
    _add_shape(writer, shape)
    _add_tokenizer(writer, vocabulary, shape.vocabulary)
    for ours, theirs in tensor_names(shape).items():
        tensor = neighbouring(theirs, weights[ours], shape)
        if tensor.ndim == 1:
            writer.add_tensor(theirs, tensor)
        elif is_exact:
            writer.add_tensor(theirs, tensor.astype(np.float16))
        else:
            quantized = quantize(np.ascontiguousarray(tensor), GGMLQuantizationType.Q8_0)
            writer.add_tensor(theirs, quantized, raw_dtype=GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensor_names(shape: Shape) -> dict[str, str]:
    """Return the GGUF's name of each tensor of a `Decoder`."""
    names = {"embedding.weight": "token_embd.weight", "norm.weight": "output_norm.weight"}
    for layer in range(shape.layers):
        for ours, theirs in _LAYER.items():
            names[f"blocks.{layer}.{ours}.weight"] = f"blk.{layer}.{theirs}.weight"
    return names


def neighbouring(name: str, tensor: Weights, shape: Shape) -> Weights:
    """Return a tensor in the order of llama.cpp; `name` is the GGUF's."""
    if not _is_turned(name):
        return tensor
    parts = tensor.reshape(shape.heads, 2, -1, shape.width)
    return parts.swapaxes(1, 2).reshape(tensor.shape)


def half_split(name: str, tensor: Weights, shape: Shape) -> Weights:
    """Return a tensor of a GGUF in the order of the network."""
    if not _is_turned(name):
        return tensor
    parts = tensor.reshape(shape.heads, -1, 2, shape.width)
    return parts.swapaxes(1, 2).reshape(tensor.shape)


def _is_turned(name: str) -> bool:
    return name.endswith(("attn_q.weight", "attn_k.weight"))


def _add_shape(writer: GGUFWriter, shape: Shape) -> None:
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_layer_norm_rms_eps(_NORM_EPSILON)
    writer.add_vocab_size(shape.vocabulary)


def _add_tokenizer(writer: GGUFWriter, vocabulary: Tokenizer, n_tokens: int) -> None:
    facts = json.loads(vocabulary.to_str())["model"]
    pieces = sorted(facts["vocab"], key=facts["vocab"].__getitem__)
    unused = [f"<|unused{number}|>" for number in range(n_tokens - len(pieces))]
    kinds = [_CONTROL if piece in SPECIAL else _NORMAL for piece in pieces]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(PRE_TOKENIZER)
    writer.add_token_list(pieces + unused)
    writer.add_token_types(kinds + [_UNUSED] * len(unused))
    writer.add_token_merges(
        [merge if isinstance(merge, str) else " ".join(merge) for merge in facts["merges"]]
    )
    end = facts["vocab"][END]
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_eot_token_id(end)
    writer.add_pad_token_id(facts["vocab"][PAD])
    # Without these llama.cpp puts tokens before a text, and takes a space off it.
    writer.add_add_bos_token(value=False)
    writer.add_add_space_prefix(value=False)
    for key, marker in _INFILLING.items():
        writer.add_uint32(f"tokenizer.ggml.fim_{key}_token_id", facts["vocab"][marker])
