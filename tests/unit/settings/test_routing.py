"""When services are asked: only the user's own file says so, and a mistake asks nobody."""

import pytest

from cloister.features.escalation.routing import routing_problems
from cloister.settings.resolve import FILE_NAMES, resolve_settings
from cloister.settings.settings import RoutingSettings, Settings

TASKS = ("completion", "fix", "simplify")


@pytest.mark.parametrize(
    ("table", "routing", "problem"),
    [
        ({}, RoutingSettings("ask", "", (), 0.3), ""),
        (
            {"mode": "low-confidence", "backend": "a", "tasks": ["fix"], "confidence": 1},
            RoutingSettings("low-confidence", "a", ("fix",), 1),
            "",
        ),
        ({"mode": "never"}, RoutingSettings("never"), ""),
        ({"mode": "always"}, RoutingSettings(), "one of never, ask, low-confidence"),
        ({"tasks": "fix"}, RoutingSettings(), "a list of names"),
        ({"tasks": ["fix", 1]}, RoutingSettings(), "a list of names"),
        ({"tasks": ["fix"] * 101}, RoutingSettings(), "a list of names"),
        ({"confidence": 1.5}, RoutingSettings(), "between 0 and 1"),
        ({"confidence": True}, RoutingSettings(), "a number"),
        ({"taks": ["fix"]}, RoutingSettings(), "did you mean 'routing.tasks'?"),
    ],
)
def test_the_users_file(table: dict[str, object], routing: RoutingSettings, problem: str) -> None:
    settings, problems = resolve_settings({"routing": table}, names=FILE_NAMES)
    assert settings.routing == routing
    assert problem in "".join(problems)
    assert len(problems) == bool(problem)


@pytest.mark.parametrize(
    "options", [{"routing": {"mode": "low-confidence"}}, {"routing.mode": "low-confidence"}]
)
def test_an_editor_has_no_say(options: dict[str, object]) -> None:
    settings, problems = resolve_settings(options)
    assert settings == Settings()
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("routing", "task", "service"),
    [
        (RoutingSettings("low-confidence", "a", ("fix",)), "fix", "a"),
        (RoutingSettings("low-confidence", "a", ("fix",)), "completion", ""),
        (RoutingSettings("ask", "a", ("fix",)), "fix", ""),
        (RoutingSettings("never", "a", ("fix",)), "fix", ""),
        (RoutingSettings("low-confidence", "", ("fix",)), "fix", ""),
        (RoutingSettings(), "fix", ""),
    ],
)
def test_who_is_asked_by_itself(routing: RoutingSettings, task: str, service: str) -> None:
    assert routing.service_for(task) == service


@pytest.mark.parametrize(
    ("routing", "words"),
    [
        (RoutingSettings(), []),
        (RoutingSettings("low-confidence", "team", ("fix", "completion")), []),
        (RoutingSettings("ask", "taem"), ["did you mean 'team'?"]),
        (RoutingSettings("ask", "x"), ["`cloister backend add`"]),
        (RoutingSettings("ask", "team", ("fixx", "zzz")), ["'fix'?", "`cloister action list`"]),
        (RoutingSettings("low-confidence"), ["needs 'backend'", "needs 'tasks'"]),
    ],
)
def test_names_that_nothing_has_are_told(routing: RoutingSettings, words: list[str]) -> None:
    problems = list(routing_problems(routing, TASKS, ("team",)))
    assert len(problems) == len(words)
    assert all(word in problem for word, problem in zip(words, problems, strict=True))
