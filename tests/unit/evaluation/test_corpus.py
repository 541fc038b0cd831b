import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.evaluation.corpus import WINDOW_LINES, Corpus

RETRY = "def retry_request():\n    wait_seconds()\n"
FILLER = "".join(f"filler_line = {number}\n" for number in range(45))


def corpus_of(files: dict[str, str]) -> Corpus:
    corpus = Corpus()
    for path, text in files.items():
        corpus.put(path, text)
    return corpus


def test_windows_overlap_and_show_every_line() -> None:
    corpus = corpus_of({"a.py": FILLER})
    assert [window.first_line for window in corpus.windows()] == [0, 10, 20, 30]
    shown = {
        line
        for window in corpus.windows()
        for line in range(window.first_line, window.first_line + WINDOW_LINES)
    }
    assert shown >= set(range(45))


def test_an_empty_file_has_no_window() -> None:
    assert corpus_of({"a.py": ""}).windows() == []


@pytest.mark.parametrize("rank", ["by_bm25", "by_jaccard"])
def test_the_window_with_the_words_is_first_and_the_own_file_is_left_out(rank: str) -> None:
    corpus = corpus_of({"own.py": RETRY, "near.py": FILLER + RETRY, "far.py": FILLER})
    found = getattr(corpus, rank)(["retry_request", "wait_seconds"], "own.py", 3)
    assert found[0].path == "near.py"
    assert "retry_request" in found[0].text
    assert all(window.path != "own.py" for window in found)


def test_bm25_is_the_published_formula() -> None:
    texts = ["alpha beta", "alpha gamma delta", "delta delta epsilon zeta", "eta", "theta"]
    corpus = corpus_of({f"{number}.py": text for number, text in enumerate(texts)})
    average = sum(len(text.split()) for text in texts) / len(texts)

    def score(text: str) -> float:
        total = 0.0
        for word in ("alpha", "delta"):
            n = sum(word in other.split() for other in texts)
            idf = math.log(1 + (len(texts) - n + 0.5) / (n + 0.5))
            count, length = text.split().count(word), len(text.split())
            total += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / average))
        return total

    # No word is in more than a quarter of so many windows.
    for number in range(20):
        corpus.put(f"filler{number}.py", f"filler{number}")
        texts.append(f"filler{number}")
    average = sum(len(text.split()) for text in texts) / len(texts)
    expected = sorted((text for text in texts if score(text)), key=score, reverse=True)
    found = corpus.by_bm25(["alpha", "delta", "alpha"], "", 10)
    assert [window.text for window in found] == expected


def test_a_word_of_the_most_windows_says_nothing() -> None:
    corpus = corpus_of({f"{number}.py": "common" for number in range(8)})
    assert corpus.by_bm25(["common"], "", 5) == []


names = st.sampled_from(["a.py", "b.py", "c.py"])
texts = st.text("xyz_ \n", max_size=40).map(lambda text: f"{text} alpha beta {text}")


@given(st.lists(st.tuples(names, st.none() | texts), max_size=8))
def test_after_any_changes_it_is_as_if_made_anew(changes: list[tuple[str, str | None]]) -> None:
    corpus, files = Corpus(), dict[str, str]()
    for path, text in changes:
        files.pop(path, None)
        if text is None:
            corpus.remove(path)
        else:
            corpus.put(path, text)
            files[path] = text
    anew = corpus_of(files)
    assert list(corpus.paths) == list(anew.paths)
    assert corpus.windows() == anew.windows()
    assert corpus.files_with("alpha") == anew.files_with("alpha")
    asked = ["alpha", "xyz", "beta"]
    assert corpus.by_jaccard(asked, "a.py", 9) == anew.by_jaccard(asked, "a.py", 9)
    assert corpus.by_bm25(asked, "a.py", 9) == anew.by_bm25(asked, "a.py", 9)


def test_files_and_lines_are_known() -> None:
    corpus = corpus_of({"a.py": "one_word\ntwo\n", "b.py": "one_word"})
    assert corpus.files_with("one_word") == {"a.py", "b.py"}
    assert corpus.files_with("absent") == set()
    assert list(corpus.lines_of("a.py")) == ["one_word", "two"]
