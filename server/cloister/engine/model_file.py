"""Opens model files that nobody vouches for: regular, sound, and the expected one."""

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cloister.core.errors import ModelError
from cloister.gguf.cursor import DamagedGgufError
from cloister.gguf.header import Header
from cloister.gguf.parts import part_paths, read_model

MOST_CONTEXT_TOKENS = 8192
"""How much of a model's context is used: more costs memory, and time for each keystroke."""

_HASH_BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Changes when a file of the model is replaced or written to.

    Each of `files` is a device, an inode, a size in bytes and a time in nanoseconds.
    """

    files: tuple[tuple[int, int, int, int], ...]

    @property
    def n_bytes(self) -> int:
        """The size of all files together."""
        return sum(n_bytes for _, _, n_bytes, _ in self.files)


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A model whose files were checked, and what it says of itself."""

    identity: FileIdentity
    header: Header


def check_model_file(
    path: Path, sha256: str | None = None, on_block: Callable[[], None] = lambda: None
) -> SoundFile:
    """Return the identity and header of a sound GGUF model, hashed when a SHA-256 is expected.

    The hash is that of the only file. `on_block` is a sign of life while a large one is hashed.
    Raises ModelError with one sentence for everything else; never blocks on special files.
    """
    with _open_regular(path) as file:
        identity = file_identity(path)
        header = _sound_header(path)
        if identity is None or identity.files[0] != _facts(os.fstat(file.fileno())):
            raise ModelError(f"The model file {path} changed while it was read; try again.")
        if sha256 is not None:
            _check_hash(path, _digest(file, on_block), sha256)
    return SoundFile(identity, header)


def file_identity(path: Path) -> FileIdentity | None:
    """Return the identity of the model at `path` now, all its parts included; None without one."""
    try:
        first, *later = part_paths(path)
        present = [path, *(part for part in (first, *later) if part != path and part.exists())]
        return FileIdentity(tuple(_facts(part.stat()) for part in present))
    except OSError:
        return None


def _open_regular(path: Path) -> BinaryIO:
    try:
        # O_NONBLOCK: opening a fifo must not wait for somebody to write to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise ModelError(
            f"There is no model file at {path}; check the path or choose another model."
        ) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ModelError(
            f"The model file {path} cannot be opened ({reason}); check its path and permissions."
        ) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ModelError(f"{path} is not a regular file; choose a GGUF model file.")
    return os.fdopen(descriptor, "rb")


def _facts(facts: os.stat_result) -> tuple[int, int, int, int]:
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns


def _digest(file: BinaryIO, on_block: Callable[[], None]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(_HASH_BLOCK_BYTES):
        digest.update(block)
        on_block()
    return digest.hexdigest()


def _check_hash(path: Path, digest: str, sha256: str) -> None:
    if digest != sha256.lower():
        raise ModelError(
            f"The model file {path} is not the one that was expected (its SHA-256 differs); "
            "download it again."
        )


def _sound_header(path: Path) -> Header:
    try:
        return read_model(path)
    except DamagedGgufError as error:
        raise ModelError(
            f"The model file {path} is not a usable GGUF ({error}); "
            "download it again or choose another model."
        ) from error
    except OSError as error:
        raise ModelError(
            f"A part of the model {path} cannot be opened ({error.strerror}); check permissions."
        ) from error
