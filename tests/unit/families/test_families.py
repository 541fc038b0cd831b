from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from cloister.core.context import CompletionContext, Snippet
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment, SegmentKind, SegmentRole
from cloister.core.text import Span
from cloister.families import Family, all_families, family_of, why_no_family
from support.known_models import (
    CHAT_WITH_MARKERS,
    CHAT_WITHOUT_MARKERS,
    ONE_OF_EACH,
    KnownModel,
    described,
)

ALONE = CompletionContext("pkg/a.py", "x = ", "\ny = 2\n", Span(0, 11))
OTHER = Snippet("b.py", 0, 0, "z = 3", "test")
WITH_OTHER = CompletionContext("pkg/a.py", "x = ", "\ny = 2\n", Span(0, 11), (OTHER,))

SUFFIX_FIRST = {"cloister", "codegeex4", "codestral", "mellum", "seed-coder"}
WITHOUT_CUE = {"codestral"}

each_family = pytest.mark.parametrize("family", all_families(), ids=lambda family: family.name)


def description_of(family: Family) -> ModelDescription:
    return described(ONE_OF_EACH[family.name])


def segments(family: Family, context: CompletionContext) -> tuple[Segment, ...]:
    # What healing does to them is the same for all and has a test of its own.
    return replace(family, heals=False).render(context, description_of(family)).segments


def spelled(parts: tuple[Segment, ...], role: SegmentRole | None = None) -> str:
    return "".join(part.text for part in parts if role is None or part.role is role)


def test_there_is_one_known_model_for_each_family() -> None:
    assert {family.name for family in all_families()} == set(ONE_OF_EACH)
    assert len(all_families()) == len(ONE_OF_EACH)


def test_the_prompts() -> None:
    prompts = {family.name: spelled(segments(family, WITH_OTHER)) for family in all_families()}
    assert prompts == snapshot(
        {
            "cloister": """\
<|file_sep|>b.py
z = 3<|file_sep|>pkg/a.py
<|fim_suffix|>
y = 2
<|fim_prefix|>x = <|fim_middle|>\
""",
            "codegeex4": """\
[gMASK]<sop><|user|>
###REFERENCE:
###PATH:b.py
z = 3
###PATH:pkg/a.py
###LANGUAGE:Python
###MODE:BLOCK
<|code_suffix|>
y = 2
<|code_prefix|>x = <|code_middle|><|assistant|>
""",
            "codegemma": """\
<bos>b.py
z = 3<|file_separator|>pkg/a.py
<|fim_prefix|>x = <|fim_suffix|>
y = 2
<|fim_middle|>\
""",
            "codellama": """\
<s>▁<PRE> # Path: b.py
z = 3

# Path: pkg/a.py
x = ▁<SUF>
y = 2
▁<MID>\
""",
            "codestral": """\
<s>[SUFFIX]
y = 2
[PREFIX] +++++ b.py
z = 3

+++++ pkg/a.py
x = \
""",
            "deepseek-coder": """\
<｜begin▁of▁sentence｜><｜fim▁begin｜>#b.py
z = 3

#pkg/a.py
x = <｜fim▁hole｜>
y = 2
<｜fim▁end｜>\
""",
            "deepseek-coder-v2-lite": """\
<｜begin▁of▁sentence｜><｜fim▁begin｜>#b.py
z = 3

#pkg/a.py
x = <｜fim▁hole｜>
y = 2
<｜fim▁end｜>\
""",
            "granite-code": """\
<fim_prefix># Path: b.py
z = 3

# Path: pkg/a.py
x = <fim_suffix>
y = 2
<fim_middle>\
""",
            "mellum": """\
<filename>b.py
z = 3<filename>pkg/a.py
<fim_suffix>
y = 2
<fim_prefix>x = <fim_middle>\
""",
            "qwen2.5-coder": """\
<|repo_name|>repository
<|file_sep|>b.py
z = 3<|file_sep|>pkg/a.py
<|fim_prefix|>x = <|fim_suffix|>
y = 2
<|fim_middle|>\
""",
            "qwen3-coder": """\
<|repo_name|>repository
<|file_sep|>b.py
z = 3<|file_sep|>pkg/a.py
<|fim_prefix|>x = <|fim_suffix|>
y = 2
<|fim_middle|>\
""",
            "refact": """\
<fim_prefix># Path: b.py
z = 3

# Path: pkg/a.py
x = <fim_suffix>
y = 2
<fim_middle>\
""",
            "seed-coder": """\
<[begin▁of▁sentence]><[fim-suffix]>
y = 2
<[fim-prefix]># Path: b.py
z = 3

# Path: pkg/a.py
x = <[fim-middle]>\
""",
            "stable-code": """\
<fim_prefix># Path: b.py
z = 3

# Path: pkg/a.py
x = <fim_suffix>
y = 2
<fim_middle>\
""",
            "starcoder2": """\
<repo_name>repository<file_sep>b.py
z = 3<file_sep><fim_prefix>pkg/a.py
x = <fim_suffix>
y = 2
<fim_middle>\
""",
        }
    )


