"""What is told about a commit: within the model's room, a piece for each file, nothing denied."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloister.backends.scripted import ScriptedBackend
from cloister.core.cancel import CancelToken
from cloister.core.edit import TextEdit
from cloister.core.errors import CloisterError
from cloister.core.hardware import ModelSpeed
from cloister.core.privacy import Layer, LayerKind, Level
from cloister.core.text import Span
from cloister.features.committing.commit import Room, commit_conversation, room_for
from cloister.features.committing.document import next_message
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.instructing import Conversation
from cloister.features.editing.steps import unwatched
from cloister.features.editing.task import CommitMessage
from cloister.features.escalation.escalate import Service
from cloister.features.escalation.refusals import NotSentError
from support.git import git, repository, write

DENIED = Layer(LayerKind.DENIED_FILE, Level.LOCAL_ONLY, "a rule")


@dataclass(frozen=True)
class Letters:
    """Takes each character for so many tokens."""

    tokens: int = 1

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) * self.tokens for text in texts]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    here = repository(tmp_path / "here", {"a.py": "one\n", "b.py": "".join(map(str, range(99)))})
    for number in range(4):
        git(here, "commit", "--quiet", "--allow-empty", f"--message=Say {number}")
    write(here, {"a.py": "two\n", "c/d.py": "new line\n" * 500})
    git(here, "mv", "b.py", "e.py")
    git(here, "add", "--all")
    return here


async def told(here: Path, room: Room, denied: str = "") -> Conversation:
    def denial(path: Path | None) -> Layer | None:
        return DENIED if denied and path is not None and path.name == denied else None

    return await commit_conversation(CommitMessage(here), next_message(here), room, denial)


async def at_service() -> Room:
    service = Service("w", "W", asks=False, context_tokens=10_000)
    return await room_for(service, ScriptedBackend([]), unwatched, CancelToken())


async def test_every_file_is_a_piece_and_a_renamed_one_two(here: Path) -> None:
    conversation = await told(here, Room(10_000, Letters()))
    assert [(it.path.name, it.source) for it in conversation.pieces] == [
        (name, "git_diff") for name in ("a.py", "d.py", "e.py", "b.py")
    ]
    assert all(it.text in conversation.messages[0].text for it in conversation.pieces)
    assert all(it.real_path == it.path.resolve() for it in conversation.pieces)


async def test_the_room_holds_whatever_a_token_is(here: Path) -> None:
    for room in (Room(900, Letters()), Room(900, Letters(4))):
        conversation = await told(here, room)
        n_tokens = await room.counter.count_tokens([it.text for it in conversation.pieces[:3]])
        assert sum(n_tokens) <= room.tokens
        assert "[the rest is not shown]" in conversation.messages[0].text


async def test_a_line_of_the_changes_is_no_message(here: Path) -> None:
    conversation = await told(here, Room(10_000, Letters()))
    for line in ("two", "`new line`", "```\nnew line\n```"):
        with pytest.raises(RefusedAnswerError, match="repeats a line"):
            conversation.read(line)
    assert conversation.read("Say two") == (TextEdit(Span(0, 0), "Say two\n"),)


async def test_too_much_for_a_model_is_refused(here: Path) -> None:
    with pytest.raises(CloisterError, match="Too much is staged"):
        await told(here, Room(20, Letters()))


async def test_of_too_many_files_the_largest_are_told(here: Path) -> None:
    write(here, {f"many/{number}.txt": f"{number}\n" for number in range(300)})
    git(here, "add", "--all")
    (message,) = (await told(here, Room(3_000, Letters()))).messages
    assert "added: c/d.py" in message.text
    n_shown = message.text.count("\nadded: ") + message.text.count("\nchanged: ")
    n_shown += message.text.count("\nrenamed: ")
    # Of 304 paths one is what another was renamed from.
    assert f"not shown: {303 - n_shown}." in message.text


async def test_what_is_denied_is_not_named_but_counted(here: Path) -> None:
    (message,) = (await told(here, Room(10_000, Letters()), denied="a.py")).messages
    assert "a.py" not in message.text
    assert "not shown: 1." in message.text


KEPT = {"kept/a.py": "kept one\n", "kept/b.py": "kept two\n", "c.py": "free\n"}
MARK = "version = 1\n"


def without_mark(folder: Path, mark: str, said: str, change: str) -> Path:
    """Return a repository in which it is staged that a mark no longer says something."""
    top = repository(folder / "top", KEPT | {mark: f"{MARK}{said}\n"})
    if change == "removed":
        git(top, "rm", "-r", "--quiet", *KEPT, mark)
    else:
        write(top, {name: f"{text}more\n" for name, text in KEPT.items()} | {mark: MARK})
        git(top, "add", "--all")
    return top


@pytest.mark.parametrize(
    ("mark", "said", "wanted"),
    [
        ("kept/.cloister.toml", 'deny = ["A.py"]', {"b.py", "c.py"}),
        (".cloister.toml", 'deny = ["kept/"]', {"c.py"}),
    ],
)
@pytest.mark.parametrize("change", ["removed", "changed"])
async def test_what_was_denied_is_denied_to_the_commit_that_permits_it(
    tmp_path: Path, mark: str, said: str, wanted: set[str], change: str
) -> None:
    top = without_mark(tmp_path, mark, said, change)
    for room in (Room(10_000, Letters()), await at_service()):
        conversation = await told(top, room)
        assert {it.path.name for it in conversation.pieces} - {".cloister.toml"} == wanted
        (message,) = conversation.messages
        assert all((f"{name}\n" in message.text) == (name in wanted) for name in ("a.py", "b.py"))


@pytest.mark.parametrize("mark", ["kept/.cloister.toml", ".cloister.toml"])
@pytest.mark.parametrize("said", ["local-only = true", "deny = 1", 'deny = ["../a"]'])
@pytest.mark.parametrize("change", ["removed", "changed"])
async def test_what_had_to_stay_here_stays_with_the_commit_that_opens_it(
    tmp_path: Path, mark: str, said: str, change: str
) -> None:
    top = without_mark(tmp_path, mark, said, change)
    assert "a.py" in {it.path.name for it in (await told(top, Room(10_000, Letters()))).pieces}
    with pytest.raises(NotSentError, match=rf"the last commit's '{re.escape(mark)}' keeps it back"):
        await told(top, await at_service())


async def test_earlier_messages_are_told_here_only(here: Path) -> None:
    (message,) = (await told(here, Room(10_000, Letters()))).messages
    assert "Say 3" in message.text
    (message,) = (await told(here, await at_service())).messages
    assert "Say 3" not in message.text
    assert "The first letter is a capital one." in message.text


@pytest.mark.parametrize(
    ("context_tokens", "tokens_per_second", "wanted"),
    [
        (1_024, None, 512),
        (4_096, None, 3_072),
        (100_000, None, 6_000),
        (100_000, 100.0, 1_500),
        (100_000, 1.0, 512),
        (600, 1.0, 300),
    ],
)
async def test_a_slow_model_is_told_less(
    context_tokens: int, tokens_per_second: float | None, wanted: int
) -> None:
    backend = ScriptedBackend([], context_tokens)
    if tokens_per_second is not None:
        backend.speed = ModelSpeed(tokens_per_second, 10.0)
    room = await room_for(None, backend, unwatched, CancelToken())
    assert (room.tokens, room.is_here) == (wanted, True)
