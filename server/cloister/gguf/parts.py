"""A model may be split into files `NAME-00001-of-00003.gguf`, of which each holds some tensors.

llama.cpp finds the others beside the first by their names. Only the first one describes the model;
its metadata says how many there are.
"""

import re
from dataclasses import replace
from pathlib import Path

from cloister.gguf.cursor import DamagedGgufError
from cloister.gguf.header import Header, open_file, parse_header, parse_part, size_of

_SUFFIX = ".gguf"
_NUMBERED = re.compile(r"(?P<name>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})")
_MOST_PARTS = 1000


def part_of_name(stem: str) -> tuple[str, int, int] | None:
    """Return the model's name, the number and the count that a file's name holds, if it does."""
    numbered = _NUMBERED.fullmatch(stem)
    return numbered and (numbered["name"], int(numbered["number"]), int(numbered["count"]))


def part_paths(path: Path) -> tuple[Path, ...]:
    """Return all files of a model by their names, given the only one or the first."""
    part = part_of_name(path.name.removesuffix(_SUFFIX))
    if part is None or part[2] > _MOST_PARTS:
        return (path,)
    name, _, count = part
    numbers = range(1, count + 1)
    return tuple(path.with_name(f"{name}-{it:05}-of-{count:05}{_SUFFIX}") for it in numbers)


def read_model(path: Path) -> Header:
    """Return the header of a model with the tensors of all its parts.

    Raises OSError when a file cannot be opened, DamagedGgufError when one is no sound GGUF, or no
    part of this model.
    """
    with open_file(path) as file:
        header = parse_header(file, size_of(file))
    count = _count(header, "count")
    if count <= 1:
        return header
    later = _later_paths(path, count)
    if number := _count(header, "no"):
        raise DamagedGgufError(
            f"it is part {number + 1} of {count}, and the first one is asked for"
        )
    parts = [_later_part(it, number) for number, it in enumerate(later, 1)]
    tensors = tuple(tensor for part in (header, *parts) for tensor in part.tensors)
    if _count(header, "tensors.count") not in (0, len(tensors)):
        raise DamagedGgufError("its parts do not belong together")
    return replace(header, tensors=tensors)


def _later_paths(path: Path, count: int) -> tuple[Path, ...]:
    paths = part_paths(path)
    if len(paths) != count:
        raise DamagedGgufError(f"it is one of {count} parts, and its name does not say which")
    return paths[1:]


def _later_part(path: Path, number: int) -> Header:
    try:
        with open_file(path) as file:
            part = parse_part(file, size_of(file))
    except FileNotFoundError as error:
        raise DamagedGgufError(f"its part {path.name} is missing") from error
    except DamagedGgufError as error:
        raise DamagedGgufError(f"in its part {path.name}, {error}") from error
    if _count(part, "no") != number:
        raise DamagedGgufError(f"{path.name} is another part than its name says")
    return part


def _count(header: Header, name: str) -> int:
    value = header.metadata.get(f"split.{name}")
    return value if isinstance(value, int) else 0
