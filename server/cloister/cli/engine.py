"""`cloister engine`: look at the engine, stop it, or be it."""

import argparse
import asyncio
import json
import logging
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cloister.engine.client import EngineClient
    from cloister.engine.status import EngineStatus

_DEFAULT_IDLE_SECONDS = 300.0
_PATIENCE_SECONDS = 5.0
_MEGABYTE = 1_000_000


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `engine` subcommand with `status`, `stop` and `run`."""
    parser = subparsers.add_parser("engine", help="show or stop the process that runs the model")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    status = actions.add_parser("status", help="say whether the engine runs, and with what")
    status.set_defaults(func=_print_status)
    stop = actions.add_parser("stop", help="stop the engine; the next completion starts it again")
    stop.set_defaults(func=_print_stop)
    for action in (status, stop):
        action.add_argument("--json", action="store_true", help="print JSON")
    run = actions.add_parser("run", help="be the engine (editors start it by themselves)")
    run.add_argument(
        "--idle-seconds",
        type=_seconds,
        default=_DEFAULT_IDLE_SECONDS,
        help="end this long after the last client has gone (default: %(default)s)",
    )
    run.add_argument(
        "--require-isolation",
        action="store_true",
        help="refuse to start where the kernel does not keep the engine off the network",
    )
    run.add_argument("--foreground", action="store_true", help="keep standard output open")
    run.set_defaults(func=_run)


def _run(arguments: argparse.Namespace) -> int:
    from cloister.engine.process import run_engine
    from cloister.engine.sandbox.limits import close_inherited_files

    close_inherited_files()
    return run_engine(
        arguments.idle_seconds,
        require_isolation=arguments.require_isolation,
        foreground=arguments.foreground,
    )


def _print_status(arguments: argparse.Namespace) -> int:
    outcome = asyncio.run(_status())
    print(json.dumps(outcome) if arguments.json else _status_text(outcome))
    return 0


def _print_stop(arguments: argparse.Namespace) -> int:
    outcome = asyncio.run(_stop())
    text = "The engine is stopped." if outcome["stopped"] else "The engine is not running."
    print(json.dumps(outcome) if arguments.json else text)
    return 0


async def _status() -> dict[str, Any]:
    from cloister.core.errors import BackendUnavailableError
    from cloister.engine.exchange import EngineGoneError
    from cloister.engine.graphics import idle_graphics_hint

    try:
        async with _connection() as client:
            facts = {} if client is None else _facts(await client.status())
            return {"running": bool(facts), **facts, "graphics_hint": idle_graphics_hint()}
    except EngineGoneError as error:
        raise BackendUnavailableError(
            "The engine did not answer and is gone; the next completion starts it again."
        ) from error


def _facts(status: "EngineStatus") -> dict[str, Any]:
    from cloister.engine.graphics import placement_text

    facts = asdict(status)
    for model, facts_of_model in zip(status.models, facts["models"], strict=True):
        facts_of_model["hardware"] = placement_text(model.placement, model.speed)
    return facts


async def _stop() -> dict[str, Any]:
    from cloister.engine.exchange import EngineGoneError

    try:
        async with _connection() as client:
            if client is not None:
                await client.stop_engine()
            return {"stopped": client is not None}
    except EngineGoneError:
        # It hung and was killed, or was ending anyway.
        return {"stopped": True}


@asynccontextmanager
async def _connection() -> "AsyncIterator[EngineClient | None]":
    """Connect to the running engine; None when there is none."""
    from cloister.engine.client import EngineClient
    from cloister.engine.paths import engine_paths, prepare_directory

    # What happens is said in one sentence, so warnings of the connection stay silent.
    logging.getLogger("cloister").addHandler(logging.NullHandler())
    paths = engine_paths()
    prepare_directory(paths)
    try:
        client = await EngineClient.connect(paths.socket, _PATIENCE_SECONDS)
    except OSError:
        yield None
        return
    try:
        yield client
    finally:
        await client.close()


def _status_text(outcome: dict[str, Any]) -> str:
    hint = [outcome["graphics_hint"]] if outcome["graphics_hint"] else []
    if not outcome["running"]:
        return "\n".join(("The engine is not running; the next completion starts it.", *hint))
    return "\n".join(
        (
            f"The engine is running (pid {outcome['pid']}, version {outcome['version']}).",
            f"  up         {outcome['uptime_seconds']:.0f} s",
            f"  models     {_models_text(outcome)}",
            # The one who asks is connected as well.
            f"  clients    {outcome['clients'] - 1}",
            f"  memory     {outcome['resident_bytes'] / _MEGABYTE:.0f} MB",
            f"  isolation  {outcome['isolation']}: {outcome['isolation_reason']}",
            f"  requests   {_requests_text(outcome)}",
            f"  generated  {outcome['generated_tokens']} tokens",
            *hint,
        )
    )


def _models_text(outcome: dict[str, Any]) -> str:
    facts = ((model["name"], model["hardware"]) for model in outcome["models"])
    return "\n             ".join(" ".join(filter(None, pair)) for pair in facts) or "none"


def _requests_text(outcome: dict[str, Any]) -> str:
    kinds = ("finished", "cancelled", "failed", "waiting")
    return ", ".join(f"{outcome[f'{kind}_requests']} {kind}" for kind in kinds)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return seconds
