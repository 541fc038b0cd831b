"""Ollama: `manifests/HOST/NAMESPACE/MODEL/TAG` names the blob that is the model.

Models in Ollama's cloud have a manifest like the others; they are left out, because nothing of
them is on this machine. So are models that are not GGUF files.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cloister.models.discovery import Tool
from cloister.models.folder import Finding, Found, Unreadable, find_files, is_file
from cloister.models.records import read_json_record
from cloister.settings.user_folders import UserFolders

_MODEL_LAYER = "application/vnd.ollama.image.model"
_DIGEST = re.compile(r"sha256[:-]([0-9a-fA-F]{64})")
_DEFAULT_PREFIXES = ("registry.ollama.ai/library/", "registry.ollama.ai/")


def _find(folders: UserFolders) -> Iterator[Finding]:
    for store in _stores(folders):
        manifests = store / "manifests"
        for manifest in find_files(manifests, is_file):
            if isinstance(manifest, Unreadable):
                yield manifest
            elif blob := _model_blob(store, manifest):
                yield Found(_name(manifest.relative_to(manifests)), blob)


def _stores(folders: UserFolders) -> Iterator[Path]:
    chosen = folders.named("OLLAMA_MODELS")
    if chosen is not None:
        yield chosen
    yield folders.home / ".ollama" / "models"
    # Where Linux services keep theirs: the official installer, Arch Linux, the snap.
    yield folders.root / "usr/share/ollama/.ollama/models"
    yield folders.root / "var/lib/ollama"
    yield folders.root / "var/snap/ollama/common/models"


def _model_blob(store: Path, manifest: Path) -> Path | None:
    record = read_json_record(manifest)
    config = _blob(store, record.get("config"))
    if _is_remote(manifest, read_json_record(config) if config else {}):
        return None
    match record.get("layers"):
        case [*layers]:
            models = [layer for layer in layers if _media_type(layer) == _MODEL_LAYER]
            return _blob(store, models[0]) if models else None
    return None


def _is_remote(manifest: Path, config: Mapping[str, Any]) -> bool:
    tag = manifest.name
    is_named_so = tag == "cloud" or tag.endswith("-cloud")
    return is_named_so or bool(config.get("remote_host") or config.get("remote_model"))


def _media_type(layer: object) -> object:
    return layer.get("mediaType") if isinstance(layer, dict) else None


def _blob(store: Path, layer: object) -> Path | None:
    match layer:
        case {"digest": str(digest)} if found := _DIGEST.fullmatch(digest):
            return store / "blobs" / f"sha256-{found[1]}"
    return None


def _name(manifest: Path) -> str:
    """Return the name that `ollama list` shows, without what stands for its own library."""
    name = f"{manifest.parent.as_posix()}:{manifest.name}"
    for prefix in _DEFAULT_PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


TOOL = Tool(name="ollama", find=_find)
