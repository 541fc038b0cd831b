"""Has a model that follows instructions rewrite some lines, and repairs its answer once.

What is asked is the same for a local model and for one elsewhere: the rules, what other files say,
the file around the lines, the lines, and the wish. Every text in it is a piece that says whose it
is, so that whoever sends it anywhere can be asked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from cloister.core.cancel import CancelToken
from cloister.core.chat import Message, Role
from cloister.core.context import CompletionContext, files_of
from cloister.core.edit import TextEdit
from cloister.core.privacy import Piece
from cloister.core.text import Span, with_plain_newlines
from cloister.features.editing.answer import AnswerFormat, RefusedAnswerError
from cloister.features.editing.place import Place
from cloister.features.editing.propose import Target, proposed_edits, whole_lines
from cloister.features.editing.task import Instruction
from cloister.features.escalation.pieces import pieces_of, said_by_others

Ask = Callable[[Sequence[Message], int, CancelToken], Awaitable[str]]
"""Asks a model: the conversation, and how many tokens the answer may have at most."""

_MOST_ANSWER_TOKENS = 2048
_LEAST_ANSWER_TOKENS = 256
_CHARS_PER_TOKEN = 3
_GROWTH = 2
# Of more lines a model is asked for the changes only.
_MOST_LINES_REWRITTEN = 80

_SYSTEM = (
    "You are a careful programmer who edits one place of a file. "
    "Do exactly what is asked and nothing else. Keep names, comments, style and formatting."
)
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
    """What is asked of the model, and what may change."""

    target: Target
    form: AnswerFormat
    messages: tuple[Message, ...]
    pieces: tuple[Piece, ...]
    most_tokens: int


def conversation(
    instruction: Instruction, place: Place, context: CompletionContext
) -> Conversation:
    """Return how to ask for an instruction; `context` is what a completion would be told there."""
    document = place.read.document
    span = whole_lines(document.text, instruction.span)
    target = Target(document, span, place.read.language, instruction.promise)
    form = _form(target)
    wish = "\n\n".join((*_parts(target, context), f"{instruction.text}\n\n{_FORMATS[form]}"))
    wanted = len(target.code) * _GROWTH // _CHARS_PER_TOKEN + _LEAST_ANSWER_TOKENS
    messages = (Message(Role.USER, f"{_SYSTEM}\n\n{wish}"),)
    pieces = (
        *pieces_of(document, _shown(target, context), context, place.root),
        *(said_by_others(document, span, instruction.said) if instruction.said else ()),
    )
    most_tokens = min(wanted, _MOST_ANSWER_TOKENS)
    return Conversation(target, form, messages, pieces, most_tokens)


async def instructed(asked: Conversation, ask: Ask, cancel: CancelToken) -> tuple[TextEdit, ...]:
    """Return the edits that the model's answer makes.

    An answer that cannot be used is sent back once with the reason. Raises RefusedAnswerError when
    the second is not usable either, and what `ask` raises.
    """
    answer = await ask(asked.messages, asked.most_tokens, cancel)
    try:
        return await _proposed(answer, asked)
    except RefusedAnswerError as error:
        wish = f"{error} Answer again, in full and in the same form."
    repaired = (*asked.messages, Message(Role.ASSISTANT, answer), Message(Role.USER, wish))
    answer = await ask(repaired, asked.most_tokens, cancel)
    return await _proposed(answer, asked)


async def _proposed(answer: str, asked: Conversation) -> tuple[TextEdit, ...]:
    # Parsing a long file twice takes longer than a keystroke may wait.
    return await asyncio.to_thread(proposed_edits, answer, asked.target, asked.form)


def _form(target: Target) -> AnswerFormat:
    is_long = target.code.count("\n") > _MOST_LINES_REWRITTEN
    return AnswerFormat.BLOCKS if is_long else AnswerFormat.WHOLE


def _parts(target: Target, context: CompletionContext) -> Iterator[str]:
    for path, text in files_of(context.snippets):
        yield f"From {path}:\n{_fenced(text)}"
    before, after = _around(target, context)
    file = f"{before}<code>\n{with_plain_newlines(target.code)}\n</code>{after}"
    yield f"The file {context.path} ({target.language.name}):\n{_fenced(file)}"


def _around(target: Target, context: CompletionContext) -> tuple[str, str]:
    """Return what is shown of the file before and after the lines."""
    source, shown = target.document.text.value, _shown(target, context)
    before = source[shown.start : target.span.start]
    after = source[target.span.end : shown.end]
    return with_plain_newlines(before), with_plain_newlines(after)


def _shown(target: Target, context: CompletionContext) -> Span:
    window, span = context.window, target.span
    return Span(min(window.start, span.start), max(window.end, span.end))


def _fenced(text: str) -> str:
    """Return the text in a fence that is longer than any within it."""
    longest = max((len(line) - len(line.lstrip("`")) for line in text.splitlines()), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text.rstrip()}\n{fence}"