def test_the_prompts_of_a_file_alone() -> None:
    prompts = {family.name: spelled(segments(family, ALONE)) for family in all_families()}
    assert prompts == snapshot(
        {
            "cloister": """\
<|file_sep|>pkg/a.py
<|fim_suffix|>
y = 2
<|fim_prefix|>x = <|fim_middle|>\
""",
            "codegeex4": """\
[gMASK]<sop><|user|>
###PATH:pkg/a.py
###LANGUAGE:Python
###MODE:BLOCK
<|code_suffix|>
y = 2
<|code_prefix|>x = <|code_middle|><|assistant|>
""",
            "codegemma": """\
<bos><|fim_prefix|>x = <|fim_suffix|>
y = 2
<|fim_middle|>\
""",
            "codellama": """\
<s>▁<PRE> x = ▁<SUF>
y = 2
▁<MID>\
""",
            "codestral": """\
<s>[SUFFIX]
y = 2
[PREFIX] x = \
""",
            "deepseek-coder": """\
<｜begin▁of▁sentence｜><｜fim▁begin｜>x = <｜fim▁hole｜>
y = 2
<｜fim▁end｜>\
""",
            "deepseek-coder-v2-lite": """\
<｜begin▁of▁sentence｜><｜fim▁begin｜>x = <｜fim▁hole｜>
y = 2
<｜fim▁end｜>\
""",
            "granite-code": """\
<fim_prefix>x = <fim_suffix>
y = 2
<fim_middle>\
""",
            "mellum": """\
<filename>pkg/a.py
<fim_suffix>
y = 2
<fim_prefix>x = <fim_middle>\
""",
            "qwen2.5-coder": """\
<|repo_name|>repository
<|file_sep|>pkg/a.py
<|fim_prefix|>x = <|fim_suffix|>
y = 2
<|fim_middle|>\
""",
            "qwen3-coder": """\
<|repo_name|>repository
<|file_sep|>pkg/a.py
<|fim_prefix|>x = <|fim_suffix|>
y = 2
<|fim_middle|>\
""",
            "refact": """\
<fim_prefix>x = <fim_suffix>
y = 2
<fim_middle>\
""",
            "seed-coder": """\
<[begin▁of▁sentence]><[fim-suffix]>
y = 2
<[fim-prefix]>x = <[fim-middle]>\
""",
            "stable-code": """\
<fim_prefix>x = <fim_suffix>
y = 2
<fim_middle>\
""",
            "starcoder2": """\
<repo_name>repository<file_sep><fim_prefix>pkg/a.py
x = <fim_suffix>
y = 2
<fim_middle>\
""",
        }
    )


@each_family
def test_a_model_of_the_family_is_recognised_and_by_no_other(family: Family) -> None:
    description = description_of(family)
    assert family_of(description) is family
    matching = [
        other
        for other in all_families()
        if other.matches(description) and all(map(description.has_token, other.markers))
    ]
    assert matching == [family]


@each_family
def test_a_model_that_lacks_a_marker_is_not_recognised(family: Family) -> None:
    known = ONE_OF_EACH[family.name]
    for missing in family.markers:
        tokens = tuple(text for text in known.tokens if text != missing)
        description = described(KnownModel(known.name, known.architecture, tokens, pre=known.pre))
        assert family_of(description) is None


@each_family
def test_the_roles_come_in_the_order_that_the_engine_plans_for(family: Family) -> None:
    head, prefix, suffix, cue = (
        *(SegmentRole.HEAD, SegmentRole.PREFIX),
        *(SegmentRole.SUFFIX, SegmentRole.CUE),
    )
    window = [suffix, prefix] if family.name in SUFFIX_FIRST else [prefix, suffix]
    expected = [head, *window, *([] if family.name in WITHOUT_CUE else [cue])]
    for context in (ALONE, WITH_OTHER):
        roles = list(dict.fromkeys(part.role for part in segments(family, context)))
        assert roles == expected[expected.index(roles[0]) :]


