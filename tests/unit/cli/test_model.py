"""`cloister model` as a person uses it: in a home of one's own, with models that are real GGUFs."""

import json
from pathlib import Path
from typing import Any

import pytest

from cloister.cli import main
from cloister.models.catalogue import BUNDLED

OTHER = "cloister-starter-v9"
"""What a copy of the bundled model calls itself; its name has as many letters."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("OLLAMA_MODELS", "HF_HOME", "HF_HUB_CACHE", "LLAMA_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def config(home: Path) -> Path:
    return home / "config" / "cloister" / "config.toml"


def own(home: Path) -> Path:
    return home / "data" / "cloister" / "models"


def put_model(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = BUNDLED.path.read_bytes()
    path.write_bytes(weights.replace(b"cloister-starter-v0", OTHER.encode()))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["model", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, _ = run(capsys, *arguments, "--json")
    assert code == 0
    return json.loads(out)


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    return {model["name"]: model for model in answer(capsys, "list")["models"]}


def test_what_is_imported_is_listed_chosen_and_used(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = put_model(home / "downloads" / "tiny.gguf")
    code, out, _ = run(capsys, "import", str(source), "--name", "mine")
    assert code == 0
    path = own(home) / "mine.gguf"
    assert out == f"mine is at {path}; `cloister model use mine` makes it write completions.\n"
    assert listed(capsys)[BUNDLED.name]["used_for"] == ["completion", "actions"]
    code, out, _ = run(capsys, "use", "mine")
    assert (code, out) == (0, f"mine is used for completion from now on ({config(home)}).\n")
    assert config(home).read_text() == 'model = "mine"\n'
    mine = listed(capsys)["mine"]
    assert mine["used_for"] == ["completion", "actions"]
    assert (mine["from"], mine["family"], mine["fits"]) == ("cloister", "cloister", True)
    assert (mine["path"], mine["parameters"]) == (str(path), 6_917_376)


def test_a_pipe_gets_a_plain_row_for_each_model(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(own(home) / "mine.gguf")
    (own(home) / "broken.gguf").write_bytes(b"GGUF")
    (own(home) / "evil\x1b[2J.gguf").write_bytes(b"GGUF")
    code, out, err = run(capsys, "list")
    assert (code, err) == (0, "")
    rows = {line.split()[0]: line for line in out.splitlines()}
    assert "yes (cloister)" in rows["mine"]
    assert "6.9M" in rows["mine"]
    assert "Q8_0" in rows["mine"]
    assert "no: the file is damaged: it is cut short" in rows["broken"]
    assert "evil\\x1b[2J" in rows
    assert "\x1b" not in out


def test_a_used_model_outside_every_folder_is_listed_too(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put_model(home / "elsewhere" / "far.gguf")
    assert answer(capsys, "use", str(path))["model"] == str(path)
    assert listed(capsys)["far"]["used_for"] == ["completion", "actions"]


def test_models_for_completion_and_actions_are_separate(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_model(own(home) / "mine.gguf")
    config(home).parent.mkdir(parents=True)
    config(home).write_text('action_model = "mine"  # mine\n')
    models = listed(capsys)
    assert models[BUNDLED.name]["used_for"] == ["completion"]
    assert models["mine"]["used_for"] == ["actions"]
    code, out, err = run(capsys, "use", "mine", "--for", "actions")
    assert (code, out) == (1, "")
    assert "cannot be used for actions: it was not trained to follow instructions" in err
    assert config(home).read_text() == 'action_model = "mine"  # mine\n'


def test_a_settings_file_that_is_broken_is_a_note_in_the_list(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config(home).parent.mkdir(parents=True)
    config(home).write_text("model =\n")
    code, out, err = run(capsys, "list")
    assert (code, BUNDLED.name in out) == (0, True)
    assert "at line 1, column 8" in err
    config(home).write_text('model = "gone"\n')
    assert "There is no model named 'gone'" in run(capsys, "list")[2]


def test_info_says_everything_in_lines_and_as_json(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put_model(home / "downloads" / "tiny.gguf")
    facts = answer(capsys, "info", str(path))
    assert facts["calls_itself"] == OTHER
    assert facts["fim_markers"]["prefix"] == "<|fim_prefix|>"
    code, out, _ = run(capsys, "info", str(path))
    assert code == 0
    assert f"path              {path}\n" in out
    assert "  prefix          <|fim_prefix|>\n" in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["use", "gpt-9"], 2, "There is no model named 'gpt-9'"),
        (["use", "/nowhere.gguf"], 1, "nowhere.gguf: No such file"),
        (["use", "{broken}"], 1, "the file is damaged: it does not begin with GGUF"),
        (["info", "gpt-9"], 2, "There is no model named 'gpt-9'"),
        (["import", "/nowhere.gguf"], 1, "No such file"),
        (["import", "{broken}"], 1, "does not begin with GGUF"),
        (["import", "{sound}", "--name", "../x"], 1, "cannot be the name"),
        (["import", "{sound}", "--name", "mine"], 1, "choose another name"),
        (["import", "{sound}", "--name", "mine", "--link"], 1, "choose another name"),
        (["import", "~nosuchuser0/x.gguf"], 2, "home folder"),
    ],
)
def test_every_mistake_is_one_sentence_and_changes_nothing(
    arguments: list[str],
    code: int,
    said: str,
    home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sound = put_model(home / "sound.gguf")
    mine = put_model(own(home) / "mine.gguf")
    broken = home / "broken.gguf"
    broken.write_text("something else")
    words = [word.format(sound=sound, broken=broken) for word in arguments]
    got, out, err = run(capsys, *words)
    assert (got, out) == (code, "")
    assert said in err
    assert err.startswith("cloister: ")
    assert err.count("\n") == 1
    assert not config(home).exists()
    assert list(own(home).iterdir()) == [mine]


def test_a_link_uses_the_file_where_it_is(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = put_model(home / "tiny.gguf")
    path = Path(answer(capsys, "import", str(source), "--link")["path"])
    assert path.readlink() == source
    assert listed(capsys)["tiny"]["problems"]["completion"] == ""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('model = "gone"', "There is no model named 'gone'"),
        ("model =", "at end of document"),
        ('modle = "x"\nmodel = "gone"', "did you mean 'model'?"),
    ],
)
def test_complete_takes_the_model_of_the_settings_file(
    settings: str, said: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config(home).parent.mkdir(parents=True)
    config(home).write_text(settings)
    file = home / "a.py"
    file.write_text("x = 1\n")
    assert main(["complete", f"{file}:1:1"]) == 2
    assert said in capsys.readouterr().err
