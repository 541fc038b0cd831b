"""Cases as text: `║` is the cursor, `├ ┤` encloses what the model wrote, `¦` where it must end.

A case file holds many cases; `//- name` starts each.
"""

from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).resolve().parent.parent / "cases"


@dataclass(frozen=True, slots=True)
class MarkedCase:
    """A place in a document and text written there; `kept` is what must be left of `written`."""

    name: str
    before: str
    written: str
    kept: str
    after: str


def read_cases(name: str) -> list[MarkedCase]:
    """Return the cases of `tests/cases/<name>`."""
    source = (CASES / name).read_text(encoding="utf-8")
    blocks = [block.partition("\n") for block in source.split("//- ")[1:]]
    return [_case(title.strip(), body) for title, _, body in blocks]


def cursor(marked: str) -> tuple[str, int]:
    """Return the text without `║` and the offset where it stood."""
    offset = marked.index("║")
    return marked.replace("║", ""), offset


def _case(name: str, body: str) -> MarkedCase:
    body = body.removesuffix("\n")
    before, _, rest = body.partition("├")
    written, _, after = rest.partition("┤")
    kept = written.partition("¦")[0]
    return MarkedCase(name, before, written.replace("¦", ""), kept, after)
