"""How some languages write the same code: templates for `str.format_map`.

`{a}`, `{b}` and `{c}` are names, `{f}` is a function, `{t}` a type, `{n}` a number and `{s}` a few
words. What else a template names is what its field is about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.index.vocabulary import camel, snake


@dataclass(frozen=True, slots=True)
class Dialect:
    """A language's templates; what it does not write is empty.

    A type is `type_opened`, fields, `fields_closed`, methods, `type_closed`. Statements that open a
    block are in `blocks`.
    """

    extension: str
    style: Callable[[Sequence[str]], str]
    indentation: str
    comment: str
    head: str
    imported: str
    type_opened: str
    field: str
    fields_closed: str
    method: str
    type_closed: str
    function: str
    statements: tuple[str, ...]
    blocks: tuple[str, ...]
    block_closed: str = "}}"
    result: str = "return {a};"
    method_depth: int = 1


PYTHON = Dialect(
    extension=".py",
    style=snake,
    indentation="    ",
    comment="# {s}",
    head='"""{s}"""',
    imported="from {package}.{folder}.{stem} import {type}",
    type_opened="class {type}:",
    field="{name}: int = {n}",
    fields_closed="",
    method="def {name}(self, {a}: int, {b}: str) -> int:",
    type_closed="",
    function="def {name}({a}: int, {b}: list[str]) -> int:",
    statements=(
        "{a} = {b}.{f}({c}, {n})",
        "{a}[{n}] = {f}({b}, {c}={n})",
        "self.{a} += {t}({b}).{c}",
        '{f}("{s}", {a})',
    ),
    blocks=("if {a} > {n}:", "for {a} in {b}.{f}():", "with {f}({a}) as {b}:"),
    block_closed="",
    result="return {a}",
)
TYPESCRIPT = Dialect(
    extension=".ts",
    style=camel,
    indentation="  ",
    comment="// {s}",
    head="// {s}",
    imported='import {{ {type} }} from "../../{package}/{folder}/{stem}";',
    type_opened="export class {type} {{",
    field="private {name}: number = {n};",
    fields_closed="",
    method="{name}({a}: number, {b}: string): number {{",
    type_closed="}}",
    function="export function {name}({a}: number, {b}: string[]): number {{",
    statements=(
        "const {a} = {b}.{f}({c}, {n});",
        "this.{a} = await {f}({b}, {{ {c}: {n} }});",
        "{a}.push(new {t}({b}, {c}));",
        "{f}(`{s}`, ({a}) => {a}.{b});",
    ),
    blocks=("if ({a} > {n}) {{", "for (const {a} of {b}.{f}()) {{", "while ({a}.{b}) {{"),
)
GO = Dialect(
    extension=".go",
    style=camel,
    indentation="\t",
    comment="// {s}",
    head="package {folder}",
    imported='import "bench.example/{package}/{folder}"',
    type_opened="type {type} struct {{",
    field="{name} int",
    fields_closed="}}",
    method="func (it *{type}) {name}({a} int, {b} string) int {{",
    type_closed="",
    function="func {name}({a} int, {b} []string) int {{",
    statements=(
        "{a} := {b}.{f}({c}, {n})",
        "it.{a} = append(it.{a}, {t}{{{b}, {c}}})",
        '{a}, err := {f}({b}, "{s}")',
        "defer {a}.{f}()",
    ),
    blocks=("if {a} > {n} {{", "for _, {a} := range {b}.{f}() {{", "if err != nil {{"),
    result="return {a}",
    method_depth=0,
)
JAVA = Dialect(
    extension=".java",
    style=camel,
    indentation="    ",
    comment="// {s}",
    head="package {package}.{folder};",
    imported="import {package}.{folder}.{type};",
    type_opened="public class {type} {{",
    field="private int {name} = {n};",
    fields_closed="",
    method="public int {name}(int {a}, String {b}) {{",
    type_closed="}}",
    function="",
    statements=(
        "int {a} = {b}.{f}({c}, {n});",
        "this.{a} = new {t}({b}, {c});",
        '{a}.{f}("{s}", {b} -> {b}.{c}());',
        "List<{t}> {a} = {b}.stream().map({t}::{f}).toList();",
    ),
    blocks=("if ({a} > {n}) {{", "for (var {a} : {b}.{f}()) {{", "while ({a}.{f}()) {{"),
)
RUST = Dialect(
    extension=".rs",
    style=snake,
    indentation="    ",
    comment="// {s}",
    head="//! {s}",
    imported="use crate::{package}::{folder}::{stem}::{type};",
    type_opened="pub struct {type} {{",
    field="{name}: u32,",
    fields_closed="}}\n\nimpl {type} {{",
    method="pub fn {name}(&mut self, {a}: u32, {b}: &str) -> u32 {{",
    type_closed="}}",
    function="pub fn {name}({a}: u32, {b}: &[String]) -> u32 {{",
    statements=(
        "let {a} = {b}.{f}({c}, {n})?;",
        "self.{a} = {t}::new({b}, {c});",
        '{f}!("{s}", {a});',
        "let mut {a} = {b}.iter().map(|{c}| {c}.{f}()).collect::<Vec<{t}>>();",
    ),
    blocks=("if {a} > {n} {{", "for {a} in {b}.{f}() {{", "while {a}.{f}() {{"),
)
