"""What is known of a model that somebody else serves: its name, and what follows from that.

No service tells which markers its model was trained with, so the family is recognised by the name.
A service may still have loaded something else under that name; its answer then shows it.
"""

import re
from dataclasses import dataclass

from cloister.core.model import ModelDescription
from cloister.families import Family, all_families

# The names that services give models, which architecture their files have, and which family.
_KNOWN = (
    (r"^cloister-", "llama", "cloister"),
    (r"codegeex-?4", "chatglm", "codegeex4"),
    (r"code-?gemma", "gemma", "codegemma"),
    (r"code-?llama", "llama", "codellama"),
    (r"codestral", "llama", "codestral"),
    (r"deepseek-coder-v2", "deepseek2", "deepseek-coder-v2-lite"),
    (r"deepseek-coder", "llama", "deepseek-coder"),
    (r"granite.*code", "llama", "granite-code"),
    (r"mellum", "llama", "mellum"),
    (r"qwen2[.p]?5-coder", "qwen2", "qwen2.5-coder"),
    (r"qwen-?3-coder", "qwen3moe", "qwen3-coder"),
    (r"refact", "refact", "refact"),
    (r"seed-coder", "llama", "seed-coder"),
    (r"stable-code", "stablelm", "stable-code"),
    (r"starcoder-?2", "starcoder2", "starcoder2"),
)


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """A model's description, and its family where the name says which."""

    description: ModelDescription
    family: Family | None


def remote_model(name: str, context_tokens: int) -> RemoteModel:
    """Return what a model's name says."""
    architecture, family = _recognised(name)
    description = ModelDescription(
        name=name,
        path="",
        architecture=architecture,
        context_tokens=context_tokens,
        vocabulary_tokens=0,
        special_tokens=family.markers if family else (),
    )
    return RemoteModel(description, family)


def _recognised(name: str) -> tuple[str, Family | None]:
    for pattern, architecture, family_name in _KNOWN:
        if re.search(pattern, name.replace("_", "-").replace(" ", "-"), re.IGNORECASE):
            return architecture, _family_named(family_name)
    return "", None


def _family_named(name: str) -> Family | None:
    return next((family for family in all_families() if family.name == name), None)
