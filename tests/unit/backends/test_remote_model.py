"""Names that services give models, and the family that follows from them."""

import pytest

from cloister.backends.remote_model import remote_model
from cloister.families import all_families, family_of

NAMES = {
    "Qwen/Qwen2.5-Coder-32B-Instruct": "qwen2.5-coder",
    "qwen2.5-coder:7b": "qwen2.5-coder",
    "accounts/fireworks/models/qwen2p5-coder-32b": "qwen2.5-coder",
    "Qwen/Qwen3-Coder-30B-A3B-Instruct": "qwen3-coder",
    "qwen3-coder:30b": "qwen3-coder",
    "bigcode/starcoder2-15b": "starcoder2",
    "starcoder2:3b": "starcoder2",
    "deepseek-ai/deepseek-coder-6.7b-base": "deepseek-coder",
    "deepseek-coder-v2:16b": "deepseek-coder-v2-lite",
    "codellama/CodeLlama-13b-hf": "codellama",
    "codellama:13b-code": "codellama",
    "google/codegemma-2b": "codegemma",
    "codestral:22b": "codestral",
    "JetBrains/Mellum-4b-base": "mellum",
    "ibm-granite/granite-8b-code-base": "granite-code",
    "ByteDance-Seed/Seed-Coder-8B-Base": "seed-coder",
    "stabilityai/stable-code-3b": "stable-code",
    "refact-1.6b-fim": "refact",
    "zai-org/codegeex4-all-9b": "codegeex4",
    "cloister-starter-v0": "cloister",
}


@pytest.mark.parametrize(("name", "family"), NAMES.items())
def test_the_name_says_the_family(name: str, family: str) -> None:
    model = remote_model(name, 4096)
    assert model.family is not None
    assert model.family.name == family
    # Who completes finds the same one.
    assert family_of(model.description) is model.family


def test_every_family_can_be_served() -> None:
    assert {family.name for family in all_families()} == set(NAMES.values())


@pytest.mark.parametrize(
    "name", ["gpt-5.4-mini", "llama3.1:8b", "Qwen/Qwen2.5-7B-Instruct", "deepseek-chat", ""]
)
def test_other_names_say_nothing(name: str) -> None:
    model = remote_model(name, 4096)
    assert model.family is None
    assert family_of(model.description) is None
