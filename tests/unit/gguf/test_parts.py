"""A model in parts is one model: all of them are found, read and checked."""

import shutil
from pathlib import Path

import pytest

from cloister.core.errors import ModelError
from cloister.engine.model_file import check_model_file, file_identity
from cloister.features.model_report import report_model
from cloister.gguf.header import read_header
from cloister.gguf.parts import part_paths, read_model
from cloister.models.catalogue import BUNDLED, ModelFile
from support.split_models import write_split_model


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    return write_split_model(BUNDLED.path, tmp_path, 3)


def test_all_parts_together_say_what_the_whole_says(parts: list[Path]) -> None:
    whole, model = read_header(BUNDLED.path), read_model(parts[0])
    assert model.tensors == whole.tensors
    assert model.packed_tokens == whole.packed_tokens
    checked = check_model_file(parts[0])
    assert checked.header == model
    assert checked.identity == file_identity(parts[0])
    assert checked.identity.n_bytes == sum(part.stat().st_size for part in parts)


def test_a_report_counts_all_parts(parts: list[Path]) -> None:
    whole, report = report_model(BUNDLED), report_model(ModelFile("model", parts[0]))
    assert report.details is not None
    assert whole.details is not None
    assert report.size_bytes == sum(part.stat().st_size for part in parts)
    assert report.details.n_parameters == whole.details.n_parameters
    assert report.details.need == whole.details.need


def remove(parts: list[Path]) -> None:
    parts[1].unlink()


def cut(parts: list[Path]) -> None:
    parts[2].write_bytes(parts[2].read_bytes()[:-1])


def swap(parts: list[Path]) -> None:
    parts[1].write_bytes(parts[2].read_bytes())


def make_whole(parts: list[Path]) -> None:
    shutil.copyfile(BUNDLED.path, parts[2])


def rename(parts: list[Path]) -> None:
    parts[0].rename(parts[0].with_name("renamed.gguf"))
    parts[0] = parts[0].with_name("renamed.gguf")


def reverse(parts: list[Path]) -> None:
    # A later part that describes the model as well, as the first one does.
    parts.reverse()
    data = parts[2].read_bytes()
    number = b"split.no\x02\x00\x00\x00"
    parts[0].write_bytes(data.replace(number + b"\x00\x00", number + b"\x02\x00"))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (remove, "its part model-00002-of-00003.gguf is missing"),
        (cut, "in its part model-00003-of-00003.gguf, it is cut short"),
        (swap, "model-00002-of-00003.gguf is another part than its name says"),
        (make_whole, "model-00003-of-00003.gguf is another part than its name says"),
        (rename, "it is one of 3 parts, and its name does not say which"),
        (reverse, "it is part 3 of 3, and the first one is asked for"),
    ],
)
def test_what_is_wrong_with_a_part_is_said(parts: list[Path], damage: object, problem: str) -> None:
    assert callable(damage)
    damage(parts)
    with pytest.raises(ModelError, match="is not a usable GGUF") as caught:
        check_model_file(parts[0])
    assert problem in str(caught.value)
    report = report_model(ModelFile("model", parts[0]))
    assert report.details is None
    assert problem in report.problem


def test_a_part_that_changes_changes_the_model(parts: list[Path]) -> None:
    before = file_identity(parts[0])
    parts[2].write_bytes(parts[2].read_bytes() + b"\0")
    assert file_identity(parts[0]) != before


def test_a_name_with_too_many_parts_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "model-00001-of-99999.gguf"
    assert part_paths(path) == (path,)
