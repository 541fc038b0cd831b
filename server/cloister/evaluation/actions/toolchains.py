"""How sources become programs that try them: a row for each language that is not Python.

A program is one file, the edited source with the hidden tests behind it. It says a word at its end
that is drawn anew each time, so that one that only ends well has not passed.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from string import Template

from cloister.core.errors import CloisterError

# What compilers start themselves: assemblers and linkers.
_SYSTEM_PATH = ("/usr/bin", "/bin")


@dataclass(frozen=True, slots=True)
class Toolchain:
    """What builds and runs programs of a language; it `needs` these to be installed.

    `program` has places for the source, its `text` as a string for the tests, these and the word.
    One that `reserves` far more memory than it uses is bounded by its own options.
    """

    needs: tuple[str, ...]
    filename: str
    program: Template
    build: tuple[str, ...]
    run: tuple[str, ...]
    reserves: bool = False

    def job(self, source: str, tests: str, word: str) -> dict[str, object]:
        """Return what a confined process is told to do."""
        parts = {"source": source, "text": json.dumps(source), "tests": tests, "word": word}
        return {
            "filename": self.filename,
            "program": self.program.substitute(parts),
            "build": self.build,
            "run": self.run,
            "reserves": self.reserves,
        }

    def path(self) -> str:
        """Return where the programs are, as in PATH; raises CloisterError when one is not."""
        folders = {str(_found(it).parent): None for it in self.needs}
        return os.pathsep.join((*folders, *_SYSTEM_PATH))


def extension_of(language: str) -> str:
    """Return how names of a language's files end, its dot included."""
    toolchain = TOOLCHAINS.get(language)
    return PurePath(toolchain.filename).suffix if toolchain else ".py"


def _found(program: str) -> Path:
    found = shutil.which(program)
    # What only a relative PATH finds could be anybody's.
    if found is None or not Path(found).is_absolute():
        raise CloisterError(f"{program} is not installed.")
    return Path(found)


_SMALL_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx256m")
TOOLCHAINS: Mapping[str, Toolchain] = {
    "c": Toolchain(
        ("gcc",),
        "case.c",
        Template("""\
$source
#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static const char SOURCE[] = $text;
int main(void) {
$tests
puts("$word");
return 0;
}
"""),
        ("gcc", "-std=c17", "-Werror=implicit-function-declaration", "case.c", "-lm"),
        ("./a.out",),
    ),
    "java": Toolchain(
        ("javac", "java"),
        "Case.java",
        Template("""\
$source
class Case {
  static final String SOURCE = $text;
  public static void main(String[] words) {
$tests
    System.out.println("$word");
  }
}
"""),
        ("javac", *(f"-J{it}" for it in _SMALL_JVM), "-proc:none", "-nowarn", "Case.java"),
        ("java", *_SMALL_JVM, "-ea", "-cp", ".", "Case"),
        reserves=True,
    ),
    "javascript": Toolchain(
        ("node",),
        "case.mjs",
        Template("""\
$source
import assert from "node:assert/strict";
const SOURCE = $text;
$tests
console.log("$word");
"""),
        ("node", "--check", "case.mjs"),
        ("node", "--max-old-space-size=256", "case.mjs"),
        reserves=True,
    ),
}
"""By the name of the language; Python is run by the confined process itself."""
