"""Each tool's layout, as the tool itself lays it out, and what is made of it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from cloister.gguf.parts import part_paths
from cloister.models.catalogue import BUNDLED, all_models
from cloister.models.folder import own_folder
from cloister.settings.user_folders import UserFolders

LAYER = "application/vnd.ollama.image.model"
DIGEST, CONFIG = "a" * 64, "c" * 64


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def folders(home: Path, platform: str = "linux", **environment: str) -> UserFolders:
    return UserFolders(home, environment, platform, root=home.parent / "root")


def put(path: Path, contents: object = "GGUF") -> Path:
    """Write a file, JSON unless it is text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(contents if isinstance(contents, str) else json.dumps(contents))
    return path


def found(of: UserFolders) -> dict[str, tuple[str, Path]]:
    """Return tool and path of every model but the bundled one, by name."""
    catalogue = all_models(of)
    assert catalogue.unreadable == ()
    return {
        model.name: (model.tool, model.path) for model in catalogue.models if model is not BUNDLED
    }


def put_ollama(
    store: Path,
    name: str,
    digest: str = DIGEST,
    config: Mapping[str, str] | None = None,
    kind: str = LAYER,
) -> Path:
    """Add a model as Ollama does; `name` is HOST/NAMESPACE/MODEL/TAG."""
    put(store / "blobs" / f"sha256-{CONFIG}", dict(config or {"model_format": "gguf"}))
    layers = [
        {"mediaType": "application/vnd.ollama.image.license", "digest": f"sha256:{'1' * 64}"},
        {"mediaType": kind, "digest": f"sha256:{digest}", "size": 4},
    ]
    manifest = {"schemaVersion": 2, "config": {"digest": f"sha256:{CONFIG}"}, "layers": layers}
    put(store / "manifests" / name, manifest)
    return put(store / "blobs" / f"sha256-{digest}")


def test_nothing_is_found_where_nothing_is(home: Path) -> None:
    assert found(folders(home)) == {}
    assert found(folders(Path(os.devnull))) == {}


def test_own_models_with_folders_links_and_loops(home: Path) -> None:
    own = own_folder(folders(home))
    model = put(own / "deep" / "er" / "model.gguf")
    put(own / "notes.txt")
    put(own / "deep" / "mmproj-model.gguf")
    (own / "deep" / "loop").symlink_to(own)
    (own / "itself.gguf").symlink_to(own / "itself.gguf")
    (own / "dangling.gguf").symlink_to(own / "nowhere.gguf")
    os.mkfifo(own / "fifo.gguf")
    (own / "folder.gguf").mkdir()
    assert found(folders(home)) == {"model": ("cloister", model)}


def test_of_a_split_model_the_first_part_counts(home: Path) -> None:
    own = own_folder(folders(home))
    parts = [put(own / f"big-0000{number}-of-00003.gguf") for number in (1, 2, 3)]
    assert found(folders(home)) == {"big": ("cloister", parts[0])}
    assert part_paths(parts[0]) == tuple(parts)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("registry.ollama.ai/library/qwen2.5-coder/1.5b", "qwen2.5-coder:1.5b"),
        ("registry.ollama.ai/someone/their-model/latest", "someone/their-model:latest"),
        ("hf.co/bartowski/Qwen-GGUF/Q4_K_M", "hf.co/bartowski/Qwen-GGUF:Q4_K_M"),
    ],
)
@pytest.mark.parametrize(
    "store",
    ["home/.ollama/models", "root/usr/share/ollama/.ollama/models", "root/var/lib/ollama"],
)
def test_ollama_shows_its_own_names(tmp_path: Path, store: str, name: str, shown: str) -> None:
    blob = put_ollama(tmp_path / store, name)
    assert found(folders(tmp_path / "home")) == {shown: ("ollama", blob)}


def test_ollama_may_be_told_where_its_models_are(home: Path, tmp_path: Path) -> None:
    blob = put_ollama(tmp_path / "big-disk", "registry.ollama.ai/library/m/1b")
    of = folders(home, OLLAMA_MODELS=str(tmp_path / "big-disk"))
    assert found(of) == {"m:1b": ("ollama", blob)}
    assert found(folders(home)) == {}


