"""The structure is what ARCHITECTURE.md says, and modules stay small."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "server" / "cloister"
ARCHITECTURE = (ROOT / "server" / "ARCHITECTURE.md").read_text(encoding="utf-8")

MOST_LINES = 260
LONGER_WITH_REASON: dict[str, str] = {}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_the_code_map_names_every_package_and_nothing_else() -> None:
    table = ARCHITECTURE.partition("| package |")[2].partition("\n\n")[0]
    mapped = set(re.findall(r"^\| `([\w.]+)/?` \|", table, re.MULTILINE))
    actual = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert mapped == actual


def test_every_module_the_architecture_names_exists() -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", ARCHITECTURE)
    missing = [name for name in named if not (PACKAGE / name).is_file()]
    assert missing == []
    assert len(named) > 20


def test_every_module_says_why_it_exists() -> None:
    silent = [
        str(path.relative_to(PACKAGE))
        for path in modules()
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []


def test_modules_stay_small() -> None:
    long = {
        str(path.relative_to(PACKAGE))
        for path in modules()
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }
    assert long <= set(LONGER_WITH_REASON)
    assert set(LONGER_WITH_REASON) <= {str(path.relative_to(PACKAGE)) for path in modules()}


SOCKET_USERS = ("engine", "backends", "egress", "features/proof")
"""Who speaks over sockets at all."""

INTERNET_USERS = ("egress", "features/proof")
"""Who names the internet: the process that is allowed there, and witnesses, which only listen."""


def test_nothing_can_open_a_connection_but_the_engine_socket() -> None:
    """Only modules that speak over sockets import socket, and hardly any names an INET family."""
    for path in modules():
        name = path.relative_to(PACKAGE).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import) and any(a.name == "socket" for a in node.names):
                assert name.startswith(SOCKET_USERS), path
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
                assert not any(name.startswith(("urllib.request", "http.")) for name in names), path
            if isinstance(node, ast.Attribute) and not name.startswith(INTERNET_USERS):
                assert not node.attr.startswith("AF_INET"), path
                assert node.attr not in {"create_connection", "open_connection", "getaddrinfo"}, (
                    path
                )


def test_every_silenced_check_gives_a_reason() -> None:
    marks = re.compile(r"#\s*(noqa|type:\s*ignore)[^#\n]*$")
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("server", "scripts", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line) and path != Path(__file__)
    ]
    assert bare == []
