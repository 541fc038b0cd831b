"""What a review found, as diagnostics of our own among those of other servers.

A remark stands at its line as long as that says what was reviewed, and moves with it. It goes when
the line is edited, when it is reviewed again, when somebody clears the review, and with the
document.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span, Text
from cloister.features.editing.findings import NOTHING_FOUND, findings_as_prose
from cloister.features.editing.task import Finding, Findings, Severity
from cloister.protocol import to_lsp
from cloister.protocol.showing import show_prose

if TYPE_CHECKING:
    from cloister.protocol.session import Session

CLEAR_REVIEW_COMMAND = "cloister.clearReview"
_KIND = "explain.review"
_CLEAR = "Clear the review"
_SOURCE = "cloister"
_SEVERITIES = {
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
}


@dataclass(frozen=True, slots=True, repr=False)
class Remark:
    """A finding, and the whole line that it is about as it was reviewed."""

    line: int
    text: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines `first` to `last` were edited and became `growth` more."""

    first: int
    last: float
    growth: int

    def places(self, line: int) -> set[int]:
        """Return where a line may be afterwards."""
        stays = {line} if line <= self.last else set[int]()
        return stays | ({line + self.growth} if line >= self.first else set[int]())


def show_findings(session: "Session", reviewed: DocumentSnapshot, findings: Findings) -> bool:
    """Show findings in the way that the client has; False when the document says none of it now."""
    if not findings.found:
        message = types.ShowMessageParams(types.MessageType.Info, NOTHING_FOUND)
        session.client.notify(types.WINDOW_SHOW_MESSAGE, message)
    elif not shows_diagnostics(session.client.capabilities):
        show_prose(session, "review", findings_as_prose(findings, reviewed.text))
        return True
    document = session.documents.get(reviewed.uri)
    if document is None:
        return False
    meanwhile = [_whole_change(reviewed.text, document.text)]
    remarks = tuple(_still_true(_remarks(reviewed.text, findings), meanwhile, document.text))
    others = _outside(session.remarks.get(document.uri, ()), reviewed.text, findings.span)
    _keep(session, document, (*others, *remarks))
    return bool(remarks) or not findings.found


def follow(
    session: "Session",
    before: DocumentSnapshot | None,
    uri: str,
    changes: Sequence[types.TextDocumentContentChangeEvent],
) -> None:
    """Move the remarks of a document with its changes; those of edited lines go."""
    remarks, document = session.remarks.get(uri), session.documents.get(uri)
    if remarks is None:
        return
    if document is None or before is None:
        clear(session, uri)
        return
    kept = tuple(_still_true(remarks, _changes(before.text, document.text, changes), document.text))
    if kept != remarks:
        _keep(session, document, kept)


def clear(session: "Session", uri: str) -> None:
    """Take away the remarks of a document."""
    if session.remarks.pop(uri, None) is not None:
        gone = types.PublishDiagnosticsParams(uri, [])
        session.client.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, gone)


def clear_entries(
    session: "Session", uri: str, kinds: Sequence[str] | None
) -> list[types.CodeAction]:
    """Return the entry of the menu that takes them away, where there are any."""
    is_asked_for = kinds is None or any(f"{_KIND}.".startswith(f"{it}.") for it in kinds)
    if uri not in session.remarks or not is_asked_for:
        return []
    command = types.Command(_CLEAR, CLEAR_REVIEW_COMMAND, arguments=[uri])
    return [types.CodeAction(_CLEAR, _KIND, command=command)]


def diagnostics_of(session: "Session", document: DocumentSnapshot) -> list[types.Diagnostic]:
    """Return the remarks of a document as the client is told."""
    return [
        types.Diagnostic(
            to_lsp.lsp_range(document.text, _span(document.text, it), session.encoding),
            it.finding.message,
            severity=_SEVERITIES[it.finding.severity],
            source=_SOURCE,
        )
        for it in session.remarks.get(document.uri, ())
    ]


def shows_diagnostics(client: types.ClientCapabilities) -> bool:
    """Return whether the client shows diagnostics that are sent to it."""
    return bool(client.text_document and client.text_document.publish_diagnostics)


def _keep(session: "Session", document: DocumentSnapshot, remarks: tuple[Remark, ...]) -> None:
    if not remarks:
        clear(session, document.uri)
        return
    session.remarks[document.uri] = remarks
    said = diagnostics_of(session, document)
    params = types.PublishDiagnosticsParams(document.uri, said, document.version)
    session.client.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)


def _remarks(text: Text, findings: Findings) -> Iterator[Remark]:
    for finding in findings.found:
        line = text.line_of(finding.span.start)
        yield Remark(line, text.line(line), finding)


def _outside(remarks: Iterable[Remark], text: Text, span: Span) -> list[Remark]:
    first, last = text.line_of(span.start), text.line_of(span.end)
    return [it for it in remarks if not first <= it.line <= last]


def _still_true(
    remarks: Iterable[Remark], changes: Sequence[_Change], text: Text
) -> Iterator[Remark]:
    for remark in remarks:
        places = {remark.line}
        for change in changes:
            places = set[int]().union(*map(change.places, places))
        here = (it for it in sorted(places) if 0 <= it < text.line_count)
        line = next((it for it in here if text.line(it) == remark.text), None)
        if line is not None:
            yield replace(remark, line=line)


def _changes(
    before: Text, after: Text, changes: Sequence[types.TextDocumentContentChangeEvent]
) -> list[_Change]:
    found = []
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            return [_whole_change(before, after)]
        first, last = sorted((change.range.start.line, change.range.end.line))
        found.append(_Change(first, last, Text(change.text).line_count - 1 - (last - first)))
    return found


def _whole_change(before: Text, after: Text) -> _Change:
    return _Change(0, math.inf, after.line_count - before.line_count)


def _span(text: Text, remark: Remark) -> Span:
    start = text.line_start(remark.line)
    return Span(
        start + len(remark.text) - len(remark.text.lstrip()), start + len(remark.text.rstrip())
    )
