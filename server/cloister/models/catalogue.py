"""Which weights file a name stands for.

The bundled model is pinned by its hash; other files are used where they lie and checked by the
engine before llama.cpp opens them. A repository can never name a model: names come from the user's
settings, and paths in them do not depend on the folder that a program runs in.
"""

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cloister.core.errors import SettingsError
from cloister.models.discovery import all_tools
from cloister.models.folder import Unreadable, model_name
from cloister.settings.user_folders import UserFolders, current_user_folders

_BUNDLED_FOLDER = Path(__file__).resolve().parent / "bundled"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A weights file, the first one of a model that is split.

    `sha256` is known for models we ship; `tool` is the program that keeps the file; `aliases` are
    other names of the same file.
    """

    name: str
    path: Path
    sha256: str | None = None
    tool: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every model on this machine, and the places that could not be looked into."""

    models: tuple[ModelFile, ...]
    unreadable: tuple[Unreadable, ...]


BUNDLED = ModelFile(
    name="cloister-starter-v0",
    path=_BUNDLED_FOLDER / "cloister-starter-v0.q8_0.gguf",
    sha256="9bafc8bf12af06384360ffd49aeb35adf3087ced954c94bb677d642c436126c5",
    tool="bundled",
)


def all_models(folders: UserFolders) -> Catalogue:
    """Return the bundled model and those that are found, each file once; opens none of them.

    Where several files have one name, each name is followed by `@` and the tool, or it is the path.
    """
    models: dict[tuple[int, int], ModelFile] = {}
    unreadable: list[Unreadable] = []
    for tool in all_tools():
        for finding in tool.find(folders):
            if isinstance(finding, Unreadable):
                unreadable.append(finding)
                continue
            try:
                facts = finding.path.stat()
            except FileNotFoundError:
                # The tool's record outlived the file.
                continue
            except OSError as error:
                unreadable.append(Unreadable(finding.path, error.strerror or "unknown error"))
                continue
            found = ModelFile(finding.name, finding.path.absolute(), tool=tool.name)
            identity = (facts.st_dev, facts.st_ino)
            models[identity] = _merge(models.get(identity), found)
    places = tuple(dict.fromkeys(unreadable))
    return Catalogue((BUNDLED, *_with_own_names(models.values())), places)


def resolve_model(name_or_path: str | None, folders: UserFolders | None = None) -> ModelFile:
    """Return the model file for a name or a path; None and "" mean the bundled model.

    A relative path starts at the home folder. Raises SettingsError when a name is unknown or means
    several models. Whether a path holds a usable model is for the engine to say.
    """
    if not name_or_path or name_or_path == BUNDLED.name:
        return BUNDLED
    folders = folders or current_user_folders()
    if is_path(name_or_path):
        path = folders.home / expand_home(name_or_path)
        return ModelFile(model_name(path), path)
    return find_model(name_or_path, all_models(folders))


def find_model(name: str, catalogue: Catalogue) -> ModelFile:
    """Return the model with this name or alias; raises SettingsError when there is not just one."""
    found = [model for model in catalogue.models if name in (model.name, *model.aliases)]
    if len(found) > 1:
        names = ", ".join(model.name for model in found)
        raise SettingsError(f"{name!r} names several models; choose one of {names}.")
    if not found:
        raise SettingsError(_unknown(name, catalogue))
    return found[0]


def model_title(name_or_path: str | None) -> str:
    """Return what to call a chosen model before its file was read, whether it exists or not."""
    if not name_or_path:
        return BUNDLED.name
    return model_name(Path(name_or_path)) if is_path(name_or_path) else name_or_path


def is_path(name_or_path: str) -> bool:
    """Return whether a model is named by the path of its file."""
    return name_or_path.startswith(("/", "./", "../", "~")) or name_or_path.endswith(".gguf")


def absolute_model(name_or_path: str) -> str:
    """Return what names a model where paths start at the current folder, as on a command line."""
    return str(expand_home(name_or_path).absolute()) if is_path(name_or_path) else name_or_path


def expand_home(name: str) -> Path:
    """Return the path with a leading `~` replaced; raises SettingsError for an unknown user."""
    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        raise SettingsError(
            f"The home folder in {name[:80]!r} is not known; write the path out in full."
        ) from error


def _merge(known: ModelFile | None, found: ModelFile) -> ModelFile:
    if known is None or found.name in (known.name, *known.aliases):
        return known or found
    return replace(known, aliases=(*known.aliases, found.name))


def _with_own_names(models: Iterable[ModelFile]) -> list[ModelFile]:
    """Return the models in order of their names, of which no two are the same."""
    ordered = sorted(models, key=lambda model: (model.name.lower(), model.tool, model.path))
    short = Counter([BUNDLED.name, *(model.name for model in ordered)])
    long = Counter(_long_name(model) for model in ordered)
    return [
        model
        if short[model.name] == 1
        else replace(
            model,
            name=_long_name(model) if long[_long_name(model)] == 1 else str(model.path),
            aliases=(*model.aliases, model.name),
        )
        for model in ordered
    ]


def _long_name(model: ModelFile) -> str:
    return f"{model.name}@{model.tool}"


def _unknown(name: str, catalogue: Catalogue) -> str:
    names = [name for model in catalogue.models for name in (model.name, *model.aliases)]
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"{BUNDLED.name!r} is always there."
    return f"There is no model named {name[:80]!r} (`cloister model list` shows all); {hint}"
