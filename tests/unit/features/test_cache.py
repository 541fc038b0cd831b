from pathlib import Path

from cloister.core.document import DocumentSnapshot
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.features.completion.cache import ShownSuggestions
from cloister.features.completion.candidate import Answer

URI = "file:///a.py"


def at(before: str, after: str, uri: str = URI) -> CompletionRequest:
    document = DocumentSnapshot(uri, Path("/a.py"), "python", 1, Text(before + after))
    return CompletionRequest(document, len(before), Trigger.AUTOMATIC)


def rest(suggestions: ShownSuggestions, before: str, after: str, uri: str = URI) -> str | None:
    answer = suggestions.rest(at(before, after, uri))
    return None if answer is None else answer.text


def shown() -> ShownSuggestions:
    suggestions = ShownSuggestions()
    suggestions.remember(at("x = ", "\nrest"), Answer("foo(1)"))
    return suggestions


def test_typing_what_is_shown_leaves_the_rest() -> None:
    assert rest(shown(), "x = fo", "\nrest") == "o(1)"
    assert rest(shown(), "x = ", "\nrest") == "foo(1)"


def test_anything_else_is_not_answered() -> None:
    assert rest(shown(), "x = fa", "\nrest") is None
    assert rest(shown(), "x = fo", "\nother") is None
    assert rest(shown(), "y = fo", "\nrest") is None
    assert rest(shown(), "x =", "\nrest") is None
    assert rest(shown(), "x = fo", "\nrest", "file:///b.py") is None


def test_a_suggestion_typed_to_its_end_has_no_rest() -> None:
    assert rest(shown(), "x = foo(1)", "\nrest") is None


def test_forgetting_a_document_forgets_what_was_shown() -> None:
    suggestions = shown()
    suggestions.forget(URI)
    assert rest(suggestions, "x = fo", "\nrest") is None


def test_line_ends_of_any_kind_can_be_typed_through() -> None:
    suggestions = ShownSuggestions()
    suggestions.remember(at("f(\r\n", "\r\n)"), Answer("a,\n    b"))
    assert rest(suggestions, "f(\r\na,\r\n  ", "\r\n)") == "  b"


def test_no_document_is_kept() -> None:
    suggestions = ShownSuggestions()
    before = "marker of this document"
    suggestions.remember(at(before, ""), Answer("x"))
    assert before not in repr(suggestions._entries)


def test_memory_is_bounded() -> None:
    suggestions = ShownSuggestions()
    for n in range(1000):
        suggestions.remember(at("a", "b", f"file:///{n}"), Answer("c"))
    assert rest(suggestions, "a", "b", "file:///0") is None
    assert rest(suggestions, "a", "b", "file:///999") == "c"


def test_the_latest_answer_counts_and_keeps_who_wrote_it() -> None:
    suggestions = shown()
    suggestions.remember(at("x = ", "\nrest"), Answer("four", 1.0, "m at host"))
    assert suggestions.rest(at("x = f", "\nrest")) == Answer("our", 1.0, "m at host")
    assert rest(suggestions, "x = foo", "\nrest") == "(1)"
