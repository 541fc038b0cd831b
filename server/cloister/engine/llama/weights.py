"""Loads a weights file, and listens to llama.cpp only while no prompt exists."""

import ctypes
import logging
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llama_cpp as llama

_LEVEL_WARNING, _LEVEL_ERROR = 3, 4

OnProgress = Callable[[float], object]
"""Gets the loaded fraction; returning False ends the loading."""

_log = logging.getLogger(__name__)


class RefusedError(Exception):
    """llama.cpp refused a file or had no memory for it; the text says why, in parentheses."""


def load_weights(path: Path, n_gpu_layers: int, on_progress: OnProgress) -> llama.llama_model_p:
    """Load the weights at `path`. Raises RefusedError, also when `on_progress` said False."""
    _initialise_backend()

    def report(fraction: float, _data: ctypes.c_void_p) -> bool:
        return on_progress(fraction) is not False

    parameters = llama.llama_model_default_params()
    parameters.n_gpu_layers = n_gpu_layers
    # An empty list: otherwise a driver takes hundreds of megabytes to hold nothing.
    no_devices = (ctypes.c_void_p * 1)()
    if n_gpu_layers == 0:
        parameters.devices = ctypes.addressof(no_devices)
    parameters.progress_callback = llama.llama_progress_callback(report)
    # Finds weights that bit rot turned into infinities before they turn into nonsense.
    parameters.check_tensors = True
    complaints: list[str] = []
    # Kept in a name of its own: llama.cpp calls it for as long as loading takes.
    listener = _listener(complaints)
    llama.llama_log_set(listener, ctypes.c_void_p(0))
    try:
        model: llama.llama_model_p = llama.llama_model_load_from_file(
            str(path).encode(), parameters
        )
    finally:
        llama.llama_log_set(_SILENCE, ctypes.c_void_p(0))
    if not model:
        reason = complaints[0].rpartition("error loading model: ")[2] if complaints else ""
        raise RefusedError(reason or "the file is damaged or of an unsupported kind")
    return model


@cache
def _initialise_backend() -> None:
    llama.llama_backend_init()


def _listener(complaints: list[str]) -> Any:
    """Collect errors for the user and warnings for the log, of this thread alone.

    Others may be at work on a prompt meanwhile.
    """
    loader = threading.get_ident()

    def listen(level: int, text: bytes, _data: ctypes.c_void_p) -> None:
        if threading.get_ident() != loader:
            return
        line = text.decode("utf-8", "replace").strip()
        if level == _LEVEL_ERROR:
            complaints.append(line)
        if level in (_LEVEL_WARNING, _LEVEL_ERROR):
            _log.warning("llama.cpp: %s", line)

    return llama.llama_log_callback(listen)


def _drop(_level: int, _text: bytes, _data: ctypes.c_void_p) -> None:
    """Once prompts exist a message may quote one; what matters also comes as a return code."""


_SILENCE = llama.llama_log_callback(_drop)
