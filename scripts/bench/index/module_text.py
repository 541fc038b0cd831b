"""Writes the text of one source file: types, functions and comments, up to a given size. Pure."""

import random
from collections.abc import Iterator, Sequence

from bench.index.dialects import Dialect
from bench.index.vocabulary import Names, pascal, snake

_BLOCK_SHARE = 0.25
_COMMENT_SHARE = 0.1
_TYPE_SHARE = 0.4
_DEEPEST = 3
_MOST_STATEMENTS = 12
_MOST_FIELDS = 6
_MOST_METHODS = 8
_LARGEST_NUMBER = 1000
_SENTENCE_WORDS = 3


def module_text(
    dialect: Dialect,
    facts: dict[str, str],
    imports: Sequence[dict[str, str]],
    n_chars: int,
    generator: random.Random,
) -> str:
    """Return a file of at least `n_chars`; `facts` and `imports` name a place in the tree each."""
    writer = _Writer(dialect, generator)
    lines = [writer.line(dialect.head, facts), ""]
    lines += [writer.line(dialect.imported, imported) for imported in imports]
    lines += ["", *writer.type_lines(facts["type"])]
    length = sum(len(line) + 1 for line in lines)
    while length < n_chars:
        piece = ["", *writer.definition()]
        length += sum(len(line) + 1 for line in piece)
        lines += piece
    return "\n".join(lines) + "\n"


class _Picks(dict[str, str]):
    """What stands for the names in a template: given, or picked."""

    def __init__(self, given: dict[str, str], writer: "_Writer") -> None:
        super().__init__(given)
        self._writer = writer

    def __missing__(self, kind: str) -> str:
        return self._writer.pick(kind)


class _Writer:
    """Writes lines in one language."""

    def __init__(self, dialect: Dialect, generator: random.Random) -> None:
        self._dialect = dialect
        self._generator = generator
        self._names = Names(generator)

    def line(self, template: str, given: dict[str, str], depth: int = 0) -> str:
        """Return a line made from a template."""
        return self._dialect.indentation * depth + template.format_map(_Picks(given, self))

    def pick(self, kind: str) -> str:
        """Return what may stand for a name of a template."""
        if kind == "n":
            return str(self._generator.randrange(_LARGEST_NUMBER))
        if kind == "s":
            return " ".join(snake(self._names.usual()) for _ in range(_SENTENCE_WORDS))
        words = self._names.usual()
        return pascal(words) if kind == "t" else self._dialect.style(words)

    def definition(self) -> Iterator[str]:
        """Yield the lines of a type or a function."""
        if not self._dialect.function or self._generator.random() < _TYPE_SHARE:
            return self.type_lines(pascal(self._names.words()))
        return self._function_lines(self._dialect.function, self._new_name(), 0)

    def type_lines(self, name: str) -> Iterator[str]:
        """Yield the lines of a type with fields and methods."""
        dialect, facts = self._dialect, {"type": name}
        yield self.line(dialect.type_opened, facts)
        for _ in range(self._generator.randint(1, _MOST_FIELDS)):
            yield self.line(dialect.field, self._new_name(), 1)
        yield from self._closing(dialect.fields_closed, facts)
        for _ in range(self._generator.randint(1, _MOST_METHODS)):
            yield ""
            given = facts | self._new_name()
            yield from self._function_lines(dialect.method, given, dialect.method_depth)
        yield from self._closing(dialect.type_closed, facts)

    def _function_lines(self, opened: str, given: dict[str, str], depth: int) -> Iterator[str]:
        yield self.line(opened, given, depth)
        yield from self._body(depth + 1)
        yield self.line(self._dialect.result, {}, depth + 1)
        yield from self._closing(self._dialect.block_closed, {}, depth)

    def _body(self, depth: int) -> Iterator[str]:
        for _ in range(self._generator.randint(1, _MOST_STATEMENTS // depth)):
            yield from self._statement(depth)

    def _statement(self, depth: int) -> Iterator[str]:
        chance = self._generator.random()
        if chance < _COMMENT_SHARE:
            yield self.line(self._dialect.comment, {}, depth)
        if chance < 1 - _BLOCK_SHARE or depth > _DEEPEST:
            yield self.line(self._generator.choice(self._dialect.statements), {}, depth)
            return
        yield self.line(self._generator.choice(self._dialect.blocks), {}, depth)
        yield from self._body(depth + 1)
        yield from self._closing(self._dialect.block_closed, {}, depth)

    def _closing(self, template: str, given: dict[str, str], depth: int = 0) -> Iterator[str]:
        if template:
            yield self.line(template, given, depth)

    def _new_name(self) -> dict[str, str]:
        return {"name": self._dialect.style(self._names.words())}
