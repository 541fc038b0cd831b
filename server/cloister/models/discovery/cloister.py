"""Models that were imported with `cloister model import` or put into cloister's own folder."""

from collections.abc import Iterator

from cloister.models.discovery import Tool
from cloister.models.folder import Finding, find_models, own_folder
from cloister.settings.user_folders import UserFolders


def _find(folders: UserFolders) -> Iterator[Finding]:
    return find_models(own_folder(folders))


TOOL = Tool(name="cloister", find=_find)
