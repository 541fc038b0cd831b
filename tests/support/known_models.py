"""What the files of well-known models say of themselves: one of each family, and chat models.

Only what recognition and prompts depend on: name, architecture, tokenizer and special tokens.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

from cloister.core.model import ModelDescription
from cloister.gguf.description import describe
from cloister.gguf.header import Header, Value

CHATML = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
QWEN_FIM = (
    *("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>"),
    *("<|repo_name|>", "<|file_sep|>"),
)
STARCODER_FIM = ("<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>")
STARCODER_META = ("<filename>", "<gh_stars>", "<reponame>")
DEEPSEEK_BEGIN = "<｜begin▁of▁sentence｜>"
DEEPSEEK = (
    DEEPSEEK_BEGIN,
    *("<｜fim▁hole｜>", "<｜fim▁begin｜>", "<｜fim▁end｜>"),
)
SEED_BEGIN = "<[begin▁of▁sentence]>"


@dataclass(frozen=True, slots=True)
class KnownModel:
    """Metadata and special tokens of one model file."""

    name: str
    architecture: str
    tokens: tuple[str, ...]
    begin: str = ""
    pre: str = "default"
    chat_template: bool = False


ONE_OF_EACH = {
    "cloister": KnownModel("cloister-starter-v0", "llama", ("<|endoftext|>", *QWEN_FIM)),
    "qwen2.5-coder": KnownModel("Qwen2.5 Coder 1.5B", "qwen2", (*CHATML, *QWEN_FIM), pre="qwen2"),
    "qwen3-coder": KnownModel(
        *("Qwen3 Coder 30B A3B Instruct", "qwen3moe", (*CHATML, *QWEN_FIM)),
        pre="qwen2",
        chat_template=True,
    ),
    "starcoder2": KnownModel(
        *("Starcoder2 3b", "starcoder2", (*STARCODER_FIM, "<repo_name>", "<file_sep>")),
        pre="starcoder",
    ),
    "deepseek-coder": KnownModel(
        "Deepseek Coder 1.3b Base", "llama", DEEPSEEK, DEEPSEEK_BEGIN, "deepseek-coder"
    ),
    "deepseek-coder-v2-lite": KnownModel(
        *("DeepSeek Coder V2 Lite Instruct", "deepseek2", DEEPSEEK, DEEPSEEK_BEGIN),
        pre="deepseek-llm",
        chat_template=True,
    ),
    "codellama": KnownModel(
        "CodeLlama 7b Hf", "llama", ("<s>", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"), "<s>"
    ),
    "codegemma": KnownModel(
        *("Codegemma 2b", "gemma"),
        ("<bos>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|file_separator|>"),
        "<bos>",
    ),
    "codestral": KnownModel(
        "Codestral 22B v0.1", "llama", ("<s>", "[INST]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]"), "<s>"
    ),
    "mellum": KnownModel(
        "Mellum 4b Base", "llama", (*STARCODER_FIM, *STARCODER_META), pre="mellum"
    ),
    "granite-code": KnownModel(
        "Granite 3b Code Base 2k", "llama", (*STARCODER_FIM, *STARCODER_META), pre="refact"
    ),
    "seed-coder": KnownModel(
        *("Seed Coder 8B Base", "llama"),
        (SEED_BEGIN, "<[fim-prefix]>", "<[fim-middle]>", "<[fim-suffix]>"),
        SEED_BEGIN,
        "seed-coder",
    ),
    "stable-code": KnownModel(
        "Stable Code 3b", "stablelm", (*STARCODER_FIM, *STARCODER_META), pre="olmo"
    ),
    "refact": KnownModel(
        "Refact 1_6B Fim", "refact", (*STARCODER_FIM, *STARCODER_META), pre="refact"
    ),
    "codegeex4": KnownModel(
        *("Codegeex4 All 9b", "chatglm"),
        (
            *("<|endoftext|>", "[gMASK]", "<sop>", "<|user|>", "<|assistant|>"),
            *("<|code_prefix|>", "<|code_middle|>", "<|code_suffix|>"),
        ),
        pre="chatglm-bpe",
        chat_template=True,
    ),
}

CHAT_WITH_MARKERS = (
    KnownModel(
        "Qwen2.5 7B Instruct", "qwen2", (*CHATML, *QWEN_FIM), pre="qwen2", chat_template=True
    ),
    KnownModel("Qwen3 8B", "qwen3", (*CHATML, *QWEN_FIM), pre="qwen2", chat_template=True),
    KnownModel("DeepSeek V2 Lite Chat", "deepseek2", DEEPSEEK, DEEPSEEK_BEGIN, chat_template=True),
    KnownModel(
        "Granite 3.1 8b Instruct", "granite", STARCODER_FIM, pre="refact", chat_template=True
    ),
)

CHAT_WITHOUT_MARKERS = (
    KnownModel(
        "Llama 3.1 8B Instruct",
        "llama",
        ("<|begin_of_text|>",),
        pre="llama-bpe",
        chat_template=True,
    ),
    KnownModel("Mistral Nemo Instruct 2407", "llama", ("[SUFFIX]", "[PREFIX]"), chat_template=True),
    KnownModel(
        "Phi 4 Mini Instruct", "phi3", ("<|user|>", "<|end|>"), pre="gpt-4o", chat_template=True
    ),
    KnownModel("Gemma 2 2b It", "gemma2", ("<start_of_turn>",), chat_template=True),
    KnownModel(
        "Gpt Oss 20b", "gpt-oss", ("<|start|>", "<|channel|>"), pre="gpt-4o", chat_template=True
    ),
)

_CONTROL = 3


def described(model: KnownModel) -> ModelDescription:
    """Return the description that the model's file gets."""
    tokens = [text.encode() for text in model.tokens]
    metadata: dict[str, Value] = {
        "general.architecture": model.architecture,
        "general.name": model.name,
        "tokenizer.ggml.pre": model.pre,
        "tokenizer.ggml.add_bos_token": bool(model.begin),
    }
    if model.begin:
        metadata["tokenizer.ggml.bos_token_id"] = model.tokens.index(model.begin)
    if model.chat_template:
        metadata["tokenizer.chat_template"] = "{{ messages }}"
    header = Header(
        metadata=metadata,
        tensors=(),
        n_tokens=len(tokens),
        packed_tokens=b"".join(struct.pack("<Q", len(token)) + token for token in tokens),
        packed_token_types=struct.pack(f"<{len(tokens)}i", *[_CONTROL] * len(tokens)),
    )
    return describe(header, Path("/models/m.gguf"), 4096)
