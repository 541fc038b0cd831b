"""`cloister backend`: the services that may be asked, in the user's own file and nowhere else."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import SettingsError

if TYPE_CHECKING:
    from cloister.settings.backends import BackendSettings

_FLAGS = ("url", "completion", "context-tokens", "monthly-budget", "plain-http", "ca-file")
_KEY_FLAGS = ("key", "key-command", "key-file", "key-environment")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `backend` subcommand with `add`, `key`, `list`, `test` and `remove`."""
    parser = subparsers.add_parser("backend", help="name services that may be asked, and try them")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser(
        "add",
        help="name a service in your settings file",
        description="Name a service in your settings file. A key for the keyring is read from the "
        "terminal, or from standard input; it is never an argument.",
    )
    _add_flags(add)
    add.set_defaults(func=_add)
    key = actions.add_parser("key", help="store another key in the keyring")
    key.set_defaults(func=_key)
    listing = actions.add_parser("list", help="show every service that is named")
    listing.set_defaults(func=_list)
    test = actions.add_parser("test", help="try the same tasks at a service and on this machine")
    test.set_defaults(func=_test)
    remove = actions.add_parser("remove", help="forget a service and its key")
    remove.set_defaults(func=_remove)
    for action in (add, key, test, remove):
        action.add_argument("name", metavar="NAME", help="what the service is called here")
    for action in (add, listing, test, remove):
        action.add_argument("--json", action="store_true", help="print JSON")


def _add_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--provider", help="which kind of service")
    parser.add_argument("--model", help="the model's name there")
    parser.add_argument("--url", help="where it is, unless the provider has one place")
    parser.add_argument(
        "--key",
        choices=("none", "keyring", "command", "file", "environment"),
        help="where the key is kept (default: keyring, if the provider needs one)",
    )
    parser.add_argument("--key-command", nargs="+", metavar="WORD", help="prints the key")
    parser.add_argument("--key-file", metavar="FILE", help="holds the key, for you alone to read")
    parser.add_argument("--key-environment", metavar="VARIABLE", help="holds the key")
    parser.add_argument("--completion", choices=("raw", "suffix", "infill", "chat"))
    parser.add_argument("--context-tokens", type=int, metavar="N")
    parser.add_argument("--monthly-budget", type=float, metavar="DOLLARS")
    parser.add_argument("--plain-http", action="store_true", default=None)
    parser.add_argument("--ca-file", metavar="FILE", help="another certificate authority")


def _add(options: argparse.Namespace) -> int:
    from cloister.egress.providers import all_providers, endpoint_of
    from cloister.settings.backends import KeySource, parse_backend, write_backend

    values = {
        "provider": options.provider or _ask("Provider", tuple(all_providers())),
        "model": options.model or _ask("Model"),
    }
    given = {flag: getattr(options, flag.replace("-", "_")) for flag in (*_FLAGS, *_KEY_FLAGS)}
    values |= {flag: value for flag, value in given.items() if value is not None}
    provider = all_providers().get(values["provider"])
    if provider is not None:
        if provider.base_url is None and "url" not in values and sys.stdin.isatty():
            values["url"] = _ask("URL", (f"for example {provider.url_example}",))
        if provider.needs_key:
            values.setdefault("key", str(KeySource.KEYRING))
    settings = parse_backend(options.name, values)
    endpoint = endpoint_of(settings)
    if settings.key is KeySource.KEYRING:
        _store_key(settings)
    write_backend(_user_file(), options.name, values)
    if options.json:
        print(json.dumps({"name": options.name, "origin": str(endpoint.origin)}, indent=2))
    else:
        print(f"{options.name} is {settings.model} at {endpoint.origin}; nothing was sent yet.")
        print(f"`cloister backend test {options.name}` tries it.")
    return 0


def _key(options: argparse.Namespace) -> int:
    from cloister.settings.backends import KeySource

    settings = _named(options.name)
    if settings.key is not KeySource.KEYRING:
        raise SettingsError(
            f"The key of {options.name!r} is not in the keyring but: {settings.key.value}; "
            "change it there."
        )
    _store_key(settings)
    print(f"The key of {options.name} is in the keyring.")
    return 0


def _list(options: argparse.Namespace) -> int:
    from cloister.cli.backend_view import backend_facts, print_backends
    from cloister.settings.backends import read_backends

    backends, problems = read_backends(_user_file())
    facts = [backend_facts(settings) for settings in backends.values()]
    if options.json:
        print(json.dumps({"backends": facts, "problems": list(problems)}, indent=2))
        return 0
    print_backends(facts)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 0


def _test(options: argparse.Namespace) -> int:
    from cloister.cli.backend_trial import run_trial
    from cloister.cli.backend_view import print_trials, trials_as_json

    trials, models = run_trial(_named(options.name))
    if options.json:
        print(json.dumps(trials_as_json(trials, models), indent=2))
    else:
        print_trials(trials, models)
    works = any(trial.backend == options.name and not trial.problem for trial in trials)
    return 0 if works else 1


def _remove(options: argparse.Namespace) -> int:
    from cloister.egress.keyring_store import remove_key
    from cloister.egress.providers import endpoint_of
    from cloister.settings.backends import KeySource, read_backends, remove_backend

    settings = read_backends(_user_file())[0].get(options.name)
    remove_backend(_user_file(), options.name)
    if settings is not None and settings.key is KeySource.KEYRING:
        remove_key(settings.name, endpoint_of(settings).origin)
    print(
        json.dumps({"removed": options.name}) if options.json else f"{options.name} is forgotten."
    )
    return 0


def _named(name: str) -> "BackendSettings":
    from cloister.settings.backends import read_backends

    backends, problems = read_backends(_user_file())
    if name not in backends:
        told = next((it for it in problems if repr(name) in it), None)
        raise SettingsError(
            told or f"There is no backend {name!r}; `cloister backend list` names all."
        )
    return backends[name]


def _store_key(settings: "BackendSettings") -> None:
    from cloister.egress.keyring_store import store_key
    from cloister.egress.providers import endpoint_of
    from cloister.egress.secret import Secret

    origin = endpoint_of(settings).origin
    try:
        key = Secret(_read_key(f"Key for {origin}: "))
    except ValueError as error:
        raise SettingsError("That is no key: it must be one word of plain characters.") from error
    store_key(settings.name, origin, key)


def _read_key(prompt: str) -> str:
    """Return what is typed without showing it, or the first line of standard input."""
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(prompt).strip()
    return sys.stdin.readline().strip()


def _ask(title: str, choices: tuple[str, ...] = ()) -> str:
    if not sys.stdin.isatty():
        raise SettingsError(f"A backend needs a {title.lower()}; give --{title.lower()}.")
    hint = f" ({', '.join(choices)})" if choices else ""
    return input(f"{title}{hint}: ").strip()


def _user_file() -> Path:
    from cloister.settings.user_file import user_file_path
    from cloister.settings.user_folders import current_user_folders

    return user_file_path(current_user_folders())
