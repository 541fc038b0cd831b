"""Programs of the user's on copies: what they see, how they end, and what is left of them."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from cloister.core.errors import CloisterError
from cloister.features.editing.programs import Ended, name_of_copy, run_on_copy

PYTHON = sys.executable
FACTS = """
import os, stat, sys
path = sys.argv[1]
print(os.path.basename(path), oct(os.stat(path).st_mode & 0o777))
print(oct(os.stat(os.path.dirname(path)).st_mode & 0o777), os.listdir("."))
print(open(path, newline="").read() == "a = 'é'\\r\\n")
print(sorted(os.environ), os.isatty(0), os.getsid(0) == os.getpid())
"""


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a runtime directory of one's own, and return where copies lie in it."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "cloister" / "checks"


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """Return a pipe by which a program is heard."""
    os.mkfifo(tmp_path / "line")
    return tmp_path / "line"


def left(runtime: Path) -> list[Path]:
    return list(runtime.iterdir()) if runtime.exists() else []


async def run(code: str, *words: str, text: str = "a = 1\n", name: str = "a.py") -> Ended:
    return await run_on_copy([PYTHON, "-c", code, *words], name, text)


async def test_the_copy_is_private_and_alone(runtime: Path) -> None:
    ended = await run(FACTS, "{file}", text="a = 'é'\r\n", name="shop.py")
    assert ended.output.splitlines() == [
        "shop.py 0o600",
        "0o700 ['the-copy']",
        "True",
        "['HOME', 'LC_ALL', 'NO_COLOR', 'PATH', 'TERM', 'TMPDIR', 'XDG_CACHE_HOME'] False True",
    ]
    assert (ended.code, ended.errors, left(runtime)) == (0, "", [])


async def test_python_does_not_import_the_copy() -> None:
    words = [PYTHON, "-m", "json.tool", "--help"]
    ended = await run_on_copy([*words, "{file}"], "argparse.py", "raise SystemExit(9)\n")
    assert (ended.code, ended.errors) == (0, "")


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("shop.py", "shop.py"),
        ("test_shop.py", "test_shop.py"),
        ("Basket.java", "Basket.java"),
        ("shop-list.ts", "shop-list.ts"),
        ("Makefile", "Makefile"),
        ("shop.test.ts", "checked.test.ts"),
        ("eslint.config.js", "checked.config.js"),
        (".eslintrc.js", "checked.js"),
        ("package.json", "checked.json"),
        ("pyproject.toml", "checked.toml"),
        ("rules.YAML", "checked.YAML"),
        (".luacheckrc", "checked"),
        ("a$(touch b).py", "checked.py"),
        ("-rf.py", "checked.py"),
        ("{file}.py", "checked.py"),
        ("grün.py", "checked.py"),
        ("\udc80.py", "checked.py"),
        (f"{'a' * 252}.py", "checked.py"),
        ("a.b.c.d.py", "checked.d.py"),
        ("", "checked"),
    ],
)
def test_only_plain_names_of_code_are_kept(name: str, copied: str) -> None:
    assert name_of_copy(name) == copied


async def test_nobody_else_can_write_above_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for mode in (0o1777, 0o770):
        await asyncio.to_thread(tmp_path.chmod, mode)
        ended = await run("import os; print(os.getcwd(), end='')")
        assert Path(ended.output).parent == cache / "cloister" / "checks"
        assert left(cache / "cloister" / "checks") == []


async def test_without_the_file_the_text_is_on_standard_input() -> None:
    ended = await run("import sys; sys.stdout.write(sys.stdin.read().upper())", text="a = 1\n")
    assert (ended.output, ended.text) == ("A = 1\n", "a = 1\n")


async def test_what_is_written_into_the_copy_comes_back() -> None:
    ended = await run("import sys; open(sys.argv[1], 'a').write('b = 2\\n')", "{file}")
    assert (ended.output, ended.text) == ("", "a = 1\nb = 2\n")


async def test_what_is_said_is_about_the_file_and_not_the_copy() -> None:
    code = "import sys; print(sys.argv[1] + ':1: wrong'); sys.exit(sys.argv[1])"
    ended = await run(code, "{file}")
    assert (ended.code, ended.output, ended.errors) == (1, "a.py:1: wrong\n", "a.py\n")
    ended = await run("import os, sys; print(os.path.relpath(sys.argv[1]))", "{file}")
    assert ended.output == "a.py\n"


@pytest.mark.parametrize(
    "code",
    [
        "import os, sys; os.unlink(sys.argv[1])",
        "import os, sys; os.unlink(sys.argv[1]); os.mkfifo(sys.argv[1])",
        "import sys; open(sys.argv[1], 'wb').write(b'\\xff\\xfe')",
        "import sys; open(sys.argv[1], 'wb').write(b'a' * 2_000_000)",
    ],
)
async def test_a_copy_that_is_no_small_text_any_more_is_empty(code: str) -> None:
    assert (await run(code, "{file}")).text == ""


async def test_output_without_bounds_is_cut() -> None:
    ended = await run("print('x' * 5_000_000)")
    assert (ended.code, len(ended.output)) == (0, 1024 * 1024)


async def test_a_program_need_not_read_its_input() -> None:
    assert (await run("", text="x = 1\n" * 100_000)).code == 0


@pytest.mark.parametrize("program", ["/nowhere/ruff", "/etc/passwd"])
async def test_what_cannot_be_started_is_one_sentence(runtime: Path, program: str) -> None:
    with pytest.raises(CloisterError, match=rf"^{program} cannot be started \(.*\[checks\]"):
        await run_on_copy([program, "{file}"], "a.py", "a = 1\n")
    assert left(runtime) == []


async def test_where_no_copy_can_be_made_nothing_runs(runtime: Path) -> None:
    runtime.parent.mkdir(mode=0o700)
    await asyncio.to_thread(runtime.touch)
    with pytest.raises(CloisterError, match="no copy of it can be made"):
        await run("")


async def test_a_program_that_takes_too_long_is_killed(runtime: Path) -> None:
    with pytest.raises(CloisterError, match=r"took longer than 0\.5 s"):
        await run_on_copy(["/bin/sleep", "300"], "a.py", "", most_seconds=0.5)
    assert left(runtime) == []


async def test_whoever_is_cancelled_ends_it_with_its_children(runtime: Path, line: Path) -> None:
    # Whoever holds the line's other end is alive.
    code = (
        "import os, subprocess, sys\n"
        "line = os.open(sys.argv[1], os.O_WRONLY)\n"
        "os.set_inheritable(line, True)\n"
        "child = subprocess.Popen(\n"
        "    [sys.executable, '-c', 'import time; time.sleep(300)'], close_fds=False\n"
        ")\n"
        "os.write(line, b'.')\n"
        "child.wait()\n"
    )
    running = asyncio.ensure_future(run(code, str(line)))
    with await asyncio.to_thread(line.open, "rb", 0) as heard:
        assert await asyncio.to_thread(heard.read, 1) == b"."
        running.cancel()
        await asyncio.wait({running})
        assert running.cancelled()
        assert await asyncio.to_thread(heard.read, 1) == b""
    assert left(runtime) == []


async def test_what_a_killed_process_left_is_removed(runtime: Path, line: Path) -> None:
    waits = "import sys; open(sys.argv[1], 'w').write('.'); open(sys.argv[1]).read()"
    code = (
        "import asyncio, sys\n"
        "from cloister.features.editing.programs import run_on_copy\n"
        f"words = [sys.executable, '-c', {waits!r}, {str(line)!r}, '{{file}}']\n"
        "asyncio.run(run_on_copy(words, 'a.py', 'unsaved'))\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = await asyncio.create_subprocess_exec(PYTHON, "-c", code, env=environment)
    assert await asyncio.to_thread(line.read_text) == "."
    process.kill()
    await process.wait()
    assert [(it / "the-copy" / "a.py").read_text() for it in left(runtime)] == ["unsaved"]
    # Nobody was left to end the program.
    await asyncio.to_thread(line.write_text, ".")
    await run("")
    assert left(runtime) == []
