"""With which framework a project tests, seen from its tests and from what it says it needs.

Only the beginnings of a few regular files are read, and nothing of them goes any further than the
name of a framework.
"""

import re
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cloister.features.editing.conventions import neighbouring_tests

_MOST_FILES = 3
_MOST_CHARS = 8_000

_OF_JAVASCRIPT = (
    (r"\bvitest\b", "Use Vitest: import `describe`, `expect` and `it` from `vitest`."),
    (r"\bnode:test\b", "Use `node:test` and `node:assert/strict`."),
    (r"\bbun:test\b", "Use `bun:test`."),
    (r"\bjest\b", "Use Jest: `describe`, `test` and `expect`."),
    (r"\bava\b", "Use AVA."),
    (r"\b(?:mocha|chai)\b", "Use Mocha with the assertions that the project uses."),
    (r"", "Use the test framework that the project uses, `node:test` without any."),
)
_PYTEST = "Use pytest: plain functions, `assert`, `pytest.mark.parametrize`, `pytest.raises`."
# What tells a framework, and how to use it; the last of each is the usual one.
_FRAMEWORKS = {
    "bash": (
        (r"\bshunit2\b", "Use shUnit2."),
        (r"", "Use Bats: `@test`, `run`, and tests of `$status` and `$output`."),
    ),
    "c": (
        (r"\bcmocka\.h", "Use cmocka."),
        (r"\bunity\.h", "Use Unity."),
        (r"\bcriterion/", "Use Criterion."),
        (r"<check\.h>", "Use Check."),
        (r"", "Use plain functions with `assert`, and a `main` that calls them."),
    ),
    "c_sharp": (
        (r"\bNUnit\b", "Use NUnit: `[Test]`, `[TestCase]` and `Assert.That`."),
        (r"\[TestMethod\]", "Use MSTest: `[TestClass]`, `[TestMethod]` and `Assert`."),
        (r"", "Use xUnit: `[Fact]`, `[Theory]` and `Assert`."),
    ),
    "cpp": (
        (r"\bgtest/", "Use GoogleTest: `TEST` and `EXPECT_EQ`."),
        (r"\bcatch2?[/.]", "Use Catch2: `TEST_CASE` and `REQUIRE`."),
        (r"\bdoctest", "Use doctest: `TEST_CASE` and `CHECK`."),
        (r"\bboost/test/", "Use Boost.Test."),
        (r"", "Use plain functions with `assert`, and a `main` that calls them."),
    ),
    "go": ((r"", "Use the package `testing` and a table of cases; keep the file's own package."),),
    "java": (
        (r"\borg\.testng\b", "Use TestNG."),
        (r"\borg\.junit\.(?!jupiter)", "Use JUnit 4: `org.junit.Test` and `org.junit.Assert`."),
        (r"", "Use JUnit 5: `@Test`, `@ParameterizedTest` and `Assertions`."),
    ),
    "javascript": _OF_JAVASCRIPT,
    "kotlin": (
        (r"\bio\.kotest\b", "Use Kotest."),
        (r"\borg\.junit\.jupiter\b", "Use JUnit 5: `@Test` and `Assertions`."),
        (r"", "Use `kotlin.test`: `@Test`, `assertEquals` and `assertFailsWith`."),
    ),
    "lua": (
        (r"\bluaunit\b", "Use LuaUnit."),
        (r"", "Use busted: `describe`, `it` and `assert`."),
    ),
    "php": (
        (r"(?m)^(?:it|test)\(", "Use Pest: `it` and `expect`."),
        (r"", "Use PHPUnit: a final class that extends `TestCase`."),
    ),
    "python": (
        (r"\bpytest\b", _PYTEST),
        (
            r"(?m)^(?:import|from) unittest\b",
            "Use unittest: a class that extends `TestCase`, and its assertions.",
        ),
        (r"", _PYTEST),
    ),
    "ruby": (
        (r"\bRSpec\b|(?m:^\s*describe\b)", "Use RSpec: `describe`, `it` and `expect`."),
        (r"\btest/unit\b", "Use test-unit: a class that extends `Test::Unit::TestCase`."),
        (r"\b[Mm]initest\b", "Use Minitest: a class that extends `Minitest::Test`."),
        (r"", "Use Minitest below `test`, and RSpec below `spec`."),
    ),
    "scala": (
        (r"\bmunit\b", "Use MUnit."),
        (r"\bspecs2\b", "Use specs2."),
        (r"", "Use ScalaTest, in the style of the project's other tests."),
    ),
    "swift": (
        (r"(?m)^import Testing\b", "Use Swift Testing: `@Test` and `#expect`."),
        (r"", "Use XCTest: a class that extends `XCTestCase`."),
    ),
    "tsx": _OF_JAVASCRIPT,
    "typescript": _OF_JAVASCRIPT,
}
_NEEDS = dict.fromkeys(("javascript", "tsx", "typescript"), ("package.json",))


def how_to_test(file: Path, root: Path, language: str) -> str:
    """Return in a sentence with what the tests in `file`, which is not there yet, are written."""
    known = _FRAMEWORKS.get(language)
    if known is None:
        return ""
    for text in _texts(file, root, language):
        for found, sentence in known[:-1]:
            if re.search(found, text):
                return sentence
    return known[-1][1]


def _texts(file: Path, root: Path, language: str) -> Iterator[str]:
    tests = islice(neighbouring_tests(file, root, language), _MOST_FILES)
    for path in (*tests, *(root / name for name in _NEEDS.get(language, ()))):
        if (text := _beginning(path)) is not None:
            yield text


def _beginning(path: Path) -> str | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_CHARS)
    except OSError:
        return None
