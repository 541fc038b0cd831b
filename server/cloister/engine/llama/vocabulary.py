"""Text to tokens and back, exactly: what a segment's tokens spell is the segment."""

import ctypes
from functools import lru_cache

import llama_cpp as llama

from cloister.core.errors import ModelError

_MAX_TEXT_BYTES = 512 * 1024
_PIECE_BYTES = 512
# A prompt has about six segments, and all but one of them are those of the keystroke before.
_REMEMBERED_TEXTS = 64
# What an answer copies from is mostly what the answer before it was copied from.
_REMEMBERED_SPELLINGS = 4096
# SentencePiece vocabularies put a space before a text; behind this one they do not.
_LEAD_IN = "\n"


class Vocabulary:
    """The tokenizer of one loaded model; `name` is the model's, for messages."""

    def __init__(self, model: llama.llama_model_p, name: str) -> None:
        self._vocabulary = llama.llama_model_get_vocab(model)
        self._name = name
        self.n_tokens = int(llama.llama_vocab_n_tokens(self._vocabulary))
        self._ends: dict[int, bool] = {}
        self._pieces: dict[int, bytes] = {}
        found = {role: find(self._vocabulary) for role, find in _FIM_ROLES.items()}
        self.fim_tokens = {role: int(token) for role, token in found.items() if token >= 0}
        self._adds_space = self._spells(self._tokenize("a", parse_special=False)) != b"a"
        self.segment_tokens = lru_cache(_REMEMBERED_TEXTS)(self._tuple_of_tokens)
        self._spelling = lru_cache(_REMEMBERED_SPELLINGS)(self._spell)

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of plain text; what looks like a marker stays text.

        Raises ModelError for a text too long for any context.
        """
        if not self._adds_space or not text:
            return self._tokenize(text, parse_special=False)
        lead_in = self._tokenize(_LEAD_IN, parse_special=False)
        return self._tokenize(_LEAD_IN + text, parse_special=False)[len(lead_in) :]

    def marker_token(self, text: str) -> int:
        """Return the token of a marker; raises ModelError when it is not exactly one."""
        tokens = self._tokenize(text, parse_special=True)
        if len(tokens) != 1:
            raise ModelError(
                f"The model {self._name} has no marker {text}; choose a model that can infill."
            )
        return tokens[0]

    def template_tokens(self, text: str) -> list[int]:
        """Return the tokens of a text that a model file brings along, whose markers are meant."""
        return self._tokenize(text, parse_special=True)

    @property
    def special_texts(self) -> dict[str, str]:
        """What chat templates call the tokens at the beginning and at the end of a text."""
        found = {
            "bos_token": llama.llama_vocab_bos(self._vocabulary),
            "eos_token": llama.llama_vocab_eos(self._vocabulary),
        }
        return {name: self._text(token) for name, token in found.items()}

    def spelling(self, text: bytes) -> tuple[tuple[int, int], ...]:
        """Return the tokens of a text, each with how many bytes it spells.

        A text that is cut within a character at its end loses that; one that begins within a
        character has no tokens.
        """
        return self._spelling(text)

    def piece(self, token: int) -> bytes:
        """Return the bytes that a token stands for; none for control tokens."""
        if (piece := self._pieces.get(token)) is None:
            piece = self._pieces[token] = self._piece(token)
        return piece

    def ends(self, token: int) -> bool:
        """Return whether the model finishes with this token.

        A control token that is not an end (a stray marker) is one as well, and so is an infilling
        marker, which not every file types as one: the model has left the text it was to write.
        """
        if (ends := self._ends.get(token)) is None:
            ends = self._ends[token] = bool(
                llama.llama_vocab_is_eog(self._vocabulary, token)
                or llama.llama_vocab_is_control(self._vocabulary, token)
                or token in self.fim_tokens.values()
            )
        return ends

    def _text(self, token: int) -> str:
        if token < 0:
            return ""
        return bytes(llama.llama_vocab_get_text(self._vocabulary, token)).decode("utf-8", "replace")

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(_PIECE_BYTES)
        length = llama.llama_token_to_piece(self._vocabulary, token, buffer, _PIECE_BYTES, 0, False)
        return buffer.raw[: max(0, length)]

    def _spell(self, text: bytes) -> tuple[tuple[int, int], ...]:
        readable = text.decode("utf-8", "ignore")
        if not readable or not text.startswith(readable.encode()):
            return ()
        return tuple((token, len(self.piece(token))) for token in self.tokenize(readable))

    def _tuple_of_tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self.tokenize(text))

    def _spells(self, tokens: list[int]) -> bytes:
        return b"".join(self.piece(token) for token in tokens)

    def _tokenize(self, text: str, *, parse_special: bool) -> list[int]:
        # llama.cpp aborts the process on invalid UTF-8, so lone surrogates become "?".
        encoded = text.encode("utf-8", "replace")
        if len(encoded) > _MAX_TEXT_BYTES:
            raise ModelError(
                f"A text of {len(encoded)} bytes is too long for the model; shrink the context."
            )
        size = len(encoded) + 8
        tokens = (llama.llama_token * size)()
        n_tokens = llama.llama_tokenize(
            self._vocabulary,
            encoded,
            len(encoded),
            tokens,
            size,
            False,  # adds no special tokens
            parse_special,
        )
        if n_tokens < 0:
            raise ModelError(f"The model {self._name} cannot read this text; choose another.")
        return list(tokens[:n_tokens])


_FIM_ROLES = {
    "prefix": llama.llama_vocab_fim_pre,
    "suffix": llama.llama_vocab_fim_suf,
    "middle": llama.llama_vocab_fim_mid,
    "pad": llama.llama_vocab_fim_pad,
    "repo": llama.llama_vocab_fim_rep,
    "file": llama.llama_vocab_fim_sep,
}
