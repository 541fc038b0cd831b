"""What a proof has seen, and what it proves; pure."""

from dataclasses import dataclass, field

_KERNEL = "kernel"


@dataclass(frozen=True, slots=True)
class Run:
    """What was done: files indexed, requests answered, and how many answers had a suggestion.

    `is_refused` says whether a service that the user set up was refused by the repository's rule;
    `isolation` says for each process what keeps it off the network.
    """

    indexed_files: int = 0
    answers: int = 0
    suggestions: int = 0
    is_refused: bool = False
    exit_code: int = -1
    isolation: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """What witnesses noticed: connections and datagrams, their bytes, and packets of any kind.

    `packets` is None where they cannot be counted.
    """

    notices: int = 0
    n_bytes: int = 0
    packets: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a proof found.

    `control` is what the witnesses noticed when they were tried, `seen` what they noticed during
    the run. `namespace_problem` and `tracing_problem` say why there was no network of its own and
    no trace; both are empty where there was. `sockets` counts what was asked of the kernel, by
    family.
    """

    run: Run
    control: Seen
    control_wanted: int
    seen: Seen
    namespace_problem: str = ""
    tracing_problem: str = ""
    sockets: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_proven(self) -> bool:
        """Whether the session worked, nothing was noticed, and it would have been."""
        return not self.objections()

    def objections(self) -> tuple[str, ...]:
        """Return why nothing is proven, one sentence each."""
        run, found = self.run, []
        if not run.suggestions or run.exit_code:
            found.append("The session did not work, so it proves nothing.")
        if not run.is_refused:
            found.append("The service was not refused by the rule of the repository.")
        if self.seen.notices or self.seen.n_bytes or self.seen.packets:
            found.append("Something was sent during the session.")
        if self.internet_sockets:
            found.append("A process made a socket for the internet.")
        if self.control.notices < self.control_wanted:
            found.append("The witnesses did not notice what was sent to try them.")
        if self.namespace_problem and self.tracing_problem:
            found.append("Neither a network of its own nor strace is to be had here.")
        return tuple(found)

    @property
    def internet_sockets(self) -> int:
        """How many sockets for IPv4 or IPv6 were asked for."""
        return sum(n for family, n in self.sockets.items() if family.startswith("AF_INET"))

    @property
    def is_held_by_kernel(self) -> bool:
        """Whether the kernel keeps every process that was asked off the network."""
        levels = self.run.isolation.values()
        return bool(levels) and all(level.startswith(_KERNEL) for level in levels)
