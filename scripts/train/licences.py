"""Which licences the model may be trained under: permissive ones, and nothing else. Pure.

A package says its licence in its metadata, a repository in its licence file. What says nothing, or
something that is not known here, is left out.
"""

import re
from collections.abc import Iterable

_PERMISSIVE = {
    "0BSD", "APACHE", "APACHE-2.0", "BLUEOAK-1.0.0", "BSD", "BSD-2-CLAUSE", "BSD-3-CLAUSE",
    "BSL-1.0", "CC0-1.0", "CURL", "HPND", "ISC", "MIT", "MIT-0", "MIT-CMU", "POSTGRESQL",
    "PSF", "PSF-2.0", "PYTHON-2.0", "UNLICENSE", "WTFPL", "ZLIB", "ZPL-2.1",
}  # fmt: skip
_NAMES = (
    (re.compile(r"\b[AL]?GPL|General Public|Mozilla|\bMPL|Business", re.IGNORECASE), ""),
    (re.compile(r"Apache", re.IGNORECASE), "Apache-2.0"),
    (re.compile(r"\bMIT\b|Expat", re.IGNORECASE), "MIT"),
    (re.compile(r"BSD", re.IGNORECASE), "BSD"),
    (re.compile(r"\bISC\b|ISCL", re.IGNORECASE), "ISC"),
    (re.compile(r"Python Software Foundation|\bPSF\b", re.IGNORECASE), "PSF-2.0"),
    (re.compile(r"Historical Permission", re.IGNORECASE), "HPND"),
    (re.compile(r"Zope Public", re.IGNORECASE), "ZPL-2.1"),
    (re.compile(r"Unlicense", re.IGNORECASE), "Unlicense"),
    (re.compile(r"zlib", re.IGNORECASE), "Zlib"),
)  # fmt: skip
_TEXTS = (
    (re.compile(r"General Public Licen|Mozilla Public|Business Source", re.IGNORECASE), ""),
    (re.compile(r"Apache License,?\s+Version 2\.0", re.IGNORECASE), "Apache-2.0"),
    (re.compile(r"Permission is hereby granted, free of charge", re.IGNORECASE), "MIT"),
    (re.compile(r"Redistribution and use in source and binary forms", re.IGNORECASE), "BSD"),
    (re.compile(r"Permission to use, copy, modify, (and/or|and) distribute", re.IGNORECASE), "ISC"),
    (re.compile(r"This is free and unencumbered software", re.IGNORECASE), "Unlicense"),
)  # fmt: skip


def is_permissive(expression: str) -> bool:
    """Return whether an SPDX expression lets one choose permissive licences only."""
    flat = re.sub(r"[()]", " ", expression)
    parts = [part for part in re.split(r"\s+AND\s+", flat, flags=re.IGNORECASE) if part.strip()]
    return bool(parts) and all(
        any(_is_known(name) for name in re.split(r"\s+OR\s+", part, flags=re.IGNORECASE))
        for part in parts
    )


def licence_of_metadata(expression: str, classifiers: Iterable[str], name: str) -> str:
    """Return the licence that a Python package's metadata states, empty when that is unclear."""
    if expression:
        return expression if is_permissive(expression) else ""
    stated = [line.split(" :: ")[-1] for line in classifiers if line.startswith("License ::")]
    found = {_named(line, _NAMES) for line in stated if line != "OSI Approved"}
    if not found:
        found = {_named(name[:200], _NAMES)}
    return "" if "" in found else " AND ".join(sorted(found))


def licence_of_text(text: str) -> str:
    """Return the licence that a licence file holds, empty when it is not a permissive one."""
    return _named(text[:4000], _TEXTS)


def _named(text: str, patterns: Iterable[tuple[re.Pattern[str], str]]) -> str:
    return next((name for pattern, name in patterns if pattern.search(text)), "")


def _is_known(name: str) -> bool:
    return name.strip().upper().split(" WITH ")[0] in _PERMISSIVE
