"""What a person wants to know of a model before choosing it, from the header of its file alone.

Nothing is loaded: what a model is good for and what it needs is known before the engine starts.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cloister.core.errors import ModelError
from cloister.core.model import ModelDescription
from cloister.engine.model_file import MOST_CONTEXT_TOKENS
from cloister.engine.probe import available_bytes
from cloister.families import family_of, why_no_family
from cloister.gguf.cursor import DamagedGgufError
from cloister.gguf.description import describe
from cloister.gguf.header import Header
from cloister.gguf.memory import MemoryNeed, needed_bytes
from cloister.gguf.parts import part_paths, read_model
from cloister.gguf.tensors import file_type_name
from cloister.models.catalogue import ModelFile

# As much as the engine gives a model that could take more.


class Purpose(StrEnum):
    """What a model is chosen for."""

    COMPLETION = "completion"
    ACTIONS = "actions"


@dataclass(frozen=True, slots=True)
class ModelDetails:
    """What a sound file says of its model, and the memory that it needs."""

    description: ModelDescription
    family: str | None
    n_parameters: int
    quantisation: str
    need: MemoryNeed


@dataclass(frozen=True, slots=True)
class ModelReport:
    """A model file and what is known of it.

    Without `details` the file cannot be used at all, and `problem` says why. `fits` is None where
    the system does not say how much memory is left.
    """

    model: ModelFile
    size_bytes: int
    details: ModelDetails | None
    problem: str
    fits: bool | None = None

    def objection(self, purpose: Purpose) -> str:
        """Return why the model cannot serve a purpose, as the end of a sentence; "" if it can."""
        if self.details is None:
            return self.problem
        if purpose is Purpose.COMPLETION and self.details.family is None:
            return why_no_family(self.details.description)
        if purpose is Purpose.ACTIONS and not self.details.description.chat_template:
            return "it was not trained to follow instructions (it has no chat template)"
        return ""


def report_model(model: ModelFile) -> ModelReport:
    """Return the report on one model; a file that cannot be used makes one too."""
    size_bytes = 0
    try:
        size_bytes = sum(it.stat().st_size for it in part_paths(model.path) if it.exists())
        header = read_model(model.path)
    except OSError as error:
        name = Path(error.filename or model.path).name
        return ModelReport(model, size_bytes, None, f"{name}: {error.strerror}")
    except DamagedGgufError as error:
        return ModelReport(model, size_bytes, None, f"the file is damaged: {error}")
    details = _details(header, model.path)
    available = available_bytes()
    fits = None if available is None else details.need.total <= available
    return ModelReport(model, size_bytes, details, "", fits)


def require_sound(report: ModelReport) -> None:
    """Raise ModelError with one sentence when the file is not a model."""
    if report.details is None:
        raise ModelError(
            f"The file {report.model.path} cannot be used as a model: {report.problem}; "
            "check its path or download it again."
        )


def require_usable(report: ModelReport, purpose: Purpose) -> None:
    """Raise ModelError with one sentence when the model cannot serve the purpose."""
    require_sound(report)
    if objection := report.objection(purpose):
        raise ModelError(
            f"The model {report.model.name} cannot be used for {purpose}: {objection}; "
            "choose another one (`cloister model list` shows what each can do)."
        )


def _details(header: Header, path: Path) -> ModelDetails:
    context_tokens = min(header.count("context_length"), MOST_CONTEXT_TOKENS)
    description = describe(header, path, context_tokens)
    family = family_of(description)
    return ModelDetails(
        description=description,
        family=family.name if family else None,
        n_parameters=sum(tensor.n_values for tensor in header.tensors),
        quantisation=file_type_name(header.metadata.get("general.file_type")),
        need=needed_bytes(header, context_tokens),
    )
