"""Shows an evaluation in a terminal: a table of builders, of sources, and of kinds of cases."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from cloister.core.invisible import shown
from cloister.evaluation.explain import Explanation
from cloister.evaluation.ours import NAME, without_name
from cloister.evaluation.report import Report
from cloister.evaluation.results import BUDGETS
from cloister.evaluation.session import OnCase
from cloister.evaluation.statistics import Interval
from cloister.evaluation.summary import ArmSummary, Difference, GroupSummary

_WIDTH_OF_FILES = 130
_CAPTION = (
    "recall: needed names that the context shows, of all that other files have; defined: needed "
    "names whose definition it shows, of those that have one there; precision: lines with a needed "
    "name; bits: per character of the truth under an n-gram; score: 0 without "
    "context, 1 with BM25"
)


@contextmanager
def counting(what: str) -> Iterator[OnCase]:
    """Show a progress bar on standard error, for what is done and of how many."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def print_report(report: Report, tokens: str) -> None:
    """Print everything, the most important first."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILES
    console.print(
        f"{report.n_cases} cases of {report.n_commits} commits need {report.n_needed} names that "
        f"other files have; {report.n_defined} of them are defined there. "
        f"Tokens are {tokens}.",
        style="dim",
    )
    without = without_name("")
    console.print(_builders(report, [it for it in report.arms if not it.name.startswith(without)]))
    if any(arm.model for arm in report.arms):
        console.print(_models(report.arms))
    if ablated := [it for it in report.arms if it.name.startswith(without)]:
        whole = next(it for it in report.arms if it.name == NAME)
        console.print(_sources(whole, ablated))
    console.print(_groups(report.groups))
    if report.differences:
        console.print(_differences(report.differences))


def print_explanation(explanation: Explanation) -> None:
    """Print one case: the line, every needed name with who found it, and what is shown."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(_text(f"{explanation.name} ({explanation.stratum})", "bold"))
    line = _text(explanation.before)
    console.print(line.append("║").append(shown(explanation.truth), style="green"))
    for it in explanation.names:
        console.print(_text(f"\n{it.name}: {it.verdict}", "bold"))
        defined = ", ".join(it.definitions) or "nowhere"
        console.print(_text(f"  in {it.n_files} files, defined in: {defined}"))
        for witness in it.witnesses:
            place = f"{witness.path}:{witness.line}"
            rank = f"number {witness.rank}, score {witness.score:.3f}"
            console.print(_text(f"  {witness.source} found it at {place} ({rank})", "dim"))
    for passage in explanation.passages:
        place = f"{passage.path}:{passage.first_line + 1}"
        console.print(_text(f"\n{place} ({passage.source}: {passage.reason})", "cyan"))
        console.print(_text(passage.text, "dim"))


def _text(text: str, style: str = "") -> Text:
    """Return what stands in other people's files, without anything that a terminal would obey."""
    return Text(shown(text), style=style)


def _builders(report: Report, arms: Sequence[ArmSummary]) -> Table:
    table = _table("builder", *_titles("recall"), "95 %", *_titles("defined"), "precision",
                   "bits", "score", "p50 ms", "p95 ms")  # fmt: skip
    table.caption = _CAPTION
    for arm in arms:
        spread = report.times[arm.name]
        table.add_row(
            arm.name,
            *(_share(it.value) for it in arm.recall.values()),
            _range(arm.recall[BUDGETS[-1]]),
            *(_share(it.value) for it in arm.definitions.values()),
            f"{arm.precision:.3f}",
            _number(arm.bits_per_char),
            _number(arm.context_score),
            *(f"{ms:.1f}" for ms in (spread.p50_ms, spread.p95_ms)),
        )
    return table


def _models(arms: Sequence[ArmSummary]) -> Table:
    titles = [title for kind in ("exact", "cross-file", "first word") for title in (kind, "95 %")]
    table = _table("with the model", "bits", *titles)
    for arm in arms:
        if arm.model:
            shares = [arm.model.exact, arm.model.exact_cross_file, arm.model.begun]
            cells = (cell for it in shares for cell in (_share(it.value), _range(it)))
            table.add_row(arm.name, _number(arm.model.bits_per_char), *cells)
    return table


def _sources(whole: ArmSummary, ablated: Sequence[ArmSummary]) -> Table:
    """Return what each source adds: how much less there is without it."""
    table = _table("switched off", *_titles("recall"), *_titles("defined"))
    for arm in ablated:
        pairs = [
            *((arm.recall[budget], whole.recall[budget]) for budget in BUDGETS),
            *((arm.definitions[budget], whole.definitions[budget]) for budget in BUDGETS),
        ]
        changes = (f"{without.value - with_it.value:+.3f}" for without, with_it in pairs)
        table.add_row(arm.name.removeprefix(without_name("")), *changes)
    return table


def _groups(groups: Sequence[GroupSummary]) -> Table:
    builders = list(groups[0].recall) if groups else []
    titles = [f"{name} recall@{BUDGETS[-1]}" for name in builders]
    table = _table("cases by", "", "cases", "needed", *titles)
    for group in groups:
        shares = (_share(share) if group.n_needed else "" for share in group.recall.values())
        table.add_row(group.kind, group.name, str(group.n_cases), str(group.n_needed), *shares)
    return table


def _differences(differences: Sequence[Difference]) -> Table:
    table = _table("the second against the first", "difference", "95 %", "p", "it is")
    for it in differences:
        interval = it.interval
        low_high = f"{interval.low:+.3f} to {interval.high:+.3f}"
        table.add_row(
            it.measure, f"{interval.value:+.3f}", low_high, _number(it.p_value), it.verdict
        )
    return table


def _titles(measure: str) -> list[str]:
    first, *others = BUDGETS
    return [f"{measure} @{first}", *(f"@{budget}" for budget in others)]


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number else "left", no_wrap=True)
    return table


def _share(share: float) -> str:
    return f"{share:.3f}"


def _range(interval: Interval) -> str:
    return f"{interval.low:.2f}-{interval.high:.2f}"


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"
