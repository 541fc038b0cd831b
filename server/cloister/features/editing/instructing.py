"""Has a model that follows instructions do something with some lines; repairs its answer once.

What is asked is the same for a local model and for one elsewhere: the rules, what other files say,
the file around the lines, the lines, and the wish. Every text in it is a piece that says whose it
is, so that whoever sends it anywhere can be asked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from cloister.core.cancel import CancelToken
from cloister.core.chat import Message, Role
from cloister.core.context import CompletionContext, files_of
from cloister.core.generation import Finish, Generation
from cloister.core.privacy import Piece
from cloister.core.text import Span, with_plain_newlines
from cloister.features.editing.answer import AnswerFormat, RefusedAnswerError, finished_part
from cloister.features.editing.checking import Check, FailedCheckError
from cloister.features.editing.creating import addition_edits, new_file
from cloister.features.editing.findings import FINDINGS_FORM, findings_in
from cloister.features.editing.naming import MOST_NAME_TOKENS, NAME_FORM, better_name
from cloister.features.editing.place import Place
from cloister.features.editing.propose import Target, proposed_edits, whole_lines
from cloister.features.editing.prose import harmless_prose
from cloister.features.editing.repetition import said_once
from cloister.features.editing.steps import Step, Watch
from cloister.features.editing.task import (
    Addition,
    Creation,
    Inquiry,
    Instruction,
    Naming,
    Prose,
    Request,
    Result,
    Review,
)
from cloister.features.escalation.pieces import pieces_of, said_by_others

_MOST_ANSWER_TOKENS = 2048
_LEAST_ANSWER_TOKENS = 256
_CHARS_PER_TOKEN = 3
_GROWTH = 2
# Of more lines a model is asked for the changes only, because rewriting them takes long. Less is
# rewritten whole: an instructed model of 135M parameters answers in no other form. Of 49 short
# cases (`eval actions`) it made 25 edits whole, 10 of them right, and none in blocks; of 12 none in
# unified diffs, which are therefore not among the formats.
_MOST_LINES_REWRITTEN = 80

_EDITS = (
    "You are a careful programmer who edits one place of a file. "
    "Do exactly what is asked and nothing else. Keep names, comments, style and formatting."
)
_WRITES = (
    "You are a careful programmer who writes new code about one place of a file. "
    "Do exactly what is asked, in the style of the file."
)
_READS = "You are a careful programmer who is asked about one place of a file."
_NEW_CODE = (
    "Answer with the new code only, whole, in one fenced block, and nothing else. "
    "Repeat nothing of the file that is shown."
)
_PROSE = (
    "Answer in short Markdown. Say only what the code shows. Use no links, images or HTML, and do "
    "not repeat the code."
)
_AGAIN = "Answer again, in full and in the same form."
_FORMATS = {
    AnswerFormat.WHOLE: (
        "Answer with the whole new version of the code between <code> and </code>, from its first "
        "line to its last, in one fenced block, and nothing else. Leave nothing out. "
        "Put imports that it needs before it in the same block."
    ),
    AnswerFormat.BLOCKS: (
        "Answer with the changes only, each in this form, and nothing else:\n"
        "<<<<<<< SEARCH\nlines as they are now, exactly\n=======\nthe lines in their place\n"
        ">>>>>>> REPLACE"
    ),
}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is asked of the model; `read` makes of its answer what was asked for.

    It raises RefusedAnswerError for an answer that cannot be used. `quoted` says whose words are
    those that another program says about the place. `whole` returns what may be read of an answer
    that was cut off, or raises too.
    """

    read: Callable[[str], Result]
    messages: tuple[Message, ...]
    pieces: tuple[Piece, ...]
    most_tokens: int
    quoted: Callable[[str], tuple[Piece, ...]]
    whole: Callable[[str], str] = str


Ask = Callable[[Conversation, CancelToken], Awaitable[Generation]]
"""Asks a model; returns its answer."""


def conversation(
    request: Request, place: Place, context: CompletionContext, form: AnswerFormat | None = None
) -> Conversation:
    """Return how to ask for something; `context` is what a completion would be told there.

    A change is asked for in the `form` that is given, else in the one that suits its length.
    """
    document = place.read.document
    span = whole_lines(document.text, request.span)
    manner = _manner(request, place, span, form)
    wish = f"{request.text}\n\n{manner.form}"
    parts = (manner.role, *_parts(place, span, context), wish)
    said = request.said if isinstance(request, Instruction | Naming) else ""
    quoted = partial(said_by_others, document, span)
    pieces = (
        *pieces_of(document, _shown(span, context), context, place.root),
        *(quoted(said) if said else ()),
    )
    messages = (Message(Role.USER, "\n\n".join(parts)),)
    return Conversation(manner.read, messages, pieces, manner.most_tokens, quoted, manner.whole)


