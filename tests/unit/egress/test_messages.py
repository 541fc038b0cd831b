"""Every message of the egress process survives the wire, and pieces are told without their text."""

from pathlib import Path
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from cloister.core.privacy import Piece
from cloister.egress.messages import CODEC, Message, SentPiece, sent_pieces

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@given(st.one_of(*(st.from_type(kind) for kind in get_args(Message))))
def test_every_message_survives_the_wire(message: Message) -> None:
    assert CODEC.decode(CODEC.encode(message)[4:]) == message


def test_a_piece_is_told_without_its_text() -> None:
    piece = Piece(Path("/link/a.py"), Path("/real/a.py"), 3, 4, "größe\nx\ud800", "document")
    assert sent_pieces([piece]) == (SentPiece("/link/a.py", "/real/a.py", 3, 4, piece.sha256, 12),)
    assert "größe" not in repr(piece)
