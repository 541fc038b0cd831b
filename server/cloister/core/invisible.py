"""Characters that nobody sees or that change what is seen, and a way to show them.

Escape sequences steer a terminal, bidirectional marks reorder a line, zero-width characters and
tags hide words. Nothing that holds one is inserted for a person, and nothing is printed with one.
Letters, marks, emoji and spaces of every script are ordinary.
"""

import re

# Unicode 16: the categories Cc (without line feed and tab), Cf, Cs, Co, Zl and Zp, and everything
# that is drawn as nothing (Default_Ignorable_Code_Point), in ascending order.
_RANGES = (
    (0x00, 0x08),
    (0x0B, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x034F, 0x034F),
    (0x0600, 0x0605),
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xD800, 0xF8FF),
    (0xFE00, 0xFE0E),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0x10FFFF),
)
# One selector after a sign asks for its coloured form; several in a row can spell a message.
_SELECTORS = "\ufe0f{2,}"
_INVISIBLE = re.compile(
    "[" + "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in _RANGES) + "]"
    f"|{_SELECTORS}"
)


def has_invisible(text: str) -> bool:
    """Return whether any character of the text is not what it looks like."""
    return _INVISIBLE.search(text) is not None


def shown(text: str) -> str:
    r"""Return the text with such characters written out (`\x1b`, `\u202e`), fit for a terminal."""
    return _INVISIBLE.sub(lambda found: "".join(map(_written_out, found[0])), text)


def _written_out(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
