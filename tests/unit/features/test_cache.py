from cloister.features.completion.cache import ShownSuggestions

URI = "file:///a.py"


def shown() -> ShownSuggestions:
    suggestions = ShownSuggestions()
    suggestions.remember(URI, "x = ", "\nrest", "foo(1)")
    return suggestions


def test_typing_what_is_shown_leaves_the_rest() -> None:
    assert shown().rest(URI, "x = fo", "\nrest") == "o(1)"
    assert shown().rest(URI, "x = ", "\nrest") == "foo(1)"


def test_anything_else_is_not_answered() -> None:
    assert shown().rest(URI, "x = fa", "\nrest") is None
    assert shown().rest(URI, "x = fo", "\nother") is None
    assert shown().rest(URI, "y = fo", "\nrest") is None
    assert shown().rest(URI, "x =", "\nrest") is None
    assert shown().rest("file:///b.py", "x = fo", "\nrest") is None


def test_a_suggestion_typed_to_its_end_has_no_rest() -> None:
    assert shown().rest(URI, "x = foo(1)", "\nrest") is None


def test_forgetting_a_document_forgets_what_was_shown() -> None:
    suggestions = shown()
    suggestions.forget(URI)
    assert suggestions.rest(URI, "x = fo", "\nrest") is None


def test_line_ends_of_any_kind_can_be_typed_through() -> None:
    suggestions = ShownSuggestions()
    suggestions.remember(URI, "f(\r\n", "\r\n)", "a,\n    b")
    assert suggestions.rest(URI, "f(\r\na,\r\n  ", "\r\n)") == "  b"


def test_no_document_is_kept() -> None:
    suggestions = ShownSuggestions()
    before = "marker of this document"
    suggestions.remember(URI, before, "", "x")
    assert before not in repr(suggestions._entries)


def test_memory_is_bounded() -> None:
    suggestions = ShownSuggestions()
    for n in range(1000):
        suggestions.remember(f"file:///{n}", "a", "b", "c")
    assert suggestions.rest("file:///0", "a", "b") is None
    assert suggestions.rest("file:///999", "a", "b") == "c"
