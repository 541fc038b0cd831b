"""One llama.cpp context as sequences of cells: evaluate, forget, move, share, save, restore.

All sequences share one cache, so that cells can belong to several of them; only one document is in
it at a time, because attention looks at every cell in use.
"""

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

import llama_cpp as llama
import numpy as np
from numpy.typing import NDArray

from cloister.core.errors import BackendUnavailableError
from cloister.core.hardware import ON_PROCESSOR, Placement
from cloister.engine.kv import Memory
from cloister.engine.llama.weights import RefusedError
from cloister.engine.speed import SpeedMeter

MICRO_BATCH_TOKENS = 256
"""Prompt tokens evaluated between two looks at cancellation."""

SEQUENCES = 8
"""How many sequences there are: the document, a spare one, and hypotheses."""

# llama.cpp asks after every operation, a hundred times and more for a token, and each of that costs
# a microsecond: a quarter of a small model's token.
_UNINTERRUPTED_TOKENS = 16
_NO_CALLBACK = llama.ggml_abort_callback()
_DECODE_ABORTED = 2


@dataclass(frozen=True, slots=True)
class BatchToken:
    """A token at its position in a sequence; `wants_logits` when a token may follow it."""

    token: int
    position: int
    sequence: int
    wants_logits: bool


class Context:
    """The cells, and the logits of the last evaluation; `close` it before its model."""

    def __init__(
        self,
        model: llama.llama_model_p,
        context_tokens: int,
        n_threads: int,
        placement: Placement = ON_PROCESSOR,
    ) -> None:
        self.meter = SpeedMeter()
        self._should_stop: Callable[[], bool] = _never
        self._is_interruptible = True
        # Kept in a name of its own: llama.cpp calls it as long as the context lives.
        self._abort = llama.ggml_abort_callback(lambda _data: self._should_stop())
        parameters = _parameters(context_tokens, n_threads, placement)
        parameters.abort_callback = self._abort
        self._context = _make_context(model, parameters)
        self._memory = llama.llama_get_memory(self._context)
        self._n_vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
        self._batch = llama.llama_batch_init(MICRO_BATCH_TOKENS, 0, 1)
        self.n_tokens = int(llama.llama_n_ctx(self._context))
        has_state = llama.llama_model_is_recurrent(model) or llama.llama_model_is_hybrid(model)
        can_shift = llama.llama_memory_can_shift(self._memory)
        self.window_tokens = int(llama.llama_model_n_swa(model))
        # Cells that a sliding window hides may be overwritten while they are set aside.
        has_all_cells = not has_state and not self.window_tokens
        self.memory = Memory(rewinds=not has_state, shifts=bool(can_shift and has_all_cells))

    def close(self) -> None:
        """Free the cells; the context must not be used afterwards."""
        llama.llama_batch_free(self._batch)
        llama.llama_free(self._context)

    def use_threads(self, n_threads: int) -> None:
        """Evaluate with `n_threads` threads from now on."""
        llama.llama_set_n_threads(self._context, n_threads, n_threads)

    def evaluate(self, tokens: Sequence[BatchToken], should_stop: Callable[[], bool]) -> bool:
        """Evaluate at most MICRO_BATCH_TOKENS; returns False when `should_stop` interrupted it.

        Few tokens are evaluated to the end. An interrupted evaluation leaves no trace. Raises
        BackendUnavailableError when llama.cpp cannot evaluate; nothing in the cache can be trusted
        then.
        """
        batch = self._batch
        batch.n_tokens = len(tokens)
        for index, entry in enumerate(tokens):
            batch.token[index] = entry.token
            batch.pos[index] = entry.position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = entry.sequence
            batch.logits[index] = entry.wants_logits
        self._listen_to(should_stop if len(tokens) > _UNINTERRUPTED_TOKENS else None)
        started = monotonic()
        try:
            result = llama.llama_decode(self._context, batch)
            # A graphics processor has only begun, and whoever asks for logits waits for it anyway.
            llama.llama_synchronize(self._context)
        finally:
            self._should_stop = _never
        if result == _DECODE_ABORTED:
            for sequence in {entry.sequence for entry in tokens}:
                self.forget(sequence, min(e.position for e in tokens if e.sequence == sequence))
            return False
        if result != 0:
            raise BackendUnavailableError(
                f"llama.cpp could not evaluate the prompt (code {result}); try again."
            )
        self.meter.record(len(tokens), monotonic() - started)
        return True

    def logits(self, index: int) -> NDArray[np.float32]:
        """Return the logits (one per token of the vocabulary) after entry `index` of the batch.

        The array is llama.cpp's own memory: it changes with the next evaluation.
        """
        pointer = llama.llama_get_logits_ith(self._context, index)
        return np.ctypeslib.as_array(pointer, shape=(self._n_vocabulary,))

    def forget(self, sequence: int, start: int = 0) -> None:
        """Drop the cells of `sequence` from position `start` on."""
        llama.llama_memory_seq_rm(self._memory, sequence, start, -1)

    def floor(self, sequence: int) -> int:
        """Return the least number of tokens to which `sequence` can be rewound.

        A sliding window needs the cells before it, and those that it hides are neither saved nor
        safe from being overwritten.
        """
        first = llama.llama_memory_seq_pos_min(self._memory, sequence)
        return first + self.window_tokens if self.window_tokens and first > 0 else 0

    def move(self, sequence: int, by: int) -> None:
        """Move all positions of `sequence`; its cells may belong to no other."""
        llama.llama_memory_seq_add(self._memory, sequence, -1, -1, by)

    def share(self, source: int, target: int, start: int = -1, end: int = -1) -> None:
        """Make the cells of `source` with positions in [start, end) belong to `target` as well."""
        llama.llama_memory_seq_cp(self._memory, source, target, start, end)

    def save(self, sequence: int) -> NDArray[np.uint8]:
        """Return a copy of everything that `sequence` holds."""
        n_bytes = llama.llama_state_seq_get_size(self._context, sequence)
        # Not zeroed: filling it twice would take longer than the copy.
        state = np.empty(n_bytes, np.uint8)
        llama.llama_state_seq_get_data(self._context, _bytes_of(state), n_bytes, sequence)
        return state

    def restore(self, sequence: int, state: NDArray[np.uint8]) -> bool:
        """Make the empty `sequence` hold what was saved; returns False when there is no room."""
        n_read = llama.llama_state_seq_set_data(
            self._context, _bytes_of(state), state.size, sequence
        )
        return bool(n_read == state.size)

    def _listen_to(self, should_stop: Callable[[], bool] | None) -> None:
        self._should_stop = should_stop or _never
        if self._is_interruptible != (should_stop is not None):
            self._is_interruptible = should_stop is not None
            callback = self._abort if should_stop else _NO_CALLBACK
            llama.llama_set_abort_callback(self._context, callback, None)


def _bytes_of(state: NDArray[np.uint8]) -> "ctypes._Pointer[ctypes.c_uint8]":
    return state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))


def _make_context(
    model: llama.llama_model_p, parameters: llama.llama_context_params
) -> llama.llama_context_p:
    context: llama.llama_context_p = llama.llama_init_from_model(model, parameters)
    if not context:
        raise RefusedError("there is not enough memory for its context")
    return context


def _parameters(
    context_tokens: int, n_threads: int, placement: Placement
) -> llama.llama_context_params:
    parameters: llama.llama_context_params = llama.llama_context_default_params()
    parameters.n_ctx = context_tokens
    parameters.n_batch = parameters.n_ubatch = MICRO_BATCH_TOKENS
    parameters.n_threads = parameters.n_threads_batch = n_threads
    parameters.n_seq_max = SEQUENCES
    parameters.kv_unified = True
    # A sliding window that forgets could not be rewound to the place where the user types.
    parameters.swa_full = True
    if not placement.gpu_layers:
        # On the processor it makes a keystroke slower by a sixth, and saves memory nobody misses.
        parameters.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    return parameters


def _never() -> bool:
    return False
