"""Imports are added once, where the others are."""

import pytest

from cloister.core.edit import edited
from cloister.core.text import Text
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.importing import added_imports
from cloister.features.editing.imports import import_statements
from cloister.features.editing.snippet import as_file
from cloister.syntax.languages import language_named

CASES = [
    ("python", "import os\n\nx = 1\n", "import re", "import os\nimport re\n\nx = 1\n"),
    ("python", "from a import b\n", "from a import b, c", "from a import b\nfrom a import c\n"),
    ("python", "from a import (\n    b,\n)\n", "from a import b", "from a import (\n    b,\n)\n"),
    (
        "python",
        '"""Doc."""\n\ndef f(): ...\n',
        "import re",
        '"""Doc."""\n\nimport re\n\ndef f(): ...\n',
    ),
    ("python", "def f(): ...\n", "import re", "import re\n\n\ndef f(): ...\n"),
    ("python", "import os", "import re", "import os\nimport re"),
    (
        "python",
        "#!/usr/bin/python3\n# Free to use.\n\nx = 1\n",
        "import re",
        "#!/usr/bin/python3\n# Free to use.\n\nimport re\n\nx = 1\n",
    ),
    ("python", "# About x.\nx = 1\n", "import re", "import re\n\n# About x.\nx = 1\n"),
    (
        "python",
        "from __future__ import annotations\n",
        "import re",
        "from __future__ import annotations\nimport re\n",
    ),
    (
        "python",
        '"""Doc."""\nimport os\n',
        "from __future__ import annotations",
        '"""Doc."""\nfrom __future__ import annotations\nimport os\n',
    ),
    (
        "python",
        "x = 1\nimport os\n",
        "from __future__ import annotations",
        "from __future__ import annotations\nx = 1\nimport os\n",
    ),
    (
        "python",
        "import os\n",
        "import re\nfrom a import b",
        "import os\nimport re\nfrom a import b\n",
    ),
    (
        "python",
        "import os\nif os.name:\n    import b\n\ndef f(): ...\n\nimport c\n",
        "import re",
        "import os\nimport re\nif os.name:\n    import b\n\ndef f(): ...\n\nimport c\n",
    ),
    (
        "python",
        "try:\n    import a\nexcept ImportError:\n    a = None\n",
        "import re",
        "import re\n\ntry:\n    import a\nexcept ImportError:\n    a = None\n",
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
        'package x\n\nimport (\n\t"io"\n\t"os"\n)\n',
    ),
    (
        "go",
        'package x\n\nimport (\n\t"os"\n\n\t"a.org/b"\n)\n',
        'import (\n\t"io"\n\tc "a.org/c"\n)',
        'package x\n\nimport (\n\t"io"\n\t"os"\n\n\t"a.org/b"\n\tc "a.org/c"\n)\n',
    ),
    ("go", 'package x\n\nimport "os"\n', 'import "io"', 'package x\n\nimport "io"\nimport "os"\n'),
    (
        "go",
        "//go:build unix\n\n// Package x counts.\npackage x\n\nfunc F() {}\n",
        'import "io"',
        '//go:build unix\n\n// Package x counts.\npackage x\n\nimport "io"\n\nfunc F() {}\n',
    ),
    (
        "javascript",
        '#!/usr/bin/env node\n"use strict";\nf();\n',
        'import { f } from "./f.js";',
        '#!/usr/bin/env node\n"use strict";\n\nimport { f } from "./f.js";\n\nf();\n',
    ),
    (
        "typescript",
        'import a from "a";\nimport b from "./b";\n\nf();\n',
        'import c from "c";\nimport d from "./d";',
        (
            'import a from "a";\nimport c from "c";\nimport b from "./b";\n'
            'import d from "./d";\n\nf();\n'
        ),
    ),
    (
        "javascript",
        'const a = require("a");\n',
        'const b = require("b");',
        'const a = require("a");\nconst b = require("b");\n',
    ),
    (
        "rust",
        "//! Counts.\n#![warn(missing_docs)]\n\nfn f() {}\n\nmod tests {\n    use super::*;\n}\n",
        "use std::fmt;",
        (
            "//! Counts.\n#![warn(missing_docs)]\n\nuse std::fmt;\n\nfn f() {}\n\n"
            "mod tests {\n    use super::*;\n}\n"
        ),
    ),
    (
        "c",
        (
            '#ifndef A_H\n#define A_H\n#include <stdio.h>\n#include "b.h"\n#ifdef X\n'
            "#include <x.h>\n#endif\nint f(void);\n#endif\n"
        ),
        '#include <math.h>\n#include "c.h"\n',
        (
            '#ifndef A_H\n#define A_H\n#include <stdio.h>\n#include <math.h>\n#include "b.h"\n'
            '#include "c.h"\n#ifdef X\n#include <x.h>\n#endif\nint f(void);\n#endif\n'
        ),
    ),
    (
        "cpp",
        "#pragma once\nnamespace a {\nusing b::c;\nint f();\n}\n",
        "#include <vector>\n",
        "#pragma once\n\n#include <vector>\n\nnamespace a {\nusing b::c;\nint f();\n}\n",
    ),
    (
        "c_sharp",
        "namespace A\n{\n    using System;\n\n    class ║B { }\n}\n",
        "using System.Linq;",
        "namespace A\n{\n    using System;\n    using System.Linq;\n\n    class B { }\n}\n",
    ),
    ("c_sharp", "namespace A;\n", "using System;", "using System;\n\nnamespace A;\n"),
    (
        "php",
        "<?php\n\ndeclare(strict_types=1);\n\nnamespace A;\n\nclass B {}\n",
        "use C\\D;",
        "<?php\n\ndeclare(strict_types=1);\n\nnamespace A;\n\nuse C\\D;\n\nclass B {}\n",
    ),
    (
        "kotlin",
        '@file:JvmName("A")\n\npackage a\n\nfun f() {}\n',
        "import b.c",
        '@file:JvmName("A")\n\npackage a\n\nimport b.c\n\nfun f() {}\n',
    ),
    ("scala", "package a\n\nimport b.C\n", "import b.D", "package a\n\nimport b.C\nimport b.D\n"),
    (
        "swift",
        "// Counts.\n\nimport Foundation\n",
        "import Combine",
        "// Counts.\n\nimport Combine\nimport Foundation\n",
    ),
    (
        "ruby",
        "# frozen_string_literal: true\nclass A\nend\n",
        'require "json"',
        '# frozen_string_literal: true\n\nrequire "json"\n\nclass A\nend\n',
    ),
    (
        "lua",
        'local a = require("a")\n\nreturn a\n',
        'local b = require("b")',
        'local a = require("a")\nlocal b = require("b")\n\nreturn a\n',
    ),
    (
        "bash",
        "#!/bin/sh\nset -eu\n\nf() {\n  source ./g.sh\n}\n",
        "source ./a.sh",
        "#!/bin/sh\nset -eu\n\nsource ./a.sh\n\nf() {\n  source ./g.sh\n}\n",
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
    statements = import_statements(as_file(new, language), language)
    after = source.partition("║")[2]
    source = source.replace("║", "")
    edits = added_imports(Text(source), statements, language, len(source) - len(after))
    assert edited(source, edits) == wanted
    assert not added_imports(Text(wanted), statements, language, len(wanted) - len(after))


def test_what_cannot_be_taken_apart_is_refused() -> None:
    language = language_named("typescript")
    known = 'import * as b from "x";\n'
    statements = import_statements('import a, * as b from "x";', language)
    with pytest.raises(RefusedAnswerError, match="by hand"):
        added_imports(Text(known), statements, language, len(known))
