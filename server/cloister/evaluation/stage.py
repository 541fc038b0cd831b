"""The repository as it was before a commit: a folder, its index, and the windows of its files."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from cloister.evaluation.checkout import Checkout
from cloister.evaluation.corpus import Corpus
from cloister.syntax.languages import language_for_path
from cloister.syntax.queries import query
from cloister.workspace.files.content import SourceFile, read_source
from cloister.workspace.files.ignore import IgnoreRules
from cloister.workspace.git.history import CommitSummary, blob_bytes, files_of
from cloister.workspace.git.repository import Repository
from cloister.workspace.index.build import build, refresh
from cloister.workspace.index.read import Index


class Stage:
    """Moves from commit to commit; only what changes is read and indexed anew."""

    def __init__(self, repository: Repository, folder: Path, database: Path) -> None:
        self.corpus = Corpus()
        self.root = folder
        self.index = Index.open(database, folder)
        self._repository = repository
        self._checkout = Checkout(folder, lambda blob: blob_bytes(repository, blob))
        self._database = database

    def move_before(self, commit: CommitSummary) -> None:
        """Show the parent of a commit. Raises OSError or sqlite3.Error when the index is lost."""
        tree = files_of(self._repository, commit.parent)
        changed = self._checkout.move_to(tree, commit.time)
        if not self._database.exists() or any(_changes_rules(path) for path in changed):
            build(self.root, self._database)
        elif changed:
            refresh(self.root, self._database, changed)
        self._update_corpus(changed)

    def _update_corpus(self, changed: Iterable[str]) -> None:
        rules = IgnoreRules(self.root)
        for path in changed:
            source = None if rules.ignores(path) or not is_code(path) else self._read(path)
            if source is None:
                self.corpus.remove(path)
            else:
                self.corpus.put(path, source.text)

    def _read(self, path: str) -> SourceFile | None:
        source = read_source(self.root, path)
        return source if isinstance(source, SourceFile) else None


def is_code(path: str) -> bool:
    """Return whether a file's language names things and uses them: prose and data need nothing."""
    language = language_for_path(PurePosixPath(path))
    return language is not None and query(language, "references") is not None


def _changes_rules(path: str) -> bool:
    return path.rpartition("/")[2] in {".gitignore", ".cloisterignore"}
