"""A module's docstring belongs to no definition."""

from __future__ import annotations

import os.path
import numpy as np, typing as t, sys
from collections import OrderedDict as Ordered, deque
from . import sibling
from ..pkg.deep import (
    first,
    second as other,
)
from .everything import *

if t.TYPE_CHECKING:
    from .late import Late

try:
    import fast as json
except ImportError:
    import json

    HAS_FAST = False
else:
    HAS_FAST = True

# How long to wait,
# in seconds.
TIMEOUT: float = 5.0
left, (right) = 1, 2
one = two = 3
registry: dict[str, type[Base]] = {}  # a comment after code
type Pair[T] = tuple[T, T]
__all__ = ["Base", "Client"]


class Base[T](t.Protocol, Generic[T], metaclass=Meta):
    """A base.

    More about it.
    """

    kind: str = "base"
    x, y = 1, 2
    # How many there are.
    count = 0

    class Inner:
        pass

    def method(self, a: int) -> str:
        # Not the documentation.
        self.seen = a
        self.kind = "method"
        local = 1

        def nested(b):
            "Nested."
            return b

        return local


@dataclass(
    frozen=True,
)
class Client(np.Base, Base[int]):
    name: str
    tags: list[str] = field(default_factory=list)

    @overload
    def get(self, key: int) -> int: ...
    @overload
    def get(self, key: str) -> str: ...
    def get(self, key):
        self.first, self.second = key, key
        self.token: Token | None = None
        self.a = self.b = make()
        return key

    @property
    def size(self) -> int:
        """How large it is."""
        return 1

    @size.setter
    def size(self, value: int) -> None:
        cls.shared = value

    if sys.version_info > (3, 12):

        @classmethod
        async def create(
            cls,
            *args: str,
            **options: t.Any,
        ) -> Client:
            return cls()


# Also a comment above a decorator documents.
@cache
async def helper(é: str = "ü") -> None: return print("日本語", é)


def after_wide_text(): pass
