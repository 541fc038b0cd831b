"""How far text may go: the strictest of all that is said about it, and nothing else.

Pure: what the world says comes in as layers. A layer can only lower the level, their order does not
matter, and text of several files goes no further than the strictest of them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from cloister.core.privacy import EndpointClass, Layer, LayerKind, Level, Piece, Verdict
from cloister.settings.settings import PrivacySettings

KILL_SWITCH = "CLOISTER_LOCAL_ONLY"
_OFF = frozenset({"", "0", "false", "no", "off"})

_BUILT_IN = Layer(LayerKind.BUILT_IN, Level.ALLOW, "nothing built in forbids it")

# What these find stands in the file that they name. What was copied, what other tools say and what
# was typed may come from any file.
_SOURCES_OF_FILES = frozenset(
    """
    document callers definitions git_diff imports members outline same_file siblings similar
    type_names viewed
    """.split()  # noqa: SIM905  # two lines are easier to read than twelve
)


def judge(layers: Iterable[Layer]) -> Verdict:
    """Return what holds under these layers; without any, nothing is forbidden."""
    return Verdict((_BUILT_IN, *(layer for layer in dict.fromkeys(layers) if layer != _BUILT_IN)))


def together(*verdicts: Verdict) -> Verdict:
    """Return what holds for text that stands under all of the verdicts."""
    return judge(layer for verdict in verdicts for layer in verdict.layers)


def user_layers(privacy: PrivacySettings, path: Path) -> tuple[Layer, ...]:
    """Return what the user's file at `path` permits, and what an editor takes back of it."""
    level = Level.from_label(privacy.level)
    unset = ", or not set" if level is Level.LOCAL_ONLY else ""
    rule = f"`[privacy] level` is {level.label}{unset}"
    user = Layer(LayerKind.USER, level, rule, path)
    if not privacy.local_only:
        return (user,)
    rule = "the setting `localOnly` is on, or the workspace is not trusted"
    return user, Layer(LayerKind.EDITOR, Level.LOCAL_ONLY, rule)


def environment_layers(environment: Mapping[str, str]) -> tuple[Layer, ...]:
    """Return what the kill switch says: nothing, or that nothing leaves."""
    if environment.get(KILL_SWITCH, "").strip().lower() in _OFF:
        return ()
    rule = f"{KILL_SWITCH} is set in the environment"
    return (Layer(LayerKind.ENVIRONMENT, Level.LOCAL_ONLY, rule),)


def ratcheted(held: tuple[Layer, ...], layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Return the layers that hold from now on: those that were local-only once stay so."""
    new = [layer for layer in dict.fromkeys(layers) if layer.level is Level.LOCAL_ONLY]
    return (*held, *(layer for layer in new if layer not in held))


def remembered(held: tuple[Layer, ...], layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Return the held layers that nobody says any more, and that hold all the same."""
    said = set(layers)
    return tuple(
        replace(layer, rule=f"{layer.rule} when cloister started or since; restart it")
        for layer in held
        if layer not in said
    )


def endpoints(verdict: Verdict, privacy: PrivacySettings) -> tuple[EndpointClass, ...]:
    """Return where text may be completed; an empty answer means not even on this machine."""
    if verdict.denial is not None:
        return ()
    if verdict.level is not Level.LOCAL_ONLY:
        return tuple(EndpointClass)
    loopback = (EndpointClass.LOOPBACK,) if privacy.loopback else ()
    return (EndpointClass.ENGINE, *loopback)


def layer_facts(layer: Layer) -> dict[str, str]:
    """Return what a layer says, for editors and other programs; an empty path means none."""
    path = "" if layer.path is None else str(layer.path)
    return {"by": layer.kind, "level": layer.level.label, "rule": layer.rule, "path": path}


def is_provably_of_its_file(piece: Piece) -> bool:
    """Return whether a piece's text stands in the file that it names, and nowhere else."""
    return piece.source in _SOURCES_OF_FILES


def policy_hash(verdict: Verdict, digests: Iterable[tuple[str, str]]) -> str:
    """Return what changes with any rule, in whatever order they are told: consents are bound to it.

    `digests` are path and hash of each file with rules.
    """
    layers = {
        (layer.kind, layer.level.label, layer.rule, str(layer.path)) for layer in verdict.layers
    }
    return hashlib.sha256(json.dumps([sorted(layers), sorted(set(digests))]).encode()).hexdigest()
