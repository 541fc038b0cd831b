"""What a file has to begin with is told from what it goes on with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.text import Text
from cloister.features.editing.header import header_end
from cloister.syntax.languages import language_named

CASES = [
    # `║` stands behind the header.
    ("python", "║x = 1\n"),
    ("python", '"""What it is."""\n║x = 1\n'),
    ("python", "'''What\n\nit is.'''\n║x = 1\n"),
    ("python", "#!/usr/bin/python3\n║x = 1\n"),
    ("python", "║# About x.\nx = 1\n"),
    ("python", "# Free to use.\n║\nx = 1\n"),
    ("python", "# Free to use.\n\n\n'''What it is.'''\n║x = 1\n"),
    ("python", "# Free to use.\r\n║\r\nx = 1\r\n"),
    ("python", "# Only this.\n║"),
    ("go", "// Package a counts.\npackage a\n║\nfunc F() {}\n"),
    ("javascript", "'use strict';\n║f();\n"),
    ("javascript", "/* Free\nto use. */\n║\nf();\n"),
    ("tsx", '"use client"\n║const a = 1;\n'),
    ("php", "<?php\n\nnamespace A;\n║\nclass B {}\n"),
    ("php", "<?php\n║/** A class. */\nclass B {}\n"),
    ("rust", "//! Counts.\n#![no_std]\n║fn f() {}\n"),
    ("rust", "║#[test]\nfn f() {}\n"),
    ("c", "#ifndef A_H\n#define A_H\n║int f(void);\n#endif\n"),
    ("c", "║#ifndef A\n#define B\n#endif\n"),
    ("cpp", "#pragma once\n║class A {};\n"),
    ("kotlin", '@file:JvmName("A")\npackage a\n║fun f() {}\n'),
    ("ruby", "# frozen_string_literal: true\n║class A\nend\n"),
    ("bash", "#!/bin/sh\nset -eu\n║f() { :; }\n"),
    ("lua", "-- Counts.\n║\nlocal a = 1\n"),
    ("c_sharp", "║namespace A;\n"),
]


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_the_header_ends(language: str, marked: str) -> None:
    text = Text(marked.replace("║", ""))
    assert header_end(text, language_named(language)) == marked.index("║")


@given(
    source=st.lists(
        st.sampled_from(["# a\n", '"""', "'''", "\n", "/* ", "*/", "\r\n", "<?php", "x", "#!"])
    ).map("".join),
    language=st.sampled_from([language for language, _ in CASES]),
)
def test_it_ends_with_a_line_or_the_text(source: str, language: str) -> None:
    end = header_end(Text(source), language_named(language))
    assert end in (0, len(source)) or source[:end].endswith(("\n", "\r"))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["#\n", '"""', " ", "/*", "/* */\n", "\n", "// a\n", "#!"])
@pytest.mark.parametrize("language", ["python", "c", "php", "rust"])
def test_strange_files_are_read_in_one_pass(piece: str, language: str) -> None:
    header_end(Text(piece * 50_000), language_named(language))
