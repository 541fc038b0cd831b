"""llama.cpp's own cache: `OWNER_NAME_FILE.gguf`, beside manifests that hold the names it shows.

Newer versions use Hugging Face's cache, below `LLAMA_CACHE` too when that is set.
"""

from collections.abc import Iterator
from pathlib import Path

from cloister.models.discovery import Tool
from cloister.models.folder import Finding, Found, find_models
from cloister.models.records import read_json_record
from cloister.settings.user_folders import UserFolders

_MANIFEST_FIELDS = 4


def _find(folders: UserFolders) -> Iterator[Finding]:
    for cache in _caches(folders):
        names = _names(cache)
        for finding in find_models(cache):
            match finding:
                case Found(path=path) if path.name in names:
                    yield Found(names[path.name], path)
                case _:
                    yield finding


def _caches(folders: UserFolders) -> Iterator[Path]:
    chosen = folders.named("LLAMA_CACHE")
    if chosen is not None:
        yield chosen
    if folders.platform == "darwin":
        yield folders.home / "Library" / "Caches" / "llama.cpp"
    else:
        yield folders.cache / "llama.cpp"


def _names(cache: Path) -> dict[str, str]:
    """Return OWNER/NAME:TAG for each file that a manifest `manifest=OWNER=NAME=TAG.json` names."""
    names = {}
    for manifest in cache.glob("manifest=*.json"):
        fields = manifest.stem.split("=")
        match read_json_record(manifest):
            case {"ggufFile": {"rfilename": str(file)}} if len(fields) == _MANIFEST_FIELDS:
                _, owner, name, tag = fields
                names[f"{owner}_{name}_{file}".replace("/", "_")] = f"{owner}/{name}:{tag}"
    return names


TOOL = Tool(name="llama.cpp", find=_find)