def test_what_runs_in_a_cloud_or_is_no_gguf_is_left_out(home: Path) -> None:
    store = home / ".ollama" / "models"
    library = "registry.ollama.ai/library"
    put_ollama(store, f"{library}/qwen3-coder/480b-cloud")
    put_ollama(store, f"{library}/glm/cloud")
    put_ollama(store, f"{library}/safe/1b", kind="application/vnd.ollama.image.tensor")
    assert found(folders(home)) == {}
    put_ollama(store, f"{library}/mine/1b", config={"remote_host": "https://ollama.com:443"})
    assert found(folders(home)) == {}


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "{",
        "[]",
        "[" * 10_000,
        '{"layers": 5}',
        '{"layers": [1, null, {"mediaType": 3}]}',
        json.dumps({"layers": [{"mediaType": LAYER, "digest": "sha256:../../../etc/passwd"}]}),
        json.dumps({"layers": [{"mediaType": LAYER, "digest": f"sha256:{'b' * 64}"}]}),
    ],
)
def test_a_manifest_that_makes_no_sense_names_no_model(home: Path, manifest: str) -> None:
    put(home / ".ollama/models/manifests/registry.ollama.ai/library/m/1b", manifest)
    assert found(folders(home)) == {}


def test_two_tags_of_one_blob_are_one_model_with_two_names(home: Path) -> None:
    store = home / ".ollama" / "models"
    put_ollama(store, "registry.ollama.ai/library/m/1b")
    put_ollama(store, "registry.ollama.ai/library/m/latest")
    (model,) = (model for model in all_models(folders(home)).models if model is not BUNDLED)
    assert (model.name, model.aliases) == ("m:1b", ("m:latest",))


@pytest.mark.parametrize(
    ("pointer", "place"), [(None, ".lmstudio"), (None, ".cache/lm-studio"), ("elsewhere", None)]
)
def test_lm_studio_has_a_home(
    home: Path, tmp_path: Path, pointer: str | None, place: str | None
) -> None:
    studio = home / place if place else tmp_path / "elsewhere"
    if pointer:
        put(home / ".lmstudio-home-pointer", f"{tmp_path / pointer}\n")
    model = put(studio / "models" / "qwen" / "Qwen-GGUF" / "qwen-q8_0.gguf")
    assert found(folders(home)) == {"qwen-q8_0": ("lm-studio", model)}


def test_lm_studio_may_be_told_where_its_models_are(home: Path, tmp_path: Path) -> None:
    put(home / ".lmstudio" / "settings.json", {"downloadsFolder": str(tmp_path / "disk")})
    model = put(tmp_path / "disk" / "a" / "b" / "c.gguf")
    assert found(folders(home)) == {"c": ("lm-studio", model)}


def test_a_relative_folder_in_a_record_means_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home / ".lmstudio" / "settings.json", {"downloadsFolder": "disk"})
    put(home / ".lmstudio-home-pointer", "disk")
    put(tmp_path / "disk" / "models" / "c.gguf")
    monkeypatch.chdir(tmp_path)
    assert found(folders(home, OLLAMA_MODELS="disk", HF_HOME="disk", LLAMA_CACHE="disk")) == {}


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("linux", ".local/share/nomic.ai/GPT4All"),
        ("darwin", "Library/Application Support/nomic.ai/GPT4All"),
        ("linux", ".cache/gpt4all"),
    ],
)
def test_gpt4all_keeps_plain_files(home: Path, platform: str, place: str) -> None:
    model = put(home / place / "Phi-3-mini.Q4_0.gguf")
    put(home / place / "incomplete-other.gguf")
    assert found(folders(home, platform)) == {"Phi-3-mini.Q4_0": ("gpt4all", model)}


def test_gpt4all_may_be_told_where_its_models_are(home: Path, tmp_path: Path) -> None:
    settings = f"[General]\nnetworkPort=4891\nmodelPath={tmp_path / 'disk'}/\n"
    put(home / ".config" / "nomic.ai" / "GPT4All.ini", settings)
    model = put(tmp_path / "disk" / "m.gguf")
    assert found(folders(home)) == {"m": ("gpt4all", model)}


@pytest.mark.parametrize(
    "model_path",
    [
        "llamacpp/models/qwen/coder/model.gguf",
        "'llamacpp/models/qwen/coder/model.gguf'",
        ">-\n  llamacpp/models/qwen/coder/model.gguf",
    ],
)
def test_jan_names_the_folder_and_points_to_the_file(home: Path, model_path: str) -> None:
    data = home / ".local" / "share" / "Jan" / "data"
    put(
        data / "llamacpp" / "models" / "qwen" / "coder" / "model.yml",
        f"model_path: {model_path}\nname: Qwen\nsize_bytes: 4\n",
    )
    model = put(data / "llamacpp" / "models" / "qwen" / "coder" / "model.gguf")
    assert found(folders(home)) == {"qwen/coder": ("jan", model)}


