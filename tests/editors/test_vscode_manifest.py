"""The extension's manifest says what the server understands, and names no machine."""

import json
import re
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from cloister.settings.options import CLIENT_OPTIONS, OPTIONS, Option
from cloister.settings.settings import Settings
from cloister.syntax.languages import all_languages, language_for_id

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = ROOT / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
PROPERTIES: dict[str, dict[str, Any]] = MANIFEST["contributes"]["configuration"]["properties"]
JSON_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def test_settings_are_the_options_of_the_server() -> None:
    names = {name.removeprefix("cloister.") for name in PROPERTIES}
    own = {name for name in names if name.partition(".")[0] in CLIENT_OPTIONS}
    assert names - own == {option.name for option in OPTIONS}
    assert own == {"clipboard", "path", "trace.server"}


@pytest.mark.parametrize("option", OPTIONS, ids=attrgetter("name"))
def test_setting_has_the_type_range_and_default_of_the_option(option: Option) -> None:
    setting = PROPERTIES[f"cloister.{option.name}"]
    assert setting["type"] == JSON_TYPES[option.type]
    assert setting.get("minimum") == option.low
    assert setting.get("maximum") == option.high
    assert tuple(setting.get("enum", ())) == option.choices
    # A text setting of VS Code cannot be absent, so empty stands for none.
    default = attrgetter(option.field)(Settings())
    assert setting["default"] == ("" if default is None else default)


def test_a_repository_can_choose_neither_program_nor_model_nor_resources() -> None:
    for_the_machine = {
        name for name, setting in PROPERTIES.items() if setting["scope"] == "machine"
    }
    assert for_the_machine == {
        "cloister.path",
        "cloister.model",
        "cloister.actionModel",
        "cloister.engine.idleSeconds",
        "cloister.engine.threads",
        "cloister.requireIsolation",
        "cloister.localOnly",
    }
    untrusted = MANIFEST["capabilities"]["untrustedWorkspaces"]
    assert set(untrusted["restrictedConfigurations"]) == for_the_machine


def test_readme_lists_every_setting_with_its_default() -> None:
    readme = (EXTENSION / "README.md").read_text(encoding="utf-8")
    for name, setting in PROPERTIES.items():
        default = setting["default"]
        plain = default if isinstance(default, str) else json.dumps(default)
        shown = f"`{plain}`" if plain else "empty"
        assert f"| `{name}` | {shown} |" in readme


def test_types_are_those_of_the_oldest_supported_version() -> None:
    assert MANIFEST["engines"]["vscode"] == f"^{MANIFEST['devDependencies']['@types/vscode']}"


@pytest.mark.parametrize("folder", [EXTENSION, ROOT / "tests" / "editors" / "vscode"])
def test_lock_file_pins_contents_and_names_no_registry(folder: Path) -> None:
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_every_language_that_is_parsed_starts_it_but_prose() -> None:
    languages = {event.removeprefix("onLanguage:") for event in MANIFEST["activationEvents"]}
    parsed = {name for language in all_languages() for name in language.language_ids}
    assert languages == (parsed | {"git-commit"}) - {"markdown", "cs"}


def test_neovim_starts_it_for_the_same_languages() -> None:
    config = (ROOT / "editors/nvim/lsp/cloister.lua").read_text(encoding="utf-8")
    filetypes = re.findall(r"'([\w-]+)'", config.partition("filetypes = {")[2].partition("}")[0])
    assert "gitcommit" in filetypes
    languages = {language_for_id(it) for it in filetypes if it != "gitcommit"}
    assert None not in languages
    assert {language.name for language in all_languages()} == {
        language.name for language in languages if language
    } | {"markdown"}
