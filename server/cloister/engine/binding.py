"""The only module that knows llama.cpp: one loaded model, its context and what is in it.

Everything here runs on the one thread that opened the model; llama.cpp is not thread-safe. The
low-level interface is used because the high-level one redirects the process's output, samples in
Python and knows no infilling markers. Only the bytes of tokens leave this module as text.
"""

import ctypes
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import llama_cpp as llama
import numpy as np

from cloister.core.errors import BackendUnavailableError, ModelError
from cloister.core.model import ModelDescription

MICRO_BATCH_TOKENS = 256
"""Prompt tokens evaluated between two looks at cancellation."""

_MAX_CONTEXT_TOKENS = 8192
_MAX_TEXT_BYTES = 512 * 1024
_PIECE_BYTES = 512
# Each slot holds one document, so that several stay warm; slots share this much memory.
_MOST_SLOTS = 4
_MOST_CACHE_BYTES = 512 * 1024 * 1024
_BYTES_PER_CACHED_NUMBER = 2
_DECODE_ABORTED = 2
_LEVEL_WARNING, _LEVEL_ERROR = 3, 4

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sampled:
    """The most likely next token; `ends` when it is the model's way to finish."""

    token: int
    piece: bytes
    probability: float
    ends: bool


def open_model(path: Path, n_threads: int, on_progress: Callable[[float], None]) -> "Model":
    """Load the weights and make a context; `on_progress` gets the loaded fraction.

    Raises ModelError when llama.cpp refuses the file.
    """
    _initialise_backend()
    complaints: list[str] = []
    listener = _load_listener(complaints)
    llama.llama_log_set(listener, ctypes.c_void_p(0))
    try:
        return Model(path, n_threads, on_progress)
    except _RefusedError as error:
        reason = complaints[0].rpartition("error loading model: ")[2] if complaints else error
        raise ModelError(
            f"llama.cpp cannot load the model {path} ({reason}); choose another model."
        ) from error
    finally:
        llama.llama_log_set(_AFTER_LOAD, ctypes.c_void_p(0))


