"""Unsaved buffers: analysed in memory when somebody asks, and never written anywhere."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cloister.core.outline import Import
from cloister.workspace.index.chunks import Chunk
from cloister.workspace.index.extract import FileFacts, facts_of
from cloister.workspace.index.postings import worth
from cloister.workspace.index.records import ChunkHit, IndexedSymbol, ResolvedImport, symbol_of
from cloister.workspace.index.words import count_terms


class Overlays:
    """The texts of unsaved buffers by path, and what is in them.

    Buffers may come and go in one thread while another one asks; questions come from one at a time.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._known: dict[str, _Analysed] = {}

    def put(self, path: str, text: str) -> None:
        """Let `text` stand for the file."""
        self._texts[path] = text

    def drop(self, path: str) -> None:
        """Let the file stand for itself."""
        self._texts.pop(path, None)
        self._known.pop(path, None)

    def paths(self) -> Collection[str]:
        """Return the paths of all buffers, sorted."""
        return sorted(self._texts)

    def text(self, path: str) -> str | None:
        """Return the text of a buffer, None when there is none for the file."""
        return self._texts.get(path)

    def symbols(self) -> list[IndexedSymbol]:
        """Return the definitions of all buffers."""
        return [symbol for path in self.paths() for symbol in self._analysed(path).symbols]

    def imports(self, path: str, saved: list[ResolvedImport]) -> list[ResolvedImport]:
        """Return the imports of a buffer, those that were saved where there is none.

        Where an import leads is known as far as the saved file has it too.
        """
        if path not in self._texts:
            return saved
        known = {(each.module, each.name): each.paths for each in saved}
        return [_resolved(each, known) for each in self._analysed(path).facts.imports]

    def search(self, worths: Mapping[int, float]) -> list[ChunkHit]:
        """Return the chunks of all buffers that have one of the words, with their scores."""
        return [hit for path in self.paths() for hit in self._hits(path, worths)]

    def files_with(self, term: int) -> dict[str, int]:
        """Return the buffers that have a word, and in how many chunks."""
        words = {path: self._analysed(path).words for path in self.paths()}
        counts = {path: sum(term in chunk for chunk in words[path]) for path in words}
        return {path: count for path, count in counts.items() if count}

    def _hits(self, path: str, worths: Mapping[int, float]) -> Iterable[ChunkHit]:
        for chunk, counts in self._analysed(path).chunk_words():
            common = counts.keys() & worths.keys()
            score = sum(worths[term] * worth(counts[term]) for term in sorted(common))
            if score > 0:
                yield ChunkHit(path, chunk.first_line, chunk.last_line, score)

    def _analysed(self, path: str) -> "_Analysed":
        text = self._texts.get(path, "")
        known = self._known.get(path)
        if known is None or known.text != text:
            facts = facts_of(path, text)
            # Most chunks are as they were before the last key.
            counted = {it.text: words for it, words in known.chunk_words()} if known else {}
            words = [counted.get(it.text) or count_terms(it.text) for it in facts.chunks]
            symbols = [symbol_of(path, row) for row in facts.symbols]
            known = self._known[path] = _Analysed(text, facts, words, symbols)
        return known


@dataclass(frozen=True, slots=True)
class _Analysed:
    """What is in a text; `words[i]` counts those of the chunk `facts.chunks[i]`."""

    text: str
    facts: FileFacts
    words: Sequence[Mapping[int, int]]
    symbols: Sequence[IndexedSymbol]

    def chunk_words(self) -> Iterable[tuple[Chunk, Mapping[int, int]]]:
        """Return the chunks with their words."""
        return zip(self.facts.chunks, self.words, strict=True)


def _resolved(imported: Import, known: Mapping[tuple[str, str], tuple[str, ...]]) -> ResolvedImport:
    paths = known.get((imported.module, imported.name), ())
    return ResolvedImport(imported.module, imported.name, imported.alias, paths)
