"""The report: one HTML file that holds everything and asks the network for nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eval.comparison import Comparison
from eval.errors import ExtraMissing
from eval.gate import Gate, changed, shown
from eval.judge import Judgement, expected
from eval.metrics.calibration import reliability, risk_coverage
from eval.metrics.catalogue import BY_NAME, METRICS, Metric, Unit
from eval.report.chart import (
    interval_bar,
    latency_chart,
    latency_in_words,
    reliability_chart,
    risk_chart,
    risk_in_words,
)
from eval.response import CONTEXT, Failure, Response
from eval.run import Run
from eval.score import Score
from eval.summary import BY_TAG, Summary
from eval.support import faults
from eval.verdict import Outcome

FOLDER = Path(__file__).parent
HEADLINE = (
    "pass_rate",
    "answer_accuracy",
    "refusal_recall",
    "citation_exactness",
    "faithfulness",
    "latency_p95",
)
GOOD = frozenset({Outcome.CORRECT, Outcome.REFUSED, Outcome.COURTEOUS})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer and the markers of what proves it."""

    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the page shows it. ``moved`` is better, worse or empty."""

    score: Score
    expected: str
    pieces: tuple[Piece, ...]
    reasons: tuple[str, ...]
    judgement: Judgement | None
    before: Score | None
    moved: str

    @property
    def state(self) -> str:
        """What colours it."""
        if isinstance(self.score.result, Failure):
            return "error"
        return "passed" if self.score.verdict.passed else "failed"


def report_html(
    run: Run,
    scores: Sequence[Score],
    summary: Summary,
    gates: Sequence[Gate] = (),
    compared: Mapping[str, Comparison] | None = None,
    others: Mapping[str, Comparison] | None = None,
) -> str:
    """The page of a run. ``compared`` holds, by the name of the former run, the comparison to show.

    ``others`` are further runs against the same former one, for columns of their own. Raises
    ExtraMissing where jinja2 is not installed.
    """
    name, comparison = next(iter((compared or {}).items()), ("", None))
    page = _template().render(
        run=run,
        summary=summary,
        gates=gates,
        headline=[v for v in map(summary.value, HEADLINE) if v is not None],
        tag_metrics=[BY_NAME[name] for name in BY_TAG],
        charts=list(_charts(scores)),
        cases=list(_views(run, scores, comparison)),
        outcomes=[o for o in Outcome if any(s.verdict.outcome is o for s in scores)],
        tags=sorted({tag for s in scores for tag in s.case.tags}),
        former=name,
        comparison=comparison,
        columns=_columns(comparison, others or {}),
        provenance=list(_flat(_provenance(run))),
        style=(FOLDER / "report.css").read_text("utf-8"),
        script=(FOLDER / "report.js").read_text("utf-8"),
    )
    return str(page)


@cache
def _template() -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise ExtraMissing("jinja2") from error
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "shown": _shown,
        "change": lambda value, metric: changed(metric, value),
        "interval": _interval,
        "leading": _leading,
        "trailing": _trailing,
    }
    environment.tests |= {"good": lambda outcome: outcome in GOOD, "share": lambda m: m.unit is Unit.SHARE}
    return environment.get_template("report.html")


def _shown(value: float | None, metric: Metric) -> str:
    return "" if value is None else shown(metric, value)


def _interval(value: Any) -> str:
    return interval_bar(value.low, value.value, value.high)


def _leading(text: str) -> str:
    """What stands before a quote, from its first whole word; dots where there is more before that."""
    if len(text) < CONTEXT:
        return text.lstrip()
    _, space, rest = text.partition(" ")
    return f"… {(rest if space else text).lstrip()}"


def _trailing(text: str) -> str:
    """What follows a quote, to its last whole word."""
    if len(text) < CONTEXT:
        return text.rstrip()
    begun, space, _ = text.rpartition(" ")
    return f"{(begun if space else text).rstrip()} …"


def _charts(scores: Sequence[Score]) -> Iterator[tuple[str, str, str]]:
    """A title, what it shows, and the chart; of those that there is something to draw for."""
    gating = [s for s in scores if s.case.gates]
    told = [s.parts["ece"] for s in gating if "ece" in s.parts]
    if told:
        bins = reliability([c for c, _ in told], [bool(right) for _, right in told])
        about = (
            "On the diagonal, a reply is right as often as it is sure. The larger a dot, the more replies."
        )
        yield "Reliability", about, reliability_chart(bins)
    answered = [s.parts["aurc"] for s in gating if "aurc" in s.parts]
    if answered:
        points = risk_coverage([c for c, _ in answered], [bool(right) for _, right in answered])
        about = "How many answers would be wrong if only the surest were given: "
        yield "Risk over coverage", f"{about}{risk_in_words(points)}.", risk_chart(points)
    seconds = [s.response.seconds for s in scores if s.response is not None]
    if seconds:
        yield "Latency", f"{latency_in_words(seconds)}.", latency_chart(seconds)


def _views(run: Run, scores: Sequence[Score], comparison: Comparison | None) -> Iterator[CaseView]:
    before = {b.case.id: a for a, b in comparison.pairs} if comparison else {}
    for entry, score in zip(run.entries, scores, strict=True):
        former = before.get(score.case.id)
        moved = ""
        if former is not None and former.verdict.passed != score.verdict.passed:
            moved = "better" if score.verdict.passed else "worse"
        yield CaseView(
            score,
            expected(score.case),
            tuple(_pieces(score.response)) if score.response else (),
            (*score.verdict.reasons, *_unproven(score.response)),
            entry.judgement,
            former,
            moved,
        )


def _unproven(response: Response | None) -> list[str]:
    if response is None or not response.cites:
        return []
    return [f"a sentence is not proven: {fault}" for fault in faults(response) if fault is not None]


def _pieces(response: Response) -> Iterator[Piece]:
    """The text, cut where what is cited ends."""
    at = 0
    spans: dict[tuple[int, int], list[int]] = {}
    for c in response.citations:
        spans.setdefault((c.answer_start, c.answer_end), []).append(c.marker)
    for (start, end), markers in sorted(spans.items()):
        if at <= start < end <= len(response.text):
            if start > at:
                yield Piece(response.text[at:start], ())
            yield Piece(response.text[start:end], tuple(dict.fromkeys(markers)))
            at = end
    if at < len(response.text):
        yield Piece(response.text[at:], ())


def _columns(
    comparison: Comparison | None, others: Mapping[str, Comparison]
) -> list[tuple[Any, list[tuple[str, float | None]]]]:
    """Each difference, and what the other runs have of its metric."""
    if comparison is None:
        return []
    known = {name: {d.metric.name: d.after for d in other.differences} for name, other in others.items()}
    by_name = {d.metric.name: d for d in comparison.differences}
    return [
        (by_name[m.name], [(name, values.get(m.name)) for name, values in known.items()])
        for m in METRICS
        if m.name in by_name
    ]


def _provenance(run: Run) -> dict[str, Any]:
    manifest = run.manifest
    return {
        "started": manifest.started,
        "finished": manifest.finished,
        "cases": f"{len(run.cases)}, fingerprint {manifest.cases[:16]}",
        "target": manifest.target,
        "judge": manifest.judge,
        "code": manifest.code,
    }


def _flat(told: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name} · ")
        elif value is not None:
            yield f"{before}{name}", str(value)
