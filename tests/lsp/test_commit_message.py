"""The message of a commit through the real server, in the file in which git waits for it."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.code_actions import RESOLVES
from support.git import git, repository, write
from support.lsp_client import Message, RawClient, running

SCRIPT = Path(__file__).with_name("commit_message.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
TITLE = "Write the message from what is staged"
TEMPLATE = "\n# Please enter the commit message for your changes.\n#\n# On branch main\n"
VERBOSE = f"{TEMPLATE}# ------------------------ >8 ------------------------\ndiff --git a/a b/a\n"


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    async with running(SERVER) as client:
        await client.initialize(capabilities=RESOLVES)
        yield client


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    here = repository(tmp_path / "here", {"a.py": "one\n", "same.py": "x\n" * 9})
    write(here, {"a.py": "one\ntwo\n"})
    git(here, "add", "--all")
    return here


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (TEMPLATE, f"Say two\n\nOne was too few.\n{TEMPLATE}"),
        (VERBOSE, f"Say two\n\nOne was too few.\n{VERBOSE}"),
        ("", "Say two\n\nOne was too few.\n"),
        ("# Please\n", "Say two\n\nOne was too few.\n\n# Please\n"),
        ("\r\n; Please\r\n", "Say two\r\n\r\nOne was too few.\r\n\r\n; Please\r\n"),
    ],
)
async def test_the_message_stands_before_what_git_says(
    client: RawClient, here: Path, text: str, wanted: str
) -> None:
    uri = opened(client, here, text)
    answer = await resolved(client, uri)
    (change,) = answer["result"]["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 1}
    (edit,) = change["edits"]
    assert edit["range"] == at(0)
    assert edit["newText"] + text == wanted


async def test_git_takes_the_message_as_it_was_written(client: RawClient, here: Path) -> None:
    text = str(await written(client, here)) + TEMPLATE
    (here / ".git" / "COMMIT_EDITMSG").write_text(text, encoding="utf-8")
    git(here, "commit", "--quiet", "--cleanup=strip", "--file", ".git/COMMIT_EDITMSG")
    assert git(here, "log", "-1", "--format=%B") == "Say two\n\nOne was too few.\n\n"


@pytest.mark.parametrize("language", ["gitcommit", "git-commit"])
async def test_it_is_offered_while_there_is_no_message(
    client: RawClient, here: Path, language: str
) -> None:
    for number, text in enumerate((TEMPLATE, "", "\n\n", VERBOSE)):
        assert await offered(client, opened(client, here, text, language, number + 1)) == [TITLE]
    for text in ("Begun\n", f"Begun{TEMPLATE}", "# Please\nBegun\n", "fixup! it\n"):
        assert await offered(client, opened(client, here, text, language, 9)) == []


@pytest.mark.parametrize("name", ["TAG_EDITMSG", "MERGE_MSG", "git-rebase-todo"])
async def test_other_files_of_git_get_none(client: RawClient, here: Path, name: str) -> None:
    assert await offered(client, opened(client, here, TEMPLATE, name=name)) == []


async def test_a_message_file_elsewhere_gets_none(client: RawClient, tmp_path: Path) -> None:
    uri = (tmp_path / "COMMIT_EDITMSG").as_uri()
    client.notify("textDocument/didOpen", {"textDocument": item(uri, TEMPLATE)})
    assert await offered(client, uri) == []


async def test_in_a_worktree(client: RawClient, here: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    git(here, "worktree", "add", "--quiet", str(there))
    write(there, {"a.py": "secret-word\n"})
    git(there, "add", "--all")
    folder = Path(git(there, "rev-parse", "--absolute-git-dir").strip())
    uri = (folder / "COMMIT_EDITMSG").as_uri()
    client.notify("textDocument/didOpen", {"textDocument": item(uri, TEMPLATE)})
    answer = await resolved(client, uri)
    assert new_text(answer) == "Tell everybody the secret word\n"


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"a.py": "first repaired\n"}, "Count the lines of every file\n"),
        ({".env": "secret-word\n"}, "Say two\n\nOne was too few.\n"),
        ({"deep/id_rsa": "secret-word\n", "a.py": "1\n"}, "Say two\n\nOne was too few.\n"),
        ({"x.py": "secret-word\n", ".cloisterignore": "x.py\n"}, "Name what is ignored\n"),
        ({"hidden/x.py": "secret-word\n"}, "Say two\n\nOne was too few.\n"),
        ({"b.py": "secret-word\n"}, "Tell everybody the secret word\n"),
    ],
)
async def test_what_is_staged_is_told_without_what_is_denied(
    client: RawClient, here: Path, files: dict[str, str], wanted: str
) -> None:
    write(here, {".cloister.toml": 'version = 1\ndeny = ["hidden/*"]\n', **files})
    git(here, "add", "--all", "--force")
    assert await written(client, here) == wanted


async def test_a_renamed_file_is_told_as_one(client: RawClient, here: Path) -> None:
    git(here, "reset", "--quiet", "--hard")
    git(here, "mv", "a.py", "b.py")
    assert await written(client, here) == "Call it b\n"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "Nothing is staged"),
        ({".env": "secret-word\n"}, "enters no prompt"),
        ({"a.py": "never usable\n"}, "only the message itself"),
    ],
)
async def test_a_refusal_says_why(
    client: RawClient, here: Path, files: dict[str, str], reason: str
) -> None:
    git(here, "reset", "--quiet", "--hard")
    write(here, files)
    git(here, "add", "--all", "--force")
    assert await written(client, here) is None
    told = await client.message("window/showMessage")
    assert reason in told["params"]["message"]


async def test_who_begins_to_write_is_not_disturbed(client: RawClient, here: Path) -> None:
    write(here, {"a.py": "takes long\n"})
    git(here, "add", "--all")
    uri = opened(client, here, TEMPLATE)
    (entry,) = await menu(client, uri)
    request = client.start("codeAction/resolve", entry)
    client.notify("$/cancelRequest", {"id": request})
    answer = await client.response(request)
    assert answer["error"]["code"] == -32800
    client.insert(uri, 2, 0, 0, "Begun")
    answer = await client.request("codeAction/resolve", entry)
    assert "edit" not in answer["result"]


@pytest.mark.parametrize("folder", ["", "deep"])
async def test_a_box_for_messages_is_filled(client: RawClient, here: Path, folder: str) -> None:
    write(here, {"deep/b.py": "b\n"})
    params = {"command": "cloister.commitMessage", "arguments": [(here / folder).as_uri()]}
    answer = await client.request("workspace/executeCommand", params)
    assert answer["result"] == {"message": "Say two\n\nOne was too few."}


async def test_a_box_stays_empty_for_a_reason(client: RawClient, tmp_path: Path) -> None:
    for number, uri in enumerate((tmp_path.as_uri(), "vscode-vfs://github/a/b"), 1):
        params = {"command": "cloister.commitMessage", "arguments": [uri]}
        answer = await client.request("workspace/executeCommand", params)
        assert answer["result"] is None
        told = await client.message("window/showMessage", number)
        assert "repository" in told["params"]["message"]


async def test_without_a_model_that_follows_instructions_the_reason_is_told(here: Path) -> None:
    script = SCRIPT.with_name("actions.json")
    async with running((*SERVER[:-1], f"scripted:{script}")) as client:
        await client.initialize(capabilities=RESOLVES)
        (entry,) = await menu(client, opened(client, here, TEMPLATE))
        assert "follows instructions" in entry["disabled"]["reason"]


def opened(
    client: RawClient,
    here: Path,
    text: str,
    language: str = "gitcommit",
    version: int = 1,
    name: str = "COMMIT_EDITMSG",
) -> str:
    uri = (here / ".git" / name).as_uri()
    client.notify("textDocument/didOpen", {"textDocument": item(uri, text, language, version)})
    return uri


def item(uri: str, text: str, language: str = "gitcommit", version: int = 1) -> Message:
    return {"uri": uri, "languageId": language, "version": version, "text": text}


def at(line: int) -> Message:
    place = {"line": line, "character": 0}
    return {"start": place, "end": place}


async def menu(client: RawClient, uri: str) -> list[Message]:
    answer = await client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": at(0),
            "context": {"diagnostics": [], "triggerKind": 1},
        },
    )
    return list(answer["result"])


async def offered(client: RawClient, uri: str) -> list[str]:
    return [it["title"] for it in await menu(client, uri)]


async def resolved(client: RawClient, uri: str) -> Message:
    (entry,) = await menu(client, uri)
    return await client.request("codeAction/resolve", entry)


async def written(client: RawClient, here: Path) -> str | None:
    return new_text(await resolved(client, opened(client, here, TEMPLATE)))


def new_text(answer: Message) -> str | None:
    if "edit" not in answer["result"]:
        return None
    ((edit,),) = (it["edits"] for it in answer["result"]["edit"]["documentChanges"])
    return str(edit["newText"])
