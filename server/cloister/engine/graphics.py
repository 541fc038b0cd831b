"""Says what a model runs on, and whether this machine has a graphics processor that lies idle.

Only names of files are looked at: no device is opened, and llama.cpp is not loaded.
"""

import platform
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from cloister.core.hardware import ModelSpeed, Placement

_GIGABYTE = 1e9
_GPU_LIBRARY = re.compile(r"(lib)?ggml-(cuda|hip|metal|musa|opencl|sycl|vulkan)\b")

# The first that exists is named: every driver makes a `renderD` device beside its own.
_DEVICES = (
    ("dev/nvidia[0-9]*", "an NVIDIA graphics processor", "GGML_CUDA"),
    ("dev/kfd", "an AMD graphics processor", "GGML_HIP"),
    ("dev/dri/renderD*", "a graphics processor", "GGML_VULKAN"),
    ("dev/dxg", "a graphics processor", "GGML_CUDA"),
)


def placement_text(placement: Placement | None, speed: ModelSpeed | None) -> str:
    """Return what a model runs on and how fast, as far as it is known, for people."""
    return "; ".join([*_where(placement), *_how_fast(speed)])


def idle_graphics_hint(root: Path = Path("/"), libraries: Path | None = None) -> str:
    """Return one sentence when a graphics processor is there that llama.cpp was not built for.

    `libraries` is the folder of llama.cpp's libraries, found by itself when it is None. The answer
    is empty when there is nothing to say.
    """
    found = _present(root)
    if found is None or _is_built_for_graphics(libraries or _installed_libraries()):
        return ""
    name, option = found
    return (
        f"This machine has {name}, but llama.cpp was built without {option}; docs/gpu.md in "
        "cloister's source says how to build it in."
    )


def _where(placement: Placement | None) -> Iterator[str]:
    if placement is None:
        return
    if not placement.devices:
        yield "on the processor"
        return
    yield (
        f"{placement.gpu_layers} of {placement.layers} layers on "
        f"{' and '.join(placement.devices)} ({placement.gpu_bytes / _GIGABYTE:.1f} GB)"
    )


def _how_fast(speed: ModelSpeed | None) -> Iterator[str]:
    if speed is not None:
        yield (
            f"reads {speed.prefill_tokens_per_second:.0f} and "
            f"writes {speed.decode_tokens_per_second:.0f} tokens a second"
        )


def _present(root: Path) -> tuple[str, str] | None:
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return "an Apple graphics processor", "GGML_METAL"
    for pattern, name, option in _DEVICES:
        if any(root.glob(pattern)):
            return name, option
    return None


def _is_built_for_graphics(libraries: Path | None) -> bool:
    # Without a folder to look at nothing is known, and nothing is said.
    return libraries is None or any(
        _GPU_LIBRARY.match(library.name) for library in libraries.glob("*ggml*")
    )


def _installed_libraries() -> Path | None:
    package = find_spec("llama_cpp")
    if package is None or package.origin is None:
        return None
    return Path(package.origin).parent / "lib"
