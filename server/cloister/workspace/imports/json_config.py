"""JSON as configuration files have it: with comments and commas at the end.

What is no JSON at all is an empty object; values are looked at with care, anybody can write them.
"""

import json
import re
from typing import Any

# Strings and comments that do not end count as well, so that nothing is looked at twice.
_STRING = r'"(?:[^"\\\n]|\\.)*+"?'
_STRING_OR_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_STRING_OR_LAST_COMMA = re.compile(rf"({_STRING})|,(?=\s*+[}}\]])", re.DOTALL)


def parse_object(text: str) -> dict[str, Any]:
    """Return the object that the text spells; empty for anything else."""
    try:
        without_comments = _STRING_OR_COMMENT.sub(r"\1", text.removeprefix("\ufeff"))
        found = json.loads(_STRING_OR_LAST_COMMA.sub(r"\1", without_comments))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def text_at(found: dict[str, Any], key: str) -> str:
    """Return a text in an object, empty when there is none."""
    value = found.get(key)
    return value if isinstance(value, str) else ""


def object_at(found: dict[str, Any], key: str) -> dict[str, Any]:
    """Return an object in an object, empty when there is none."""
    value = found.get(key)
    return value if isinstance(value, dict) else {}
