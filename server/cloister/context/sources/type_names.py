"""Types at the cursor as another language server of the editor knows them: with their members."""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.query import ContextQuery
from cloister.context.signatures import signature
from cloister.context.types import members_of_types, with_bases

_MOST_TYPES = 8
_OF_ALL_MEMBERS = 0.3


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    names = workspace.activity.type_names.get(query.path, ())[:_MOST_TYPES]
    types = with_bases(names, workspace.index)
    members = members_of_types(types, workspace.index)
    for symbol in [*types, *members]:
        score = _OF_ALL_MEMBERS / (1 + len(members)) ** 0.8
        yield signature(symbol, SOURCE.name, "its type is known to matter here", score)


SOURCE = Source("type_names", _find)
