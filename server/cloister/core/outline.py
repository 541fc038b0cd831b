"""What a file defines, imports and uses, as values: made by `syntax`, stored by the index.

All spans are code points of the file's text.
"""

from dataclasses import dataclass
from enum import StrEnum

from cloister.core.text import Span


class SymbolKind(StrEnum):
    """What a definition defines; the names of the captures in `definitions.scm`."""

    CLASS = "class"
    CONSTANT = "constant"
    ENUM = "enum"
    FIELD = "field"
    FUNCTION = "function"
    INTERFACE = "interface"
    MACRO = "macro"
    METHOD = "method"
    MODULE = "module"
    TYPE = "type"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class Definition:
    """A named thing and where it is.

    `container` holds the dotted names of what it is a member of, empty at the top of a file. The
    signature is the text from `span.start` to `signature_end`. `bases` are the names of the types
    that it extends or implements, `type` is what is declared of its value or result, and `value` is
    the beginning of the expression that it is made from; both are source text, empty when unknown.
    `documentation` is its docstring or the comment before it.
    """

    name: str
    kind: SymbolKind
    span: Span
    name_span: Span
    signature_end: int
    container: str = ""
    bases: tuple[str, ...] = ()
    type: str = ""
    value: str = ""
    documentation: Span | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """One name that a file takes from elsewhere.

    `module` is as written, without quotes: `..pkg.mod`, `./util`, `<vector>`, `std::fmt`. `name` is
    what is taken from it: empty for the module itself, `*` for everything. `alias` is what it is
    called here where that differs.
    """

    module: str
    name: str
    alias: str
    span: Span


@dataclass(frozen=True, slots=True)
class FileOutline:
    """The definitions and imports of one file, in the order of the text."""

    definitions: tuple[Definition, ...] = ()
    imports: tuple[Import, ...] = ()


class ReferenceKind(StrEnum):
    """How a name is used; the names of the captures in `references.scm`."""

    CALL = "call"
    MEMBER = "member"
    NAME = "name"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Reference:
    """A use of a name; `receiver` is the source text before the dot, empty without one."""

    name: str
    kind: ReferenceKind
    span: Span
    receiver: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A parameter or local variable and the part of the text where it is known.

    `type` and `value` as in Definition.
    """

    name: str
    span: Span
    scope: Span
    type: str = ""
    value: str = ""
