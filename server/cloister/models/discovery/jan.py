"""Jan: a folder for each model below its data folder, whose `model.yml` names the file.

The folder's path is the name that Jan shows; the file itself is often called `model.gguf`. Files
that were imported lie elsewhere.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from cloister.models.discovery import Tool
from cloister.models.folder import Finding, Found, Unreadable, find_files
from cloister.models.records import folder_in_record, read_json_record, read_text_record
from cloister.settings.user_folders import UserFolders

# The only line of that YAML that matters here; long values stand on the next line.
_MODEL_PATH = re.compile(r"^model_path:\s*(?:>-?\s*\n\s+)?(?P<path>\S.*?)\s*$", re.MULTILINE)


def _find(folders: UserFolders) -> Iterator[Finding]:
    for data in _data_folders(folders):
        models = data / "llamacpp" / "models"
        for record in find_files(models, lambda path: path.name == "model.yml"):
            if isinstance(record, Unreadable):
                yield record
            elif model_path := _MODEL_PATH.search(read_text_record(record)):
                name = record.parent.relative_to(models).as_posix()
                yield Found(name, data / model_path["path"].strip("'\""))


def _data_folders(folders: UserFolders) -> Iterator[Path]:
    for settings in (
        folders.applications / "jan.ai.app" / "settings.json",
        folders.config / "Jan" / "settings.json",
    ):
        chosen = folder_in_record(read_json_record(settings).get("data_folder"))
        if chosen is not None:
            yield chosen
    yield folders.applications / "Jan" / "data"


TOOL = Tool(name="jan", find=_find)
