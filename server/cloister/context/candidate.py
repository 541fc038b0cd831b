"""What a context source finds, and what it may look at.

Every source scores on one scale: the estimated probability that a name of the text, one that the
window does not show, is wanted next.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cloister.context.query import ContextQuery
from cloister.workspace.activity import Activity
from cloister.workspace.index.read import Index


@dataclass(frozen=True, slots=True)
class Candidate:
    """Text that might be shown, and why.

    `text` is that of the lines `first_line` to `last_line` of the file, without the last line's
    end. A `remark` is not: it stands for itself and is shown whole. `defines` are the names that
    the text defines.
    """

    path: str
    first_line: int
    last_line: int
    text: str
    source: str
    reason: str
    score: float
    defines: tuple[str, ...] = ()
    is_remark: bool = False


@dataclass(frozen=True, slots=True)
class Workspace:
    """What sources look into: the files, what the person did, and lines that are not committed."""

    index: Index
    activity: Activity = field(default_factory=Activity)
    changed_lines: Mapping[str, Sequence[range]] = field(default_factory=dict)
    look_for_changes: Callable[[Index], None] = lambda _index: None


@dataclass(frozen=True, slots=True)
class Source:
    """One way to find context; `find` is called in a worker thread and may fail alone."""

    name: str
    find: Callable[[ContextQuery, Workspace], Iterable[Candidate]]
