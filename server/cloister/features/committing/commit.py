"""From an empty message that git waits for to one about what is staged.

The document holds nothing that a model needs: whatever it is told stands in the index, the last
commit and the log. Each file of the diff is a piece with its own policy; one that is denied is not
even named, and of one that an ignore file names no text is read. A mark that this commit changes
still holds for it as it was. What is asked of a service is asked about the repository's folder.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cloister.backends.base import ChatBackend, TokenCounter
from cloister.backends.estimate import EstimatedTokens
from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.chat import Message, Role
from cloister.core.document import DocumentSnapshot
from cloister.core.edit import TextEdit
from cloister.core.errors import CloisterError
from cloister.core.hardware import ModelSpeed
from cloister.core.privacy import Piece
from cloister.core.text import Span
from cloister.features.committing.conventions import Conventions, conventions_of, told
from cloister.features.committing.diff import FileDiff, file_diffs, within
from cloister.features.committing.message import message_in
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.fitting import line_terminator
from cloister.features.editing.instructing import Conversation
from cloister.features.editing.steps import Watch
from cloister.features.editing.task import CommitMessage
from cloister.features.editing.telling import described
from cloister.features.escalation.escalate import Service
from cloister.features.escalation.refusals import NotSentError
from cloister.policy.trigger import Denial
from cloister.workspace.files.ignore import IgnoreRules
from cloister.workspace.git.messages import last_messages
from cloister.workspace.git.repository import open_repository
from cloister.workspace.git.staged_diff import (
    StagedEntry,
    StagedFile,
    staged_entries,
    staged_files,
)
from cloister.workspace.protection.former_marks import FormerMark, former_marks

_MOST_FILES = 200
_MOST_LOGGED = 40
_MOST_ANSWER_TOKENS = 300
# The rules, the customs, and an answer that is repaired once.
_RESERVED_TOKENS = 1_024
# Of a model that is slow less is asked, but never so little that nothing can be said.
_READING_SECONDS = 15
_LEAST_TOKENS = 512
_MOST_TOKENS = 6_000
_CHARS_PER_TOKEN = 3
_MOST_ATTEMPTS = 4
_TIGHTER = 0.9

_ROLE = "You are a careful programmer who writes the message of a commit."
_WISH = (
    "Write the message of the commit that makes these changes: what they do, in the imperative "
    "mood, and why where the changes show it. Say nothing that they do not show. {}\n"
    "Answer with the message only, as it is: no quotes, no fence, no explanation, no signature."
)


@dataclass(frozen=True, slots=True)
class Room:
    """How much of the changes is told, and who counts; `is_here` where nothing leaves for it."""

    tokens: int
    counter: TokenCounter
    is_here: bool = True


async def room_for(
    service: Service | None, backend: ChatBackend, watch: Watch, cancel: CancelToken
) -> Room:
    """Return how much a service is told, or the model here, which is loaded for that."""
    if service is not None:
        return Room(_most_tokens(service.context_tokens, None), EstimatedTokens(), is_here=False)
    description = await unless_stopped(described(backend, watch), cancel)
    return Room(_most_tokens(description.context_tokens, backend.speed), backend)


async def commit_conversation(
    task: CommitMessage, document: DocumentSnapshot, room: Room, denial: Denial
) -> Conversation:
    """Return how to ask for a message; raises CloisterError when there is nothing to tell."""
    n_staged, entries = await asyncio.to_thread(_entries, task.top, room)
    allowed = [it async for it in _allowed(entries, task.top, denial)]
    if not n_staged:
        raise CloisterError("Nothing is staged; choose what to commit with `git add`.")
    if not allowed:
        raise CloisterError("What is staged enters no prompt; write the message yourself.")
    diffs, conventions = await asyncio.to_thread(_read, task.top, allowed)
    shown = await _that_fit(diffs, room)
    left_out = n_staged - len(allowed) + len(diffs) - len(shown)
    if not room.is_here:
        # What the log quotes may come from any file.
        conventions = replace(conventions, examples=())
    parts = _parts(shown, left_out, conventions)
    return Conversation(
        read=partial(_edits, document=document, told_of=shown, conventions=conventions),
        messages=(Message(Role.USER, "\n\n".join(parts)),),
        pieces=tuple(_pieces(task.top, shown)),
        most_tokens=_MOST_ANSWER_TOKENS,
        quoted=lambda _words: (),
    )


def _most_tokens(context_tokens: int, speed: ModelSpeed | None) -> int:
    room = min(max(context_tokens - _RESERVED_TOKENS, context_tokens // 2), _MOST_TOKENS)
    if speed is None:
        return room
    read = int(speed.prefill_tokens_per_second * _READING_SECONDS)
    return min(room, max(read, _LEAST_TOKENS))


def _entries(top: Path, room: Room) -> tuple[int, list[StagedEntry]]:
    """Return how many files are staged, and those that no mark denied that changes with them."""
    with open_repository(top) as repository:
        if repository is None:
            raise _unreadable()
        entries = staged_entries(repository)
        marks = former_marks(repository, entries)
    if not room.is_here:
        _require_free(entries, marks)
    allowed = (it for it in entries if not any(mark.denies(it.path) for mark in marks))
    return len(entries), list(allowed)


def _require_free(entries: Sequence[StagedEntry], marks: Iterable[FormerMark]) -> None:
    """Raise NotSentError for a file that had to stay here up to now."""
    for mark in marks:
        if any(mark.keeps_here(it.path) for it in entries):
            raise NotSentError(
                f"Nothing of this may leave here: the last commit's {mark.path!a} keeps it back. "
                "Ask the local model."
            )


async def _allowed(
    entries: Iterable[StagedEntry], top: Path, denial: Denial
) -> AsyncIterator[StagedEntry]:
    n_allowed = 0
    for entry in entries:
        if denial(top / entry.path) is None:
            n_allowed += 1
            yield entry
        if n_allowed == _MOST_FILES:
            return
        # The policy belongs to this thread, and each file asks every folder above it.
        await asyncio.sleep(0)


def _read(top: Path, entries: Sequence[StagedEntry]) -> tuple[list[FileDiff], Conventions]:
    with open_repository(top) as repository:
        if repository is None:
            raise _unreadable()
        rules = IgnoreRules(top)
        ignored = {it for it in entries if rules.ignores(it.path)}
        read = staged_files(repository, [it for it in entries if it not in ignored])
        files = [*read, *(StagedFile(it, hidden="ignored") for it in ignored)]
        files.sort(key=lambda it: it.entry.path)
        conventions = conventions_of(last_messages(repository, _MOST_LOGGED))
    return file_diffs(files), conventions


async def _that_fit(diffs: Sequence[FileDiff], room: Room) -> list[FileDiff]:
    """Return as much of the changes as there is room for, by the counter's own measure."""
    most_chars = float(room.tokens * _CHARS_PER_TOKEN)
    for _ in range(_MOST_ATTEMPTS):
        shown = within(diffs, int(most_chars))
        if not shown:
            break
        n_tokens = sum(await room.counter.count_tokens([it.text for it in shown]))
        if n_tokens <= room.tokens:
            return shown
        most_chars = sum(len(it.text) for it in shown) * room.tokens / n_tokens * _TIGHTER
    raise CloisterError("Too much is staged for this model; commit less, or choose another model.")


