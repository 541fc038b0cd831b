from dataclasses import replace

from cloister.context.likelihood import name_likelihoods
from support.places import asked, candidate

QUERY = replace(asked("visible = read_chunk(║"), worths={"chunk": 3.0, "read": 1.0})


def test_more_witnesses_make_a_name_likelier() -> None:
    found = [candidate("often rare"), candidate("often", first_line=9)]
    likely = name_likelihoods(QUERY, found)
    assert likely["often"] > likely["rare"]


def test_a_name_of_the_same_words_is_likelier() -> None:
    likely = name_likelihoods(QUERY, [candidate("write_chunk other")])
    assert likely["write_chunk"] > likely["other"]


def test_names_that_are_seen_already_have_no_likelihood() -> None:
    assert name_likelihoods(QUERY, [candidate("visible return hidden")]).keys() == {"hidden"}


def test_no_name_is_certain() -> None:
    found = [candidate("chunk", first_line=n, score=0.9) for n in range(50)]
    assert 0 < name_likelihoods(QUERY, found)["chunk"] < 1