async def unchecked(result: Result) -> Result:
    """Return a result of which there is nothing to check but what was read of it."""
    return result


async def instructed(
    asked: Conversation, ask: Ask, check: Check, watch: Watch, cancel: CancelToken
) -> Result:
    """Return what the model's answer makes.

    An answer that cannot be used is sent back once with the reason. Raises RefusedAnswerError when
    the second is not usable either, and what `ask` and `check` raise.
    """
    answer = await ask(asked, cancel)
    try:
        # Parsing a long file twice takes longer than a keystroke may wait.
        return await check(await asyncio.to_thread(_read, asked, answer))
    except RefusedAnswerError as error:
        watch(Step(f"Asking again: {error}"))
        asked = _again(asked, answer.text, error)
    answer = await ask(asked, cancel)
    return await check(await asyncio.to_thread(_read, asked, answer))


def _read(asked: Conversation, answer: Generation) -> Result:
    is_cut = answer.finish in (Finish.LENGTH, Finish.ENOUGH)
    return asked.read(asked.whole(answer.text) if is_cut else answer.text)


def _again(asked: Conversation, answer: str, error: RefusedAnswerError) -> Conversation:
    """Return the conversation that goes on with what is wrong with an answer."""
    output = error.output if isinstance(error, FailedCheckError) else ""
    wish = (str(error), *([_fenced(output)] if output else []), _AGAIN)
    more = Message(Role.ASSISTANT, answer), Message(Role.USER, "\n\n".join(wish))
    pieces = asked.quoted(output) if output else ()
    return replace(asked, messages=(*asked.messages, *more), pieces=(*asked.pieces, *pieces))


@dataclass(frozen=True, slots=True)
class _Manner:
    """In which role a model answers in which form, and what is made of that."""

    role: str
    form: str
    read: Callable[[str], Result]
    most_tokens: int = _MOST_ANSWER_TOKENS
    whole: Callable[[str], str] = str


def _manner(request: Request, place: Place, span: Span, form: AnswerFormat | None) -> _Manner:
    match request:
        case Instruction(promise=promise):
            target = Target(place.read.document, span, place.read.language, promise)
            form = form or _form(target)
            wanted = len(target.code) * _GROWTH // _CHARS_PER_TOKEN + _LEAST_ANSWER_TOKENS
            read = partial(proposed_edits, target=target, form=form)
            most_tokens = min(wanted, _MOST_ANSWER_TOKENS)
            return _Manner(_EDITS, _FORMATS[form], read, most_tokens, finished_part)
        case Creation() as creation:
            read_file = partial(new_file, creation=creation, place=place)
            return _Manner(_WRITES, _NEW_CODE, read_file, whole=finished_part)
        case Addition() as addition:
            read_end = partial(addition_edits, addition=addition, place=place)
            return _Manner(_WRITES, _NEW_CODE, read_end, whole=finished_part)
        case Naming() as naming:
            read_name = partial(better_name, naming=naming, place=place)
            return _Manner(_READS, NAME_FORM, read_name, MOST_NAME_TOKENS)
        case Review():
            read_lines = partial(findings_in, text=place.text, span=span)
            return _Manner(_READS, FINDINGS_FORM, read_lines)
        case Inquiry():
            return _Manner(_READS, _PROSE, lambda answer: Prose(harmless_prose(said_once(answer))))


def _form(target: Target) -> AnswerFormat:
    is_long = target.code.count("\n") > _MOST_LINES_REWRITTEN
    return AnswerFormat.BLOCKS if is_long else AnswerFormat.WHOLE


def _parts(place: Place, span: Span, context: CompletionContext) -> Iterator[str]:
    for path, text in files_of(context.snippets):
        yield f"From {path}:\n{_fenced(text)}"
    source, window = place.text.value, _shown(span, context)
    before, code, after = (
        with_plain_newlines(source[start:end])
        for start, end in (
            (window.start, span.start),
            (span.start, span.end),
            (span.end, window.end),
        )
    )
    file = f"{before}<code>\n{code}\n</code>{after}"
    yield f"The file {context.path} ({place.read.language.name}):\n{_fenced(file)}"


def _shown(span: Span, context: CompletionContext) -> Span:
    window = context.window
    return Span(min(window.start, span.start), max(window.end, span.end))


def _fenced(text: str) -> str:
    """Return the text in a fence that is longer than any within it."""
    longest = max((len(line) - len(line.lstrip("`")) for line in text.splitlines()), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text.rstrip()}\n{fence}"
