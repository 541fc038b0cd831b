import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloister.core.text import Text
from cloister.workspace.index.extract import facts_of
from support.indexed import Planted

PIECES = ("\n", "\r\n", "\r", " ", "    ", "def f(x):", "class Ä:", "'''", '"', "\U0001d54f = 1")
CODE = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | CODE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gives_lines_and_signatures_that_are_in_it(source: str) -> None:
    text = Text(source)
    for name, *_, start, end, signature_end, first, last, signature, _ in facts_of(
        "a.py", source
    ).symbols:
        assert name in source
        assert 0 <= start <= signature_end <= end <= len(source)
        assert (first, last) == (text.line_of(start), text.line_of(max(start, end - 1)))
        assert source[start:signature_end].startswith(signature)


DOCUMENTED = {
    "def f():\n    '''Do it.\n\n    Now.\n    '''\n": "Do it.",
    'def f():\n    """\n    Begin on the next line.\n    """\n': "Begin on the next line.",
    "def f():\n    pass\n": "",
    "def f():\n    ''''''\n": "",
}


def test_the_first_line_of_documentation_has_words() -> None:
    for source, line in DOCUMENTED.items():
        (symbol,) = facts_of("a.py", source).symbols
        assert symbol[-1] == line


def test_a_file_of_no_language_has_words_only() -> None:
    facts = facts_of("README", "some words\n")
    assert (facts.language, facts.symbols, len(facts.chunks)) == ("", (), 1)


@given(CODE)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_buffer_says_is_what_its_file_says_when_it_is_saved(source: str) -> None:
    with tempfile.TemporaryDirectory() as folder, Planted(Path(folder), {}) as planted:
        (planted.root / "a.py").write_bytes(source.encode())
        planted.index.overlay("a.py", source)
        unsaved = planted.index.symbols_in("a.py"), planted.index.files_using("f", 5)
        planted.refresh("a.py")
        planted.index.drop_overlay("a.py")
        saved = planted.index.symbols_in("a.py"), planted.index.files_using("f", 5)
        assert unsaved == saved
