"""The process in which a proof takes place: it enters the network, tries witnesses, and watches."""

import asyncio
import os
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from cloister.features.proof.evidence import Evidence
from cloister.features.proof.namespace import enter_own_network, sent_packets
from cloister.features.proof.session import run_session
from cloister.features.proof.witnesses import Witnesses, witnesses

PROJECT = "project"
_TRACES = "traces"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_SOCKET = re.compile(r"^socket(?:pair)?\((AF_\w+)", re.MULTILINE)
_SETTLING_SECONDS = 0.1


def give_evidence(folder: Path) -> Evidence:
    """Run the session in `folder`, which holds the project; call it before there are threads."""
    problem = enter_own_network()
    return asyncio.run(_watch(folder, problem))


async def _watch(folder: Path, namespace_problem: str) -> Evidence:
    started = monotonic()
    tracer, tracing_problem = _tracer(folder / _TRACES)
    has_own_network = not namespace_problem
    async with witnesses(own_network=has_own_network) as found:
        control_wanted = await found.try_out()
        before = await _settled_packets() if has_own_network else None
        control = found.take(before)
        run = await run_session(folder / PROJECT, tracer, _environment(found))
        after = sent_packets() if has_own_network else None
        sent = None if before is None or after is None else after - before
        seen = found.take(sent)
    return Evidence(
        run=run,
        control=control,
        control_wanted=control_wanted,
        seen=seen,
        namespace_problem=namespace_problem,
        tracing_problem=tracing_problem,
        sockets=_sockets(folder / _TRACES),
        seconds=monotonic() - started,
    )


def _tracer(folder: Path) -> tuple[Sequence[str], str]:
    """Return the command that traces another, and why there is none."""
    strace = shutil.which("strace")
    if strace is None:
        return (), "strace is not installed"
    folder.mkdir()
    # One file for each process, so that calls of two processes are not mixed.
    return (strace, "-ff", "-qq", "-e", "trace=%network", "-o", str(folder / "process")), ""


def _environment(found: Witnesses) -> dict[str, str]:
    """Return an environment in which a program that heeds proxies runs into a witness."""
    return dict(os.environ) | dict.fromkeys(_PROXIES, found.proxy)


async def _settled_packets() -> int | None:
    """Return the count of packets once the connections of the trial are closed."""
    before = None
    while before != (now := sent_packets()):
        before = now
        await asyncio.sleep(_SETTLING_SECONDS)
    return now


def _sockets(folder: Path) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for trace in folder.glob("process.*"):
        counts.update(_SOCKET.findall(trace.read_text(encoding="utf-8", errors="replace")))
    return dict(counts)
