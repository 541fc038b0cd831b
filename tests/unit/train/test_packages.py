import subprocess
import zipfile
from pathlib import Path

import pytest

from development.terminal import SetupError
from train.packages import files_of, github_package, pypi_package

MIT = "Permission is hereby granted, free of charge, to any person\n"
METADATA = "Metadata-Version: 2.4\nName: Some.Package\nVersion: 1.2\n"


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    command = ["git", *identity, "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def wheel(folder: Path, metadata: str, files: dict[str, str]) -> None:
    with zipfile.ZipFile(folder / "some_package-1.2-py3-none-any.whl", "w") as archive:
        archive.writestr("some_package-1.2.dist-info/METADATA", metadata)
        for path, text in files.items():
            archive.writestr(path, text)


def test_a_wheel_gives_its_python_files(tmp_path: Path) -> None:
    wheel(tmp_path, f"{METADATA}License-Expression: MIT\n", {"a/b.py": "x = 1\n", "a/c.so": "?"})
    package = pypi_package("some-package", tmp_path)
    assert (package.version, package.licence) == ("1.2", "MIT")
    assert list(files_of(package)) == [("a/b.py", b"x = 1\n")]


@pytest.mark.parametrize(
    ("metadata", "licence_file", "expected"),
    [
        (METADATA, MIT, "MIT"),
        (METADATA, "GNU General Public License", ""),
        (f"{METADATA}License-Expression: GPL-3.0-only\n", MIT, ""),
    ],
)
def test_a_wheel_that_states_nothing_says_it_in_a_file(
    tmp_path: Path, metadata: str, licence_file: str, expected: str
) -> None:
    wheel(tmp_path, metadata, {"some_package-1.2.dist-info/licenses/LICENSE": licence_file})
    assert pypi_package("some-package", tmp_path).licence == expected


def test_a_repository_gives_the_files_of_its_commit(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    (work / "LICENSE").write_text(MIT)
    (work / "ünïcode name.go").write_text("package main\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "first")
    (work / "later.go").write_text("package later\n")
    bare = tmp_path / "owner+name" / "repo"
    git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    package = github_package("owner/name", tmp_path)
    assert package.licence == "MIT"
    assert package.version == git(work, "rev-parse", "HEAD").strip()
    assert dict(files_of(package)) == {
        "LICENSE": MIT.encode(),
        "ünïcode name.go": b"package main\n",
    }


def test_files_that_a_partial_clone_lacks_are_passed_over(tmp_path: Path) -> None:
    work = tmp_path / "owner+name" / "repo"
    work.mkdir(parents=True)
    git(work, "init", "-q")
    for name in ("a.go", "b.go"):
        (work / name).write_text(f"package {name}\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "first")
    blob = git(work, "rev-parse", "HEAD:a.go").strip()
    (work / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    package = github_package("owner/name", tmp_path)
    found = {path: text for path, text in files_of(package) if path.endswith(".go")}
    assert found == {"b.go": b"package b.go\n"}


def test_a_missing_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="clone owner/name there"):
        github_package("owner/name", tmp_path)
