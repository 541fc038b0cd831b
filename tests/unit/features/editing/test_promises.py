"""What an edit may change: documentation alone, signatures alone, and nothing that stands above."""

from pathlib import Path
from textwrap import indent

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import edited
from cloister.core.text import Span, Text
from cloister.features.editing.answer import AnswerFormat, RefusedAnswerError
from cloister.features.editing.checks import ONLY_DOCUMENTATION, ONLY_SIGNATURE, Promise
from cloister.features.editing.propose import Target, proposed_edits, whole_lines
from cloister.syntax.languages import language_named

JAVA = """\
class A {
    /** Adds. */
    @Pure
    int add(int a, int b) {
        // Both count.
        return a + b;
    }
}
"""
PYTHON = '''\
def add(a, b):
    """Add."""
    # Both count.
    return a + b
'''
RUST = """\
impl Show for A {
    /// Shows.
    fn show(&self) -> u8 {
        1
    }
}
"""
ADD = "@Pure\nint add(int a, int b) {\n    // Both count.\n    return a + b;\n}\n"


def result_of(
    answer: str, source: str, wanted: tuple[str, str], language: str, promise: Promise
) -> str:
    """Return the source after an answer about the text from one word to another."""
    text = Text(source)
    span = Span(source.index(wanted[0]), source.index(wanted[1]) + len(wanted[1]))
    document = DocumentSnapshot("file:///x", Path("/x"), language, 1, text)
    target = Target(document, whole_lines(text, span), language_named(language), promise)
    return edited(source, proposed_edits(f"```\n{answer}```\n", target, AnswerFormat.WHOLE))


WITH_COMMENT = ("/** Adds", "a + b;\n    }")
PYTHON_WHOLE = ("def add", "a + b")


@pytest.mark.parametrize(
    "answer",
    [
        f"/** Adds two numbers. */\n{ADD}",
        f"/**\n * Adds two numbers.\n */\n{ADD}",
        indent(f"/** Adds two numbers. */\n{ADD}", "    ").join(["class A {\n", "}\n"]),
    ],
)
def test_documentation_is_brought_up_to_date(answer: str) -> None:
    after = result_of(answer, JAVA, WITH_COMMENT, "java", ONLY_DOCUMENTATION)
    assert "Adds two numbers." in after
    assert (
        after.replace("/**\n     * Adds two numbers.\n     */", "/** Adds. */").replace(
            "/** Adds two numbers. */", "/** Adds. */"
        )
        == JAVA
    )


@pytest.mark.parametrize(
    ("answer", "source", "wanted", "language"),
    [
        (f"/** It adds. */\n{ADD.replace('+', '-')}", JAVA, WITH_COMMENT, "java"),
        (
            f"/** It adds. */\n{ADD.replace('    // Both count.' + chr(10), '')}",
            JAVA,
            WITH_COMMENT,
            "java",
        ),
        (
            PYTHON.replace("Add.", "It adds.").replace("a + b", "b + a"),
            PYTHON,
            PYTHON_WHOLE,
            "python",
        ),
        (PYTHON.replace("    # Both count.\n", ""), PYTHON, PYTHON_WHOLE, "python"),
        (
            PYTHON.replace("Add.", "x").replace("    return", "    if a:\n        return"),
            PYTHON,
            PYTHON_WHOLE,
            "python",
        ),
    ],
)
def test_code_is_not_documentation(
    answer: str, source: str, wanted: tuple[str, str], language: str
) -> None:
    with pytest.raises(RefusedAnswerError, match="only documentation was asked for"):
        result_of(answer, source, wanted, language, ONLY_DOCUMENTATION)


def test_signatures_change_alone() -> None:
    typed = PYTHON.replace("(a, b)", "(a: int, b: int) -> int")
    assert result_of(typed, PYTHON, PYTHON_WHOLE, "python", ONLY_SIGNATURE) == typed
    with pytest.raises(RefusedAnswerError, match="more than a signature"):
        result_of(typed.replace("a + b", "b + a"), PYTHON, PYTHON_WHOLE, "python", ONLY_SIGNATURE)


@pytest.mark.parametrize("comment", ["/** Adds. */\n", "/** Adds both. */\n", "// Adds.\n\n", ""])
def test_what_stands_above_is_not_written_again(comment: str) -> None:
    answer = comment + ADD.replace("a + b", "b + a")
    after = result_of(answer, JAVA, ("@Pure", "a + b;\n    }"), "java", Promise())
    assert after == JAVA.replace("a + b", "b + a")


def test_an_implementation_is_found_in_what_is_around_it() -> None:
    answer = RUST.replace("1", "2")
    after = result_of(answer, RUST, ("fn show", "1\n    }"), "rust", Promise())
    assert after == RUST.replace("1", "2")


@pytest.mark.parametrize("opening", ["", "<?php\n", "<?php\n\n", "\n<?php "])
@pytest.mark.parametrize("closing", ["", "?>\n"])
def test_tags_are_no_code(opening: str, closing: str) -> None:
    source = "<?php\n\nuse A\\B;\n\nfunction f(): int\n{\n    return 1;\n}\n"
    answer = f"{opening}use A\\C;\n\nfunction f(): int\n{{\n    return 2;\n}}\n{closing}"
    after = result_of(answer, source, ("function f", "return 1;\n}"), "php", Promise())
    assert after == source.replace("1", "2").replace("use A\\B;\n", "use A\\B;\nuse A\\C;\n")
