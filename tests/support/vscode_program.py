"""The program that a VS Code under test starts: `cloister`, answering from a script."""

import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from support.vscode import Home

CLOISTER = Path(sys.executable).with_name("cloister")
UNFINISHED = 'def add(a, b):\n    """Return the sum."""\n'
GHOST = "ib(n):\n    if n < 2:\n        return n\n    return n"


@dataclass(frozen=True, slots=True)
class ScriptedProgram:
    """`cloister` with a scripted backend, which leaves a trace of its life.

    `starts` holds the process id of each start, a line each; `messages` all that the editor said.
    """

    path: Path
    starts: Path
    messages: Path

    def count_requests(self) -> int:
        """Return how often the editor has asked for a completion."""
        return self.messages.read_bytes().count(b'"textDocument/inlineCompletion"')


def write_scripted_program(home: Home, path: Path, context_tokens: int = 1024) -> ScriptedProgram:
    """Write a program whose model has a context of so many tokens."""
    program = ScriptedProgram(path, home.folder / "starts", home.folder / "messages")
    script = home.folder / "script.json"
    rules = [
        {"after": "def f", "text": GHOST},
        {"after": '"é😀" + f', "text": "oo"},
        {"after": "unsure = ", "text": "local", "probability": 0.25},
        {"after": f"{UNFINISHED.replace('add', 'held')}    ", "hold": True},
        {"after": f"{UNFINISHED}    ", "text": "return a + b\n\n\ndef other():\n"},
    ]
    facts = {"rules": rules, "context_tokens": context_tokens}
    script.write_text(json.dumps(facts), encoding="utf-8")
    command = shlex.join([str(CLOISTER), "lsp", "--backend", f"scripted:{script}"])
    # `exec` keeps the process id, so that killing it kills the server itself.
    body = f"echo $$ >>{program.starts}\nexec {command} < <(exec tee -a {program.messages})"
    write_program(path, body)
    return program


def write_program(path: Path, body: str) -> None:
    """Write a program that the shell runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
