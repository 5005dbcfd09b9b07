"""Gates: conditions that a run must meet, or the exit code says that it may not go out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from eval.comparison import LEVEL, Comparison
from eval.errors import GateInvalid
from eval.metrics.catalogue import BY_NAME, Better, Metric, Unit
from eval.summary import Summary


@dataclass(frozen=True, slots=True)
class Limit:
    """The worst value that a metric may have."""

    metric: Metric
    value: float

    @property
    def under(self) -> bool:
        """Whether values below it fail; else those above it."""
        return self.metric.better is Better.HIGHER


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate and what became of it. ``why`` is a sentence for a person."""

    name: str
    passed: bool
    why: str


def read_limit(text: str, *, under: bool) -> Limit:
    """``metric=value``, for ``--fail-under`` or, where not ``under``, for ``--fail-over``.

    Raises GateInvalid for an unknown metric, a value that is no number, and for the wrong option.
    """
    name, _, given = text.partition("=")
    metric = BY_NAME.get(name.strip())
    if metric is None:
        raise GateInvalid(f"{name!r} is no metric; there are {', '.join(BY_NAME)}")
    try:
        value = float(given)
    except ValueError as error:
        raise GateInvalid(f"{text!r} is not metric=value") from error
    if isnan(value):
        raise GateInvalid(f"{text!r}: not a number")
    if metric.unit is Unit.SHARE and not 0 <= value <= 1:
        raise GateInvalid(f"{name} is a share: from 0 to 1")
    if under != (metric.better is Better.HIGHER):
        option = "--fail-over" if under else "--fail-under"
        raise GateInvalid(f"{name} is better {metric.better.value}: use {option}")
    return Limit(metric, value)


def check_limits(limits: Sequence[Limit], summary: Summary) -> Iterator[Gate]:
    """A gate for each limit. One on a metric that nothing bears on fails."""
    for limit in limits:
        metric, found = limit.metric, summary.value(limit.metric.name)
        sign = "at least" if limit.under else "at most"
        name = f"{metric.name} {sign} {limit.value:g}"
        if found is None:
            yield Gate(name, False, "nothing to measure it by")
            continue
        passed = metric.worse_by(found.value - limit.value) <= 0
        yield Gate(name, passed, f"it is {shown(metric, found.value)}")
    if summary.judge_failures:
        yield Gate("the judge judged", False, f"it failed on {summary.judge_failures} answers")


def check_no_worse(comparison: Comparison, than: str) -> Iterator[Gate]:
    """A gate for each metric that the former run has: it is not significantly worse now."""
    for d in comparison.differences:
        if not d.metric.gates:
            continue
        moved = f"{shown(d.metric, d.before)} before, {shown(d.metric, d.after)} now"
        chance = f"; by chance with a probability of {d.p:.3f}" if d.worse else ""
        why = f"{moved}{chance}{f', significant at {LEVEL:g} over all metrics' if d.significant else ''}"
        yield Gate(f"{d.metric.name} no worse than in {than}", not d.significant, why)
    for name in comparison.vanished:
        yield Gate(f"{name} no worse than in {than}", False, "nothing is left to measure it by")


def shown(metric: Metric, value: float) -> str:
    """A value of a metric as people read it."""
    match metric.unit:
        case Unit.SHARE:
            return f"{value:.3f}"
        case Unit.SECONDS:
            return f"{value * 1000:.0f} ms" if value < 10 else f"{value:.1f} s"
        case Unit.COUNT:
            return f"{value:,.0f}"
        case Unit.MONEY:
            return f"{value:,.4f}"


def changed(metric: Metric, change: float) -> str:
    """A change of a metric as people read it, with its sign."""
    size = shown(metric, abs(change))
    if not any(digit in size for digit in "123456789"):
        return size
    return ("\N{MINUS SIGN}" if change < 0 else "+") + size
