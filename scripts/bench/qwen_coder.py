"""Qwen2.5-Coder in its published sizes, with random weights: what a user's model would cost here.

The vocabulary is Qwen2's, from the file with which llama.cpp tests its tokenizer; Qwen2.5-Coder
adds special tokens to it, which are named here by their numbers.
"""

from pathlib import Path

from bench.gguf_writer import Value, integers_of, read_metadata, texts_of, value_of
from bench.random_model import IN_Q4_K_M, write_random_model
from bench.tensor_shapes import Shape

SHAPES = {
    "0.5b": Shape("random-qwen2.5-coder-0.5b", "qwen2", 24, 896, 14, 2, 4864, 32768),
    "1.5b": Shape("random-qwen2.5-coder-1.5b", "qwen2", 28, 1536, 12, 2, 8960, 32768),
    "3b": Shape("random-qwen2.5-coder-3b", "qwen2", 36, 2048, 16, 2, 11008, 32768),
    "7b": Shape(
        *("random-qwen2.5-coder-7b", "qwen2", 28, 3584, 28, 4, 18944, 32768), tied_output=False
    ),
}

_USER_DEFINED, _CONTROL, _UNUSED = 4, 3, 5
_FIRST_SPECIAL = 151_643
# The embedding has rows for tokens that do not exist.
_VOCABULARY_TOKENS = {"0.5b": 151_936, "1.5b": 151_936, "3b": 151_936, "7b": 152_064}
_SPECIAL = {
    "<|endoftext|>": _CONTROL,
    "<|im_start|>": _CONTROL,
    "<|im_end|>": _CONTROL,
    "<|object_ref_start|>": _CONTROL,
    "<|object_ref_end|>": _CONTROL,
    "<|box_start|>": _CONTROL,
    "<|box_end|>": _CONTROL,
    "<|quad_start|>": _CONTROL,
    "<|quad_end|>": _CONTROL,
    "<|vision_start|>": _CONTROL,
    "<|vision_end|>": _CONTROL,
    "<|vision_pad|>": _CONTROL,
    "<|image_pad|>": _CONTROL,
    "<|video_pad|>": _CONTROL,
    "<tool_call>": _USER_DEFINED,
    "</tool_call>": _USER_DEFINED,
    "<|fim_prefix|>": _USER_DEFINED,
    "<|fim_middle|>": _USER_DEFINED,
    "<|fim_suffix|>": _USER_DEFINED,
    "<|fim_pad|>": _USER_DEFINED,
    "<|repo_name|>": _USER_DEFINED,
    "<|file_sep|>": _USER_DEFINED,
}


def ensure_random_model(folder: Path, size: str, qwen2: Path) -> Path:
    """Return the model of that size, one of SHAPES, in `folder`, writing it the first time.

    `qwen2` is a GGUF with the vocabulary of Qwen2.
    """
    path = folder / f"{SHAPES[size].name}-q4_k_m.gguf"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        vocabulary = qwen_coder_vocabulary(qwen2, _VOCABULARY_TOKENS[size])
        write_random_model(path, SHAPES[size], vocabulary, IN_Q4_K_M)
    return path


def qwen_coder_vocabulary(qwen2: Path, n_tokens: int) -> dict[str, Value]:
    """Return the tokenizer of Qwen2.5-Coder, made from a GGUF that has that of Qwen2."""
    vocabulary = read_metadata(qwen2, "tokenizer.")
    texts = texts_of(vocabulary["tokenizer.ggml.tokens"])
    types = integers_of(vocabulary["tokenizer.ggml.token_type"])
    unused = range(_FIRST_SPECIAL + len(_SPECIAL), n_tokens)
    texts[_FIRST_SPECIAL:] = [*_SPECIAL, *(f"[PAD{number}]" for number in unused)]
    types[_FIRST_SPECIAL:] = [*_SPECIAL.values(), *[_UNUSED] * len(unused)]
    return vocabulary | {
        "tokenizer.ggml.tokens": value_of(texts),
        "tokenizer.ggml.token_type": value_of(types),
    }
