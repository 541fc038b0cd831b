import argparse

import pytest

from cloister.cli.context import add_parser, print_told, run
from cloister.core.context import CompletionContext, Snippet
from cloister.core.errors import SettingsError
from cloister.core.text import Span
from cloister.features.completion.telling import Told

SNIPPET = Snippet("shop/model.py", 3, 4, "class [red]Item:\n", "members", "a member of it", 0.25, 7)


def told(*snippets: Snippet) -> Told:
    context = CompletionContext("now.py", "it.", "\n", Span(0, 4), snippets)
    return Told("the [bold]prompt", 12, 3.4, context, range(1))


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    return parser.parse_args(["context", *words])


def test_people_see_where_each_snippet_is_from_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    print_told(told(SNIPPET))
    printed = capsys.readouterr().out
    for part in ("shop/model.py:4-5", "members", "a member of it", "0.2500", "7", "12 tokens"):
        assert part in printed
    assert "the [bold]prompt" in printed


def test_that_there_is_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_told(told())
    assert "No text of other files" in capsys.readouterr().out


def test_a_budget_below_nothing_is_refused() -> None:
    with pytest.raises(SettingsError, match="--budget-tokens"):
        run(parsed("a.py:1:1", "--budget-tokens", "-1"))


def test_help_says_how_lines_count(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("--help")
    assert "from 1" in " ".join(capsys.readouterr().out.split())
