"""What is said of a model before it is chosen, from files that are really GGUFs."""

from dataclasses import replace
from pathlib import Path

import pytest

from cloister.core.errors import ModelError
from cloister.features.model_report import Purpose, report_model, require_usable
from cloister.models.catalogue import BUNDLED, ModelFile


def test_the_bundled_model_completes_and_takes_no_instructions() -> None:
    report = report_model(BUNDLED)
    assert report.details is not None
    assert (report.details.family, report.details.quantisation) == ("cloister", "Q8_0")
    assert report.details.n_parameters == 6_917_376
    assert report.size_bytes == BUNDLED.path.stat().st_size
    assert report.details.need.total > report.details.need.weights > 7_000_000
    assert report.fits is True
    assert report.objection(Purpose.COMPLETION) == ""
    assert "no chat template" in report.objection(Purpose.ACTIONS)
    require_usable(report, Purpose.COMPLETION)
    with pytest.raises(ModelError, match="cannot be used for actions"):
        require_usable(report, Purpose.ACTIONS)


def test_a_model_of_no_known_family_is_declined_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "other.gguf"
    strange = BUNDLED.path.read_bytes().replace(b"<|fim_", b"<|xyz_")
    path.write_bytes(strange.replace(b"cloister-starter", b"somebody-starter"))
    report = report_model(ModelFile("other", path))
    assert report.details is not None
    assert report.details.family is None
    with pytest.raises(ModelError, match="its prompt format is not known"):
        require_usable(report, Purpose.COMPLETION)


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        (None, "No such file"),
        (b"", "damaged"),
        (b"PK\x03\x04" * 9, "does not begin with GGUF"),
        (BUNDLED.path.read_bytes()[:5000], "cut short"),
    ],
)
def test_a_file_that_is_no_model_is_reported_with_what_is_wrong(
    tmp_path: Path, contents: bytes | None, problem: str
) -> None:
    path = tmp_path / "m.gguf"
    if contents is not None:
        path.write_bytes(contents)
    report = report_model(ModelFile("m", path))
    assert report.details is None
    assert problem in report.problem
    for purpose in Purpose:
        with pytest.raises(ModelError, match="cannot be used as a model"):
            require_usable(report, purpose)


def test_what_does_not_fit_here_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cloister.features.model_report.available_bytes", lambda: 1_000_000)
    assert report_model(BUNDLED).fits is False
    monkeypatch.setattr("cloister.features.model_report.available_bytes", lambda: None)
    assert report_model(replace(BUNDLED, name="other")).fits is None