@each_family
def test_every_marker_is_known_and_every_known_one_is_used(family: Family) -> None:
    used = {part.text for part in segments(family, WITH_OTHER) if part.kind is SegmentKind.MARKER}
    assert used - {description_of(family).begin_token} == set(family.markers)


@each_family
def test_the_window_and_the_other_files_are_in_the_prompt_once(family: Family) -> None:
    parts = segments(family, WITH_OTHER)
    assert spelled(parts, SegmentRole.PREFIX).endswith(WITH_OTHER.prefix)
    assert spelled(parts, SegmentRole.SUFFIX).endswith(WITH_OTHER.suffix)
    assert spelled(parts).count(OTHER.text) == spelled(parts).count(OTHER.path) == 1


@each_family
@given(prefix=st.text(), typed=st.text())
def test_typing_only_changes_the_text_of_the_prefix(
    family: Family, prefix: str, typed: str
) -> None:
    # A marker in the text is a case of its own: the text comes in pieces then.
    assume(not any(marker in prefix + typed for marker in family.markers))
    before = segments(family, CompletionContext("a.py", prefix, "s", Span(0, 0)))
    after = segments(family, CompletionContext("a.py", prefix + typed, "s", Span(0, 0)))
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new.text.removeprefix(old.text) for old, new in changed] == [typed] * bool(typed)
    assert all(new.role is SegmentRole.PREFIX for _, new in changed)


@each_family
@given(prefix=st.text())
def test_healing_leaves_the_last_word_to_the_answer(family: Family, prefix: str) -> None:
    context = CompletionContext("a.py", prefix, "s", Span(0, 0))
    description = description_of(family)
    whole = replace(family, heals=False).render(context, description)
    prompt = replace(family, heals=True).render(context, description)
    assert prompt.prefix + prompt.opening == whole.prefix
    assert len(prompt.segments) == len(whole.segments)


@each_family
def test_no_text_holds_a_marker(family: Family) -> None:
    description = description_of(family)
    everything = "".join(description.special_tokens) + "code"
    context = CompletionContext(
        f"{everything}.py",
        everything,
        everything,
        Span(0, 0),
        (Snippet(everything, 0, 0, everything, "test"),),
    )
    parts = segments(family, context)
    texts = [part.text for part in parts if part.kind is SegmentKind.TEXT]
    for marker in filter(None, (*family.markers, description.begin_token)):
        assert not any(marker in text for text in texts)
    assert spelled(parts, SegmentRole.PREFIX).endswith(everything)
    assert spelled(parts, SegmentRole.SUFFIX).endswith(everything)


@pytest.mark.parametrize(
    ("name", "architecture"), [("Starcoder", "starcoder"), ("Granite 20b Code Base", "starcoder")]
)
def test_relatives_of_granite_code_share_its_format(name: str, architecture: str) -> None:
    description = described(KnownModel(name, architecture, ONE_OF_EACH["granite-code"].tokens))
    family = family_of(description)
    assert family is not None
    assert family.name == "granite-code"


@pytest.mark.parametrize("model", CHAT_WITH_MARKERS, ids=lambda model: model.name)
def test_chat_models_with_markers_are_declined(model: KnownModel) -> None:
    description = described(model)
    assert family_of(description) is None
    assert why_no_family(description) == (
        "it is a chat model that was not trained with the infilling markers it has"
    )


@pytest.mark.parametrize("model", CHAT_WITHOUT_MARKERS, ids=lambda model: model.name)
def test_chat_models_without_markers_are_declined(model: KnownModel) -> None:
    description = described(model)
    assert family_of(description) is None
    assert why_no_family(description) == "it is a chat model without infilling"


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (KnownModel("Gpt2", "gpt2", ("<|endoftext|>",)), "it was not trained for infilling"),
        (
            KnownModel("Mystery 7b", "llama", ONE_OF_EACH["refact"].tokens),
            "it has infilling markers, but its prompt format is not known",
        ),
    ],
)
def test_other_models_are_declined(model: KnownModel, reason: str) -> None:
    description = described(model)
    assert family_of(description) is None
    assert why_no_family(description) == reason
