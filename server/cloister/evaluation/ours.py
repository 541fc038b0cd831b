"""Cloister's own context builder, as completions use it, with sources switched off.

Nobody is at work in a replay: what the sources know of edits, views and diagnostics is empty.
"""

import math
from collections.abc import Collection, Sequence
from functools import cache, partial

from cloister.context.assemble import choose
from cloister.context.candidate import Workspace
from cloister.context.find import SOURCE_NAMES, Findings, find_context
from cloister.context.query import Place, context_query
from cloister.context.render import snippets_of
from cloister.context.surroundings import related_text
from cloister.core.text import Span, Text
from cloister.evaluation.builders import Arm, Builder, Choose, Situation
from cloister.evaluation.needs import CountTokens, Passage
from cloister.workspace.activity import Activity

NAME = "cloister"

# A busy machine must not change what is found.
_MOST_PARSE_MS = 10_000


def ours(disabled: Collection[str] = (), name: str = NAME) -> Builder:
    """Return cloister's builder without some sources."""

    def build(situation: Situation, count_tokens: CountTokens) -> Sequence[Arm]:
        found = find(situation, disabled)
        others = partial(related_text, found.query.place, situation.index)
        return (Arm(name, chooser(found, count_tokens), others=others),)

    return build


def ours_with_ablations() -> Builder:
    """Return cloister's builder, and the same without each source in turn."""

    def build(situation: Situation, count_tokens: CountTokens) -> Sequence[Arm]:
        found = find(situation)
        whole = Arm(NAME, chooser(found, count_tokens))
        useful = {candidate.source for candidate in found.candidates}

        def without(source: str) -> Choose:
            if source not in useful:
                return whole.choose
            return chooser(find(situation, (source,)), count_tokens)

        ablated = (Arm(without_name(source), without(source), False) for source in SOURCE_NAMES)
        return (whole, *ablated)

    return build


def without_name(source: str) -> str:
    """Return what the builder without a source is called."""
    return f"without {source}"


def find(situation: Situation, disabled: Collection[str] = ()) -> Findings:
    """Ask every source that is not disabled, without a deadline."""
    case, window = situation.case, situation.window
    text, offset = Text(case.prefix + case.suffix), len(case.prefix)
    span = Span(offset - len(window.before), offset + len(window.after))
    place = Place(case.path, text, offset, span, case.language)
    query = context_query(place, _MOST_PARSE_MS)
    return find_context(query, Workspace(situation.index, Activity()), math.inf, disabled)


def chooser(found: Findings, count_tokens: CountTokens) -> Choose:
    """Return what chooses among what was found."""
    query, language = found.query, found.query.place.language
    comment = language.line_comment if language else ""
    cost = cache(lambda line: count_tokens(line + "\n"))

    def choose_passages(budget: int) -> list[Passage]:
        chosen = choose(query, found.candidates, found.likelihoods, budget, cost)
        return [
            Passage(it.path, it.first_line, it.text.removesuffix("\n"), it.source, it.reason)
            for it in snippets_of(chosen, comment, cost)
        ]

    return choose_passages
