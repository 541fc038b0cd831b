"""Imports are added once, where the others are."""

import pytest

from cloister.core.edit import edited
from cloister.core.text import Text
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.imports import added_imports, import_statements
from cloister.syntax.languages import language_named

CASES = [
    ("python", "import os\n\nx = 1\n", "import re", "import os\nimport re\n\nx = 1\n"),
    ("python", "from a import b\n", "from a import b, c", "from a import b\nfrom a import c\n"),
    ("python", "from a import (\n    b,\n)\n", "from a import b", "from a import (\n    b,\n)\n"),
    (
        "python",
        '"""Doc."""\n\ndef f(): ...\n',
        "import re",
        '"""Doc."""\n\nimport re\ndef f(): ...\n',
    ),
    ("python", "import os\r\n", "import re", "import os\r\nimport re\r\n"),
    (
        "typescript",
        'import { b } from "./a";\n',
        'import { b, c } from "./a";',
        'import { b } from "./a";\nimport { c } from "./a";\n',
    ),
    (
        "go",
        'package x\n\nimport (\n\t"os"\n)\n',
        'import (\n\t"os"\n\t"io"\n)',
        'package x\n\nimport (\n\t"os"\n)\nimport (\n\t"io"\n)\n',
    ),
    ("rust", "use std::fmt;\n", "use std::io::Read;", "use std::fmt;\nuse std::io::Read;\n"),
    (
        "java",
        "package x;\n\nimport a.B;\n",
        "import a.C;",
        "package x;\n\nimport a.B;\nimport a.C;\n",
    ),
]


@pytest.mark.parametrize(("name", "source", "new", "wanted"), CASES)
def test_imports_are_added_once(name: str, source: str, new: str, wanted: str) -> None:
    language = language_named(name)
    statements = import_statements(new, language)
    edits = added_imports(Text(source), statements, language, len(source))
    assert edited(source, edits) == wanted
    assert not added_imports(Text(wanted), statements, language, len(wanted))


def test_what_cannot_be_taken_apart_is_refused() -> None:
    language = language_named("typescript")
    known = 'import * as b from "x";\n'
    statements = import_statements('import a, * as b from "x";', language)
    with pytest.raises(RefusedAnswerError, match="by hand"):
        added_imports(Text(known), statements, language, len(known))
