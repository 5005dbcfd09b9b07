"""`python -m eval.benchmarks.quality`: measure quality, print the tables, write docs/quality.md.

Progress goes to stderr, tables to stdout as soon as they are there. With ``--only`` nothing is written.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.benchmarks import alike, document, korquad, mtrag, own, questions, several, xquad
from eval.benchmarks.baselines import BM25, open_baselines
from eval.benchmarks.herald import Herald, Workshop, open_workshop
from eval.benchmarks.method import Method
from eval.benchmarks.summary import summary
from eval.benchmarks.table import Part, plain
from eval.case_file import read_cases

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CASES = ROOT / "eval" / "cases"
SAMPLES = ROOT / "indexer" / "samples"
THREADS = 2
TORCH_THREADS = 1
"""More would wait for each other on a machine that does other work beside."""
PARTS = ("xquad", "korquad", "mtrag", "own", "several", "alike", "announcement_questions")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; 0 unless something went wrong."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    logging.disable(logging.WARNING)
    say = _progress()
    parts: list[Part] = []
    with TemporaryDirectory(prefix="herald-quality-") as folder:
        say("exporting the encoder")
        workshop = open_workshop(Path(folder), THREADS)
        baselines = open_baselines(TORCH_THREADS)
        for name in options.only or PARTS:
            for part in measure(name, options.data, workshop, baselines, say):
                parts.append(part)
                sys.stdout.write(_shown(part) + "\n\n")
                sys.stdout.flush()
    sys.stdout.write(plain(summary(parts)) + "\n")
    if not options.only:
        document.write(parts, options.docs)
        say(f"written: {options.docs / 'quality.md'}")
    return 0


def measure(
    name: str, data: Path, workshop: Workshop, baselines: Sequence[Method], say: Callable[[str], None]
) -> list[Part]:
    """One of PARTS. Where its data is absent, a part that says so."""
    missing = [file for file in _files(name) if not (data / file).is_file()]
    if missing:
        say(f"{name} is skipped: no {', '.join(missing)} in {data}")
        return [Part(name, name, skipped=f"{', '.join(missing)} is not there")]
    # A whole announcement is no answer, though it holds every answer there is.
    of_parts = [method for method in baselines if method.name != BM25]
    match name:
        case "xquad":
            parts = [xquad.measure(data, Herald(workshop), baselines, say)]
        case "korquad":
            parts = [korquad.measure(data, Herald(workshop), baselines, say)]
        case "mtrag":
            parts = [mtrag.measure(data, workshop, baselines, say)]
        case "own":
            parts = own.measure(_sets(), workshop, of_parts, say)
        case "several":
            parts = [several.measure(CASES / "together", THREADS, say)]
        case "alike":
            parts = [alike.measure(workshop, of_parts, say)]
        case _:
            parts = [questions.measure(data, workshop, say)]
    return parts


def _files(name: str) -> tuple[str, ...]:
    return {
        "xquad": (xquad.FILE,),
        "korquad": (korquad.FILE,),
        "mtrag": (mtrag.FILE,),
        "own": (),
        "several": (),
        "alike": (),
        "announcement_questions": (questions.ANNOUNCEMENT, questions.QUESTIONS),
    }[name]


def _sets() -> list[own.Sources]:
    shipped = read_cases([CASES / "work-plan-2026.jsonl"])
    return [
        own.read_set("own_test", "Our test split", "Held out: never fitted on.", CASES / "test"),
        own.read_set(
            "own_development",
            "Our development split",
            "Fitted on: these figures flatter.",
            CASES / "development",
        ),
        own.Sources(
            "own_shipped",
            "The shipped announcement",
            "Development: may be looked at.",
            {shipped[0].source or "": SAMPLES / "work-plan-2026.md"},
            tuple(shipped),
        ),
    ]


def _shown(part: Part) -> str:
    if part.skipped:
        return f"{part.title}: skipped, {part.skipped}"
    return "\n\n".join([f"== {part.title} ==", *([part.text] if part.text else []), *map(plain, part.tables)])


def _progress() -> Callable[[str], None]:
    begun = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:5.0f} s  {text}\n")
        sys.stderr.flush()

    return say


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.quality", description="Measure quality.")
    parser.add_argument("--data", type=Path, default=DATA, help="where the public sets lie")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where quality.md is written")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure these alone, and write nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
