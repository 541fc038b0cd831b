"""What is known about a loaded model; enough to choose its prompt family and to size windows."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """Facts from the GGUF and its vocabulary.

    `fim_markers` maps the role (`prefix suffix middle pad repo file`) to the marker's text for the
    roles that the file names. `context_tokens` is the size of the context in tokens.
    """

    name: str
    path: str
    architecture: str
    context_tokens: int
    vocabulary_tokens: int
    fim_markers: dict[str, str] = field(default_factory=dict)
