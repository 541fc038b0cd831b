"""Chat templates give their pieces, and no template does harm."""

import pytest

from cloister.core.errors import ModelError
from cloister.engine.chat import chat_layout

TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}
MARKED = (
    "{% for message in messages %}<|start|>{{ message.role }}\n"
    "{{ message.content | trim }}<|end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
BRACKETED = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate') }}{% endif %}"
    "{% if message['role'] == 'user' %}[ASK] {{ message['content'] }} [/ASK]"
    "{% else %}{{ message['content'] }}{{ eos_token }}{% endif %}{% endfor %}"
)


@pytest.mark.parametrize(
    ("template", "roles", "pieces"),
    [
        (
            MARKED,
            ["system", "user"],
            (
                "<|start|>system\n",
                "<|end|>\n<|start|>user\n",
                "<|end|>\n<|start|>assistant\n",
            ),
        ),
        (BRACKETED, ["user"], ("<s>[ASK] ", " [/ASK]")),
        (
            BRACKETED,
            ["user", "assistant", "user"],
            ("<s>[ASK] ", " [/ASK]", "</s>[ASK] ", " [/ASK]"),
        ),
    ],
)
def test_the_pieces_stand_around_the_turns(
    template: str, roles: list[str], pieces: tuple[str, ...]
) -> None:
    assert chat_layout(template, roles, TOKENS, "a model") == pieces


HOSTILE = {
    "a conversation it refuses": (BRACKETED, "not made for such"),
    "nothing of the conversation": ("hello", "leaves out"),
    "turns in another order": ("{{ messages[1].content }}{{ messages[0].content }}", "leaves out"),
    "a turn twice": (f"{MARKED}{{{{ messages[0].content }}}}", "repeats"),
    "no template": ("{% for %}", "TemplateSyntaxError"),
    "a way out": ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "SecurityError"),
    "a way out by format": ("{{ '{0.__class__.__mro__}'.format(1) }}", "SecurityError"),
    "a change of what it got": ("{{ messages.append(1) }}", "SecurityError"),
    "an endless loop": (
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "does not end",
    ),
    "a long loop": ("{% for a in range(99999) %}xxxxxxxx{% endfor %}", "ValueError"),
    "too long a range": ("{% for a in range(10**9) %}x{% endfor %}", "OverflowError"),
    "a huge text": ("{{ 'a' * 10000000000 }}", "ValueError"),
    "a huge number": ("{{ 9 ** 99999999 }}", "ValueError"),
    "a wide text": ("{{ '%999999999d' % 1 }}", "ValueError"),
    "a padded text": ("{{ 'a'.ljust(999999999) }}", "SecurityError"),
    "a centred text": ("{{ 'a' | center(999999999) }}", "Template"),
    "recursion": ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "RecursionError"),
    "a file": ("{% include '/etc/passwd' %}", "TypeError"),
    "a huge template": ("x" * 200_000, "too long"),
    "division": ("{{ 1 / 0 }}", "ZeroDivisionError"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_templates_are_refused(case: str) -> None:
    template, reason = HOSTILE[case]
    with pytest.raises(ModelError, match=reason) as caught:
        chat_layout(template, ["system", "user"], TOKENS, "a model")
    assert str(caught.value).startswith("The chat template of a model cannot be used")
