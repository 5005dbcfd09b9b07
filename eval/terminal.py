"""The summary of a run, and of a comparison, as a terminal shows them."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.comparison import Comparison, Difference
from eval.gate import Gate, changed, shown
from eval.metrics.catalogue import BY_NAME
from eval.run import Manifest
from eval.score import Score
from eval.summary import BY_TAG, Summary

WORST = 10
"""So many failing cases are named; the report has them all."""


def write_summary(console: Console, manifest: Manifest, summary: Summary, scores: Sequence[Score]) -> None:
    """Metrics, tags, outcomes and the first failing cases. Nothing in them is taken for markup."""
    console.print(Text(f"{manifest.name}: {manifest.target.get('where', '')}", style="bold"))
    table = _table("metric", "value", "95% interval", "cases")
    for v in summary.values:
        interval = f"{shown(v.metric, v.low)} – {shown(v.metric, v.high)}"
        table.add_row(v.metric.title, shown(v.metric, v.value), interval, str(v.count))
    console.print(table)
    console.print()
    tags = _table("tag", "cases", *(BY_NAME[name].title for name in BY_TAG))
    for group in summary.groups:
        found = (group.values.get(name) for name in BY_TAG)
        tags.add_row(Text(group.tag), str(group.count), *("" if v is None else f"{v:.3f}" for v in found))
    console.print(tags)
    if summary.agreement:
        a = summary.agreement
        kappa = "" if a.kappa is None else f", Fleiss' kappa {a.kappa:.2f}"
        console.print(f"the judge agrees with itself in {a.observed:.1%} of pairs{kappa}, {a.cases} cases")
    if summary.judge_failures:
        console.print(Text(f"the judge failed on {summary.judge_failures} answers", style="red"))
    _write_failing(console, [s for s in scores if not s.verdict.passed and s.case.gates])


def _table(first: str, *others: str) -> Table:
    """A table whose first column holds names, the others numbers."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    # A narrow terminal breaks the headings of the numbers, not the names.
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(Text(name), justify="right")
    return table


def write_gates(console: Console, gates: Sequence[Gate]) -> None:
    """Each gate on a line: those that fail, and of the others only the number."""
    for gate in gates:
        if not gate.passed:
            console.print(Text.assemble(("failed ", "bold red"), f"{gate.name}: {gate.why}"))
    passed = sum(gate.passed for gate in gates)
    if gates:
        console.print(
            Text(f"{passed} of {len(gates)} gates passed", style="green" if passed == len(gates) else "red")
        )


def write_comparison(console: Console, names: Sequence[str], comparisons: Sequence[Comparison]) -> None:
    """Every run beside the first one: metrics side by side, then what got better and worse."""
    first, *others = names
    table = _table("metric", first)
    for name in others:
        table.add_column(Text(name), justify="right")
        table.add_column("change (95% interval)", justify="right")
    by_metric = [{d.metric.name: d for d in comparison.differences} for comparison in comparisons]
    for metric in BY_NAME.values():
        rows = [found.get(metric.name) for found in by_metric]
        known = next((d for d in rows if d is not None), None)
        if known is not None:
            cells = [cell for d in rows for cell in _cells(d)]
            table.add_row(metric.title, shown(metric, known.before), *cells)
    console.print(table)
    for name, comparison in zip(others, comparisons, strict=True):
        _write_changes(console, f"{first} → {name}", comparison)


def _cells(d: Difference | None) -> tuple[Text, Text]:
    if d is None:
        return Text(""), Text("")
    style = "red" if d.significant else "green" if d.surely_better else ""
    change, low, high = (changed(d.metric, value) for value in (d.change, d.low, d.high))
    return Text(shown(d.metric, d.after)), Text(f"{change} ({low} to {high})", style=style)


def _write_changes(console: Console, title: str, comparison: Comparison) -> None:
    passed = comparison.passed
    console.print()
    console.print(
        Text(
            f"{title}: {passed.better} better, {passed.worse} worse, McNemar p = {passed.p:.3f}", style="bold"
        )
    )
    if comparison.left_out:
        console.print(Text(f"{comparison.left_out} cases are not in both runs alike and were left out"))
    for style, sign, pairs in (("red", "-", comparison.worse), ("green", "+", comparison.better)):
        for before, after in pairs:
            reasons = "; ".join((after if sign == "-" else before).verdict.reasons)
            why = reasons if sign == "-" else f"before: {reasons}"
            counted = "" if after.case.gates else " (not counted)"
            line = f" {after.case.id}: {after.case.messages[-1]}{counted}"
            console.print(Text.assemble((sign, style), line, (f"  {why}", "dim")))


def _write_failing(console: Console, failing: Sequence[Score]) -> None:
    if not failing:
        return
    console.print()
    for each in failing[:WORST]:
        why = "; ".join(each.verdict.reasons)
        line = f"{each.case.id}: {each.case.messages[-1]}"
        console.print(Text.assemble((f"{each.verdict.outcome.value}  ", "red"), line, (f"  {why}", "dim")))
    if len(failing) > WORST:
        console.print(Text(f"and {len(failing) - WORST} more, in the report", style="dim"))
