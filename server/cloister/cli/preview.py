"""Shows a completion in a terminal as an editor would: the lines around, the ghost text dimmed.

A file may hold what steers a terminal, so whatever is not seen is written out.
"""

from rich.console import Console
from rich.text import Text as Styled

from cloister.core.document import DocumentSnapshot
from cloister.core.generation import Timings
from cloister.core.invisible import shown
from cloister.features.completion.result import CompletionResult

_LINES_AROUND = 4


def print_preview(document: DocumentSnapshot, offset: int, result: CompletionResult) -> None:
    """Print the place, the suggestion in it, and what it cost."""
    ghost = ""
    if result.suggestions:
        suggestion = result.suggestions[0]
        ghost = suggestion.text[offset - suggestion.span.start :]
    console = Console(highlight=False, soft_wrap=True)
    console.print(ghost_view(document, offset, ghost, console))
    if not ghost:
        reason = result.outcome.reason or result.outcome.kind.value
        console.print(Styled(shown(f"nothing shown: {reason}"), style="yellow"))
    console.print(Styled(shown(cost_line(result.model, result.timings)), style="dim"))


def ghost_view(document: DocumentSnapshot, offset: int, ghost: str, console: Console) -> Styled:
    """Return the lines around `offset` with `ghost` in its place, and line numbers from 1.

    Where the console has no colours the ghost text stands between `├` and `┤`.
    """
    text = document.text
    if ghost and not console.is_terminal:
        ghost = f"├{ghost}┤"
    cursor_line = text.line_of(offset)
    first = max(0, cursor_line - _LINES_AROUND)
    last = min(text.line_count, cursor_line + _LINES_AROUND + 1)
    width = len(str(last))
    view = Styled()
    for line in range(first, last):
        view.append(f"{line + 1:>{width}} ", style="dim")
        content = text.line(line)
        if line == cursor_line:
            column = offset - text.line_start(line)
            margin = " " * (width + 1)
            view.append(shown(content[:column]))
            ghost = shown(ghost).replace("\n", f"\n{margin}")
            view.append(ghost or "▏", style="bright_black italic")
            view.append(shown(content[column:]))
        else:
            view.append(shown(content))
        if line + 1 < last:
            view.append("\n")
    return view


def cost_line(model: str | None, timings: Timings) -> str:
    """Return model, times and token counts on one line."""
    return (
        f"{model or 'no model'} · first token {timings.first_token_ms:.0f} ms · "
        f"total {timings.total_ms:.0f} ms · {timings.evaluated_tokens} tokens evaluated, "
        f"{timings.reused_tokens} reused, {timings.generated_tokens} generated"
    )
