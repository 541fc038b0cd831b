from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cloister.context.assemble import Chosen, choose
from cloister.context.candidate import Candidate
from cloister.context.render import snippets_of
from cloister.core.context import Snippet, files_of
from support.places import asked, candidate

QUERY = asked("window_name = ║\n", "a.py")
NAMES = [f"name{n}" for n in range(12)]
LIKELIHOODS = {name: 0.3 / (n + 1) for n, name in enumerate(NAMES)}

lines = st.lists(st.sampled_from(NAMES), max_size=3).map(" ".join)
candidates = st.builds(
    candidate,
    st.lists(lines, min_size=1, max_size=5).map("\n".join),
    st.sampled_from(["b.py", "c.py", "a.py"]),
    st.integers(0, 20),
    st.floats(0.001, 0.5),
)


def cost(line: str) -> int:
    return len(line.split()) + 1


def chosen_of(*found: Candidate, budget: int = 100) -> list[Chosen]:
    return choose(QUERY, found, LIKELIHOODS, budget, cost)


def shown(
    *found: Candidate, budget: int = 100, previous: tuple[Snippet, ...] = ()
) -> tuple[Snippet, ...]:
    return snippets_of(chosen_of(*found, budget=budget), "#", cost, previous)


def test_likelier_names_come_first() -> None:
    unlikely, likely = candidate("name9", "b.py"), candidate("name0", "c.py")
    assert [each.candidate for each in chosen_of(unlikely, likely, budget=8)] == [likely]


def test_a_name_is_worth_showing_once() -> None:
    again, other = candidate("name0", "c.py"), candidate("name5", "d.py")
    found = [candidate("name0"), again, other]
    assert [each.candidate.text for each in chosen_of(*found)] == ["name0", "name5", "name0"]


def test_a_definition_is_preferred_to_a_use() -> None:
    use, definition = candidate("name1"), replace(candidate("name1", "c.py"), defines=("name1",))
    assert chosen_of(use, definition)[0].candidate == definition


def test_nothing_of_the_window_is_shown() -> None:
    assert not shown(candidate("name0\nname1", "a.py", 0))


def test_lines_of_a_file_stand_in_order_with_marks_where_some_are_left_out() -> None:
    (path, text), *others = files_of(
        shown(candidate("name3", first_line=8), candidate("name0\nname1", first_line=1))
    )
    assert (path, text) == ("b.py", "name0\nname1\n# …\nname3\n")
    assert not others


def test_overlapping_lines_are_shown_once() -> None:
    snippets = shown(candidate("name0\nname1"), candidate("name1\nname2", first_line=1))
    assert [snippet.text for snippet in snippets] == ["name0\nname1\nname2\n"]
    assert (snippets[0].first_line, snippets[0].last_line) == (0, 2)


def test_a_remark_is_shown_whole_and_beside_the_lines_of_its_file() -> None:
    remark = replace(candidate("# was: old\nname2"), is_remark=True)
    (_, text) = files_of(shown(candidate("name0\nname1"), remark))[0]
    assert text.startswith("name0\nname1\n")
    assert text.endswith("# was: old\nname2\n")


def test_what_was_shown_before_keeps_its_place_and_news_come_last() -> None:
    old = shown(candidate("name5", "z.py"), candidate("name6", "y.py"))
    found = [candidate("name5", "z.py"), candidate("name6", "y.py"), candidate("name0", "b.py")]
    new = shown(*found, previous=old)
    assert [each.path for each in new] == [*(each.path for each in old), "b.py"]


def test_a_file_that_changed_comes_after_those_that_did_not() -> None:
    names = {"z.py": "name5", "y.py": "name6"}
    old = shown(*(candidate(name, path) for path, name in names.items()))
    names[old[0].path] += " name7"
    new = shown(*(candidate(name, path) for path, name in names.items()), previous=old)
    assert [each.path for each in new] == [old[1].path, old[0].path]


@given(st.lists(candidates, max_size=12), st.integers(0, 60))
def test_the_budget_holds_and_nothing_is_shown_twice(found: list[Candidate], budget: int) -> None:
    snippets = shown(*found, budget=budget)
    assert sum(snippet.tokens for snippet in snippets) <= budget
    lines = [
        (snippet.path, line)
        for snippet in snippets
        for line in range(snippet.first_line, snippet.last_line + 1)
    ]
    assert len(lines) == len(set(lines))
    assert ("a.py", 0) not in lines


@given(st.lists(candidates, max_size=12))
def test_the_same_findings_give_the_same_snippets(found: list[Candidate]) -> None:
    assert shown(*found) == shown(*found)
