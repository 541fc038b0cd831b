"""Shows what `cloister doctor` found: a line for each part, or the evidence of a proof."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from cloister.core.invisible import shown
from cloister.features.doctor import Check, State
from cloister.features.proof.evidence import Evidence, Seen

_MARKS = {State.OK: ("ok", "green"), State.NOTE: ("note", "dim"), State.PROBLEM: ("problem", "red")}


def print_checks(checks: Iterable[Check]) -> None:
    """Print a line for each part, with what to do where something is wrong."""
    console = _console()
    for check in checks:
        mark, style = _MARKS[check.state]
        _print_line(console, check.name, Text(f"{mark:<9}", style=style), check.text)


def print_evidence(evidence: Evidence) -> None:
    """Print what was run, what was seen, and what follows from it."""
    console = _console()
    for name, text in _facts(evidence):
        _print_line(console, name, Text(), text)
    console.print()
    if evidence.is_proven:
        console.print(Text("Nothing left this machine.", style="bold green"))
    for objection in evidence.objections():
        console.print(Text(f"Not proven: {objection}", style="bold red"))
    if evidence.is_proven and not evidence.is_held_by_kernel:
        note = "But the kernel does not hold every process here; `cloister doctor` says why."
        console.print(Text(note, style="yellow"))


def _print_line(console: Console, name: str, mark: Text, text: str) -> None:
    console.print(Text(f"{name:<12}") + mark + Text(shown(text)))


def _facts(evidence: Evidence) -> Iterator[tuple[str, str]]:
    yield "run", _run(evidence)
    refused = "set up by the user, tried, and refused by the rule of the repository"
    yield "service", refused if evidence.run.is_refused else "set up and tried, but not refused"
    problem = evidence.namespace_problem
    everywhere = "its own; every IPv4 address leads to witnesses (web, names, proxy)"
    yield "network", f"not its own: {problem}" if problem else everywhere
    noticed = f"{evidence.control.notices} of {evidence.control_wanted} witnesses noticed"
    yield "trial", f"{noticed}: {_seen(evidence.control)}"
    yield "session", _seen(evidence.seen)
    counts = sorted(evidence.sockets.items())
    asked = ", ".join(f"{n} {family}" for family, n in counts) or "none"
    problem = evidence.tracing_problem
    yield "sockets", f"not traced: {problem}" if problem else asked
    yield from evidence.run.isolation.items()


def _run(evidence: Evidence) -> str:
    run = evidence.run
    offered = f"{run.suggestions} of {run.answers} completions offered"
    end = f"exit code {run.exit_code}, {evidence.seconds:.1f} s"
    return f"{run.indexed_files} files indexed, {offered}, actions asked for, {end}"


def _seen(seen: Seen) -> str:
    packets = "packets not counted" if seen.packets is None else f"{seen.packets} packets"
    return f"{seen.notices} connections or datagrams, {seen.n_bytes} bytes, {packets}"


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
