"""P10: beside a folder that is local-only, only text that is surely of another one may leave."""

from pathlib import Path

import pytest

from cloister.core.privacy import Level, Piece
from cloister.policy.decide import PrivacyPolicy
from support.policies import Machine, initialize, mark, privacy, serving, write_user_file
from support.real_server import messages

OF_THE_FILE = ("document", "definitions", "imports", "similar", "viewed", "git_diff")
OF_ANYWHERE = ("recent_edits", "clipboard", "diagnostics", "a source of tomorrow")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "open").mkdir()
    mark(tmp_path / "closed")
    return tmp_path


def piece(path: Path, source: str = "document") -> Piece:
    return Piece(path, path.resolve(), 0, 0, "one = 1\n", source)


def level(policy: PrivacyPolicy, root: Path, *pieces: Piece) -> Level:
    """Return how far these pieces go on behalf of a file of the open folder, both being open."""
    uri = (root / "open" / "a.py").as_uri()
    return policy.for_request(uri, pieces, (root / "open", root / "closed")).level


@pytest.mark.parametrize("source", OF_THE_FILE)
def test_p10_text_that_stands_in_an_open_file_may_leave(source: str, root: Path) -> None:
    policy = Machine(root).policy()
    assert level(policy, root, piece(root / "open" / "b.py", source)) is Level.ALLOW
    assert level(policy, root, piece(root / "closed" / "b.py", source)) is Level.LOCAL_ONLY


@pytest.mark.parametrize("source", OF_ANYWHERE)
def test_p10_text_of_unknown_origin_may_not(source: str, root: Path) -> None:
    policy, path = Machine(root).policy(), root / "open" / "b.py"
    assert level(policy, root, piece(path), piece(path, source)) is Level.LOCAL_ONLY
    alone = policy.for_request(path.as_uri(), [piece(path, source)], [root / "open"])
    assert alone.level is Level.ALLOW


def test_p10_one_piece_of_a_closed_file_closes_the_request(root: Path) -> None:
    policy = Machine(root).policy()
    pieces = [piece(root / "open" / f"{n}.py") for n in range(20)]
    assert level(policy, root, *pieces) is Level.ALLOW
    assert level(policy, root, *pieces, piece(root / "closed" / "b.py")) is Level.LOCAL_ONLY
    (root / "open" / "link.py").symlink_to(root / "closed" / "b.py")
    assert level(policy, root, *pieces, piece(root / "open" / "link.py")) is Level.LOCAL_ONLY


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "untitled:{open}/new.py",
        "git:{open}/a.py?ref=HEAD",
        "vscode-notebook-cell:{open}/a.ipynb#W0",
        "vscode-remote://host{open}/a.py",
        "file://host{open}/a.py",
        "nonsense",
        "",
        "a://[",
    ],
)
def test_p10_what_is_no_file_has_the_strictest_of_all_folders(uri: str, root: Path) -> None:
    policy = Machine(root).policy()
    named = uri.format(open=root / "open")
    folders = (root / "open", root / "closed")
    assert policy.for_document(named, folders).level is Level.LOCAL_ONLY
    assert policy.for_document(named, [root / "open"]).level is Level.ALLOW


@pytest.mark.parametrize(
    "uri", ["git:{closed}/a.py?ref=HEAD", "vscode-notebook-cell:{closed}/a%2Eipynb#W0"]
)
def test_p10_old_text_and_cells_have_the_policy_of_their_file(uri: str, root: Path) -> None:
    named = uri.format(closed=root / "closed")
    assert Machine(root).policy().for_document(named, [root / "open"]).level is Level.LOCAL_ONLY


def test_p10_a_new_file_has_the_policy_of_its_folder(root: Path) -> None:
    policy = Machine(root).policy()
    uri = (root / "closed" / "not" / "yet" / "there.py").as_uri()
    assert policy.for_document(uri, [root / "open"]).level is Level.LOCAL_ONLY


async def test_p10_the_editor_is_told_the_strictest_of_all_folders(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, root, '[privacy]\nlevel = "allow"\n')
    async with serving() as client:
        await initialize(client, [root / "open"])
        assert (await privacy(client))["level"] == "allow"
        added = {"uri": (root / "closed").as_uri(), "name": "closed"}
        change = {"event": {"added": [added], "removed": []}}
        client.notify("workspace/didChangeWorkspaceFolders", change)
        told = await privacy(client)
        assert (told["level"], told["path"]) == ("local-only", str(root / "closed/.cloister.toml"))
        assert messages(client) == []
        assert await client.bye() == 0


async def test_p10_a_mark_that_appears_counts_at_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, root, '[privacy]\nlevel = "allow"\n')
    async with serving() as client:
        await initialize(client, [root / "open"])
        assert (await privacy(client))["level"] == "allow"
        mark(root / "open", "local-only = true\n")
        assert (await privacy(client))["level"] == "local-only"
        shown = await client.message("window/showMessage")
        assert "it has no `version = 1`" in shown["params"]["message"]
        assert await client.bye() == 0
