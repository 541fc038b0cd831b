"""Where the tests of a file go: by what the project has, never where something is already."""

from pathlib import Path

import pytest

from cloister.features.editing.conventions import new_test_file

CASES: list[tuple[str, str, str, str | None]] = [
    # What the project has, the file, its language, and where its tests go.
    ("", "a.py", "python", "tests/test_a.py"),
    ("tests/", "a.py", "python", "tests/test_a.py"),
    ("test/test_b.py", "a.py", "python", "test/test_a.py"),
    ("tests/shop/", "src/shop/a.py", "python", "tests/shop/test_a.py"),
    ("tests/", "src/shop/a.py", "python", "tests/test_a.py"),
    ("tests/unit/shop/", "server/shop/a.py", "python", "tests/unit/shop/test_a.py"),
    ("tests/unit/", "src/shop/a.py", "python", "tests/unit/test_a.py"),
    ("pkg/tests/ tests/", "pkg/a.py", "python", "pkg/tests/test_a.py"),
    ("shop/test_b.py tests/", "shop/a.py", "python", "shop/test_a.py"),
    ("shop/b_test.py", "shop/a.py", "python", "shop/a_test.py"),
    ("tests/test_a.py", "a.py", "python", None),
    ("tests/unit/test_a.py", "src/a.py", "python", None),
    ("shop/a_test.py", "shop/a.py", "python", None),
    ("", "tests/a.py", "python", None),
    ("", "test_a.py", "python", None),
    ("", "conftest.py", "python", None),
    ("", "shop/__init__.py", "python", None),
    ("", "src/a.ts", "typescript", "src/a.test.ts"),
    ("src/b.spec.ts", "src/a.ts", "typescript", "src/a.spec.ts"),
    ("lib/b.spec.js", "src/a.ts", "typescript", "src/a.spec.ts"),
    ("src/__tests__/b.test.tsx", "src/a.tsx", "tsx", "src/__tests__/a.test.tsx"),
    ("src/__tests__/", "src/a.js", "javascript", "src/__tests__/a.test.js"),
    ("tests/b.spec.ts", "src/a.ts", "typescript", "tests/a.spec.ts"),
    ("node_modules/x/b.spec.ts", "src/a.ts", "typescript", "src/a.test.ts"),
    ("src/a.spec.ts src/b.test.ts", "src/a.ts", "typescript", None),
    ("src/__tests__/a.ts", "src/a.ts", "typescript", None),
    ("", "src/a.test.ts", "typescript", None),
    ("", "src/a.d.ts", "typescript", None),
    ("", "pkg/a.go", "go", "pkg/a_test.go"),
    ("pkg/a_test.go", "pkg/a.go", "go", None),
    ("", "pkg/a_test.go", "go", None),
    ("", "a.css", "css", None),
    ("", "src/main/java/a/B.java", "java", "src/test/java/a/BTest.java"),
    (
        "src/test/java/a/CTests.java",
        "src/main/java/a/B.java",
        "java",
        "src/test/java/a/BTests.java",
    ),
    ("src/test/java/a/BTest.java", "src/main/java/a/B.java", "java", None),
    ("", "src/test/java/a/BTest.java", "java", None),
    ("", "a/B.java", "java", "a/BTest.java"),
    ("a/CTest.java", "a/Contest.java", "java", "a/ContestTest.java"),
    ("", "src/main/kotlin/a/B.kt", "kotlin", "src/test/kotlin/a/BTest.kt"),
    ("", "src/commonMain/kotlin/B.kt", "kotlin", "src/commonTest/kotlin/BTest.kt"),
    ("", "src/main/scala/a/B.scala", "scala", "src/test/scala/a/BSpec.scala"),
    (
        "src/test/scala/a/CSuite.scala",
        "src/main/scala/a/B.scala",
        "scala",
        "src/test/scala/a/BSuite.scala",
    ),
    ("", "App/B.cs", "c_sharp", "tests/BTests.cs"),
    ("App.Tests/", "App/B.cs", "c_sharp", "App.Tests/BTests.cs"),
    ("tests/App.UnitTests/CTest.cs", "src/App/B.cs", "c_sharp", "tests/App.UnitTests/BTest.cs"),
    ("App.Tests/BTests.cs", "App/B.cs", "c_sharp", None),
    ("", "App.Tests/Data.cs", "c_sharp", None),
    ("", "lib/a.rb", "ruby", "spec/a_spec.rb"),
    ("test/", "lib/a.rb", "ruby", "test/a_spec.rb"),
    ("test/b_test.rb", "lib/a.rb", "ruby", "test/a_test.rb"),
    ("test/test_b.rb", "lib/a.rb", "ruby", "test/test_a.rb"),
    ("spec/models/b_spec.rb", "app/models/a.rb", "ruby", "spec/models/a_spec.rb"),
    ("spec/a_spec.rb", "lib/a.rb", "ruby", None),
    ("", "src/A.php", "php", "tests/ATest.php"),
    ("tests/Unit/Shop/", "src/Shop/A.php", "php", "tests/Unit/Shop/ATest.php"),
    ("", "Sources/App/A.swift", "swift", "Tests/AppTests/ATests.swift"),
    ("Tests/AppTests/", "Sources/App/A.swift", "swift", "Tests/AppTests/ATests.swift"),
    ("", "lua/a.lua", "lua", "spec/a_spec.lua"),
    ("tests/b_spec.lua", "lua/a.lua", "lua", "tests/a_spec.lua"),
    ("", "bin/a.sh", "bash", "test/a.bats"),
    ("tests/b.bats bin/c.sh", "bin/a.sh", "bash", "tests/a.bats"),
    ("test/test_b.bats", "a.sh", "bash", "test/test_a.bats"),
    ("", "src/a.c", "c", "tests/test_a.c"),
    ("test/b_test.c", "src/a.c", "c", "test/a_test.c"),
    ("", "src/a.cpp", "cpp", "tests/a_test.cpp"),
    ("tests/test_b.cpp", "include/a.hpp", "cpp", "tests/test_a.cpp"),
]


@pytest.mark.parametrize(("has", "path", "language", "wanted"), CASES)
def test_the_projects_own_custom_counts(
    tmp_path: Path, has: str, path: str, language: str, wanted: str | None
) -> None:
    for name in (*has.split(), path):
        make(tmp_path / name, is_folder=name.endswith("/"))
    expected = None if wanted is None else tmp_path / wanted
    assert new_test_file(tmp_path / path, tmp_path, language) == expected


def test_a_link_that_leads_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    outside.mkdir()
    make(root / "a.py", is_folder=False)
    (root / "tests").symlink_to(outside)
    assert new_test_file(root / "a.py", root, "python") is None


def test_what_is_elsewhere_has_no_place_here(tmp_path: Path) -> None:
    assert new_test_file(tmp_path / "a.py", tmp_path / "root", "python") is None


def make(path: Path, *, is_folder: bool) -> None:
    folder = path if is_folder else path.parent
    folder.mkdir(parents=True, exist_ok=True)
    if not is_folder:
        path.touch()
