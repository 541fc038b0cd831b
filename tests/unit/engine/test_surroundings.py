"""Surroundings travel once; what the client leaves out, the engine knows."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cloister.core.generation import Priority, Surroundings
from cloister.core.prompt import Prompt
from cloister.engine.messages import Generate, ModelSource
from cloister.engine.surroundings import CLIENT_DOCUMENTS, ENGINE_DOCUMENTS, KnownSurroundings

SOURCE = ModelSource(str(Path("/models/a.gguf")), None, 1)


def request(document: str, text: str | None) -> Generate:
    surroundings = None if text is None else Surroundings(text)
    return Generate(
        1,
        SOURCE,
        Prompt(()),
        8,
        (),
        Priority.COMPLETION,
        document,
        copies=surroundings is not None,
        surroundings=surroundings,
    )


requests = st.lists(
    st.builds(request, st.sampled_from("abcdefgh"), st.sampled_from(["one", "two", "three", None]))
)


@given(st.lists(st.tuples(st.integers(1, ENGINE_DOCUMENTS // CLIENT_DOCUMENTS), requests)))
def test_the_engine_gets_what_every_client_meant(turns: list[tuple[int, list[Generate]]]) -> None:
    clients = {client: KnownSurroundings(CLIENT_DOCUMENTS) for client, _ in turns}
    engine = KnownSurroundings(ENGINE_DOCUMENTS)
    for client, meant in turns:
        for one in meant:
            assert engine.completed(client, clients[client].shortened(one)) == one


def test_the_same_text_travels_once() -> None:
    client = KnownSurroundings(CLIENT_DOCUMENTS)
    first, again, changed = request("a", "one"), request("a", "one"), request("a", "two")
    assert client.shortened(first) is first
    assert client.shortened(again).surroundings is None
    assert client.shortened(changed) is changed


def test_a_new_connection_knows_nothing() -> None:
    engine = KnownSurroundings(ENGINE_DOCUMENTS)
    engine.completed(1, request("a", "one"))
    engine.forget(1)
    left_out = KnownSurroundings(CLIENT_DOCUMENTS)
    left_out.shortened(request("a", "one"))
    short = left_out.shortened(request("a", "one"))
    assert engine.completed(1, short).surroundings == Surroundings()
    assert engine.completed(2, short).surroundings == Surroundings()
