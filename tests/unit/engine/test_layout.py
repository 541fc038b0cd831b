from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from cloister.core.prompt import Prompt, Segment, SegmentRole, marker, plain
from cloister.engine.layout import Layout, layouts, outgrows

ROLE = SegmentRole
TEXTS = st.text(alphabet="ab \n", max_size=30)


def prefix_first(prefix: str, suffix: str) -> Prompt:
    return Prompt(
        (
            plain(ROLE.HEAD, "# a.py\n"),
            marker(ROLE.PREFIX, "<PRE>"),
            plain(ROLE.PREFIX, prefix),
            marker(ROLE.SUFFIX, "<SUF>"),
            plain(ROLE.SUFFIX, suffix),
            marker(ROLE.CUE, "<MID>"),
        )
    )


def suffix_first(prefix: str, suffix: str) -> Prompt:
    return Prompt(
        (
            marker(ROLE.SUFFIX, "<SUF>"),
            plain(ROLE.SUFFIX, suffix),
            marker(ROLE.PREFIX, "<PRE>"),
            plain(ROLE.PREFIX, prefix),
            marker(ROLE.CUE, "<MID>"),
        )
    )


def spelled(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments)


def shown(layout: Layout) -> list[str]:
    return [spelled(part) for part in (layout.lead, layout.tail, layout.rest)]


def test_the_line_that_is_being_typed_follows_the_last_marker() -> None:
    (layout,) = layouts(prefix_first("def f():\n    ret", "\nx = 1\n"), [])
    assert shown(layout) == snapshot(["# a.py\n<PRE>def f():\n", "<SUF>\nx = 1\n", "<MID>    ret"])


def test_an_earlier_split_is_offered_as_long_as_the_text_before_it_stays() -> None:
    prompt = prefix_first("def f():\n    x = 1\n    ret", "\n")
    earlier = ["def f():\n", "def g():\n", "def f():\n    x = 1\n", "def f():\n"]
    assert [layout.split for layout in layouts(prompt, earlier)] == snapshot(
        ["def f():\n    x = 1\n", "def f():\n"]
    )


def test_an_earlier_split_that_is_too_far_away_is_not_offered() -> None:
    prompt = prefix_first("a\n" + "b = 1\n" * 200, "")
    assert [layout.split for layout in layouts(prompt, ["a\n"])] == ["a\n" + "b = 1\n" * 200]


def test_a_prompt_with_the_suffix_first_stays_as_it_is() -> None:
    prompt = suffix_first("x", "y")
    assert list(layouts(prompt, ["x"])) == [Layout(prompt.segments, (), (), None)]


def test_a_prompt_without_a_suffix_stays_as_it_is() -> None:
    prompt = Prompt((plain(ROLE.PREFIX, "a\nb"), marker(ROLE.CUE, "<MID>")))
    assert list(layouts(prompt, ["a\n"])) == [Layout(prompt.segments, (), (), None)]
    assert list(layouts(Prompt(()), [])) == [Layout((), (), (), None)]


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=4))
def test_no_layout_loses_or_moves_any_text(prefix: str, suffix: str, earlier: list[str]) -> None:
    splits = [prefix[: len(split)] for split in earlier]
    for layout in layouts(prefix_first(prefix, suffix), splits):
        lead, tail, rest = shown(layout)
        assert (lead + rest).replace("<MID>", "") == f"# a.py\n<PRE>{prefix}"
        assert tail == f"<SUF>{suffix}"
        assert rest.startswith("<MID>")
        assert layout.split is not None
        assert lead.endswith(layout.split)


def test_a_prompt_outgrows_its_split_before_it_has_to_be_split_anew() -> None:
    before = "a\n"
    (layout,) = layouts(prefix_first(before + "b = 1\n" * 60, ""), [])
    assert outgrows(layout, before)
    assert not outgrows(layout, before + "b = 1\n" * 40)
    assert not outgrows(layout, None)
    (whole,) = layouts(suffix_first("x", "y"), [])
    assert not outgrows(whole, None)
