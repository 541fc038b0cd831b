import pytest

from cloister.syntax import queries
from cloister.syntax.languages import all_languages, language_named
from cloister.syntax.queries import compiled_query, matches, outline_query, query
from cloister.syntax.tree import parse

PYTHON = language_named("python")
assert PYTHON is not None


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ('(#eq? @name "one")', "one"),
        ('(#not-eq? @name "one")', "two three"),
        ('(#match? @name "^t")', "two three"),
        ('(#not-match? @name "e$")', "two"),
        ('(#any-of? @name "one" "two")', "one two"),
        ('(#not-any-of? @name "one" "two")', "three"),
        ('(#eq? @name "one") (#match? @name "t")', ""),
        ("(#eq? @name @name)", "one two three"),
        ('(#not-eq? @absent "one")', "one two three"),
    ],
)
def test_predicates(predicate: str, expected: str) -> None:
    parsed = parse("one; two; three", PYTHON)
    source = f"((identifier) @name (comment)? @absent {predicate})"
    found = matches(parsed, compiled_query(PYTHON, source))
    names = [parsed.text(captures["name"][0]) for _, captures in found]
    assert " ".join(names) == expected


def test_a_language_that_inherits_has_the_queries_of_the_other_first() -> None:
    tsx, typescript = language_named("tsx"), language_named("typescript")
    assert tsx is not None
    assert typescript is not None
    inherited = queries.query_source(typescript, "blocks")
    assert queries.query_source(tsx, "blocks").startswith(inherited)


def test_a_language_without_a_query_has_none() -> None:
    assert query(PYTHON, "injections") is None
    assert matches(parse("x", PYTHON), None) == []


def test_comments_without_documentation_are_not_looked_for_in_an_outline() -> None:
    for language in all_languages():
        compiled = outline_query(language)
        if compiled is None:
            continue
        case = "# a\n// a\n/* a */\n-- a\n<!-- a -->\n"
        for _, captures in matches(parse(case, language), compiled):
            assert "documentation" in captures or "comment" not in captures


def test_a_tree_of_too_many_nodes_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = parse("x = 1", PYTHON)
    assert matches(parsed, query(PYTHON, "blocks"))
    monkeypatch.setattr(queries, "MOST_NODES", 3)
    assert matches(parsed, query(PYTHON, "blocks")) == []
