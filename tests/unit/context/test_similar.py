"""What speaks for a line of similar code."""

from pathlib import Path

import pytest

from cloister.context.sources.similar import Evidence, probability, similar_chunks
from support.indexed import Planted
from support.places import asked, found_in

FILES = {"shop/report.py": "\n".join(f"def part{n}(): ...\n" for n in range(8))}
LINE = "check_total(basket.grand_sum)"
QUERY = "def ensure(basket):\n    prepare(basket)\n    check_total(basket.║\n"


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    files = FILES | {"shop/other.py": f"def use(basket):\n    prepare(basket)\n    {LINE}\n"}
    made = Planted(tmp_path, files)
    made.build()
    return made


def test_a_line_that_has_what_is_typed_is_likelier() -> None:
    plain, typed = (Evidence(0.5, 1.0, has_typed=each) for each in (False, True))
    assert 0 < probability(plain) < probability(typed) < 1


def test_evidence_of_each_line(planted: Planted) -> None:
    with planted:
        found = found_in(planted, asked(QUERY))
        chunk = next(each for each in similar_chunks(found.query, planted.index)
                     if each.hit.path == "shop/other.py")  # fmt: skip
    typed = [line.strip() for line, each in zip(chunk.lines, chunk.evidence, strict=True)
             if each.has_typed]  # fmt: skip
    assert typed == [LINE]
    assert all(0 < each.relative_score <= 1 for each in chunk.evidence)
    assert all(each.local_match >= 0 for each in chunk.evidence)


def test_where_nothing_is_typed_no_line_has_it(planted: Planted) -> None:
    with planted:
        found = found_in(planted, asked("def ensure(basket):\n    prepare(basket)\n    ║\n"))
        chunks = list(similar_chunks(found.query, planted.index))
    assert chunks
    assert not any(each.has_typed for chunk in chunks for each in chunk.evidence)
