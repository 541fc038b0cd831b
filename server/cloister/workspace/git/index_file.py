"""Git's index, within bounds: in its fourth version a few bytes can stand for names without end.

That version is read here. The library takes the longer numbers in it for other ones, so that files
got other names, and puts no bound to anything.
"""

import hashlib
import struct
from collections.abc import Mapping
from pathlib import Path

from dulwich.index import ConflictedIndexEntry, Index, IndexEntry
from dulwich.objects import ObjectID

_MAX_BYTES = 128 * 1024 * 1024
_MOST_ENTRIES = 500_000
# Longer than any path that a system takes.
_LONGEST_NAME_BYTES = 4_096
_HEADER = struct.Struct(">4sLL")
_WITH_SHORTENED_NAMES = 4
# Times, where the file lies, whose it is, its size, the name of its text, and flags.
_ENTRY = struct.Struct(">10L20sH")
_HAS_MORE_FLAGS, _STAGE, _LENGTH = 0x4000, 0x3000, 0xFFF
_MORE_FLAGS = struct.Struct(">H")
_EXTENSION = struct.Struct(">4sL")
_SUM_BYTES = 20
_NO_SUM = bytes(_SUM_BYTES)

Entries = Mapping[bytes, IndexEntry | ConflictedIndexEntry]


def read_index(path: Path) -> Entries | None:
    """Return what an index holds, by the bytes of its paths; None where it cannot be read."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return None
        data = path.read_bytes()
        _, version, n_entries = _HEADER.unpack_from(data)
        if n_entries > _MOST_ENTRIES:
            return None
        if version == _WITH_SHORTENED_NAMES:
            return _with_shortened_names(data, n_entries)
        return dict(Index(str(path)).items())
    except Exception:  # noqa: BLE001  # a damaged index fails in many ways
        return None


def _with_shortened_names(data: bytes, n_entries: int) -> Entries:
    """Return the entries, of which each says how much of the name before it goes; raises errors."""
    found = dict[bytes, IndexEntry | ConflictedIndexEntry]()
    at, name, n_bytes = _HEADER.size, b"", 0
    for _ in range(n_entries):
        entry, at = _entry(data, at)
        n_removed, at = _number(data, at)
        end = data.index(b"\0", at)
        length = len(name) - n_removed + end - at
        n_bytes += length
        if n_removed > len(name) or length > _LONGEST_NAME_BYTES or n_bytes > _MAX_BYTES:
            raise ValueError("a name is too long")
        name = name[: len(name) - n_removed] + data[at:end]
        found[name] = ConflictedIndexEntry() if entry.flags & _STAGE else entry
        at = end + 1
    _require_whole(data, at)
    return found


def _entry(data: bytes, at: int) -> tuple[IndexEntry, int]:
    *times, dev, ino, mode, uid, gid, size, name, flags = _ENTRY.unpack_from(data, at)
    at, more_flags = at + _ENTRY.size, 0
    if flags & _HAS_MORE_FLAGS:
        (more_flags,) = _MORE_FLAGS.unpack_from(data, at)
        at += _MORE_FLAGS.size
    changed, written = (times[0], times[1]), (times[2], times[3])
    blob = ObjectID(name.hex().encode())
    flags &= ~_LENGTH
    entry = IndexEntry(
        changed, written, dev, ino, mode, uid, gid, size, blob, flags, extended_flags=more_flags
    )
    return entry, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number in git's own form, seven bits a byte, and where it ends."""
    number = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        number = ((number + 1) << 7) + (data[at] & 0x7F)
        if number > _LONGEST_NAME_BYTES:
            raise ValueError("a number is too long")
    return number, at + 1


def _require_whole(data: bytes, at: int) -> None:
    """Raise ValueError for an index that is damaged, or that needs more to be understood."""
    end = len(data) - _SUM_BYTES
    while at < end:
        signature, n_bytes = _EXTENSION.unpack_from(data, at)
        if not signature[:1].isupper():
            raise ValueError("a part of it lies elsewhere")
        at += _EXTENSION.size + n_bytes
    wanted = hashlib.sha1(data[:end], usedforsecurity=False).digest()
    if at != end or data[end:] not in (wanted, _NO_SUM):
        raise ValueError("it is damaged")