class Model:
    """A loaded model and its context, which holds one token sequence per slot.

    `slots` are the tokens in each, `idle_order` their numbers from the least recently used on.
    What evaluates, forgets and samples does so in the slot chosen by `use_slot`. Use `open_model`.
    Not thread-safe; `close` it once.
    """

    def __init__(self, path: Path, n_threads: int, on_progress: Callable[[float], None]) -> None:
        self.path = path
        self._should_stop: Callable[[], bool] = _never
        self._abort = llama.ggml_abort_callback(lambda _data: self._should_stop())
        self._model = _load_weights(path, on_progress)
        n_slots = _worthwhile_slots(self._model)
        self.slots: list[list[int]] = [[] for _ in range(n_slots)]
        self.idle_order = list(range(n_slots))
        self._slot = 0
        self._context = _make_context(self._model, n_threads, n_slots, self._abort)
        self._memory = llama.llama_get_memory(self._context)
        self._vocabulary = llama.llama_model_get_vocab(self._model)
        self._vocabulary_tokens = llama.llama_vocab_n_tokens(self._vocabulary)
        self._sampler = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        llama.llama_sampler_chain_add(self._sampler, llama.llama_sampler_init_greedy())
        self.context_tokens = int(llama.llama_n_ctx_seq(self._context))
        self.description = self._describe()

    def close(self) -> None:
        """Free everything; the model must not be used afterwards."""
        llama.llama_sampler_free(self._sampler)
        llama.llama_free(self._context)
        llama.llama_model_free(self._model)

    def use_threads(self, n_threads: int) -> None:
        """Evaluate with `n_threads` threads from now on."""
        llama.llama_set_n_threads(self._context, n_threads, n_threads)

    @property
    def cached(self) -> list[int]:
        """The tokens in the chosen slot."""
        return self.slots[self._slot]

    def use_slot(self, slot: int) -> None:
        """Work in `slot` from now on."""
        self._slot = slot
        self.idle_order.remove(slot)
        self.idle_order.append(slot)

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of plain text; what looks like a marker stays text.

        Raises ModelError for a text too long for any context.
        """
        return self._tokenize(text, parse_special=False)

    def marker_token(self, text: str) -> int:
        """Return the token of a marker; raises ModelError when it is not exactly one."""
        tokens = self._tokenize(text, parse_special=True)
        if len(tokens) != 1:
            raise ModelError(
                f"The model {self.path.name} has no marker {text}; choose a model that can infill."
            )
        return tokens[0]

    def forget_after(self, keep: int) -> int:
        """Drop all but the first `keep` cached tokens; return how many could be kept.

        Recurrent models cannot be rewound, so nothing is kept of them.
        """
        if keep and llama.llama_memory_seq_rm(self._memory, self._slot, keep, -1):
            del self.cached[keep:]
        else:
            llama.llama_memory_seq_rm(self._memory, self._slot, -1, -1)
            self.cached.clear()
        return len(self.cached)

    def evaluate(self, tokens: Sequence[int], should_stop: Callable[[], bool]) -> int:
        """Append tokens to the context; return how many, fewer only when `should_stop` said so.

        `should_stop` is asked before every micro-batch and, on the CPU, within each. Raises
        BackendUnavailableError when llama.cpp cannot evaluate; the context is empty then.
        """
        self._should_stop = should_stop
        try:
            for start in range(0, len(tokens), MICRO_BATCH_TOKENS):
                batch = tokens[start : start + MICRO_BATCH_TOKENS]
                if should_stop() or not self._decode(batch):
                    return start
            return len(tokens)
        finally:
            self._should_stop = _never

    def sample(self) -> Sampled:
        """Return the most likely token after the context, which must not be empty."""
        token = int(llama.llama_sampler_sample(self._sampler, self._context, -1))
        # A control token that is not an end (a stray marker) ends the answer as well: the model
        # has left the text that it was asked to write.
        ends = bool(
            llama.llama_vocab_is_eog(self._vocabulary, token)
            or llama.llama_vocab_is_control(self._vocabulary, token)
        )
        return Sampled(token, self._piece(token), self._probability(token), ends)

    def _describe(self) -> ModelDescription:
        return ModelDescription(
            name=self._metadata("general.name") or self.path.stem,
            path=str(self.path),
            architecture=self._metadata("general.architecture"),
            context_tokens=self.context_tokens,
            vocabulary_tokens=self._vocabulary_tokens,
            fim_markers=self._fim_markers(),
        )

    def _decode(self, tokens: Sequence[int]) -> bool:
        """Append one micro-batch; False when it was aborted, and then nothing was appended."""
        position = len(self.cached)
        batch = llama.llama_batch_init(len(tokens), 0, 1)
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = position + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = self._slot
            batch.logits[index] = index == len(tokens) - 1
        result = llama.llama_decode(self._context, batch)
        llama.llama_batch_free(batch)
        if result == 0:
            self.cached.extend(tokens)
        elif result == _DECODE_ABORTED:
            self.forget_after(position)
        else:
            self.forget_after(0)
            raise BackendUnavailableError(
                f"llama.cpp could not evaluate the prompt (code {result}); try again."
            )
        return bool(result == 0)

    def _probability(self, token: int) -> float:
        pointer = llama.llama_get_logits_ith(self._context, -1)
        logits = np.ctypeslib.as_array(pointer, shape=(self._vocabulary_tokens,))
        # The token is the most likely one, so no exponent is positive and none can overflow.
        return float(1.0 / np.exp(logits - logits[token]).sum())

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(_PIECE_BYTES)
        length = llama.llama_token_to_piece(self._vocabulary, token, buffer, _PIECE_BYTES, 0, False)
        return buffer.raw[: max(0, length)]

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
            raise ModelError(f"The model {self.path.name} cannot read this text; choose another.")
        return list(tokens[:n_tokens])

    def _fim_markers(self) -> dict[str, str]:
        return {
            role: llama.llama_vocab_get_text(self._vocabulary, token).decode("utf-8", "replace")
            for role, find in _FIM_ROLES.items()
            if (token := find(self._vocabulary)) >= 0
        }

    def _metadata(self, key: str) -> str:
        buffer = ctypes.create_string_buffer(_PIECE_BYTES)
        length = llama.llama_model_meta_val_str(self._model, key.encode(), buffer, _PIECE_BYTES)
        return buffer.value.decode("utf-8", "replace") if length >= 0 else ""


_FIM_ROLES = {
    "prefix": llama.llama_vocab_fim_pre,
    "suffix": llama.llama_vocab_fim_suf,
    "middle": llama.llama_vocab_fim_mid,
    "pad": llama.llama_vocab_fim_pad,
    "repo": llama.llama_vocab_fim_rep,
    "file": llama.llama_vocab_fim_sep,
}


class _RefusedError(Exception):
    """llama.cpp returned nothing instead of a model or a context."""


@cache
def _initialise_backend() -> None:
    llama.llama_backend_init()


def _load_weights(path: Path, on_progress: Callable[[float], None]) -> llama.llama_model_p:
    def report(fraction: float, _data: ctypes.c_void_p) -> bool:
        on_progress(fraction)
        return True

    parameters = llama.llama_model_default_params()
    parameters.progress_callback = llama.llama_progress_callback(report)
    # Finds weights that bit rot turned into infinities before they turn into nonsense.
    parameters.check_tensors = True
    model: llama.llama_model_p = llama.llama_model_load_from_file(str(path).encode(), parameters)
    if not model:
        raise _RefusedError("the file is damaged or of an unsupported kind")
    return model


def _slot_tokens(model: llama.llama_model_p) -> int:
    return min(int(llama.llama_model_n_ctx_train(model)), _MAX_CONTEXT_TOKENS)


def _worthwhile_slots(model: llama.llama_model_p) -> int:
    """Return how many documents stay warm within _MOST_CACHE_BYTES, at least one."""
    head_size = llama.llama_model_n_embd(model) // max(1, llama.llama_model_n_head(model))
    numbers_per_token = 2 * llama.llama_model_n_layer(model) * head_size
    numbers_per_token *= max(1, llama.llama_model_n_head_kv(model))
    slot_bytes = _BYTES_PER_CACHED_NUMBER * numbers_per_token * _slot_tokens(model)
    return int(max(1, min(_MOST_SLOTS, _MOST_CACHE_BYTES // max(1, slot_bytes))))


def _make_context(
    model: llama.llama_model_p,
    n_threads: int,
    n_slots: int,
    abort: Callable[[ctypes.c_void_p], bool],
) -> llama.llama_context_p:
    parameters = llama.llama_context_default_params()
    parameters.n_ctx = _slot_tokens(model) * n_slots
    parameters.n_batch = parameters.n_ubatch = MICRO_BATCH_TOKENS
    parameters.n_threads = parameters.n_threads_batch = n_threads
    parameters.n_seq_max = n_slots
    # Each slot in memory of its own: attention then looks at one document's cells only.
    parameters.kv_unified = False
    parameters.abort_callback = abort
    context: llama.llama_context_p = llama.llama_init_from_model(model, parameters)
    if not context:
        llama.llama_model_free(model)
        raise _RefusedError("there is not enough memory for its context")
    return context


def _never() -> bool:
    return False


def _load_listener(complaints: list[str]) -> Any:
    """Collect errors for the user and warnings for the log: no prompt exists while loading."""

    def listen(level: int, text: bytes, _data: ctypes.c_void_p) -> None:
        line = text.decode("utf-8", "replace").strip()
        if level == _LEVEL_ERROR:
            complaints.append(line)
        if level in (_LEVEL_WARNING, _LEVEL_ERROR):
            _log.warning("llama.cpp: %s", line)

    return llama.llama_log_callback(listen)


def _drop(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
    """Once prompts exist a message may quote one; what matters also comes as a return code."""


_AFTER_LOAD = llama.llama_log_callback(_drop)
