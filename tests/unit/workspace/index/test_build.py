"""What the index holds after files were made, changed, moved and removed."""

import os
from pathlib import Path

import pytest

from cloister.core.outline import SymbolKind
from cloister.workspace.index.records import ResolvedImport
from support.indexed import PACKAGE, Planted, everything, plant


def names_in(planted: Planted, path: str) -> list[str]:
    return [symbol.name for symbol in planted.index.symbols_in(path)]


def test_a_symbol_is_kept_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        (method,) = planted.index.symbols_named(["double_price"], 5)
        text = PACKAGE["shop/model.py"]
        assert text[method.span.start : method.span.end].endswith("return 2 * self.price")
        assert text[method.span.start : method.signature_end] == method.signature
        assert (method.path, method.kind) == ("shop/model.py", SymbolKind.METHOD)
        assert (method.container, method.type) == ("Item", "int")
        assert (method.first_line, method.last_line) == (8, 9)
        assert method.signature == "def double_price(self) -> int:"
        (item,) = planted.index.symbols_named(["Item"], 5)
        assert item.documentation == "One thing that has a price."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_do(end: str, tmp_path: Path) -> None:
    with Planted(tmp_path, {}) as planted:
        text = PACKAGE["shop/model.py"].replace("\n", end)
        (planted.root / "model.py").write_bytes(text.encode())
        planted.build()
        (method,) = planted.index.symbols_named(["double_price"], 5)
        assert (method.first_line, method.last_line) == (8, 9)
        assert text[method.span.start : method.signature_end] == "def double_price(self) -> int:"


def test_imports_lead_to_files_and_back(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        summary = planted.build()
        (found,) = planted.index.imports_of("shop/basket.py")
        assert found == ResolvedImport("shop.model", "Item", "", ("shop/model.py",))
        assert planted.index.importers_of("shop/model.py") == ["shop/basket.py"]
        assert (summary.imports, summary.resolved_imports) == (1, 1)


def test_a_second_build_reads_nothing(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        for path in PACKAGE:
            os.utime(planted.root / path, ns=(1_000_000_001, 1_000_000_001))
        first, second = planted.build(), planted.build()
        assert (first.indexed, first.unchanged) == (3, 0)
        assert (second.indexed, second.unchanged) == (0, 3)
        assert (second.files, second.symbols) == (first.files, first.symbols)


def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    with Planted(tmp_path, {"a.py": "def before(): pass\n"}) as planted:
        place = planted.root / "a.py"
        # The tick is not over when the file is read.
        os.utime(place, ns=(2**62, 2**62))
        planted.build()
        place.write_text("def after_(): pass\n")
        os.utime(place, ns=(2**62, 2**62))
        assert planted.build().indexed == 1
        assert names_in(planted, "a.py") == ["after_"]


@pytest.mark.parametrize("time_ns", [1, 2**62])
def test_a_clock_that_jumps_is_harmless(time_ns: int, tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        place = planted.root / "shop/model.py"
        place.write_text("class Other: pass\n")
        os.utime(place, ns=(time_ns, time_ns))
        assert planted.build().indexed == 1
        assert planted.build().indexed == 0
        assert names_in(planted, "shop/model.py") == ["Other"]


def test_a_touched_file_is_not_analysed_again(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        os.utime(planted.root / "shop/model.py", ns=(5, 5))
        summary = planted.build()
        assert (summary.indexed, summary.removed) == (0, 0)
        assert "double_price" in names_in(planted, "shop/model.py")


def test_what_is_removed_is_forgotten(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        (planted.root / "shop/model.py").unlink()
        assert planted.build().removed == 1
        assert planted.index.symbols_named(["Item"], 5) == []
        assert planted.index.imports_of("shop/basket.py")[0].path is None
        assert planted.index.similar(["double_price"], 5)[0].path == "shop/basket.py"
        assert planted.index.files_using("price", 5) == ["shop/basket.py"]


def test_a_renamed_file_is_found_under_its_new_name(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        (planted.root / "shop/model.py").rename(planted.root / "shop/things.py")
        summary = planted.build()
        assert (summary.indexed, summary.removed) == (1, 1)
        assert planted.index.symbols_named(["Item"], 5)[0].path == "shop/things.py"


def test_an_import_finds_a_file_that_comes_later(tmp_path: Path) -> None:
    with Planted(tmp_path, {"a.py": "import later\nimport os\n"}) as planted:
        planted.build()
        assert [each.path for each in planted.index.imports_of("a.py")] == [None, None]
        plant(planted.root, {"later.py": ""})
        planted.refresh("later.py")
        assert [each.path for each in planted.index.imports_of("a.py")] == ["later.py", None]
        assert planted.index.importers_of("later.py") == ["a.py"]


def test_a_refresh_looks_at_the_named_files_only(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        plant(planted.root, {"new.py": "def new(): pass\n", "shop/model.py": "x = 1\n"})
        (planted.root / "shop/basket.py").unlink()
        planted.refresh("new.py")
        assert planted.index.symbols_named(["new", "Item", "total_price"], 1) != []
        assert len(planted.index.symbols_named(["new", "Item", "total_price"], 1)) == 3
        planted.refresh("shop/model.py", "shop/basket.py", "nowhere.py", "../x.py", "/x.py", "")
        assert planted.index.symbols_named(["Item", "total_price"], 1) == []


@pytest.mark.parametrize("ignoring", [".gitignore", ".cloisterignore"])
def test_what_is_ignored_is_left_out_and_forgotten(ignoring: str, tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        (planted.root / ".git").mkdir()
        planted.build()
        plant(planted.root, {ignoring: "model.py\n"})
        planted.refresh("shop/model.py")
        assert names_in(planted, "shop/model.py") == []
        planted.build()
        assert names_in(planted, "shop/model.py") == []


def test_secrets_are_never_in_the_index(tmp_path: Path) -> None:
    text = "TOKEN = 'canary'\n"
    with Planted(tmp_path, {".env": text, "secrets.py": text, "a.py": "x = 1\n"}) as planted:
        planted.build()
        assert planted.index.recent_files(10) == ["a.py"]
        assert planted.index.text_of(".env") is None
        assert b"canary" not in planted.database.read_bytes()


def test_a_root_that_vanishes_and_comes_back_costs_nothing(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        before = everything(planted.index)
        planted.root.rename(tmp_path / "elsewhere")
        assert planted.build().removed == 0
        assert everything(planted.index) == before
        (tmp_path / "elsewhere").rename(planted.root)
        assert planted.build().indexed == 0


def test_the_cache_is_for_this_user_only(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        assert planted.database.parent.stat().st_mode & 0o777 == 0o700
        assert planted.database.stat().st_mode & 0o777 == 0o600
