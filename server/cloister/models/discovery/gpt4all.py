"""GPT4All: one folder of files, which its settings may name; its Python library has another."""

import re
from collections.abc import Iterator
from pathlib import Path

from cloister.models.discovery import Tool
from cloister.models.folder import Finding, find_models
from cloister.models.records import read_text_record
from cloister.settings.user_folders import UserFolders

_CHOSEN_FOLDER = re.compile(r"^modelPath=(/.+)$", re.MULTILINE)


def _find(folders: UserFolders) -> Iterator[Finding]:
    for folder in _folders(folders):
        yield from find_models(folder)


def _folders(folders: UserFolders) -> Iterator[Path]:
    settings = read_text_record(folders.config / "nomic.ai" / "GPT4All.ini")
    yield from (Path(name) for name in _CHOSEN_FOLDER.findall(settings))
    yield folders.applications / "nomic.ai" / "GPT4All"
    yield folders.home / ".cache" / "gpt4all"


TOOL = Tool(name="gpt4all", find=_find)
