"""What can be compared: cloister with some of its sources switched off, or a baseline.

A configuration is a word on the command line or a small TOML file.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cloister.context.find import SOURCE_NAMES
from cloister.core.errors import SettingsError
from cloister.evaluation.builders import Builder, baselines
from cloister.evaluation.ours import NAME, ours, ours_with_ablations

DEFAULT = "default"
EXPLANATION = (
    "a configuration is `default`, `without:SOURCE,SOURCE`, `only:SOURCE,SOURCE`, the name of a "
    "baseline, or a .toml file with `disabled = [SOURCE, …]`"
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """One builder to compare: a baseline of that name, or cloister without some sources.

    With ablations it is cloister, and cloister without each source in turn.
    """

    name: str
    disabled: frozenset[str] = frozenset()
    is_baseline: bool = False
    with_ablations: bool = False


def standard_configurations() -> list[Configuration]:
    """Return all baselines and cloister."""
    return [*(Configuration(name, is_baseline=True) for name in baselines()), Configuration(NAME)]


def builder_of(configuration: Configuration) -> Builder:
    """Return the builder that a configuration names."""
    if configuration.is_baseline:
        return baselines()[configuration.name]
    if configuration.with_ablations:
        return ours_with_ablations()
    return ours(configuration.disabled, configuration.name)


def parse_configuration(word: str) -> Configuration:
    """Return the configuration that a word names; SettingsError for a wrong one."""
    kind, _, rest = word.partition(":")
    named = [name for name in rest.split(",") if name]
    if word in baselines():
        return Configuration(word, is_baseline=True)
    if word in {DEFAULT, NAME}:
        return Configuration(word)
    if word.endswith(".toml"):
        return Configuration(word, _checked(_disabled_in(Path(word))))
    if kind == "without":
        return Configuration(word, _checked(named))
    if kind == "only":
        return Configuration(word, frozenset(SOURCE_NAMES) - _checked(named))
    raise SettingsError(f"{word!r} is no configuration: {EXPLANATION}.")


def _checked(named: Sequence[str]) -> frozenset[str]:
    for name in named:
        if name not in SOURCE_NAMES:
            raise SettingsError(
                f"There is no context source {name!r}; there are {', '.join(SOURCE_NAMES)}."
            )
    return frozenset(named)


def _disabled_in(path: Path) -> list[str]:
    try:
        disabled = tomllib.loads(path.read_text(encoding="utf-8")).get("disabled", [])
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read as TOML: {type(error).__name__}.") from None
    if not isinstance(disabled, list) or not all(isinstance(name, str) for name in disabled):
        raise SettingsError(f"`disabled` in {path} is no list of names.")
    return disabled
