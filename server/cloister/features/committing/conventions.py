"""What a repository's messages have in common, measured from the last ones; pure.

A custom is what more than half of them do. Who has few commits has none yet.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from cloister.core.invisible import has_invisible

MOST_SUBJECT_CHARS = 72
USUAL_TYPES = "feat fix docs style refactor perf test build ci chore revert".split()  # noqa: SIM905  # one line

_TYPED = re.compile(r"(?P<type>[a-z]{2,12})(?:\([^()]{1,40}\))?!?: (?P<rest>\S.*)")
_PREFIXED = re.compile(r"(?P<prefix>[\w./*,{}+-]{1,40}): (?P<rest>\S.*)")
# Where a subject says which issue it is about: nobody can take that from the changes.
_REFERENCE = re.compile(r"^\[?[A-Z][A-Z0-9]+-\d{1,9}\]?:? +|(?: *\(#\d{1,9}\))+$")
# Nobody wrote these.
_BY_PROGRAMS = re.compile(r"(?:Merge|Revert|Bump|fixup!|squash!|amend!)\b|(?:fixup|squash|amend)!")
_TOO_FEW = 4
_MOST_READ_CHARS = 200
_MOST_TYPES = 10
_MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Conventions:
    """The customs of a repository; what is None or empty is not settled.

    `types` are those of Conventional Commits. `prefixed` says that a subject begins with the part
    that is changed and a colon. `capital` is about the first letter behind that.
    """

    types: tuple[str, ...] = ()
    prefixed: bool = False
    capital: bool | None = None
    full_stop: bool = False
    body: bool = False
    usual_subject_chars: int = 50
    examples: tuple[str, ...] = ()


def conventions_of(messages: Sequence[str]) -> Conventions:
    """Return what the messages, the newest first, have in common."""
    own = [it for it in messages if not _BY_PROGRAMS.match(it)]
    if len(own) < _TOO_FEW:
        return Conventions()
    subjects = [without_reference(it.partition("\n")[0].strip()) for it in own]
    types = Counter(found["type"] for it in subjects if (found := _TYPED.fullmatch(it)))
    usual = {name: n for name, n in types.items() if name in USUAL_TYPES}
    is_typed = _most(name in usual for name in map(_type, subjects))
    letters = [letter for it in subjects if (letter := _first_letter(it))]
    capitals, smalls = _most(map(str.isupper, letters)), _most(map(str.islower, letters))
    return Conventions(
        types=tuple(sorted(usual, key=lambda name: -usual[name])[:_MOST_TYPES]) if is_typed else (),
        prefixed=not is_typed and _most(bool(_PREFIXED.fullmatch(it)) for it in subjects),
        capital=True if capitals else False if smalls else None,
        full_stop=_most(it.endswith(".") for it in subjects),
        body=_most("\n\n" in it for it in own),
        usual_subject_chars=_rounded(median(map(len, subjects))),
        examples=tuple(_examples(subjects)),
    )


def told(conventions: Conventions) -> str:
    """Return the customs as a model is told them, in sentences."""
    return " ".join(_sentences(conventions))


def described_part(subject: str, conventions: Conventions) -> str:
    """Return what of a subject comes after its type or prefix."""
    pattern = _TYPED if conventions.types else _PREFIXED if conventions.prefixed else None
    found = pattern.fullmatch(subject) if pattern else None
    return found["rest"] if found else subject


def without_reference(subject: str) -> str:
    """Return a subject without the issue that it names at its beginning or its end."""
    return _REFERENCE.sub("", subject) if len(subject) <= _MOST_READ_CHARS else subject


def type_of(subject: str) -> str:
    """Return the type that a subject begins with, empty without one."""
    return _type(subject)


def _sentences(it: Conventions) -> Iterator[str]:
    yield f"The first line has about {it.usual_subject_chars} characters, never more than 72."
    if it.types:
        known = ", ".join(dict.fromkeys((*it.types, *USUAL_TYPES[:3])))
        yield f"It begins with a type and a colon, such as `{it.types[0]}: `; types are {known}."
    if it.prefixed:
        yield "It begins with the part that is changed and a colon."
    if it.capital is not None:
        where = " behind the colon" if it.types or it.prefixed else ""
        yield f"The first letter{where} is a {'capital' if it.capital else 'small'} one."
    yield f"It ends with{'' if it.full_stop else 'out'} a full stop."
    if it.body:
        yield "After an empty line a few sentences say why."
    if it.examples:
        yield "First lines of earlier commits, for their style only:\n" + "\n".join(it.examples)


def _type(subject: str) -> str:
    found = _TYPED.fullmatch(subject)
    return found["type"] if found else ""


def _first_letter(subject: str) -> str:
    found = _TYPED.fullmatch(subject) or _PREFIXED.fullmatch(subject)
    first = (found["rest"] if found else subject)[:1]
    return first if first.isalpha() else ""


def _examples(subjects: Iterable[str]) -> list[str]:
    usable = (it for it in subjects if len(it) <= MOST_SUBJECT_CHARS and not has_invisible(it))
    return list(dict.fromkeys(usable))[:_MOST_EXAMPLES]


def _rounded(n_chars: float) -> int:
    """Return a length in tens, so that nobody counts characters."""
    return min(max(10 * round(n_chars / 10), 30), 70)


def _most(facts: Iterable[bool]) -> bool:
    counts = Counter(facts)
    return counts[True] > counts[False]
