"""When an import is all that was missing, and when it is no change at all."""

import pytest

from cloister.features.editing.imports import import_statements, uses_any
from cloister.syntax.languages import language_named

USED = [
    ("python", "import math", "math.sqrt(2)"),
    ("python", "import os.path", "os.path.join()"),
    ("python", "import numpy as np", "np.zeros(3)"),
    ("python", "from json import loads", "loads(text)"),
    ("javascript", 'import { join } from "node:path";', "join(a, b)"),
    ("go", 'package a\nimport "path/filepath"', "filepath.Join(a, b)"),
    ("java", "import java.util.List;", "List<String> names;"),
    ("java", "import java.util.*;", "List<String> names;"),
    ("c", "#include <string.h>", "strlen(text)"),
    ("cpp", "#include <algorithm>", "std::sort(a, b)"),
    ("c_sharp", "using System.Linq;", "names.First()"),
]
UNUSED = [
    ("python", "import json", "math.sqrt(2)"),
    ("python", "from json import loads", "json.dumps(text)"),
    ("go", 'package a\nimport "path/filepath"', "path.Join(a, b)"),
    ("java", "import java.util.List;", "Map<String, String> names;"),
    ("javascript", 'import { join } from "node:path";', "path.parse(a)"),
]


def uses(language: str, imported: str, code: str) -> bool:
    known = language_named(language)
    assert known is not None
    statements = import_statements(f"{imported}\n", known)
    assert statements
    return uses_any(code, statements)


@pytest.mark.parametrize(("language", "imported", "code"), USED)
def test_what_is_used_counts(language: str, imported: str, code: str) -> None:
    assert uses(language, imported, code)


@pytest.mark.parametrize(("language", "imported", "code"), UNUSED)
def test_what_is_not_used_does_not(language: str, imported: str, code: str) -> None:
    assert not uses(language, imported, code)
