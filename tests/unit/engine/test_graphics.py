import platform
import sys
from pathlib import Path

import pytest

from cloister.core.hardware import ModelSpeed, Placement
from cloister.engine.graphics import idle_graphics_hint, placement_text

CPU_LIBRARIES = ("libggml.so", "libggml-base.so.0", "libggml-cpu.so", "libllama.so")
SPEED = ModelSpeed(prefill_tokens_per_second=290.4, decode_tokens_per_second=69.7)


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "lib", *CPU_LIBRARIES)


def folder_of(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        (["nvidia0", "nvidiactl", "dri/renderD128"], ("an NVIDIA graphics", "GGML_CUDA")),
        (["kfd", "dri/renderD128"], ("an AMD graphics", "GGML_HIP")),
        (["dri/card0", "dri/renderD128"], ("a graphics", "GGML_VULKAN")),
        (["dxg"], ("a graphics", "GGML_CUDA")),
    ],
)
def test_a_device_that_lies_idle_is_named(
    tmp_path: Path, libraries: Path, devices: list[str], expected: tuple[str, str]
) -> None:
    folder_of(tmp_path / "dev", *devices)
    hint = idle_graphics_hint(tmp_path, libraries)
    name, option = expected
    assert hint.startswith(f"This machine has {name} processor")
    assert f" without {option}; docs/gpu.md " in hint


@pytest.mark.parametrize(
    "library", ["libggml-cuda.so", "libggml-hip.so.0", "libggml-vulkan.so", "ggml-cuda.dll"]
)
def test_a_build_that_can_use_one_needs_no_hint(
    tmp_path: Path, libraries: Path, library: str
) -> None:
    folder_of(tmp_path / "dev", "nvidia0")
    folder_of(libraries, library)
    assert idle_graphics_hint(tmp_path, libraries) == ""


@pytest.mark.parametrize("devices", [[], ["dri/card0"], ["nvidiactl"]])
def test_a_machine_without_one_needs_no_hint(
    tmp_path: Path, libraries: Path, devices: list[str]
) -> None:
    folder_of(tmp_path / "dev", *devices)
    assert idle_graphics_hint(tmp_path, libraries) == ""


def test_apple_silicon_has_one(
    tmp_path: Path, libraries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert "GGML_METAL" in idle_graphics_hint(tmp_path, libraries)
    folder_of(libraries, "libggml-metal.dylib")
    assert idle_graphics_hint(tmp_path, libraries) == ""


def test_the_installed_libraries_are_found(tmp_path: Path) -> None:
    from importlib.util import find_spec

    package = find_spec("llama_cpp")
    assert package is not None
    assert package.origin is not None
    folder_of(tmp_path / "dev", "nvidia0")
    installed = Path(package.origin).parent / "lib"
    assert any(installed.glob("*ggml*"))
    assert idle_graphics_hint(tmp_path) == idle_graphics_hint(tmp_path, installed)


@pytest.mark.parametrize(
    ("placement", "speed", "expected"),
    [
        (None, None, ""),
        (Placement(7), None, "on the processor"),
        (Placement(7), SPEED, "on the processor; reads 290 and writes 70 tokens a second"),
        (Placement(29, 29, 4_900_000_000, ("H200",)), None, "29 of 29 layers on H200 (4.9 GB)"),
        (Placement(29, 12, 10**9, ("A", "B")), None, "12 of 29 layers on A and B (1.0 GB)"),
    ],
)
def test_where_a_model_runs(
    placement: Placement | None, speed: ModelSpeed | None, expected: str
) -> None:
    assert placement_text(placement, speed) == expected
