"""Candidates that show a definition by its signature: a name, and what is needed to use it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cloister.context.candidate import Candidate, Workspace
from cloister.context.excerpts import lines_of
from cloister.workspace.index.read import Index
from cloister.workspace.index.records import IndexedSymbol

SOURCE_NAME = "signatures"

_MOST_NAMES = 80
_MOST_PER_NAME = 4
_LEAST_LIKELIHOOD = 0.0005
# Keys of such files are names as well, but nobody writes them in code.
_DATA = (".toml", ".json", ".yaml", ".yml", ".md", ".html", ".css")


def signature(symbol: IndexedSymbol, source: str, reason: str, score: float) -> Candidate:
    """Return the candidate that shows the signature of a symbol."""
    return Candidate(
        path=symbol.path,
        first_line=symbol.first_line,
        last_line=symbol.first_line + symbol.signature.count("\n"),
        text=symbol.signature,
        source=source,
        reason=reason,
        score=score,
        defines=(symbol.name,),
    )


def signatures_of(workspace: Workspace, likelihoods: Mapping[str, float]) -> Iterator[Candidate]:
    """Yield the definitions of the names that are likeliest to be wanted."""
    ranked = sorted(likelihoods.items(), key=lambda item: (-item[1], item[0]))[:_MOST_NAMES]
    likely = {name: value for name, value in ranked if value >= _LEAST_LIKELIHOOD}
    by_name: dict[str, list[IndexedSymbol]] = {}
    for symbol in workspace.index.symbols_named(likely, _MOST_PER_NAME):
        if not symbol.path.endswith(_DATA):
            by_name.setdefault(symbol.name, []).append(symbol)
    for name, symbols in by_name.items():
        for symbol in symbols:
            yield signature(symbol, SOURCE_NAME, f"defines {name}", likely[name] / len(symbols))


def of_symbols(
    symbols: Iterable[IndexedSymbol], source: str, reason: str, score: float
) -> Iterator[Candidate]:
    """Yield the signatures of symbols that are equally likely to be wanted."""
    return (signature(symbol, source, reason, score) for symbol in symbols)


def as_in_file(candidates: Iterable[Candidate], index: Index) -> Iterator[Candidate]:
    """Yield candidates with whole lines: a signature by itself begins without its indentation."""
    listed = list(candidates)
    texts = {path: index.text_of(path) for path in {it.path for it in listed if it.defines}}
    for candidate in listed:
        lines = lines_of(texts.get(candidate.path) or "")
        whole = "\n".join(lines[candidate.first_line : candidate.last_line + 1])
        is_same = whole.lstrip().startswith(candidate.text)
        yield replace(candidate, text=whole) if candidate.defines and is_same else candidate
