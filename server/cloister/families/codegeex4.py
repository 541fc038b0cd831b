"""CodeGeeX4: a chat model that infills suffix first, inside one turn of its own form.

Format: `[gMASK]<sop><|user|>`, for each other file `###REFERENCE:`, its path and its text, then
path, language and mode of the current file, the window, and `<|assistant|>` with a line end. The
name of the language may be missing where it is not known.
"""

from collections.abc import Iterator

from cloister.core.context import CompletionContext, files_of
from cloister.core.model import ModelDescription
from cloister.core.prompt import Segment, SegmentRole, marker, plain
from cloister.families import Family, Infilling, suffix_first

_INFILLING = Infilling("<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>")
_OPENING = ("[gMASK]", "<sop>", "<|user|>")
_ASSISTANT = "<|assistant|>"
_LANGUAGES = {
    "c": "C",
    "cc": "C++",
    "cpp": "C++",
    "cs": "C#",
    "css": "CSS",
    "go": "Go",
    "h": "C",
    "hpp": "C++",
    "html": "HTML",
    "java": "Java",
    "js": "JavaScript",
    "kt": "Kotlin",
    "lua": "Lua",
    "php": "PHP",
    "py": "Python",
    "rb": "Ruby",
    "rs": "Rust",
    "scala": "Scala",
    "sh": "Shell",
    "sql": "SQL",
    "swift": "Swift",
    "ts": "TypeScript",
}


def _matches(description: ModelDescription) -> bool:
    return description.architecture == "chatglm" and "codegeex" in description.name.lower()


def _segments(context: CompletionContext) -> Iterator[Segment]:
    for token in _OPENING:
        yield marker(SegmentRole.HEAD, token)
    yield plain(SegmentRole.HEAD, f"\n{_references(context)}{_task(context.path)}")
    yield from suffix_first(_INFILLING, context)
    yield marker(SegmentRole.CUE, _ASSISTANT)
    yield plain(SegmentRole.CUE, "\n")


def _references(context: CompletionContext) -> str:
    return "".join(
        f"###REFERENCE:\n###PATH:{path}\n{text}\n" for path, text in files_of(context.snippets)
    )


def _task(path: str) -> str:
    language = _LANGUAGES.get(path.rpartition(".")[2].lower(), "")
    return f"###PATH:{path}\n###LANGUAGE:{language}\n###MODE:BLOCK\n"


FAMILY = Family(
    name="codegeex4",
    matches=_matches,
    segments=_segments,
    markers=(*_OPENING, *_INFILLING, _ASSISTANT),
)
