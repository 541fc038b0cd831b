import os
from . import
from x import (a,

class Unfinished(Base:
    def first(self, x
        self.value = x.
        return self.

    def second(self):
        """Found though the file is damaged."""
        if self.value ==
            pass

def open_string():
    text = "not closed
    return text

@decorator
def last(a, b=(1, 2) -> int:
    return a +
