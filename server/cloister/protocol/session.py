"""One editor's connection: what was agreed at `initialize`, and the services that do the work.

Handlers get the session and nothing else. It belongs to the event loop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from cloister.context.workspaces import Workspaces
from cloister.core.document import DocumentSnapshot
from cloister.core.outcome import Outcome, OutcomeKind
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.suggestion import Suggestion
from cloister.features.completion.second_opinion import Ready
from cloister.features.completion.telling import as_json
from cloister.features.editing.act import ActionFeature
from cloister.protocol import from_lsp
from cloister.protocol.client import Client
from cloister.protocol.completing import Completion
from cloister.protocol.extensions import State, StatusNotifier
from cloister.protocol.guard import GuardedProtocol, describe_failure
from cloister.protocol.lifecycle import process_ended
from cloister.protocol.progress import WorkProgress
from cloister.workspace.documents import DocumentStore
from cloister.workspace.folders import WorkspaceFolders
from cloister.workspace.index.messages import WorkerReport, WorkerState

if TYPE_CHECKING:
    from cloister.protocol.reviewing import Remark

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoadingEvent:
    """News about the backend.

    `message` is a sentence for people, shown to them when the state is ERROR; `fraction` says how
    much of the model is loaded (0 to 1) while the state is LOADING.
    """

    state: State
    model: str = ""
    message: str = ""
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the protocol may call; built by the composition root.

    `configure` takes options as the client sent them and returns problems as sentences;
    `follow_user_file` begins to use the user's settings file and passes on its problems, and those
    of files that restrict where text may go. `listen`
    registers the one who is told about loading, `follow_services` those who are told of completions
    by services and why there are none. `workspaces` takes what the person does. Callbacks
    must be called on the event loop.
    """

    documents: DocumentStore
    completion: Completion
    accepted: Callable[[str], None]
    status: Callable[[], dict[str, Any]]
    configure: Callable[[object], Sequence[str]]
    follow_user_file: Callable[[Callable[[Sequence[str]], None]], None]
    listen: Callable[[Callable[[LoadingEvent], None]], None]
    close: Callable[[], Awaitable[None]]
    follow_services: Callable[[Callable[[Ready], None], Callable[[str], None]], None] = (
        lambda _on_ready, _on_note: None
    )
    workspaces: Workspaces | None = None
    folders: WorkspaceFolders = field(default_factory=WorkspaceFolders)
    actions: ActionFeature | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Suggestions for a document as it was when they were asked for."""

    document: DocumentSnapshot
    suggestions: tuple[Suggestion, ...]


class Session:
    """The state of one connection; `stop` ends it."""

    def __init__(
        self, services: Services, protocol: GuardedProtocol, stop: Callable[[], object]
    ) -> None:
        self.services = services
        self.protocol = protocol
        self.stop = stop
        self.client = Client(protocol)
        self.encoding = types.PositionEncodingKind.Utf16
        self.status = StatusNotifier(self.client)
        self.remarks: dict[str, tuple[Remark, ...]] = {}
        self.hears_of_completions = False
        self._progress = WorkProgress(self.client)
        self._indexing: dict[Path, WorkProgress] = {}
        self._problems: set[str] = set()
        self._parent_watch: asyncio.Task[None] | None = None

    @property
    def documents(self) -> DocumentStore:
        """The open documents."""
        return self.services.documents

    @property
    def folders(self) -> WorkspaceFolders:
        """The open folders."""
        return self.services.folders

    def watch_parent(self, process_id: int) -> None:
        """End the session when the process of the editor is gone."""
        self._parent_watch = asyncio.create_task(process_ended(process_id))
        self._parent_watch.add_done_callback(lambda watch: watch.cancelled() or self.stop())

    def take_initialization_options(self, options: object) -> None:
        """Take what concerns the protocol itself, and pass the rest on."""
        if options is None:
            return
        if isinstance(options, dict):
            self.status.enabled = options.get("statusNotifications") is True
            self.hears_of_completions = options.get("completionNotifications") is True
            self.client.shows_previews = options.get("previewNotifications") is True
            self.client.renames = options.get("renameRequests") is True
            self.client.takes_instructions = options.get("instructionRequests") is True
        self.configure(options)

    def configure(self, options: object) -> None:
        """Pass options on, and tell the person what is wrong with them."""
        self.show_problems(self.services.configure(options))

    def show_problems(self, problems: Sequence[str]) -> None:
        """Tell the person what is wrong with the settings that were just changed."""
        self.client.forget_messages()
        for problem in problems:
            self.client.show_message(problem, types.MessageType.Warning)

    def show_loading(self, event: LoadingEvent) -> None:
        """Show news about the backend in the ways that this editor has."""
        if event.state is State.LOADING:
            self._progress.show(f"Loading {event.model or 'the model'}", event.fraction)
        else:
            self._progress.end()
        if event.state is State.ERROR and event.message:
            self.client.show_message(event.message, types.MessageType.Error)
        self.status.change(event.state, event.model, event.message)

    def show_indexing(self, root: Path, report: WorkerReport) -> None:
        """Show how far the index of a workspace is, and once what is wrong with it."""
        progress = self._indexing.setdefault(root, WorkProgress(self.client))
        if report.state is WorkerState.INDEXING and report.total:
            message = f"{report.done} of {report.total} files"
            progress.show(f"Indexing {root.name}", report.done / report.total, message)
        else:
            progress.end()
        if report.problem and report.problem not in self._problems:
            self._problems.add(report.problem)
            self.client.show_message(report.problem, types.MessageType.Warning)

    def observe(self, before: DocumentSnapshot | None, uri: str) -> None:
        """Let features and context sources know of a document that was opened or changed."""
        self.services.completion.edited(uri)
        after = self.documents.get(uri)
        if after is not None and self.services.workspaces is not None:
            self.services.workspaces.edited(before, after)

    def turn_to(self, uri: str) -> None:
        """Let the completion feature know of a document that somebody turns to."""
        if (document := self.documents.get(uri)) is not None:
            self.services.completion.viewed(document)

    def abandon(self, uri: str) -> None:
        """Cancel the work on a document whose text is gone or no longer known."""
        self.services.completion.forget(uri)

    def lose_unreadable(self, method: str, params: object) -> None:
        """Stop trusting a document when one of its edits could not be read."""
        match method, params:
            case types.TEXT_DOCUMENT_DID_CHANGE, {"textDocument": {"uri": str(uri)}}:
                self.documents.lose(uri)
                self.abandon(uri)

    async def tell(self, uri: str, position: types.Position) -> dict[str, Any] | None:
        """Return what the model is told at a place, None when the document is not open.

        Raises CloisterError when there is no model to tell.
        """
        document = self.documents.get(uri)
        if document is None:
            return None
        offset = from_lsp.offset(document.text, position, self.encoding)
        root = self.folders.root_of(document.path)
        request = CompletionRequest(document, offset, Trigger.INVOKED, root)
        return as_json(await self.services.completion.tell(request))

    async def suggest(self, uri: str, position: types.Position, trigger: Trigger) -> Offer | None:
        """Return suggestions, None when there are none.

        The document is taken before anything is awaited. Raises JsonRpcContentModified when its
        text was lost meanwhile, CancelledError when the client cancels; never anything else.
        """
        document = self.documents.get(uri)
        if document is None:
            return None
        offset = from_lsp.offset(document.text, position, self.encoding)
        root = self.folders.root_of(document.path)
        suggestions = await self._complete(CompletionRequest(document, offset, trigger, root))
        if self.documents.is_lost(uri):
            raise JsonRpcContentModified
        return Offer(document, suggestions) if suggestions else None

    async def _complete(self, request: CompletionRequest) -> tuple[Suggestion, ...]:
        cancel = self.services.completion.supersede(request.document.uri)
        outcome = Outcome(OutcomeKind.CANCELLED)
        self.status.begin_request()
        try:
            result = await self.services.completion.complete(request, cancel)
        except asyncio.CancelledError:
            cancel.cancel()
            raise
        except Exception as error:  # noqa: BLE001  # a person who types must never see our errors
            logger.error("completion failed: %s", describe_failure(error))
            outcome = Outcome(OutcomeKind.FAILED)
            return ()
        else:
            outcome = result.outcome
            return () if cancel.cancelled else result.suggestions
        finally:
            self.status.end_request(outcome)
