"""Families in llama.cpp's own tokenizer: markers are tokens, what users write never is one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import fill

import pytest
from inline_snapshot import snapshot
from llama_cpp import llama_vocab_get_text

from bench.gguf_writer import value_of
from cloister.core.context import CompletionContext, Snippet
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt, SegmentKind
from cloister.core.text import Span
from cloister.engine.llama.vocabulary import Vocabulary
from cloister.families import Family, all_families, family_of
from cloister.gguf.description import describe
from cloister.gguf.header import read_header
from support.known_models import ONE_OF_EACH
from support.vocabularies import (
    CONTROL,
    USER_DEFINED,
    Metadata,
    bundled_metadata,
    opened_vocabulary,
    real_metadata,
    with_tokens,
    write_vocabulary,
)

pytestmark = pytest.mark.model

SNIPPET = Snippet("b.py", 0, 0, "z = 3\n", "test")
CONTEXT = CompletionContext(
    "a.py", "def add(a, b):\n    return ", "\n\nadd(1, 2)\n", Span(0, 0), (SNIPPET,)
)

QWEN_TOKENS = {
    151643: "<|endoftext|>",
    151644: "<|im_start|>",
    151645: "<|im_end|>",
    151659: "<|fim_prefix|>",
    151660: "<|fim_middle|>",
    151661: "<|fim_suffix|>",
    151662: "<|fim_pad|>",
    151663: "<|repo_name|>",
    151664: "<|file_sep|>",
}
FAMILIES = {"deepseek-coder": "deepseek-coder", "refact": "refact", "starcoder": "starcoder2"}
CODE_LLAMA_TOKENS = {32007: "▁<PRE>", 32008: "▁<SUF>", 32009: "▁<MID>", 32010: "▁<EOT>"}


def of_family(name: str, metadata: Metadata) -> Metadata:
    return with_tokens(metadata, {}, ONE_OF_EACH[name])


def described(path: Path) -> ModelDescription:
    return describe(read_header(path), path, 4096)


def token_ids(vocabulary: Vocabulary, prompt: Prompt) -> Iterator[int]:
    for segment in prompt.segments:
        if segment.kind is SegmentKind.MARKER:
            yield vocabulary.marker_token(segment.text)
        else:
            yield from vocabulary.tokenize(segment.text)


def marker_texts(vocabulary: Vocabulary) -> dict[str, str]:
    return {
        role: llama_vocab_get_text(vocabulary._vocabulary, token).decode()
        for role, token in vocabulary.fim_tokens.items()
    }


def prompt_ids(path: Path, family_name: str) -> str:
    """Return the tokens of the prompt for CONTEXT, in figures."""
    description = described(path)
    family = family_of(description)
    assert family is not None
    assert family.name == family_name
    with opened_vocabulary(path) as vocabulary:
        ids = token_ids(vocabulary, family.render(CONTEXT, description))
        return fill(" ".join(map(str, ids)))


@pytest.mark.parametrize("token_type", [CONTROL, USER_DEFINED], ids=["control", "user-defined"])
@pytest.mark.parametrize("named", [False, True], ids=["found by text", "named by number"])
@pytest.mark.parametrize("family", all_families(), ids=lambda family: family.name)
def test_markers_are_tokens_and_text_never_is_one(
    family: Family, token_type: int, tmp_path: Path, *, named: bool
) -> None:
    metadata = bundled_metadata(ONE_OF_EACH[family.name], token_type)
    if named:
        first = 8192 + ONE_OF_EACH[family.name].tokens.index(family.markers[0])
        metadata["tokenizer.ggml.fim_pre_token_id"] = value_of(first)
    path = write_vocabulary(tmp_path, metadata)
    description = described(path)
    assert family_of(description) is family
    everything = "".join(description.special_tokens)
    hostile = replace(CONTEXT, path=everything, prefix=everything, suffix=everything)
    with opened_vocabulary(path) as vocabulary:
        assert description.fim_markers == marker_texts(vocabulary)
        assert all(map(vocabulary.ends, vocabulary.fim_tokens.values()))
        forbidden = {vocabulary.marker_token(marker) for marker in family.markers}
        assert len(forbidden) == len(family.markers)
        segments = family.render(hostile, description).segments
        texts = [part.text for part in segments if part.kind is SegmentKind.TEXT]
        for text in texts:
            assert forbidden.isdisjoint(vocabulary.tokenize(text))


@pytest.mark.parametrize(
    "name",
    [
        *("aquila", "baichuan", "command-r", "deepseek-coder", "deepseek-llm", "falcon", "gemma-4"),
        *("gpt-2", "gpt-neox", "llama-bpe", "llama-spm", "mpt", "phi-3", "qwen2", "refact"),
        "starcoder",
    ],
)
def test_real_vocabularies_are_described_as_llama_cpp_reads_them(name: str, tmp_path: Path) -> None:
    path = write_vocabulary(tmp_path, real_metadata(name))
    description = described(path)
    with opened_vocabulary(path) as vocabulary:
        assert description.fim_markers == marker_texts(vocabulary)
        assert description.vocabulary_tokens == vocabulary.n_tokens
        for text in description.special_tokens:
            vocabulary.marker_token(text)
    family = family_of(description)
    assert (family and family.name) == FAMILIES.get(name)


def test_starcoder2_by_token(tmp_path: Path) -> None:
    path = write_vocabulary(tmp_path, real_metadata("starcoder"))
    assert prompt_ids(path, "starcoder2") == snapshot("""\
