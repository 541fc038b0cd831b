"""Unsaved buffers win over the disk in every answer."""

from pathlib import Path

from support.indexed import PACKAGE, Planted

UNSAVED = (
    "from shop.basket import total_price\nfrom shop.model import Item\n\n\n"
    "class Voucher(Item):\n    def redeem_voucher(self): pass\n"
)
PATH = "shop/model.py"


def test_symbols_are_those_of_the_buffer(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        planted.index.overlay(PATH, UNSAVED)
        names = [symbol.name for symbol in planted.index.symbols_in(PATH)]
        assert names == ["Voucher", "redeem_voucher"]
        found = planted.index.symbols_named(["Item", "redeem_voucher", "total_price"], 5)
        assert [symbol.name for symbol in found] == ["redeem_voucher", "total_price"]
        assert [each.name for each in planted.index.members_of("Voucher")] == ["redeem_voucher"]
        assert planted.index.members_of("Voucher", "shop/basket.py") == []
        assert planted.index.members_of("Item") == []


def test_text_and_words_are_those_of_the_buffer(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        planted.index.overlay(PATH, UNSAVED)
        assert planted.index.text_of(PATH) == UNSAVED
        assert planted.index.files_using("redeem_voucher", 5) == [PATH]
        assert planted.index.files_using("double_price", 5) == ["shop/basket.py"]
        hits = planted.index.similar(["redeem_voucher", "total_price"], 5)
        assert [hit.path for hit in hits] == [PATH, "shop/basket.py"]
        assert planted.index.similar(["redeem_voucher"], 5, exclude=[PATH]) == []


def test_a_buffer_is_scored_as_its_file_is(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        saved = planted.index.similar(["Item", "price"], 5)
        planted.index.overlay(PATH, PACKAGE[PATH])
        assert planted.index.similar(["Item", "price"], 5) == saved


def test_an_import_of_a_buffer_leads_where_the_saved_one_does(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        planted.index.overlay("shop/basket.py", "from shop.model import Item\nimport elsewhere\n")
        found = planted.index.imports_of("shop/basket.py")
        assert [(each.module, each.path) for each in found] == [
            ("shop.model", PATH),
            ("elsewhere", None),
        ]


def test_a_dropped_buffer_lets_the_file_count_again(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.build()
        planted.index.overlay(PATH, UNSAVED)
        planted.index.overlay(PATH, "x = 1\n")
        assert planted.index.symbols_named(["Voucher"], 5) == []
        planted.index.drop_overlay(PATH)
        planted.index.drop_overlay("never/there.py")
        assert planted.index.text_of(PATH) == PACKAGE[PATH]
        assert len(planted.index.symbols_named(["Item"], 5)) == 1


def test_a_buffer_needs_no_database(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        planted.index.overlay("new.py", UNSAVED)
        assert [each.name for each in planted.index.symbols_in("new.py")] == [
            "Voucher",
            "redeem_voucher",
        ]
        assert planted.index.text_of("new.py") == UNSAVED
