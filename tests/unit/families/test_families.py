from inline_snapshot import snapshot

from cloister.core.context import CompletionContext, Snippet
from cloister.core.model import ModelDescription
from cloister.core.prompt import SegmentRole
from cloister.core.text import Span
from cloister.families import all_families, family_of

MARKERS = {
    "prefix": "<|fim_prefix|>",
    "suffix": "<|fim_suffix|>",
    "middle": "<|fim_middle|>",
    "file": "<|file_sep|>",
}


def described(name: str, markers: dict[str, str]) -> ModelDescription:
    return ModelDescription(name, "/m.gguf", "llama", 1024, 8192, markers)


def rendered(context: CompletionContext) -> str:
    description = described("cloister-starter-v0", MARKERS)
    family = family_of(description)
    assert family is not None
    return "".join(segment.text for segment in family.render(context, description).segments)


def test_our_models_read_suffix_then_prefix() -> None:
    context = CompletionContext("pkg/a.py", "x = ", "\ny = 2\n", Span(0, 11))
    assert rendered(context) == snapshot(
        """\
<|file_sep|>pkg/a.py
<|fim_suffix|>
y = 2
<|fim_prefix|>x = <|fim_middle|>"""
    )


def test_other_files_come_before_the_current_one() -> None:
    snippet = Snippet("b.py", Span(0, 5), "z = 3\n", "test")
    context = CompletionContext("a.py", "x", "y", Span(0, 2), (snippet,))
    assert rendered(context).startswith("<|file_sep|>b.py\nz = 3\n<|file_sep|>a.py\n<|fim_suffix|>")


def test_the_cue_comes_last_and_typing_only_appends() -> None:
    description = described("cloister-starter-v0", MARKERS)
    family = family_of(description)
    assert family is not None
    short = family.render(CompletionContext("a.py", "x", "y", Span(0, 2)), description).segments
    long = family.render(CompletionContext("a.py", "xz", "y", Span(0, 3)), description).segments
    assert short[-1].role is SegmentRole.CUE
    assert short[:-2] == long[:-2]


def test_an_unknown_model_has_no_family() -> None:
    assert family_of(described("mystery-7b", MARKERS)) is None


def test_a_model_without_the_markers_has_no_family() -> None:
    assert family_of(described("cloister-starter-v0", {"prefix": "<|fim_prefix|>"})) is None


def test_every_family_file_is_found_and_names_are_unique() -> None:
    names = [family.name for family in all_families()]
    assert "cloister" in names
    assert len(names) == len(set(names))
