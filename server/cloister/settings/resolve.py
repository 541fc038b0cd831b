"""Turns what a client sent into settings; a bad value keeps the default and is reported."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cloister.settings.options import CLIENT_OPTIONS, OPTIONS, Option
from cloister.settings.settings import Settings


def resolve_settings(options: object) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings for the sent options and one sentence per problem.

    `options` is the decoded JSON value: nested objects, or None for no options at all.
    """
    if options is None:
        return Settings(), ()
    if not isinstance(options, Mapping):
        return Settings(), ("The options are not an object; all settings keep their defaults.",)
    settings, problems = Settings(), []
    for name, value in _flatten(options):
        option = _BY_NAME.get(name)
        if value in (None, ""):
            # Editors send this for a setting that nobody made.
            continue
        if name in _GROUPS:
            problems.append(f"The option {name!r} must be an object with options in it.")
        elif option is None:
            problems.append(_unknown(name))
        else:
            problem = _problem(option, value)
            if problem:
                problems.append(problem)
            else:
                settings = _set(settings, option.field, value)
    return settings, tuple(problems)


_BY_NAME = {option.name: option for option in OPTIONS}
_GROUPS = frozenset(option.name.partition(".")[0] for option in OPTIONS if "." in option.name)


def _flatten(options: Mapping[object, object]) -> Iterator[tuple[str, object]]:
    for key, value in options.items():
        name = str(key)
        if name in CLIENT_OPTIONS:
            continue
        if name in _GROUPS and isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", item) for inner, item in value.items())
        else:
            yield name, value


def _unknown(name: str) -> str:
    nearest = difflib.get_close_matches(name, _BY_NAME, n=1, cutoff=0.5)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else "."
    return f"There is no option {name[:60]!r}{hint}"


def _problem(option: Option, value: object) -> str | None:
    numeric = option.type in (int, float)
    accepted = (int, float) if option.type is float else option.type
    if not isinstance(value, accepted) or (numeric and isinstance(value, bool)):
        wanted = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        return f"The option {option.name!r} must be {wanted[option.type]}; the default is used."
    if option.choices and value not in option.choices:
        return f"The option {option.name!r} must be one of {', '.join(option.choices)}."
    return _range_problem(option, value) if isinstance(value, (int, float)) else None


def _range_problem(option: Option, value: float) -> str | None:
    # NaN compares false with everything, so it is out of every range.
    if option.low is None or option.high is None or option.low <= value <= option.high:
        return None
    return f"The option {option.name!r} must lie between {option.low} and {option.high}."


def _set(settings: Settings, field: str, value: Any) -> Settings:
    group, _, name = field.rpartition(".")
    if not group:
        return replace(settings, **{name: value})
    changed: Any = replace(getattr(settings, group), **{name: value})
    return replace(settings, **{group: changed})
