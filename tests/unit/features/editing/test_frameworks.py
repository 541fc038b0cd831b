"""With what a project tests: its own tests say it, else the language's custom."""

import os
from pathlib import Path

import pytest

from cloister.features.editing.conventions import new_test_file
from cloister.features.editing.frameworks import how_to_test

CASES: list[tuple[str, str, dict[str, str], str]] = [
    # The file, its language, what the project has, and words of what is said.
    ("a.py", "python", {}, "Use pytest"),
    ("a.py", "python", {"tests/test_b.py": "import unittest\n"}, "Use unittest"),
    ("a.py", "python", {"tests/test_b.py": "import pytest\nimport unittest.mock\n"}, "Use pytest"),
    ("src/p/a.py", "python", {"tests/test_b.py": "from unittest import *\n"}, "Use unittest"),
    ("a.ts", "typescript", {}, "the project uses"),
    ("a.ts", "typescript", {"b.test.ts": 'import { it } from "vitest";\n'}, "Use Vitest"),
    ("a.ts", "typescript", {"package.json": '{"devDependencies": {"jest": "1"}}'}, "Use Jest"),
    (
        "a.js",
        "javascript",
        {"b.test.js": 'import test from "node:test";\n', "package.json": '{"jest": {}}'},
        "node:test",
    ),
    ("a.tsx", "tsx", {"b.spec.tsx": "jest.mock();\n"}, "Use Jest"),
    ("a.go", "go", {}, "package `testing`"),
    ("src/main/java/A.java", "java", {}, "Use JUnit 5"),
    (
        "src/main/java/A.java",
        "java",
        {"src/test/java/BTest.java": "import org.junit.Test;\n"},
        "Use JUnit 4",
    ),
    ("A.kt", "kotlin", {}, "kotlin.test"),
    ("A.kt", "kotlin", {"BTest.kt": "import io.kotest.core.spec.style.FunSpec\n"}, "Kotest"),
    ("A.scala", "scala", {"BSuite.scala": "class BSuite extends munit.FunSuite\n"}, "MUnit"),
    ("App/A.cs", "c_sharp", {}, "xUnit"),
    ("App/A.cs", "c_sharp", {"App.Tests/BTests.cs": "using NUnit.Framework;\n"}, "NUnit"),
    ("lib/a.rb", "ruby", {"spec/b_spec.rb": "RSpec.describe B do\nend\n"}, "RSpec"),
    ("lib/a.rb", "ruby", {"test/b_test.rb": 'require "minitest/autorun"\n'}, "Use Minitest:"),
    ("src/A.php", "php", {}, "PHPUnit"),
    ("src/A.php", "php", {"tests/BTest.php": "<?php\n\nit('works', fn () => 1);\n"}, "Pest"),
    ("Sources/A.swift", "swift", {}, "XCTest"),
    ("Sources/A.swift", "swift", {"Tests/BTests.swift": "import Testing\n"}, "Swift Testing"),
    ("a.lua", "lua", {}, "busted"),
    ("a.sh", "bash", {}, "Bats"),
    ("src/a.c", "c", {}, "`main`"),
    ("src/a.c", "c", {"tests/test_b.c": "#include <cmocka.h>\n"}, "cmocka"),
    ("src/a.cpp", "cpp", {"tests/b_test.cpp": "#include <gtest/gtest.h>\n"}, "GoogleTest"),
    ("src/a.cpp", "cpp", {"tests/b_test.cpp": '#include "catch.hpp"\n'}, "Catch2"),
]


@pytest.mark.parametrize(("path", "language", "has", "words"), CASES)
def test_the_projects_own_tests_say_it(
    tmp_path: Path, path: str, language: str, has: dict[str, str], words: str
) -> None:
    for name, text in {path: "", **has}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    file = new_test_file(tmp_path / path, tmp_path, language)
    assert file is not None
    assert words in how_to_test(file, tmp_path, language)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "test_pipe.py")
    (tmp_path / "test_link.py").symlink_to("/dev/zero")
    assert "pytest" in how_to_test(tmp_path / "test_a.py", tmp_path, "python")


def test_a_language_without_tests_of_its_own_has_no_framework(tmp_path: Path) -> None:
    assert how_to_test(tmp_path / "a", tmp_path, "rust") == ""
