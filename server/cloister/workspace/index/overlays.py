"""Unsaved buffers: analysed in memory when somebody asks, and never written anywhere."""

from collections.abc import Collection, Iterable, Mapping

from cloister.core.outline import Import
from cloister.workspace.index.extract import FileFacts, facts_of
from cloister.workspace.index.postings import worth
from cloister.workspace.index.records import ChunkHit, IndexedSymbol, ResolvedImport, symbol_of


class Overlays:
    """The texts of unsaved buffers by path, and what is in them.

    Buffers may come and go in one thread while another one asks; questions come from one at a time.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        # Each with the text that it is of.
        self._facts: dict[str, tuple[str, FileFacts]] = {}

    def put(self, path: str, text: str) -> None:
        """Let `text` stand for the file."""
        self._texts[path] = text

    def drop(self, path: str) -> None:
        """Let the file stand for itself."""
        self._texts.pop(path, None)
        self._facts.pop(path, None)

    def paths(self) -> Collection[str]:
        """Return the paths of all buffers, sorted."""
        return sorted(self._texts)

    def text(self, path: str) -> str | None:
        """Return the text of a buffer, None when there is none for the file."""
        return self._texts.get(path)

    def symbols(self) -> list[IndexedSymbol]:
        """Return the definitions of all buffers."""
        return [
            symbol_of(path, row) for path in self.paths() for row in self._facts_of(path).symbols
        ]

    def imports(self, path: str, saved: list[ResolvedImport]) -> list[ResolvedImport]:
        """Return the imports of a buffer, those that were saved where there is none.

        Where an import leads is known as far as the saved file has it too.
        """
        if path not in self._texts:
            return saved
        known = {(each.module, each.name): each.paths for each in saved}
        return [_resolved(each, known) for each in self._facts_of(path).imports]

    def search(self, worths: Mapping[int, float]) -> list[ChunkHit]:
        """Return the chunks of all buffers that have one of the words, with their scores."""
        return [hit for path in self.paths() for hit in self._hits(path, worths)]

    def files_with(self, term: int) -> dict[str, int]:
        """Return the buffers that have a word, and in how many chunks."""
        words = {path: self._facts_of(path).words for path in self.paths()}
        counts = {path: sum(term in chunk for chunk in words[path]) for path in words}
        return {path: count for path, count in counts.items() if count}

    def _hits(self, path: str, worths: Mapping[int, float]) -> Iterable[ChunkHit]:
        facts = self._facts_of(path)
        for chunk, counts in zip(facts.chunks, facts.words, strict=True):
            common = counts.keys() & worths.keys()
            score = sum(worths[term] * worth(counts[term]) for term in sorted(common))
            if score > 0:
                yield ChunkHit(path, chunk.first_line, chunk.last_line, score)

    def _facts_of(self, path: str) -> FileFacts:
        text = self._texts.get(path, "")
        known = self._facts.get(path)
        if known is not None and known[0] == text:
            return known[1]
        facts = facts_of(path, text)
        self._facts[path] = (text, facts)
        return facts


def _resolved(imported: Import, known: Mapping[tuple[str, str], tuple[str, ...]]) -> ResolvedImport:
    paths = known.get((imported.module, imported.name), ())
    return ResolvedImport(imported.module, imported.name, imported.alias, paths)
