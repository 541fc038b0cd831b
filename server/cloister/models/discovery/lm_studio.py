"""LM Studio: `PUBLISHER/MODEL/FILE.gguf` below its home, or below the folder its settings name."""

from collections.abc import Iterator
from pathlib import Path

from cloister.models.discovery import Tool
from cloister.models.folder import Finding, find_models
from cloister.models.records import folder_in_record, read_json_record, read_text_record
from cloister.settings.user_folders import UserFolders


def _find(folders: UserFolders) -> Iterator[Finding]:
    for home in _homes(folders):
        settings = read_json_record(home / "settings.json")
        chosen = folder_in_record(settings.get("downloadsFolder"))
        if chosen is not None:
            yield from find_models(chosen)
        yield from find_models(home / "models")


def _homes(folders: UserFolders) -> Iterator[Path]:
    pointer = read_text_record(folders.home / ".lmstudio-home-pointer")
    chosen = folder_in_record(pointer.strip())
    if chosen is not None:
        yield chosen
    yield folders.home / ".lmstudio"
    yield folders.home / ".cache" / "lm-studio"


TOOL = Tool(name="lm-studio", find=_find)
