"""Secrets that are known by their shape: private keys, tokens in parts, passwords in addresses.

Every pattern is bounded, or begins only where a word begins, so that none can go back and forth
over the same text.
"""

import re
from collections.abc import Iterator

from cloister.policy.secrets.finding import START, Finding, is_placeholder

_KEY_HEADER = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_FOOTER = re.compile(r"-----END [A-Z0-9 ]{0,40}-----")
_KEY_LINE = re.compile(r"[A-Za-z0-9+/]{40}")
_DASHES = "-----"

# A run of such letters begins here; within one a search would begin anew at every dash.
_RUN = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))"
_PART = "[A-Za-z0-9_-]{10,}"
# What the text must hold, and the pattern.
_SHAPES = {
    "JSON web token": ("eyJ", rf"{_RUN}eyJ{_PART}\.eyJ{_PART}\.{_PART}"),
    "Azure client secret": ("Q~", r"[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}"),
    "Telegram bot token": (":A", rf"{START}\d{{8,10}}:A[A-Za-z0-9_-]{{34}}(?![A-Za-z0-9_-])"),
    "Discord bot token": (
        ".",
        rf"{START}[MNO][A-Za-z0-9_-]{{23,27}}\.[A-Za-z0-9_-]{{6}}\.[A-Za-z0-9_-]{{27,40}}",
    ),
    "Mailchimp key": ("-us", rf"{START}[0-9a-f]{{32}}-us\d{{1,2}}(?!\w)"),
}
_PATTERNS = {name: (mark, re.compile(pattern)) for name, (mark, pattern) in _SHAPES.items()}
_ADDRESS = re.compile(
    r"://(?P<user>[^\s/@:'\"`<>]{0,100}):(?P<password>[^\s/@'\"`<>]{3,200})@[A-Za-z0-9\[]"
)


def find_shapes(text: str) -> Iterator[Finding]:
    """Yield what looks like a secret wherever it stands, in no order."""
    yield from _private_keys(text)
    yield from _addresses(text)
    for name, (mark, pattern) in _PATTERNS.items():
        if mark in text:
            yield from (Finding(name, *found.span()) for found in pattern.finditer(text))


def _private_keys(text: str) -> Iterator[Finding]:
    for header in _KEY_HEADER.finditer(text):
        end = text.find(_DASHES, header.end())
        end = len(text) if end < 0 else end
        if _KEY_LINE.search(text, header.end(), end):
            footer = _KEY_FOOTER.match(text, end)
            yield Finding("private key", header.start(), footer.end() if footer else end)


def _addresses(text: str) -> Iterator[Finding]:
    for found in _ADDRESS.finditer(text):
        user, password = found["user"], found["password"]
        # A local database often has one word for both.
        if password != user and not is_placeholder(password) and not _is_variable(password):
            yield Finding("password in an address", *found.span("password"))


def _is_variable(password: str) -> bool:
    return password[0] in "${%"
