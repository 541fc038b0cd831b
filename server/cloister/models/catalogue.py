"""Which weights file a name stands for.

The bundled model is pinned by its hash; a path is taken as the user gave it and checked by the
engine before llama.cpp opens it. A repository can never name a model.
"""

from dataclasses import dataclass
from pathlib import Path

from cloister.core.errors import SettingsError

_BUNDLED_FOLDER = Path(__file__).resolve().parent / "bundled"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A weights file; `sha256` is known for models we ship."""

    name: str
    path: Path
    sha256: str | None = None


BUNDLED = ModelFile(
    name="cloister-starter-v0",
    path=_BUNDLED_FOLDER / "cloister-starter-v0.q8_0.gguf",
    sha256="9bafc8bf12af06384360ffd49aeb35adf3087ced954c94bb677d642c436126c5",
)


def resolve_model(name_or_path: str | None) -> ModelFile:
    """Return the model file for a catalogue name or a path; None and "" mean the bundled model.

    Raises SettingsError when the name is neither. Whether a path holds a usable model is for the
    engine to say.
    """
    if not name_or_path or name_or_path == BUNDLED.name:
        return BUNDLED
    path = expand_home(name_or_path)
    if path.suffix == ".gguf" or path.is_absolute() or "/" in name_or_path:
        return ModelFile(name=path.stem, path=path.absolute())
    raise SettingsError(
        f"There is no model named {name_or_path!r}; "
        f"give the path of a .gguf file or {BUNDLED.name!r}, the model that comes with cloister."
    )


def expand_home(name: str) -> Path:
    """Return the path with a leading `~` replaced; raises SettingsError for an unknown user."""
    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        raise SettingsError(
            f"The home folder in {name[:80]!r} is not known; write the path out in full."
        ) from error
