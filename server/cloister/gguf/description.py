"""Describes a model from its header alone, so that it is known before anything is loaded.

The infilling markers are found as llama.cpp finds them: by the numbers that the metadata names,
else by their texts.
"""

from collections.abc import Iterator
from pathlib import Path

from cloister.core.model import ModelDescription
from cloister.gguf.header import Header

_CONTROL, _USER_DEFINED = 3, 4
_MAX_SPECIAL_TOKENS = 512
_MAX_TOKEN_CHARS = 64
_MAX_NAME_CHARS = 200
# Vocabularies are filled up to round sizes; no prompt has use for these.
_FILLERS = ("[PAD", "<unused", "<|reserved", "<|extra_", "<|dummy_", "<SPECIAL_", "[control_")

# The later key wins where a file has both; those without `fim_` are older.
_MARKER_KEYS = {
    "prefix": ("fim_pre", "prefix"),
    "suffix": ("fim_suf", "suffix"),
    "middle": ("fim_mid", "middle"),
    "pad": ("fim_pad",),
    "repo": ("fim_rep",),
    "file": ("fim_sep",),
}
_MARKER_TEXTS = {
    "prefix": (
        *("<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>"),
        *("▁<PRE>", "<|code_prefix|>", "<|prefix|>"),
    ),
    "suffix": (
        *("<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>"),
        *("▁<SUF>", "<|code_suffix|>", "<|suffix|>"),
    ),
    "middle": (
        *("<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>"),
        *("▁<MID>", "<|code_middle|>", "<|middle|>"),
    ),
    "pad": ("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"),
    "repo": ("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"),
    "file": ("<|file_sep|>",),
}


def describe(header: Header, path: Path, context_tokens: int) -> ModelDescription:
    """Return what is known of the model at `path` when it is used with `context_tokens`."""
    tokens = header.tokens()
    markers = _fim_markers(header, tokens)
    special = dict.fromkeys([*markers.values(), *_special_tokens(header, tokens)])
    name = header.text("general.name") or header.text("general.basename") or header.architecture
    return ModelDescription(
        name=name[:_MAX_NAME_CHARS],
        path=str(path),
        architecture=header.architecture[:_MAX_NAME_CHARS],
        context_tokens=context_tokens,
        vocabulary_tokens=header.n_tokens,
        fim_markers=markers,
        special_tokens=tuple(special)[:_MAX_SPECIAL_TOKENS],
        begin_token=_begin_token(header, tokens),
        tokenizer=(header.text("tokenizer.ggml.pre") or header.text("tokenizer.ggml.model"))[
            :_MAX_NAME_CHARS
        ],
        chat_template="tokenizer.chat_template" in header.metadata,
    )


def _fim_markers(header: Header, tokens: list[bytes]) -> dict[str, str]:
    known = set(tokens)
    markers = {}
    for role, keys in _MARKER_KEYS.items():
        numbers = [header.metadata.get(f"tokenizer.ggml.{key}_token_id") for key in keys]
        named = [tokens[n] for n in numbers if isinstance(n, int) and 0 <= n < len(tokens)]
        by_text = [text.encode() for text in _MARKER_TEXTS[role] if text.encode() in known]
        if found := (named[-1:] or by_text[:1]):
            markers[role] = _text(found[0])[:_MAX_TOKEN_CHARS]
    return markers


def _begin_token(header: Header, tokens: list[bytes]) -> str:
    # Only SentencePiece vocabularies have one without being told.
    is_sentencepiece = header.text("tokenizer.ggml.model") == "llama"
    number = header.metadata.get("tokenizer.ggml.bos_token_id", 1 if is_sentencepiece else None)
    is_wanted = header.metadata.get("tokenizer.ggml.add_bos_token", is_sentencepiece)
    if is_wanted and isinstance(number, int) and 0 <= number < len(tokens):
        return _text(tokens[number])[:_MAX_TOKEN_CHARS]
    return ""


def _special_tokens(header: Header, tokens: list[bytes]) -> Iterator[str]:
    for token, kind in zip(tokens, header.token_types(), strict=False):
        if kind in (_CONTROL, _USER_DEFINED):
            text = _text(token)
            is_readable = 1 < len(text.strip()) <= _MAX_TOKEN_CHARS
            if is_readable and not text.startswith(_FILLERS):
                yield text


def _text(token: bytes) -> str:
    return token.decode("utf-8", "replace")
