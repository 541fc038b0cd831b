"""Code of an answer on its own: some languages have to be told that it is code.

In PHP everything outside of tags is text, and models write the tags or leave them out.
"""

from cloister.syntax.languages import Language

_TAGS = {"php": ("<?php\n", "?>")}


def as_file(code: str, language: Language) -> str:
    """Return code as a file of its own would begin."""
    opening, _ = _TAGS.get(language.name, ("", ""))
    return code if _begins_with_tag(code) else opening + code


def as_part(code: str, language: Language, original: str) -> str:
    """Return code as it stands within a file, in place of `original`, which may have tags."""
    opening, closing = _TAGS.get(language.name, ("", ""))
    if not opening or _begins_with_tag(original):
        return code
    if _begins_with_tag(code):
        code = code.lstrip().removeprefix(opening.strip())
    return code.rstrip().removesuffix(closing)


def start_of_code(code: str) -> int:
    """Return the offset behind the tag that code may begin with."""
    return code.index("<?php") + len("<?php") if code.lstrip().startswith("<?php") else 0


def _begins_with_tag(code: str) -> bool:
    return code.lstrip().startswith("<?")