def test_jan_uses_imported_files_where_they_are(home: Path, tmp_path: Path) -> None:
    put(home / ".local/share/jan.ai.app/settings.json", {"data_folder": str(tmp_path / "jan")})
    model = put(tmp_path / "downloads" / "mine.gguf")
    put(tmp_path / "jan" / "llamacpp" / "models" / "mine" / "model.yml", f"model_path: {model}\n")
    put(tmp_path / "jan" / "llamacpp" / "models" / "gone" / "model.yml", "model_path: gone.gguf\n")
    assert found(folders(home)) == {"mine": ("jan", model)}


@pytest.mark.parametrize(
    ("platform", "place"), [("linux", ".cache/llama.cpp"), ("darwin", "Library/Caches/llama.cpp")]
)
def test_llama_cpp_shows_the_names_of_its_manifests(home: Path, platform: str, place: str) -> None:
    cache = home / place
    named = put(cache / "ggml-org_Qwen-Coder-GGUF_qwen-coder-q8_0.gguf")
    put(
        cache / "manifest=ggml-org=Qwen-Coder-GGUF=latest.json",
        {"ggufFile": {"rfilename": "qwen-coder-q8_0.gguf", "size": 4}},
    )
    put(cache / "manifest=broken.json", "{")
    other = put(cache / "other.gguf")
    assert found(folders(home, platform)) == {
        "ggml-org/Qwen-Coder-GGUF:latest": ("llama.cpp", named),
        "other": ("llama.cpp", other),
    }


def put_snapshot(cache: Path, commit: str, file: str, blob: str) -> Path:
    """Add a file to Hugging Face's cache as its library does; return the link."""
    repository = cache / "models--owner--name-GGUF"
    put(repository / "blobs" / blob)
    link = repository / "snapshots" / commit / file
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(os.path.relpath(repository / "blobs" / blob, link.parent))
    return link


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        ("", "home/.cache/huggingface/hub"),
        ("HF_HOME", "disk/hub"),
        ("HF_HUB_CACHE", "disk"),
        ("HUGGINGFACE_HUB_CACHE", "disk"),
        ("XDG_CACHE_HOME", "disk/huggingface/hub"),
        ("LLAMA_CACHE", "disk"),
    ],
)
def test_hugging_face_links_keep_their_paths(
    home: Path, tmp_path: Path, variable: str, place: str
) -> None:
    link = put_snapshot(tmp_path / place, "abc1", "sub/m-00001-of-00002.gguf", "blob1")
    put_snapshot(tmp_path / place, "abc1", "sub/m-00002-of-00002.gguf", "blob2")
    environment = {variable: str(tmp_path / "disk")} if variable else {}
    tool = "llama.cpp" if variable == "LLAMA_CACHE" else "hugging-face"
    assert found(folders(home, **environment)) == {"m": (tool, link)}


def test_of_several_snapshots_the_current_one_counts(home: Path) -> None:
    cache = home / ".cache" / "huggingface" / "hub"
    put_snapshot(cache, "abc1", "m.gguf", "old")
    link = put_snapshot(cache, "abc2", "m.gguf", "new")
    put(cache / "models--owner--name-GGUF" / "refs" / "main", "abc2")
    put(cache / "datasets--owner--data" / "snapshots" / "abc" / "no-model.gguf")
    assert found(folders(home)) == {"m": ("hugging-face", link)}


def test_a_file_that_two_tools_share_is_listed_once(home: Path) -> None:
    blob = put_ollama(home / ".ollama" / "models", "registry.ollama.ai/library/m/1b")
    linked = home / ".lmstudio" / "models" / "x" / "y" / "from-ollama.gguf"
    linked.parent.mkdir(parents=True)
    linked.hardlink_to(blob)
    (model,) = (model for model in all_models(folders(home)).models if model is not BUNDLED)
    assert (model.name, model.tool, model.aliases) == ("from-ollama", "lm-studio", ("m:1b",))


@pytest.mark.parametrize("place", [".ollama/models/manifests", ".cache/huggingface/hub"])
def test_a_folder_that_cannot_be_read_is_noted_and_the_rest_counts(
    home: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home / place
    closed.mkdir(parents=True)
    put(own_folder(folders(home)) / "m.gguf")
    list_folder = Path.iterdir

    def iterdir(folder: Path) -> object:
        if folder == closed:
            # Tests may run as root, whom no mode keeps out.
            raise PermissionError(13, "Permission denied")
        return list_folder(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    catalogue = all_models(folders(home))
    assert [model.name for model in catalogue.models] == [BUNDLED.name, "m"]
    assert [(place.path, place.reason) for place in catalogue.unreadable] == [
        (closed, "Permission denied")
    ]
