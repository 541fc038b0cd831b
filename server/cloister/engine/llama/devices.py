"""The graphics processors that this build of llama.cpp can use, in the order in which it does."""

import ctypes

import llama_cpp as llama
from llama_cpp._ggml import libggml

from cloister.engine.offload import Device

_GPU, _INTEGRATED_GPU = 1, 2


def gpu_devices() -> tuple[Device, ...]:
    """Return the devices that a model's layers can be offloaded to, with what is free on each.

    Integrated processors count only where there is no other, and one that several backends know
    counts once, as llama.cpp itself has it. None when the build has no backend for any.
    """
    # Makes the backends known as well, on builds that keep them in files of their own.
    if not llama.llama_supports_gpu_offload():
        return ()
    found = [_properties(index) for index in range(libggml.ggml_backend_dev_count())]
    discrete = [device for device in found if device.type == _GPU]
    chosen = discrete or [device for device in found if device.type == _INTEGRATED_GPU]
    unique: dict[bytes | int, _Properties] = {}
    for index, device in enumerate(chosen):
        unique.setdefault(device.device_id or index, device)
    return tuple(
        Device(device.description.decode("utf-8", "replace"), device.memory_free)
        for device in unique.values()
    )


class _Properties(ctypes.Structure):
    """struct ggml_backend_dev_props; the capabilities at its end are five booleans."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("description", ctypes.c_char_p),
        ("memory_free", ctypes.c_size_t),
        ("memory_total", ctypes.c_size_t),
        ("type", ctypes.c_int),
        ("device_id", ctypes.c_char_p),
        ("capabilities", ctypes.c_bool * 5),
    )


libggml.ggml_backend_dev_count.restype = ctypes.c_size_t
libggml.ggml_backend_dev_get.argtypes = (ctypes.c_size_t,)
libggml.ggml_backend_dev_get.restype = ctypes.c_void_p
libggml.ggml_backend_dev_get_props.argtypes = (ctypes.c_void_p, ctypes.POINTER(_Properties))
libggml.ggml_backend_dev_get_props.restype = None


def _properties(index: int) -> _Properties:
    properties = _Properties()
    libggml.ggml_backend_dev_get_props(
        libggml.ggml_backend_dev_get(index), ctypes.byref(properties)
    )
    return properties
