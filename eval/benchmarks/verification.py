"""`python -m eval.benchmarks.verification`: how many false claims the verifier withdraws, and true ones.

True claims come from eval/cases/claims; false ones are made from them (``mutator``) or written by hand.
Prints the tables and writes docs/verification.md. ``--split development`` measures that split alone,
and with ``--show`` lists what went wrong; neither writes anything.
"""

import argparse
import math
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from eval.benchmarks.claims import Claims, read_claims
from eval.benchmarks.mutator import Falsehood, Mutation, Pair, mutations
from eval.benchmarks.table import Column, Row, Table, markdown, plain
from indexer.encoder import DEFAULT_ENCODER, export_encoder, open_encoder
from service.answer import Quote
from service.answering.meaning import ModelledMeaning
from service.answering.reader import OnnxReader
from service.answering.verifier import Claim, Verdict, reading_of, verify
from service.wiring import WEIGHTS

ROOT = Path(__file__).resolve().parents[2]
SEED = 2026
THREADS = 2
NORMAL = 1.96
"""Standard deviations to either side of a 95% interval."""
EXTRA = {Falsehood.SCOPE}
"""Classes beyond those that the bar of 98% is set for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One split, judged. ``seconds`` is how long each claim took, and ``before`` the encoding of its quotes."""

    claims: Claims
    true: tuple[tuple[Pair, Verdict], ...]
    false: tuple[tuple[Mutation, Verdict], ...]
    seconds: tuple[float, ...]
    before: tuple[float, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with TemporaryDirectory(prefix="herald-claims-") as folder:
        export_encoder(DEFAULT_ENCODER, Path(folder) / "encoder")
        meaning = ModelledMeaning(
            open_encoder(Path(folder) / "encoder", THREADS, serving=True), OnnxReader(WEIGHTS)
        )
        names = [options.split] if options.split else ["test", "bold", "development", "plain"]
        outcomes = [measure(read_claims(name), meaning) for name in names]
    tables = [table for outcome in outcomes for table in (false_table(outcome), true_table(outcome))]
    tables.append(speed_table(outcomes))
    sys.stdout.write("\n\n".join(map(plain, tables)) + "\n")
    if options.show:
        sys.stdout.write("\n".join(line for outcome in outcomes for line in _wrong(outcome)) + "\n")
    if not options.split:
        page = "\n\n".join([INTRODUCTION, *map(markdown, tables), METHODS, _versions()])
        (options.docs / "verification.md").write_text(page + "\n", "utf-8")
    return 0


def measure(claims: Claims, meaning: ModelledMeaning) -> Outcome:
    """Judge every true claim, and every false one made of them or written."""
    false = [*claims.written]
    for pair in claims.pairs:
        false += mutations(pair, claims.pairs, SEED)
    verify(as_claim(claims.pairs[0]), meaning)
    seconds: list[float] = []
    before: list[float] = []
    judged = []
    for pair in [*claims.pairs, *(mutation.pair for mutation in false)]:
        claim = as_claim(pair)
        begun = time.perf_counter()
        # As the service does, once an answer, before the model has written its first word.
        meaning.remember([reading_of(quote).text for quote in claim.quotes])
        encoded = time.perf_counter()
        judged.append(verify(claim, meaning))
        before.append(encoded - begun)
        seconds.append(time.perf_counter() - encoded)
    count = len(claims.pairs)
    return Outcome(
        claims,
        tuple(zip(claims.pairs, judged[:count], strict=True)),
        tuple(zip(false, judged[count:], strict=True)),
        tuple(seconds[:count]),
        tuple(before[:count]),
    )


def as_claim(pair: Pair) -> Claim:
    """A pair as the verifier takes it."""
    quotes = (
        Quote(pair.announcement, "0" * 64, text, 0, len(text), pair.announcement, None, pair.published)
        for text in pair.quotes
    )
    return Claim(pair.claim, tuple(quotes))


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95% score interval of a share (Wilson, JASA 1927); it is sound at 0 and at 1 too."""
    if not count:
        return 0.0, 1.0
    share, square = hits / count, NORMAL**2 / count
    middle = share + square / 2
    reach = NORMAL * math.sqrt(share * (1 - share) / count + square / (4 * count))
    return (middle - reach) / (1 + square), (middle + reach) / (1 + square)


def _share(hits: int, count: int) -> str:
    low, high = wilson(hits, count)
    return (
        f"{100 * hits / count:.1f}% ({100 * max(low, 0):.1f} to {100 * min(high, 1):.1f})" if count else "–"
    )


_COLUMNS = (Column("count", "claims"), Column("withdrawn", "withdrawn"), Column("share", "share withdrawn"))


def _row(label: str, verdicts: Sequence[Verdict]) -> Row:
    hits = sum(not verdict.kept for verdict in verdicts)
    return Row(label, {"count": len(verdicts), "withdrawn": hits, "share": _share(hits, len(verdicts))})


def false_table(outcome: Outcome) -> Table:
    """False claims by class: all of them should be withdrawn."""
    rows = [
        _row(falsehood.value, [v for m, v in outcome.false if m.falsehood is falsehood])
        for falsehood in Falsehood
    ]
    rows.append(_row("all but scope", [v for m, v in outcome.false if m.falsehood not in EXTRA]))
    rows.append(
        _row("… written by hand", [v for m, v in outcome.false if m.written and m.falsehood not in EXTRA])
    )
    rows.append(_row("everything", [v for _, v in outcome.false]))
    return Table(
        f"{outcome.claims.name}_false",
        f"False claims, {outcome.claims.name} split",
        _COLUMNS,
        tuple(rows),
        "class",
    )


def true_table(outcome: Outcome) -> Table:
    """True claims by form and language: none should be withdrawn."""
    forms = Counter(pair.form for pair in outcome.claims.pairs)
    rows = [_row(form, [v for p, v in outcome.true if p.form == form]) for form, _ in forms.most_common()]
    languages = {"en": "English", "ko": "Korean"}
    rows += [
        _row(name, [v for p, v in outcome.true if p.language == code]) for code, name in languages.items()
    ]
    rows.append(_row("all", [v for _, v in outcome.true]))
    return Table(
        f"{outcome.claims.name}_true",
        f"True claims, {outcome.claims.name} split",
        _COLUMNS,
        tuple(rows),
        "form",
    )


def speed_table(outcomes: Sequence[Outcome]) -> Table:
    """How long one sentence takes, and the encoding of its quotes before there is a sentence."""
    rows = []
    for label, taken in (
        ("a sentence", [each for outcome in outcomes for each in outcome.seconds]),
        ("its quotes, encoded once an answer", [each for outcome in outcomes for each in outcome.before]),
    ):
        cells: dict[str, int | str] = {"count": len(taken)}
        cells |= {f"p{q}": f"{1000 * np.percentile(taken, q):.1f} ms" for q in (50, 95)}
        rows.append(Row(label, dict(cells)))
    columns = (Column("count", "claims"), Column("p50", "p50"), Column("p95", "p95"))
    threads = f"The encoder runs with {THREADS} threads, the reader with one."
    return Table("speed", "Time of one verification", columns, tuple(rows), "", threads)


def _wrong(outcome: Outcome) -> list[str]:
    lines = [
        f"withdrawn  {p.form}: {p.claim}  [{v.fault}: {v.detail}]" for p, v in outcome.true if not v.kept
    ]
    return lines + [f"kept  {m.falsehood}: {m.pair.claim}" for m, v in outcome.false if v.kept]


def _versions() -> str:
    return (
        f"## Measured with\n\nPython {platform.python_version()}, {os.cpu_count()} cores, encoder {DEFAULT_ENCODER}, "
        f"seed {SEED}."
    )


INTRODUCTION = f"""# Verification

How many false sentences the verifier withdraws, and how many true ones with them. `make bench-claims`
(`python -m eval.benchmarks.verification`) measures it on two CPU cores and writes this page.

In brackets: 95% score intervals (Wilson). The bar: at least 98% of the false claims withdrawn, at most
5% of the true ones, at most 15 ms a sentence at the median. Encoder: {DEFAULT_ENCODER}."""

METHODS = """## What is judged

- **True claims** are sentences written from an announcement's own sentences, each with those that it
  cites: copies, trims, honest paraphrases, reordered and merged sentences, and derived figures.
- **False claims** are made of the true ones by a seeded generator (`eval/benchmarks/mutator.py`), at most
  two a class and claim, or written by hand. Each changes one thing. What stays true is not counted: a
  figure that only changes its writing, a neighbour that says much of the same.
- **Citation swapped**: the true claim, citing the sentence before or after the right one.
- **Spliced quotes**: parts of two clauses or of two quotes put together: the figure of one, the subject of
  the other.
- **Scope**: "all" for some, a limiting word dropped. No bar is set for it; it is shown because it matters.
- The word lists of the generator are its own. The verifier was developed and its weights fitted
  (`python -m eval.training.verification`) on the development and plain splits alone. The test split's announcements
  and claims were written by somebody else, who did not know the rules; whoever works on the rules sees its
  tables and no case of it.
- **Plain** claims are worded as a language model words an answer, by hands that did not know the rules, and the false
  ones among them err as one errs in a hurry: three quarters of them by direction, denial, strength, speaker or
  splicing, with every figure and name in place. They are harder than the test split's.
- **Bold** claims are worded as unlike their quotes as can be, and the false ones among them just as boldly; they
  were neither developed nor fitted on. They show where the verifier's understanding ends.

## How a sentence is judged

1. **Exactly, and without appeal:** a citation there has to be; every figure, unit, currency, date, name and
   quoted word must be in the quotes, in whatever writing, or follow from figures that are: computed, rounded with a
   hedge ("nearly"), counted or reckoned; such a sentence is labelled as derived. Percent is not percentage point;
   markup, links and other alphabets must be the quotes' own.
2. **By signs, weighed together:** whose figure it is (a model chooses among the quote's figures by what stands
   around them), who says it, how firmly, whether it is denied, which way it moves, what no quote has, how near the
   encoder finds each word to the quotes' (late interaction), and what the reader makes of sentence and quotes
   together: a network of 25 MB, trained on claims about other announcements (`eval/training/reader.py`, then
   `eval/training/further.py`). A logistic
   model adds them up; its bar is where 3% of the false claims of the development and plain splits were kept by
   models that had not seen their announcements.
3. A sentence of a language model **without a marker** is held against each quote that the model was given. Where
   exactly one proves it, that one is cited; otherwise the sentence is withdrawn like any without a citation."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.verification", description="Measure the verifier."
    )
    parser.add_argument(
        "--split",
        choices=["development", "plain", "test", "bold"],
        help="measure this one, and write nothing",
    )
    parser.add_argument("--show", action="store_true", help="list what went wrong")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where verification.md is written")
    return parser


if __name__ == "__main__":
    sys.exit(main())
