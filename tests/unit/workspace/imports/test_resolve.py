"""Which file an import means, in small workspaces: paths, with text where it is configuration.

A case says where the import stands, what is imported, and the files that are meant, best first.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.outline import Import
from cloister.core.text import Span
from cloister.workspace.imports import Project, resolve
from cloister.workspace.imports.json_config import parse_object
from cloister.workspace.imports.resolvers import all_resolvers

PYTHON = """
app/__init__.py app/web.py app/web.pyi app/json.py app/db/__init__.py app/db/models.py
app/typing.py tests/conftest.py tests/test_web.py tests/helpers/make.py scripts/run.py setup.py
libs/core/src/core/__init__.py libs/core/src/core/tasks.py libs/core/tests/test_tasks.py
"""
GO = """
go.mod=module~example.org/shop main.go store/store.go store/a.go store/store_test.go
store/disk/disk.go vendor/other.org/log/log.go tools/go.mod=module~example.org/tools
tools/gen/gen.go
"""
RUST = """
Cargo.toml=[package];name="shop" src/lib.rs src/store.rs src/store/disk.rs src/web/mod.rs
src/web/routes.rs tests/all.rs tests/helpers.rs crates/my-log/Cargo.toml=[package];name="my-log"
crates/my-log/src/lib.rs crates/my-log/src/level.rs
crates/odd/Cargo.toml=[lib];path="odd.rs";name="odd" crates/odd/odd.rs
"""
JVM = """
core/src/main/java/org/shop/Store.java core/src/main/java/org/shop/disk/Disk.java
core/src/test/java/org/shop/Store.java web/src/main/kotlin/org/shop/web/Routes.kt
web/src/main/kotlin/org/shop/web/Server.kt
"""
SCRIPTS = """
package.json={"name":"root","imports":{"#db/*":"./src/db/*.js"}}
tsconfig.json={"compilerOptions":{"baseUrl":".","paths":{"@app/*":["src/*"],},},}//comment
src/index.ts src/store.ts src/store/index.ts src/store.test.ts src/db/disk.ts src/view.tsx
src/style.css src/legacy.js index.js
packages/ui/package.json={"name":"@root/ui","exports":{".":{"import":"./dist/index.js"},"./b/*":"./dist/b/*.js"}}
packages/ui/src/index.ts packages/ui/src/b/button.tsx packages/ui/src/main.ts
packages/old/package.json={"name":"old","main":"lib/old.js"} packages/old/src/old.ts
packages/ext/tsconfig.json={"extends":"../../tsconfig.json"} packages/ext/a.ts
"""
C = """
src/main.c src/store.h include/shop/store.h include/shop/disk.h third_party/log/log.h string.h
"""
C_SHARP = """
src/Shop.Core/Store.cs src/Shop.Core/Disk/Cache.cs src/Shop.Web/Routes.cs tests/Common.cs
"""
PHP = """
composer.json={"autoload":{"psr-4":{"Shop\\\\":"src/"}},"autoload-dev":{"psr-4":{"Shop\\\\Tests\\\\":["tests/"]}}}
src/Store.php src/Disk/Cache.php src/Disk/functions.php tests/StoreTest.php public/index.php
"""
OTHERS = """
lib/shop.rb lib/shop/store.rb spec/store_spec.rb spec/spec_helper.rb
lua/shop/store.lua lua/shop/init.lua bin/run.sh bin/lib/colors.sh lib/common.bash
Sources/Shop/Store.swift Sources/Shop/Disk/Cache.swift Sources/App/main.swift
css/main.scss css/_colors.scss css/base.css zig/main.zig zig/store.zig infra/main.tf
infra/network/main.tf infra/network/outputs.tf
lib/shop/user_store.ex lib/shop_web/controllers/user_controller.ex lib/shop.ex
src/Data/Shop/Tree.hs src/Main.hs page/index.html page/app.js
"""

CASES = [
    # Python
    (PYTHON, "python", "app/web.py", "app.db.models", "User", "app/db/models.py"),
    (PYTHON, "python", "app/web.py", "app.db", "models", "app/db/models.py app/db/__init__.py"),
    (PYTHON, "python", "app/web.py", "app.db", "*", "app/db/__init__.py"),
    (PYTHON, "python", "app/web.py", "app.db", "", "app/db/__init__.py"),
    (PYTHON, "python", "tests/test_web.py", "app", "web", "app/web.py app/web.pyi app/__init__.py"),
    (PYTHON, "python", "app/db/models.py", ".", "x", "app/db/__init__.py"),
    (PYTHON, "python", "app/db/models.py", "..web", "App", "app/web.py app/web.pyi"),
    (PYTHON, "python", "app/db/models.py", "...setup", "x", "setup.py"),
    (PYTHON, "python", "app/db/models.py", "......x", "y", ""),
    (PYTHON, "python", "app/web.py", "json", "", ""),
    (PYTHON, "python", "app/web.py", "typing", "Any", ""),
    (PYTHON, "python", "app/web.py", "os.path", "join", ""),
    (PYTHON, "python", "tests/test_web.py", "conftest", "client", "tests/conftest.py"),
    (PYTHON, "python", "tests/test_web.py", "helpers.make", "user", "tests/helpers/make.py"),
    (PYTHON, "python", "tests/test_web.py", "tests.helpers", "make", "tests/helpers/make.py"),
    (PYTHON, "python", "scripts/run.py", "core.tasks", "Task", "libs/core/src/core/tasks.py"),
    (PYTHON, "python", "libs/core/tests/test_tasks.py", "core", "Task",
     "libs/core/src/core/__init__.py"),
    (PYTHON, "python", "setup.py", "web", "App", ""),
    # Go
    (GO, "go", "main.go", "example.org/shop/store", "",
     "store/store.go store/a.go store/store_test.go"),
    (GO, "go", "store/store.go", "example.org/shop", "", "main.go"),
    (GO, "go", "store/store.go", "example.org/shop/store/disk", "", "store/disk/disk.go"),
    (GO, "go", "main.go", "other.org/log", "", "vendor/other.org/log/log.go"),
    (GO, "go", "tools/gen/gen.go", "example.org/shop/store/disk", "", "store/disk/disk.go"),
    (GO, "go", "tools/main.go", "example.org/tools/gen", "", "tools/gen/gen.go"),
    (GO, "go", "main.go", "example.org/shopping", "", ""),
    (GO, "go", "main.go", "fmt", "", ""),
    # Rust
    (RUST, "rust", "src/web/routes.rs", "crate::store", "Store", "src/store.rs"),
    (RUST, "rust", "src/web/routes.rs", "crate::store::disk", "Disk", "src/store/disk.rs"),
    (RUST, "rust", "src/web/routes.rs", "super", "Server", "src/web/mod.rs"),
    (RUST, "rust", "src/web/routes.rs", "super::super::store", "Store", "src/store.rs"),
    (RUST, "rust", "src/web/routes.rs", "super", "*", ""),
    (RUST, "rust", "src/web/mod.rs", "self::routes", "get", "src/web/routes.rs"),
    (RUST, "rust", "src/lib.rs", "web", "", "src/web/mod.rs"),
    (RUST, "rust", "src/store.rs", "disk", "", "src/store/disk.rs"),
    (RUST, "rust", "tests/all.rs", "shop::store", "Store", "src/store.rs"),
    (RUST, "rust", "tests/all.rs", "helpers", "", "tests/helpers.rs"),
    (RUST, "rust", "src/lib.rs", "my_log::level", "Level", "crates/my-log/src/level.rs"),
    (RUST, "rust", "src/lib.rs", "odd", "x", "crates/odd/odd.rs"),
    (RUST, "rust", "src/lib.rs", "std::store", "x", ""),
    (RUST, "rust", "src/lib.rs", "store/disk.rs", "", "src/store/disk.rs"),
    (RUST, "rust", "src/web/mod.rs", "../store/disk.rs", "", "src/store/disk.rs"),
    (RUST, "rust", "src/web/mod.rs", "../../../disk.rs", "", ""),
    # Java and Kotlin
    (JVM, "java", "core/src/main/java/org/shop/App.java", "org.shop", "Store",
     "core/src/main/java/org/shop/Store.java core/src/test/java/org/shop/Store.java"),
    (JVM, "java", "web/src/main/java/A.java", "org.shop.disk.Disk", "Cache",
     "core/src/main/java/org/shop/disk/Disk.java"),
    (JVM, "java", "web/src/main/java/A.java", "org.shop.disk", "*",
     "core/src/main/java/org/shop/disk/Disk.java"),
    (JVM, "java", "web/src/main/java/A.java", "org.shop.disk", "Missing", ""),
    (JVM, "java", "web/src/main/java/A.java", "java.shop.disk", "Disk", ""),
    (JVM, "kotlin", "core/A.kt", "org.shop.web", "startServer",
     "web/src/main/kotlin/org/shop/web/Routes.kt web/src/main/kotlin/org/shop/web/Server.kt"),
    (JVM, "kotlin", "core/A.kt", "org.shop.web", "Server",
     "web/src/main/kotlin/org/shop/web/Server.kt"),
    # JavaScript and TypeScript
    (SCRIPTS, "typescript", "src/index.ts", "./store", "Store", "src/store.ts"),
    (SCRIPTS, "typescript", "src/index.ts", "./store/", "Store", "src/store.ts"),
    (SCRIPTS, "typescript", "src/index.ts", "./view.jsx", "View", "src/view.tsx"),
    (SCRIPTS, "typescript", "src/index.ts", "./db/disk.js", "Disk", "src/db/disk.ts"),
    (SCRIPTS, "typescript", "src/index.ts", "./legacy.js", "x", "src/legacy.js"),
    (SCRIPTS, "typescript", "src/index.ts", "./style.css?inline", "", "src/style.css"),
    (SCRIPTS, "typescript", "src/db/disk.ts", "..", "App", "src/index.ts"),
    (SCRIPTS, "javascript", "src/legacy.js", "../", "App", "index.js"),
    (SCRIPTS, "typescript", "src/index.ts", "../../outside", "x", ""),
    (SCRIPTS, "typescript", "src/index.ts", "@app/db/disk", "Disk", "src/db/disk.ts"),
    (SCRIPTS, "typescript", "src/index.ts", "src/view", "View", "src/view.tsx"),
    (SCRIPTS, "typescript", "packages/ext/a.ts", "@app/view", "View", "src/view.tsx"),
    (SCRIPTS, "typescript", "src/index.ts", "#db/disk", "Disk", "src/db/disk.ts"),
    (SCRIPTS, "tsx", "src/view.tsx", "@root/ui", "Button", "packages/ui/src/index.ts"),
    (SCRIPTS, "tsx", "src/view.tsx", "@root/ui/b/button", "x", "packages/ui/src/b/button.tsx"),
    (SCRIPTS, "tsx", "src/view.tsx", "old", "x", "packages/old/src/old.ts"),
    (SCRIPTS, "tsx", "src/view.tsx", "@/store", "x", "src/store.ts"),
    (SCRIPTS, "tsx", "packages/ui/src/b/button.tsx", "@/main", "x", "packages/ui/src/main.ts"),
    (SCRIPTS, "typescript", "src/index.ts", "react", "x", ""),
    (SCRIPTS, "typescript", "src/index.ts", "node:fs", "x", ""),
    # C and C++
    (C, "c", "src/main.c", "store.h", "", "src/store.h include/shop/store.h"),
    (C, "c", "src/main.c", "<shop/store.h>", "", "include/shop/store.h"),
    (C, "cpp", "src/main.c", "../include/shop/disk.h", "", "include/shop/disk.h"),
    (C, "cpp", "src/main.c", "log/log.h", "", "third_party/log/log.h"),
    (C, "c", "src/main.c", "<string.h>", "", ""),
    (C, "cpp", "src/main.c", "<vector>", "", ""),
    (C, "cpp", "src/main.c", "std", "*", ""),
    # C#
    (C_SHARP, "c_sharp", "src/Shop.Web/Routes.cs", "Shop.Core", "*", "src/Shop.Core/Store.cs"),
    (C_SHARP, "c_sharp", "src/Shop.Web/Routes.cs", "Shop.Disk", "*", "src/Shop.Core/Disk/Cache.cs"),
    (C_SHARP, "c_sharp", "src/Shop.Web/Routes.cs", "Shop.Core.Disk.Cache.Entry", "",
     "src/Shop.Core/Disk/Cache.cs"),
    (C_SHARP, "c_sharp", "src/Shop.Web/Routes.cs", "System.Common", "*", ""),
    (C_SHARP, "c_sharp", "src/Shop.Web/Routes.cs", "Other.Disk", "*", ""),
    # PHP
    (PHP, "php", "public/index.php", "Shop", "Store", "src/Store.php"),
    (PHP, "php", "public/index.php", r"\Shop\Disk", "Cache", "src/Disk/Cache.php"),
    (PHP, "php", "public/index.php", r"Shop\Disk", "clean", "src/Disk/functions.php"),
    (PHP, "php", "public/index.php", r"Shop\Tests", "StoreTest", "tests/StoreTest.php"),
    (PHP, "php", "public/index.php", r"Other\Disk", "Cache", ""),
    (PHP, "php", "public/index.php", "/../src/Store.php", "", "src/Store.php"),
    # Others
    (OTHERS, "ruby", "spec/store_spec.rb", "spec_helper", "", "spec/spec_helper.rb"),
    (OTHERS, "ruby", "spec/store_spec.rb", "shop/store", "", "lib/shop/store.rb"),
    (OTHERS, "ruby", "lib/shop.rb", "../spec/spec_helper.rb", "", "spec/spec_helper.rb"),
    (OTHERS, "lua", "init.lua", "shop.store", "", "lua/shop/store.lua"),
    (OTHERS, "lua", "init.lua", "shop", "", "lua/shop/init.lua"),
    (OTHERS, "bash", "bin/run.sh", '"$(dirname "$0")/lib/colors.sh"', "", "bin/lib/colors.sh"),
    (OTHERS, "bash", "bin/run.sh", "${ROOT}/lib/common", "", "lib/common.bash"),
    (OTHERS, "bash", "bin/run.sh", "$1", "", ""),
    (OTHERS, "swift", "Sources/App/main.swift", "Shop", "",
     "Sources/Shop/Store.swift Sources/Shop/Disk/Cache.swift"),
    (OTHERS, "swift", "Sources/App/main.swift", "Foundation", "", ""),
    (OTHERS, "css", "css/main.scss", "colors", "", "css/_colors.scss"),
    (OTHERS, "css", "css/main.scss", "base.css", "", "css/base.css"),
    (OTHERS, "html", "page/index.html", "app.js", "", "page/app.js"),
    (OTHERS, "zig", "zig/main.zig", "store.zig", "", "zig/store.zig"),
    (OTHERS, "hcl", "infra/main.tf", "./network", "",
     "infra/network/main.tf infra/network/outputs.tf"),
    (OTHERS, "elixir", "lib/shop.ex", "Shop.UserStore", "", "lib/shop/user_store.ex"),
    (OTHERS, "elixir", "lib/shop.ex", "ShopWeb.UserController", "",
     "lib/shop_web/controllers/user_controller.ex"),
    (OTHERS, "elixir", "lib/shop.ex", "Other.UserStore", "", ""),
    (OTHERS, "haskell", "src/Main.hs", "Data.Shop.Tree", "", "src/Data/Shop/Tree.hs"),
    (OTHERS, "haskell", "src/Main.hs", "Data.Map", "", ""),
    (OTHERS, "markdown", "src/Main.hs", "Data.Shop.Tree", "", ""),
]  # fmt: skip


def project_of(files: str) -> Project:
    """Return the project of a text with paths.

    What follows `=` is what the file holds, with `~` for a space and `;` for a line end.
    """
    texts: dict[str, str] = {}
    for word in files.split():
        path, _, text = word.partition("=")
        texts[path] = text.replace("~", " ").replace(";", "\n")
    return Project([path for path in texts if not path.endswith("go.mod")], texts.get)


def imported(module: str, name: str) -> Import:
    return Import(module, name, "", Span(0, 0))


@pytest.mark.parametrize(("files", "language", "path", "module", "name", "expected"), CASES)
def test_resolve(
    files: str, language: str, path: str, module: str, name: str, expected: str
) -> None:
    found = resolve(imported(module, name), path, language, project_of(files))
    assert " ".join(found) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tsconfig.json", '{"extends": "./tsconfig.json"}'),
        (
            "tsconfig.json",
            '{"compilerOptions": {"paths": {"*": [["x"], 1, null, "*"]}, "baseUrl": 3}}',
        ),
        ("tsconfig.json", '{"compilerOptions": []'),
        ("package.json", '{"name": ["x"], "exports": {".": {".": {".": 1}}}, "imports": "x"}'),
        ("package.json", "[" * 100_000),
        ("package.json", '{"name": "x", "exports": ' + '{"a":' * 500 + "1" + "}" * 501),
        ("Cargo.toml", "package = 1\nlib = [1]"),
        ("Cargo.toml", '[package]\nname = ["x"]'),
        ("Cargo.toml", "["),
        ("go.mod", "module\nreplace x => ../../../../y\nmodule \0"),
        ("go.work", "use (\n../..\n./x\n)"),
        ("composer.json", '{"autoload": {"psr-4": {"": [1, "../..", "src/"]}, "psr-0": []}}'),
    ],
)
@pytest.mark.parametrize("module", ["x", "x/y", "./x", "#x", "@/x", "x::y", "x\\y", "crate::x"])
def test_hostile_configuration(path: str, text: str, module: str) -> None:
    sources = ["a.ts", "a.rs", "a.go", "a.php"]
    project = Project([*sources, path], {path: text}.get)
    for language, source in zip(["typescript", "rust", "go", "php"], sources, strict=True):
        assert set(resolve(imported(module, "x"), source, language, project)) <= {*sources, path}


PARTS = st.sampled_from(
    [".", "..", "/", "::", "\\", "a", "b", "src", "*", "@", "#", "crate", "super", "é"]
)
PATHS = st.lists(st.sampled_from(["a", "b", "src", "lib"]), min_size=1, max_size=5).map("/".join)


@given(
    st.lists(PARTS, max_size=8).map("".join),
    st.sampled_from(["", "*", "a", "b"]),
    PATHS,
    st.sets(PATHS, max_size=8),
)
def test_only_files_of_the_project_are_meant(
    module: str, name: str, path: str, others: set[str]
) -> None:
    ends = (
        ".py",
        ".ts",
        ".go",
        ".rs",
        ".java",
        ".h",
        ".cs",
        ".rb",
        ".php",
        ".lua",
        ".swift",
        ".ex",
    )
    paths = {other + end for other in others for end in ends}
    project = Project(paths, {}.get)
    for resolver in all_resolvers():
        for language in resolver.languages:
            found = resolve(imported(module, name), path + ".py", language, project)
            assert set(found) <= paths
            assert len(set(found)) == len(found)


def test_many_files_are_cut() -> None:
    paths = [f"x/a{number}.go" for number in range(200)]
    project = Project(paths, {"go.mod": "module m"}.get)
    assert len(resolve(imported("m/x", ""), "main.go", "go", project)) == 50


def test_a_configuration_is_read_once() -> None:
    asked: list[str] = []
    project = Project(["x/a.go"], asked.append)
    for name in ("a", "b", "c"):
        resolve(imported("m", name), "x/main.go", "go", project)
    assert sorted(asked) == ["go.mod", "go.work", "x/go.mod", "x/go.work"]


def test_every_language_has_one_resolver() -> None:
    names = [name for resolver in all_resolvers() for name in resolver.languages]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "unit", ["/*", ",/*", '\\"', '"\\', '"', "\n", " ", "{", "[a", "a.", "use ", ","]
)
def test_configuration_is_read_in_linear_time(unit: str) -> None:
    """Each of these would take minutes if every place were looked at from every other."""
    text = unit * (250_000 // len(unit))
    paths = ["package.json", "tsconfig.json", "Cargo.toml", "composer.json", "go.mod", "go.work"]
    project = Project(paths, lambda _path: text)
    for language in ("typescript", "rust", "php", "go"):
        assert resolve(imported("x", ""), "a", language, project) == ()


def test_a_long_configuration_is_not_read() -> None:
    texts = {"package.json": '{"name": "x"}' + " " * 300_000}
    assert resolve(imported("x", ""), "a.ts", "typescript", Project(["index.ts"], texts.get)) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": "// no comment, ]"}', {"a": "// no comment, ]"}),
        ('{"a": 1, // comment "x"\n "b": [1, /* , */ ], }', {"a": 1, "b": [1]}),
        ('\ufeff{"a": "\\", // \\""}', {"a": '", // "'}),
        ("[1]", {}),
        ("nonsense", {}),
        ("", {}),
    ],
)
def test_json_with_comments(text: str, expected: dict[str, object]) -> None:
    assert parse_object(text) == expected
