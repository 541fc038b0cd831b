"""The vocabulary: byte-level BPE that llama.cpp splits in the same way, token by token.

The regular expression is the one that llama.cpp uses under the name `gpt-2`. A newline and the
indentation behind it are one token, and a cursor after `.`, `(` or `_` stands between tokens.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from train.corpus import CORPUS, SourceFile, read_files
from train.knobs import HOME, LANGUAGE_SHARES, SIZES

PRE_TOKENIZER = "gpt-2"
END, PREFIX, SUFFIX, MIDDLE = "<|endoftext|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"
PAD, REPOSITORY, FILE, RESERVED = "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>", "<|reserved|>"
SPECIAL = (END, PREFIX, SUFFIX, MIDDLE, PAD, REPOSITORY, FILE, RESERVED)

_PIECES = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_SAMPLE_CHARS = 24_000_000
_MOST_PACKAGE_SHARE = 0.15
_LEAST_FREQUENCY = 20


def build(arguments: argparse.Namespace) -> int:
    """Train the vocabulary on a sample of the corpus, and save it."""
    n_tokens = SIZES[arguments.size].shape.vocabulary
    made = trained(sample(read_files(HOME / CORPUS)), n_tokens)
    made.save(str(tokenizer_path(n_tokens)))
    return 0


def tokenizer_path(n_tokens: int) -> Path:
    """Return where `build` puts the vocabulary of so many tokens."""
    return HOME / f"tokenizer-{n_tokens}.json"


def tokenizer(n_tokens: int) -> Tokenizer:
    """Return the vocabulary that `build` has made."""
    return Tokenizer.from_file(str(tokenizer_path(n_tokens)))


def trained(texts: Iterator[str], n_tokens: int) -> Tokenizer:
    """Return a tokenizer with so many tokens."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer, made.decoder = pre_tokenizer(), decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=n_tokens,
        special_tokens=list(SPECIAL),
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=_LEAST_FREQUENCY,
    )
    made.train_from_iterator(texts, trainer)
    return made


def pre_tokenizer() -> pre_tokenizers.PreTokenizer:
    """Return what splits text before pairs are merged."""
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def sample(files: list[SourceFile]) -> Iterator[str]:
    """Yield texts in the shares of the languages, and not too many of one package."""
    random.Random(0).shuffle(files)  # noqa: S311  # a repeatable choice
    room = {name: share * _SAMPLE_CHARS for name, share in LANGUAGE_SHARES.items()}
    most = {name: _MOST_PACKAGE_SHARE * chars for name, chars in room.items()}
    taken: dict[tuple[str, str], int] = {}
    for file in files:
        key = (file.package, file.language)
        n_chars = len(file.text)
        if room[file.language] > 0 and taken.get(key, 0) < most[file.language]:
            room[file.language] -= n_chars
            taken[key] = taken.get(key, 0) + n_chars
            yield file.text
