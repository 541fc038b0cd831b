from pathlib import Path

import pytest

from bench.context.building import measure_building
from development.terminal import SetupError
from support.indexed import plant

TEXT = "".join(f"def function{n}(value):\n    return value + {n}\n" for n in range(20))


def test_every_place_but_the_first_ones_is_timed(tmp_path: Path) -> None:
    plant(tmp_path, {f"a{n:02}.py": TEXT for n in range(24)})
    building = measure_building(tmp_path)
    assert building.n_files == 24
    assert len(building.building_ms) == len(building.parsing_ms) == 4
    assert min(building.building_ms) > 0


def test_a_folder_with_too_few_files_is_refused(tmp_path: Path) -> None:
    plant(tmp_path, {"a.py": TEXT})
    with pytest.raises(SetupError, match="too few"):
        measure_building(tmp_path)
