"""What is known about a model; enough to choose its prompt family and to size windows."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """Facts from the model file's header.

    `name` is the one the file gives itself, never the file's own. `context_tokens` is the size of
    the context in tokens. `fim_markers` maps the role (`prefix suffix middle pad repo file`) to the
    marker's text for the roles that llama.cpp knows in this file. `special_tokens` are the texts of
    tokens that stand for no text of their own, `begin_token` is the one that every prompt begins
    with (empty when there is none), `tokenizer` is the way text is split before it becomes tokens,
    and `chat_template` says whether the file has one.
    """

    name: str
    path: str
    architecture: str
    context_tokens: int
    vocabulary_tokens: int
    fim_markers: dict[str, str] = field(default_factory=dict)
    special_tokens: tuple[str, ...] = ()
    begin_token: str = ""
    tokenizer: str = ""
    chat_template: bool = False

    def has_token(self, text: str) -> bool:
        """Return whether `text` is one special token of the model."""
        return text in self.special_tokens or text in self.fim_markers.values()
