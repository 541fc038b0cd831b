"""`cloister model`: what models there are, and which ones are used."""

import argparse
import json
import os
import shlex
import sys
from typing import TYPE_CHECKING

from cloister.core.errors import SettingsError

if TYPE_CHECKING:
    from cloister.features.model_report import ModelReport
    from cloister.models.catalogue import ModelFile
    from cloister.settings.user_folders import UserFolders

_FIELDS = {"completion": "model", "actions": "action_model"}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `model` subcommand with `list`, `use`, `info` and `import`."""
    parser = subparsers.add_parser("model", help="list, choose and import models")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="show every model on this machine")
    listing.set_defaults(func=_list)
    use = actions.add_parser("use", help="choose a model in your settings file")
    use.add_argument(
        "--for",
        dest="purpose",
        choices=tuple(_FIELDS),
        default="completion",
        help="what the model is for (default: %(default)s)",
    )
    use.set_defaults(func=_use)
    info = actions.add_parser("info", help="show everything that is known of a model")
    info.set_defaults(func=_info)
    taking = actions.add_parser("import", help="copy a model file into cloister's own folder")
    taking.add_argument("file", metavar="FILE", help="a GGUF file, the first one if it is split")
    taking.add_argument("--name", help="what to call the model (default: the file's name)")
    taking.add_argument("--link", action="store_true", help="make a link instead of a copy")
    taking.set_defaults(func=_import)
    for action in (use, info):
        action.add_argument("model", metavar="NAME|PATH", help="a model's name or a .gguf file")
    for action in (listing, use, info, taking):
        action.add_argument("--json", action="store_true", help="print JSON")


def _list(options: argparse.Namespace) -> int:
    from cloister.cli.model_view import print_models, report_as_json
    from cloister.features.model_report import report_model
    from cloister.models.catalogue import all_models
    from cloister.settings.user_folders import current_user_folders

    folders = current_user_folders()
    catalogue = all_models(folders)
    used, notes = _used_models(folders)
    places = [f"{place.path} was left out: {place.reason}." for place in catalogue.unreadable]
    known = {_real_path(model) for model in catalogue.models}
    elsewhere = {model for model in used.values() if _real_path(model) not in known}
    reports = [
        (report_model(model), _purposes(model, used))
        for model in (*catalogue.models, *sorted(elsewhere, key=lambda model: model.name))
    ]
    if options.json:
        listed = [report_as_json(report, purposes) for report, purposes in reports]
        print(json.dumps({"models": listed, "notes": [*notes, *places]}, indent=2))
        return 0
    print_models(reports)
    for note in (*notes, *places):
        print(note, file=sys.stderr)
    return 0


def _use(options: argparse.Namespace) -> int:
    from cloister.features.model_report import Purpose, report_model, require_usable
    from cloister.models.catalogue import absolute_model, is_path, resolve_model
    from cloister.settings.user_file import user_file_path, write_user_option
    from cloister.settings.user_folders import current_user_folders

    folders = current_user_folders()
    model = resolve_model(absolute_model(options.model), folders)
    report, purpose = report_model(model), Purpose(options.purpose)
    require_usable(report, purpose)
    name = str(model.path) if is_path(options.model) else model.name
    path = user_file_path(folders)
    write_user_option(path, _FIELDS[options.purpose], name)
    if options.json:
        outcome = {"model": name, "for": options.purpose, "file": str(path), "fits": report.fits}
        print(json.dumps(outcome, indent=2))
    else:
        print(f"{name} is used for {options.purpose} from now on ({path}).")
        if report.fits is False:
            print("It needs more memory than is free now.", file=sys.stderr)
    return 0


def _info(options: argparse.Namespace) -> int:
    from cloister.cli.model_view import print_facts, report_as_json
    from cloister.features.model_report import report_model
    from cloister.models.catalogue import absolute_model, resolve_model
    from cloister.settings.user_folders import current_user_folders

    folders = current_user_folders()
    model = resolve_model(absolute_model(options.model), folders)
    used, _ = _used_models(folders)
    facts = report_as_json(report_model(model), _purposes(model, used))
    if options.json:
        print(json.dumps(facts, indent=2))
    else:
        print_facts(facts)
    return 0


def _import(options: argparse.Namespace) -> int:
    from cloister.cli.model_view import copying_progress
    from cloister.features.model_report import report_model, require_sound
    from cloister.models.catalogue import ModelFile, expand_home
    from cloister.models.folder import model_name, own_folder
    from cloister.models.importing import copy_model, link_model
    from cloister.settings.user_folders import current_user_folders

    source = expand_home(options.file).absolute()
    name = options.name or model_name(source)
    report = report_model(ModelFile(name, source))
    require_sound(report)
    folder = own_folder(current_user_folders())
    if options.link:
        path = link_model(source, name, folder)
    else:
        with copying_progress(name, report.size_bytes) as on_copied:
            path = copy_model(source, name, folder, on_copied)
    if options.json:
        print(json.dumps({"name": name, "path": str(path)}, indent=2))
    else:
        print(f"{name} is at {path}; {_next_step(report)}.")
    return 0


def _next_step(report: "ModelReport") -> str:
    from cloister.features.model_report import Purpose

    if objection := report.objection(Purpose.COMPLETION):
        return f"it cannot write completions: {objection}"
    return f"`cloister model use {shlex.quote(report.model.name)}` makes it write completions"


def _used_models(folders: "UserFolders") -> "tuple[dict[str, ModelFile], list[str]]":
    """Return the models that the settings file names, by purpose, and what is wrong with it."""
    from cloister.models.catalogue import resolve_model
    from cloister.settings.user_file import read_user_file, user_file_path

    used: dict[str, ModelFile] = {}
    try:
        settings, problems = read_user_file(user_file_path(folders))
        used["completion"] = resolve_model(settings.model, folders)
        used["actions"] = resolve_model(settings.action_model or settings.model, folders)
    except SettingsError as error:
        return used, [str(error)]
    return used, list(problems)


def _purposes(model: "ModelFile", used: "dict[str, ModelFile]") -> list[str]:
    return [purpose for purpose, chosen in used.items() if _real_path(chosen) == _real_path(model)]


def _real_path(model: "ModelFile") -> str:
    return os.path.realpath(model.path)
