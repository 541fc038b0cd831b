"""Turns options into settings; a bad value changes nothing and is reported.

Options come from two places: what a client sent, by the names of the wire, and the user's file, by
the fields of `Settings`.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from cloister.settings.options import CLIENT_OPTIONS, OPTIONS, USER_FILE_OPTIONS, Option
from cloister.settings.settings import Settings

_MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class OptionNames:
    """What one place calls the options; `foreign` are its keys that are none of ours."""

    options: Mapping[str, Option]
    foreign: frozenset[str] = frozenset()

    def is_group(self, name: str) -> bool:
        """Return whether options stand below `name`."""
        return any(option.startswith(f"{name}.") for option in self.options)


CLIENT_NAMES = OptionNames({option.name: option for option in OPTIONS}, CLIENT_OPTIONS)
# What stands in these groups is read by the modules of `settings/` that are called like them.
FILE_NAMES = OptionNames(
    {option.field: option for option in USER_FILE_OPTIONS},
    frozenset({"actions", "backends", "checks"}),
)


def resolve_settings(
    options: object,
    base: Settings | None = None,
    names: OptionNames = CLIENT_NAMES,
) -> tuple[Settings, tuple[str, ...]]:
    """Return `base` changed by the options, and one sentence per problem.

    `options` is a decoded JSON or TOML value: nested objects, or None for no options at all.
    `base` are the defaults unless given; `names` says what the options are called.
    """
    settings = base or Settings()
    if options is None:
        return settings, ()
    if not isinstance(options, Mapping):
        return settings, ("The options are not an object; none of them is used.",)
    problems = []
    for name, value in _flatten(options, names):
        if value in (None, ""):
            # Editors send this for a setting that nobody made.
            continue
        problem = _problem(name, value, names)
        if problem:
            problems.append(problem)
        else:
            settings = _set(settings, names.options[name], value)
    return settings, tuple(problems)


def _flatten(options: Mapping[object, object], names: OptionNames) -> Iterator[tuple[str, object]]:
    for key, value in options.items():
        name = str(key)
        if name in names.foreign:
            continue
        if names.is_group(name) and isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", item) for inner, item in value.items())
        else:
            yield name, value


def _problem(name: str, value: object, names: OptionNames) -> str | None:
    if names.is_group(name):
        return f"The option {name!r} must be an object with options in it."
    if name not in names.options:
        return _unknown(name, names)
    return _value_problem(name, names.options[name], value)


def _unknown(name: str, names: OptionNames) -> str:
    nearest = difflib.get_close_matches(name, names.options, n=1, cutoff=0.5)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else "."
    return f"There is no option {name[:60]!r}{hint}"


def _value_problem(name: str, option: Option, value: object) -> str | None:
    if option.type is tuple:
        return None if _is_names(value) else f"The option {name!r} must be a list of names."
    numeric = option.type in (int, float)
    accepted = (int, float) if option.type is float else option.type
    if not isinstance(value, accepted) or (numeric and isinstance(value, bool)):
        wanted = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        return f"The option {name!r} must be {wanted[option.type]}."
    if option.choices and value not in option.choices:
        return f"The option {name!r} must be one of {', '.join(option.choices)}."
    return _range_problem(name, option, value) if isinstance(value, (int, float)) else None


def _is_names(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= _MOST_NAMES
        and all(isinstance(name, str) for name in value)
    )


def _range_problem(name: str, option: Option, value: float) -> str | None:
    # NaN compares false with everything, so it is out of every range.
    if option.low is None or option.high is None or option.low <= value <= option.high:
        return None
    return f"The option {name!r} must lie between {option.low} and {option.high}."


def _set(settings: Settings, option: Option, value: Any) -> Settings:
    if option.only_tightens and attrgetter(option.field)(settings):
        return settings
    value = tuple(value) if option.type is tuple else value
    group, _, name = option.field.rpartition(".")
    if not group:
        return replace(settings, **{name: value})
    changed: Any = replace(getattr(settings, group), **{name: value})
    return replace(settings, **{group: changed})