def _parts(diffs: Iterable[FileDiff], left_out: int, conventions: Conventions) -> Iterator[str]:
    changes = "".join(it.text for it in diffs)
    yield _ROLE
    yield f"The changes:\n<changes>\n{changes}</changes>"
    if left_out:
        yield f"Other files that change and are not shown: {left_out}."
    yield _WISH.format(told(conventions))


def _pieces(top: Path, diffs: Iterable[FileDiff]) -> Iterator[Piece]:
    for diff in diffs:
        for name in filter(None, (diff.path, diff.old_path)):
            path = top / name
            real_path = Path(os.path.realpath(path))
            last_line = max(diff.text.count("\n") - 1, 0)
            yield Piece(path, real_path, 0, last_line, diff.text, "git_diff")


def _edits(
    answer: str,
    document: DocumentSnapshot,
    told_of: Iterable[FileDiff],
    conventions: Conventions,
) -> tuple[TextEdit, ...]:
    """Return the edit that puts the message before what git says below it."""
    message, text = message_in(answer, conventions), document.text
    subject = _bare(message.partition("\n")[0])
    if any(_bare(line[1:]) == subject for it in told_of for line in it.text.split("\n")):
        raise RefusedAnswerError("The answer repeats a line; say in words what changes.")
    follows_blank = text.line_count == 1 or not text.line(0).strip()
    end = "\n" if follows_blank else "\n\n"
    written = f"{message}{end}".replace("\n", line_terminator(text))
    return (TextEdit(Span(0, 0), written),)


def _bare(line: str) -> str:
    """Return a line without what the customs of the repository may have changed of it."""
    return line.strip().rstrip(".").casefold()


def _unreadable() -> CloisterError:
    return CloisterError("Git's files cannot be read here; write the message yourself.")
