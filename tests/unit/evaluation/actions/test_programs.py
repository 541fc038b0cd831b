"""What a model wrote in other languages is held as well, and its tests decide."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cloister.core.errors import CloisterError
from cloister.evaluation.actions.cases import ActionCase
from cloister.evaluation.actions.confined import Verdict, judged, unusable_languages
from cloister.evaluation.actions.toolchains import TOOLCHAINS
from support.locked_process import run_script

JAVASCRIPT = ActionCase(
    "f", "javascript", "implement", "function f() {}\n", "{}", "{ return 1; }", "assert(f() === 1);"
)
C = ActionCase(
    "f", "c", "implement", "int f(void) {}\n", "{}", "{ return 1; }", "assert(f() == 1);"
)
JAVA = ActionCase(
    *("f", "java", "implement", "class A { static int f() { } }\n"),
    *("{ }", "{ return 1; }", "assert A.f() == 1;"),
)
CASES = {it.language: it for it in (JAVASCRIPT, C, JAVA)}


def case_in(language: str) -> ActionCase:
    """Return the language's case; skips where it cannot be tried."""
    for program in TOOLCHAINS[language].needs:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")
    return CASES[language]


@pytest.mark.parametrize("language", CASES)
def test_hidden_tests_decide(language: str) -> None:
    case = case_in(language)
    assert judged(case, case.reference) == Verdict(parses=True)
    wrong = Verdict(parses=True, problem="a hidden test fails")
    assert judged(case, case.reference.replace("1", "2")) == wrong
    broken = Verdict(parses=False, problem="does not compile")
    assert judged(case, case.reference.replace("{", "(")) == broken


# Each returns 1 when it was refused.
ATTEMPTS = {
    "javascript": {
        "connect": (
            'import net from "node:net";\nconst code = await new Promise((done) => {'
            'net.connect(80, "127.0.0.1").on("error", (error) => done(error.code));});\n'
            'function f() { return code === "EACCES" ? 1 : 0; }'
        ),
        "start": (
            'import { spawnSync } from "node:child_process";\n'
            'function f() { return spawnSync("true").error?.code === "EACCES" ? 1 : 0; }'
        ),
        "write": (
            'import { writeFileSync } from "node:fs";\nfunction f() {'
            'try { writeFileSync("../outside-of-it", ""); return 0; }'
            'catch (error) { return error.code === "EACCES" ? 1 : 0; } }'
        ),
        "look": (
            'import { readdirSync } from "node:fs";\n'
            'function f() { return "SECRET_OF_MINE" in process.env ? 0 : 1; }'
        ),
    },
    "c": {
        "connect": "#include <sys/socket.h>\nint f(void) { return socket(2, 1, 0) == -1; }",
        "start": "#include <unistd.h>\nint f(void) { return fork() == -1; }",
        "start at once": '#include <stdlib.h>\nint f(void) { return system("true") != 0; }',
        "write": '#include <stdio.h>\nint f(void) { return fopen("../outside", "w") == NULL; }',
        "look": '#include <stdlib.h>\nint f(void) { return getenv("SECRET_OF_MINE") == NULL; }',
    },
    "java": {
        "connect": (
            'class A { static int f() { try { new java.net.Socket("127.0.0.1", 80); return 0; }'
            " catch (java.io.IOException error) {"
            ' return error.getMessage().contains("denied") ? 1 : 0; } } }'
        ),
        "start": (
            'class A { static int f() { try { new ProcessBuilder("true").start(); return 0; }'
            " catch (java.io.IOException error) { return 1; } } }"
        ),
    },
}
EACH = [(language, name) for language, attempts in ATTEMPTS.items() for name in attempts]


@pytest.mark.parametrize(("language", "attempt"), EACH)
def test_what_reaches_out_is_refused(
    language: str, attempt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    assert judged(case_in(language), ATTEMPTS[language][attempt]) == Verdict(parses=True)


ENDLESS = {
    "javascript": "function f() { for (;;); }",
    "c": "int f(void) { volatile int on = 1; while (on); return 1; }",
    "java": "class A { static int f() { long n = 0; while (n >= 0) { n = n % 7; } return 1; } }",
}


@pytest.mark.parametrize("language", CASES)
def test_what_hangs_is_ended(language: str) -> None:
    verdict = judged(case_in(language), ENDLESS[language])
    assert verdict == Verdict(parses=True, problem="takes too long", stopped=True)


@pytest.mark.parametrize(
    ("language", "after"),
    [
        ("javascript", "function f() { process.exit(0); }"),
        ("c", "#include <stdlib.h>\nint f(void) { exit(0); }"),
        ("java", "class A { static int f() { System.exit(0); return 1; } }"),
    ],
)
def test_to_end_well_is_not_to_pass(language: str, after: str) -> None:
    verdict = judged(case_in(language), after)
    assert verdict == Verdict(parses=True, problem="ends without a result", stopped=True)


@pytest.mark.parametrize(
    ("language", "after"),
    [
        (
            "javascript",
            "function f() { const all = []; for (;;) all.push(Buffer.alloc(1 << 24)); }",
        ),
        ("c", "#include <stdlib.h>\nint f(void) { return malloc(1l << 31) ? 1 : 2; }"),
        ("c", '#include <stdio.h>\nint f(void) { for (;;) puts("more and more"); }'),
    ],
)
def test_memory_and_files_have_limits(language: str, after: str) -> None:
    assert judged(case_in(language), after).problem == "a hidden test fails"


def test_what_takes_the_compiler_too_long_is_ended() -> None:
    doublings = "\n".join(f"#define X{i} X{i - 1} X{i - 1}" for i in range(1, 40))
    after = f"#define X0 +1\n{doublings}\nint f(void) {{ return 0 X39; }}"
    verdict = judged(case_in("c"), after, most_seconds=2)
    assert verdict == Verdict(parses=True, problem="takes too long", stopped=True)


def test_files_outside_stay_as_they_are(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("mine")
    after = f'import {{ rmSync }} from "node:fs";\nfunction f() {{ rmSync("{kept}"); }}'
    judged(case_in("javascript"), after)
    assert kept.read_text() == "mine"


def test_a_language_without_its_compiler_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert unusable_languages([C, JAVASCRIPT, replace(C, name="g")]) == {
        "c": "gcc is not installed.",
        "javascript": "node is not installed.",
    }
    with pytest.raises(CloisterError, match="gcc is not installed"):
        judged(C, C.reference)


def test_a_program_that_only_a_relative_path_finds_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "gcc").write_text("#!/bin/sh\n")
    (tmp_path / "gcc").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    assert unusable_languages([C]) == {"c": "gcc is not installed."}


WITHOUT_LANDLOCK = """
from cloister.evaluation.actions.cases import ActionCase
from cloister.evaluation.actions.confined import unusable_languages

refuse_system_calls(LANDLOCK)
case = ActionCase("f", "c", "fix", "int f(void) { return 1; }", "1", "1", "assert(f() == 1);")
print(json.dumps(unusable_languages([case])))
"""


@pytest.mark.sandbox
def test_nothing_runs_that_the_kernel_does_not_hold() -> None:
    case_in("c")
    assert run_script(WITHOUT_LANDLOCK) == {
        "c": "Model-written code is not run, because nothing holds it: "
        "The kernel has no lock for it (Permission denied)."
    }
