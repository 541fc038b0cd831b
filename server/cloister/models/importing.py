"""Takes a model into cloister's own folder: whole or not at all, and never over another one.

Files appear under their names only when they are complete, the first part of a split model last,
because it alone makes the model visible.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cloister.core.errors import ModelError
from cloister.gguf.parts import part_paths
from cloister.models.folder import model_name

_BLOCK_BYTES = 8 * 1024 * 1024
_GIGABYTE = 1e9

OnCopied = Callable[[int], object]


def copy_model(source: Path, name: str, folder: Path, on_copied: OnCopied) -> Path:
    """Copy a model, with all its parts, into `folder`; return its new path.

    `on_copied` is told the number of bytes of every block. Raises ModelError with one sentence; the
    folder is then as it was.
    """
    with _all_or_nothing(folder) as undo:
        targets = _targets(source, name, folder)
        _require_space(sum(part.stat().st_size for part in targets), folder)
        copies = {part: _copy(part, folder, on_copied, undo) for part in targets}
        for part in reversed(targets):
            _publish(copies[part], targets[part], undo)
    return targets[source]


def link_model(source: Path, name: str, folder: Path) -> Path:
    """Make links in `folder` to a model and its parts; return the link to it.

    Raises ModelError with one sentence; the folder is then as it was.
    """
    with _all_or_nothing(folder) as undo:
        targets = _targets(source, name, folder)
        for part, target in reversed(targets.items()):
            target.symlink_to(part.absolute())
            undo.callback(target.unlink)
    return targets[source]


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[ExitStack]:
    """Undo what was done when it fails or is interrupted; errors become sentences."""
    with ExitStack() as undo:
        try:
            yield undo
        except FileExistsError as error:
            raise ModelError(
                f"There is a model of that name in {folder}; choose another name with --name."
            ) from error
        except OSError as error:
            raise ModelError(
                f"The model could not be put into {folder} ({error.strerror}) and nothing was left "
                "there; make room or check the permissions, and try again."
            ) from error
        undo.pop_all()


def _targets(source: Path, name: str, folder: Path) -> dict[Path, Path]:
    """Return where each part of the model goes, the first part first."""
    if not name or name.startswith(".") or Path(name).name != name:
        raise ModelError(f"{name!r} cannot be the name of a model; choose another with --name.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    suffixes = {
        part: part.name.removesuffix(".gguf").removeprefix(model_name(part))
        for part in part_paths(source)
    }
    targets = {part: folder / f"{name}{suffix}.gguf" for part, suffix in suffixes.items()}
    if any(os.path.lexists(target) for target in targets.values()):
        # Said before anything is copied; `_publish` sees to those that come meanwhile.
        raise FileExistsError
    return targets


def _require_space(n_bytes: int, folder: Path) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if n_bytes > free_bytes:
        raise ModelError(
            f"The model takes {n_bytes / _GIGABYTE:.1f} GB and {free_bytes / _GIGABYTE:.1f} GB are "
            f"free in {folder}; make room or use --link, which copies nothing."
        )


def _copy(source: Path, folder: Path, on_copied: OnCopied, undo: ExitStack) -> Path:
    descriptor, copy = tempfile.mkstemp(prefix=".importing-", dir=folder)
    undo.callback(_remove, Path(copy))
    with source.open("rb") as incoming, os.fdopen(descriptor, "wb") as outgoing:
        while block := incoming.read(_BLOCK_BYTES):
            outgoing.write(block)
            on_copied(len(block))
        outgoing.flush()
        os.fsync(descriptor)
    return Path(copy)


def _publish(copy: Path, target: Path, undo: ExitStack) -> None:
    # Taking the name fails where somebody has it; replacing what we took then disturbs nobody.
    target.touch(mode=0o600, exist_ok=False)
    undo.callback(_remove, target)
    copy.replace(target)


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