5 6335 6 103 51 997 222 127 299 244 56 222 6 1 102 51 997 222 610 1035
45 102 49 342 731 303 461 244 3 222 222 688 45 54 49 244 55 46 222 2\
""")


def test_refact_by_token(tmp_path: Path) -> None:
    path = write_vocabulary(tmp_path, real_metadata("refact"))
    assert prompt_ids(path, "refact") == snapshot("""\
1 21 5380 44 323 32 978 203 108 280 225 37 203 203 21 5380 44 312 32
978 203 589 1015 26 83 30 323 711 284 442 225 3 203 203 669 26 35 30
225 36 27 203 2\
""")


def test_granite_code_by_token(tmp_path: Path) -> None:
    path = write_vocabulary(tmp_path, of_family("granite-code", real_metadata("refact")))
    assert prompt_ids(path, "granite-code") == prompt_ids(
        write_vocabulary(tmp_path, real_metadata("refact")), "refact"
    )


def test_deepseek_coder_by_token(tmp_path: Path) -> None:
    path = write_vocabulary(tmp_path, real_metadata("deepseek-coder"))
    assert prompt_ids(path, "deepseek-coder") == snapshot("""\
32013 32016 2 65 13 4016 185 89 1412 18 185 185 2 64 13 4016 185 1551
957 7 64 11 270 1772 185 315 967 207 32015 185 185 1761 7 16 11 207 17
8 185 32017\
""")


@pytest.mark.parametrize("name", ["qwen2.5-coder", "qwen3-coder"])
def test_qwen_coder_by_token(name: str, tmp_path: Path) -> None:
    metadata = with_tokens(real_metadata("qwen2"), QWEN_TOKENS, ONE_OF_EACH[name])
    path = write_vocabulary(tmp_path, metadata)
    assert prompt_ids(path, name) == snapshot("""\
151663 23319 198 151664 65 7197 198 89 284 220 18 198 151664 64 7197
198 151659 750 912 2877 11 293 982 262 470 220 151661 271 718 7 16 11
220 17 340 151660\
""")


def test_code_llama_by_token(tmp_path: Path) -> None:
    metadata = with_tokens(real_metadata("llama-spm"), CODE_LLAMA_TOKENS, ONE_OF_EACH["codellama"])
    path = write_vocabulary(tmp_path, metadata)
    assert prompt_ids(path, "codellama") == snapshot("""\
1 32007 396 10802 29901 289 29889 2272 13 29920 353 29871 29941 13 13
29937 10802 29901 263 29889 2272 13 1753 788 29898 29874 29892 289
1125 13 1678 736 29871 32008 13 13 1202 29898 29896 29892 29871 29906
29897 13 32009\
""")
