"""The messages between clients and the engine as frames; see `cloister.wire`."""

from typing import get_args

from cloister.engine.messages import Message
from cloister.wire.codec import MAX_FRAME_BYTES, Codec

__all__ = ["MAX_FRAME_BYTES", "PROTOCOL_VERSION", "decode", "encode", "read_message"]

PROTOCOL_VERSION = 4

_CODEC: Codec[Message] = Codec(get_args(Message))

encode = _CODEC.encode
decode = _CODEC.decode
read_message = _CODEC.read
