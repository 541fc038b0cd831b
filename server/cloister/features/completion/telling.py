"""What the model is told at a place: the window, and snippets of other places that fit beside it.

One per model, because texts are measured in its tokens.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from cloister.backends.base import TokenCounter
from cloister.context.candidate import Workspace
from cloister.context.gather import ContextGatherer, shown_path
from cloister.context.query import Place
from cloister.context.snippets import PATIENCE_S, Request, SnippetFinder
from cloister.context.surroundings import SurroundingsFinder
from cloister.context.window import WindowBudget
from cloister.context.workspaces import Workspaces
from cloister.core.context import CompletionContext
from cloister.core.generation import Surroundings
from cloister.core.prompt import Prompt
from cloister.core.request import CompletionRequest
from cloister.core.text import Span, Text
from cloister.families import Family
from cloister.policy.budget import Budget
from cloister.settings.settings import ContextSettings
from cloister.syntax.languages import Language, language_for_id, language_for_path

REPORT_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a model would be told at a place: the whole prompt, its tokens, and its parts.

    `window_lines` are those of the document that are shown, at least in part.
    """

    prompt: str
    tokens: int
    ms: float
    context: CompletionContext
    window_lines: range


class Telling:
    """Gathers contexts; `workspaces` None means that only the document itself is told."""

    def __init__(self, counter: TokenCounter, workspaces: Workspaces | None) -> None:
        self._counter = counter
        self._gatherer = ContextGatherer(counter.count_tokens)
        self._finder = SnippetFinder(self._gatherer.count_lines)
        self._surroundings = SurroundingsFinder()
        self._workspaces = workspaces

    async def context(
        self,
        request: CompletionRequest,
        budget: Budget,
        settings: ContextSettings,
        patience_s: float = PATIENCE_S,
    ) -> CompletionContext:
        """Return the context of a request; new snippets are waited for as long as `patience_s`."""
        window = WindowBudget(budget.prefix_tokens, budget.suffix_tokens)
        context = await self._gatherer.gather(
            request.document, request.offset, request.root, window
        )
        if not budget.snippet_tokens:
            return context
        asked = self._request(request, context, budget.snippet_tokens, settings)
        if asked is None:
            return context
        return replace(context, snippets=await self._finder.snippets(asked, patience_s))

    def surroundings(
        self, request: CompletionRequest, window: Span, family: Family
    ) -> Surroundings | None:
        """Return the text beside the window that an answer may repeat, as far as it is known.

        None for a family that does not repeat.
        """
        if not family.mixes:
            return None
        document, workspace = request.document, self._workspace(request)
        index = workspace.index if workspace else None
        found = self._surroundings.surroundings(document.uri, _place(request, window), index)
        return replace(found, familiarity=family.familiarity(document.language_id))

    async def told(
        self,
        request: CompletionRequest,
        budget: Budget,
        settings: ContextSettings,
        render: Callable[[CompletionContext], Prompt],
    ) -> Told:
        """Return what the model would be told, for people to read."""
        started = time.monotonic()
        context = await self.context(request, budget, settings, REPORT_PATIENCE_S)
        ms = (time.monotonic() - started) * 1000
        prompt = render(context)
        text = "".join(segment.text for segment in prompt.segments) + prompt.opening
        (tokens,) = await self._counter.count_tokens([text])
        return Told(text, tokens, ms, context, _lines(request.document.text, context.window))

    def forget(self, uri: str) -> None:
        """Forget what is shown in a document."""
        self._finder.forget(uri)
        self._surroundings.forget(uri)

    def close(self) -> None:
        """Stop searching."""
        self._finder.close()
        self._surroundings.close()

    def _request(
        self,
        request: CompletionRequest,
        context: CompletionContext,
        budget_tokens: int,
        settings: ContextSettings,
    ) -> Request | None:
        workspace = self._workspace(request)
        if workspace is None:
            return None
        return Request(
            uri=request.document.uri,
            place=_place(request, context.window),
            workspace=workspace,
            budget_tokens=budget_tokens,
            disabled=settings.disabled_sources,
        )

    def _workspace(self, request: CompletionRequest) -> Workspace | None:
        root = request.root
        return self._workspaces.at(root) if self._workspaces and root else None


def _place(request: CompletionRequest, window: Span) -> Place:
    document = request.document
    return Place(
        path=shown_path(document, request.root),
        text=document.text,
        offset=request.offset,
        window=window,
        language=_language(document.language_id, document.path),
    )


def _lines(text: Text, span: Span) -> range:
    return range(text.line_of(span.start), text.line_of(span.end) + 1)


def _language(language_id: str, path: Path | None) -> Language | None:
    return language_for_id(language_id) or (language_for_path(PurePath(path)) if path else None)


def as_json(told: Told) -> dict[str, Any]:
    """Return it as people's tools read it: lines count from 1, the last one is included."""
    return {
        "prompt": told.prompt,
        "tokens": told.tokens,
        "ms": round(told.ms, 1),
        "path": told.context.path,
        "window": {
            "start_line": told.window_lines.start + 1,
            "end_line": told.window_lines.stop,
        },
        "snippets": [
            {
                "path": snippet.path,
                "start_line": snippet.first_line + 1,
                "end_line": snippet.last_line + 1,
                "source": snippet.source,
                "score": round(snippet.score, 6),
                "reason": snippet.reason,
                "tokens": snippet.tokens,
                "text": snippet.text,
            }
            for snippet in told.context.snippets
        ],
    }
