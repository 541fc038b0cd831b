from dataclasses import replace

import pytest

from cloister.features.proof.evidence import Evidence, Run, Seen

RUN = Run(41, 13, 12, True, 0, {"front-end": "kernel: Held by seccomp.", "engine": "kernel: too."})
SOUND = Evidence(RUN, Seen(5, 35, 33), 5, Seen(0, 0, 0), sockets={"AF_UNIX": 8}, seconds=6.0)


def test_a_session_that_worked_and_sent_nothing_is_proof() -> None:
    assert SOUND.is_proven
    assert SOUND.is_held_by_kernel
    assert replace(SOUND, tracing_problem="strace is not installed").is_proven
    assert replace(SOUND, namespace_problem="none", seen=Seen(), control=Seen(5)).is_proven


@pytest.mark.parametrize(
    ("flaw", "objection"),
    [
        ({"run": replace(RUN, suggestions=0)}, "did not work"),
        ({"run": replace(RUN, exit_code=1)}, "did not work"),
        ({"run": replace(RUN, is_refused=False)}, "was not refused"),
        ({"seen": Seen(1, 0, 0)}, "was sent"),
        ({"seen": Seen(0, 1, 0)}, "was sent"),
        ({"seen": Seen(0, 0, 1)}, "was sent"),
        ({"sockets": {"AF_UNIX": 8, "AF_INET": 1}}, "socket for the internet"),
        ({"sockets": {"AF_INET6": 1}}, "socket for the internet"),
        ({"control": Seen(4, 35, 33)}, "did not notice"),
        ({"namespace_problem": "none", "tracing_problem": "none"}, "Neither"),
    ],
)
def test_each_flaw_is_an_objection(flaw: dict[str, object], objection: str) -> None:
    flawed = replace(SOUND, **flaw)  # type: ignore[arg-type]  # a case for each field
    (found,) = flawed.objections()
    assert objection in found
    assert not flawed.is_proven


def test_one_process_that_python_alone_holds_is_said() -> None:
    isolation = RUN.isolation | {"engine": "audit: Held by audit hook."}
    weaker = replace(SOUND, run=replace(RUN, isolation=isolation))
    assert weaker.is_proven
    assert not weaker.is_held_by_kernel
    assert not replace(SOUND, run=replace(RUN, isolation={})).is_held_by_kernel
