"""Code that was cut off replaces nothing, although what there is of it may parse."""

from pathlib import Path

import pytest

from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.edit import edited
from cloister.core.text import Span, Text
from cloister.features.editing.act import ActionFeature
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.possibility import Backends, Selection, Wish
from cloister.features.escalation.approval import Approver, Choice, Preview
from cloister.settings.settings import Settings

SOURCE = "def f(a):\n    b = a\n    save(b)\n    return b\n"
NEW = "def f(a):\n    save(a)\n"
FENCED = f"```python\n{NEW}```\n"
SAME_AGAIN = "    save(a)  # the same again\n" * 100


async def simplified(rule: Rule) -> str:
    """Return the document after an action whose model does what `rule` says."""
    backend = ScriptedBackend([rule], context_tokens=8192)
    feature = ActionFeature(Backends(backend, backend), Settings(), None)
    path = Path("/a/b.py")
    document = DocumentSnapshot(path.as_uri(), path, "python", 1, Text(SOURCE))
    selection, cancel = Selection(document, Span(5, 5)), CancelToken.after_ms(60_000)
    try:
        edits = await feature.edits(selection, Wish("simplify"), Approver(_no), cancel)
        return edited(SOURCE, edits)
    finally:
        feature.close()


async def _no(_preview: Preview) -> Choice:
    return Choice.NO


@pytest.mark.parametrize(
    "rule",
    [
        Rule(instruction="careful", text=f"```python\n{NEW}", cut=True),
        Rule(instruction="careful", text=NEW, cut=True),
        # Ended by us.
        Rule(instruction="careful", text=f"```python\n{NEW}{SAME_AGAIN}"),
    ],
)
async def test_what_was_cut_off_is_refused(rule: Rule) -> None:
    with pytest.raises(RefusedAnswerError, match="did not finish"):
        await simplified(rule)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(instruction="careful", text=f"{FENCED}I have simpl", cut=True),
        Rule(instruction="careful", text=f"{FENCED}```python\ndef f(a):\n    sa", cut=True),
        # A model that ends may leave out the fence.
        Rule(instruction="careful", text=f"```python\n{NEW}"),
    ],
)
async def test_what_is_whole_is_used(rule: Rule) -> None:
    assert await simplified(rule) == NEW
