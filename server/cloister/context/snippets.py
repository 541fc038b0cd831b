"""Finds snippets for open documents without making anybody wait, and keeps them while they serve.

Searching happens in one worker thread. A request at a new place waits a moment for it and else goes
on with what it has; while somebody types, a search runs beside, and `keep` decides whether what it
found is worth reading the prompt again. Belongs to one event loop.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from cloister.context.assemble import Chosen, LineCost, choose
from cloister.context.candidate import Workspace
from cloister.context.find import Findings, find_context
from cloister.context.keep import NOWHERE, Shown, earned, has_jumped, is_worth_changing
from cloister.context.query import Place, context_query
from cloister.context.render import snippets_of
from cloister.context.signatures import as_in_file
from cloister.core.context import Snippet

CountLines = Callable[[Sequence[str]], Awaitable[Mapping[str, int]]]

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

PATIENCE_S = 0.04
_SEARCH_S = 0.5
_MOST_DOCUMENTS = 64
# Lines are chosen by estimated cost first, with so much to spare, and then by real cost.
_SPARE = 1.5
_BYTES_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: snippets for a place of a document within a budget."""

    uri: str
    place: Place
    workspace: Workspace
    budget_tokens: int
    disabled: Collection[str] = ()

    @property
    def line(self) -> int:
        """The cursor's line."""
        return self.place.text.line_of(self.place.offset)


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """Snippets that would suit a place, and what is likely there."""

    snippets: tuple[Snippet, ...]
    likelihoods: Mapping[str, float]
    line: int
    ms: float


class SnippetFinder:
    """Remembers what is shown by document; one per model, whose tokens `count_lines` counts."""

    def __init__(self, count_lines: CountLines) -> None:
        self._count_lines = count_lines
        self._shown: OrderedDict[str, Shown] = OrderedDict()
        self._proposals: dict[str, Proposal] = {}
        self._searching: asyncio.Task[None] | None = None
        self._searched: tuple[str, int] = ("", -1)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="context")

    async def snippets(
        self, request: Request, patience_s: float = PATIENCE_S
    ) -> tuple[Snippet, ...]:
        """Return what to show now; after a jump it may take as long as `patience_s`."""
        shown = self._shown.get(request.uri)
        if shown is None or has_jumped(shown, request.line):
            self._search(request)
            await self._wait(patience_s)
            shown = self._adopted(request, shown)
        else:
            if (request.uri, request.line) != self._searched:
                self._search(request)
            shown = self._paid(request, shown)
        self._remember(request.uri, shown)
        return shown.snippets

    def forget(self, uri: str) -> None:
        """Forget what is shown in a document."""
        self._shown.pop(uri, None)
        self._proposals.pop(uri, None)

    async def idle(self) -> None:
        """Return when no search runs."""
        if self._searching is not None:
            await asyncio.wait([self._searching])

    def close(self) -> None:
        """Let the worker thread end."""
        if self._searching is not None:
            self._searching.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _search(self, request: Request) -> None:
        if self._searching is None or self._searching.done():
            self._searched = (request.uri, request.line)
            self._searching = asyncio.ensure_future(self._run(request))

    async def _run(self, request: Request) -> None:
        shown = self._shown.get(request.uri)
        try:
            proposal = await self._propose(request, shown.snippets if shown else ())
        except Exception as error:  # noqa: BLE001  # without snippets completions go on
            logger.warning("a search for context failed: %s", type(error).__name__)
            return
        self._proposals[request.uri] = proposal
        # Beside the search, for the next one: it can take longer than anybody waits.
        workspace = request.workspace
        self._in_thread(workspace.look_for_changes, workspace.index)

    async def _wait(self, patience_s: float) -> None:
        if self._searching is not None:
            await asyncio.wait([self._searching], timeout=patience_s)

    def _adopted(self, request: Request, shown: Shown | None) -> Shown:
        """Return the new snippets if they are there, else the old ones for now."""
        proposal = self._proposals.pop(request.uri, None)
        found = Shown(proposal.snippets, proposal.line) if proposal else None
        if found is not None and not has_jumped(found, request.line):
            return found
        return shown or Shown((), NOWHERE)

    def _paid(self, request: Request, shown: Shown) -> Shown:
        """Return the snippets after one more request: the same ones unless a change has paid."""
        proposal = self._proposals.get(request.uri)
        if proposal and is_worth_changing(shown, proposal.snippets, proposal.likelihoods):
            return Shown(proposal.snippets, proposal.line)
        return earned(shown)

    def _remember(self, uri: str, shown: Shown) -> None:
        self._shown[uri] = shown
        self._shown.move_to_end(uri)
        if len(self._shown) > _MOST_DOCUMENTS:
            self.forget(next(iter(self._shown)))

    async def _propose(self, request: Request, previous: Sequence[Snippet]) -> Proposal:
        started = time.monotonic()
        findings, lines = await self._in_thread(_findings, request)
        costs = await self._count_lines(lines)
        snippets = await self._in_thread(_chosen_snippets, request, findings, costs, previous)
        ms = (time.monotonic() - started) * 1000
        return Proposal(snippets, findings.likelihoods, request.line, ms)

    def _in_thread(self, work: Callable[..., Answer], *arguments: object) -> asyncio.Future[Answer]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def _findings(request: Request) -> tuple[Findings, list[str]]:
    """Return what was found, and the lines whose tokens must be known to choose of it."""
    query = context_query(request.place)
    deadline = time.monotonic() + _SEARCH_S
    findings = find_context(query, request.workspace, deadline, request.disabled)
    chosen = _choose(findings, int(request.budget_tokens * _SPARE), _estimated_tokens)
    candidates = list(as_in_file((each.candidate for each in chosen), request.workspace.index))
    found = Findings(
        query, candidates, findings.likelihoods, findings.timings_ms, findings.failures
    )
    lines = {line for each in candidates for line in (each.path, *each.text.split("\n"))}
    return found, sorted(lines)


def _chosen_snippets(
    request: Request,
    findings: Findings,
    costs: Mapping[str, int],
    previous: Sequence[Snippet],
) -> tuple[Snippet, ...]:
    def cost(line: str) -> int:
        return costs.get(line) or _estimated_tokens(line)

    language = request.place.language
    comment = language.line_comment if language else ""
    return snippets_of(_choose(findings, request.budget_tokens, cost), comment, cost, previous)


def _choose(findings: Findings, budget_tokens: int, cost: LineCost) -> list[Chosen]:
    return choose(findings.query, findings.candidates, findings.likelihoods, budget_tokens, cost)


def _estimated_tokens(line: str) -> int:
    return len(line.encode("utf-8", "replace")) // _BYTES_PER_TOKEN + 1
