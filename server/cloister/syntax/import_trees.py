"""Imports written as a tree, such as `use a::{b, c::{d as e}, f::*}`, taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

MOST_NAMES = 1_000
MOST_DEPTH = 32

_WORD = re.compile(r"[{},]|=>|[^\s{},]+")
_ALIAS = ("as", "=>")
_WILDCARDS = ("*", "_")
_ITSELF = "self"


@dataclass(frozen=True, slots=True)
class TreeName:
    """One leaf of the tree, with the fields of `Import`."""

    module: str
    name: str
    alias: str = ""


def names_in_tree(text: str, separator: str, module: str = "") -> list[TreeName]:
    """Return the leaves of the tree in order; `module` is what stands before it.

    A leaf without anything before it is a module: `use serde` imports no name from elsewhere.
    """
    words = _WORD.findall(text.replace(separator, " "))
    return list(islice(_leaves(words, tuple(module.split(separator)), separator), MOST_NAMES))


def _leaves(words: list[str], start: tuple[str, ...], separator: str) -> Iterator[TreeName]:
    outer = [tuple(part for part in start if part)]
    path, alias = outer[0], list[str]()
    for word in [*words, ","]:
        if word == "{":
            outer.append(path)
        elif word in {",", "}"}:
            if len(path) > len(outer[-1]):
                yield _leaf(path, separator, "".join(alias[1:]))
            if word == "}" and len(outer) > 1:
                outer.pop()
            path, alias = outer[-1], []
        elif alias or word in _ALIAS:
            alias.append(word)
        else:
            path = (*path, word)
        if max(len(outer), len(path)) > MOST_DEPTH:
            return


def _leaf(path: tuple[str, ...], separator: str, alias: str) -> TreeName:
    *before, last = path
    if not before:
        return TreeName(last, "", alias)
    name = "*" if last in _WILDCARDS else "" if last == _ITSELF else last
    return TreeName(separator.join(before), name, alias)
