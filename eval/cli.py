"""`herald eval`: its arguments, and what each command prints.

Exit codes: 0 done, and every gate passed; 1 done, but a gate or an endpoint failed; 2 not done.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from eval.case import schema
from eval.case_file import read_cases
from eval.comparison import Comparison, compare
from eval.errors import TargetFailed
from eval.gate import Gate, check_limits, check_no_worse, read_limit
from eval.judge import TIMES, open_judge, shipped
from eval.junit import junit_xml
from eval.metrics.alce import Support
from eval.metrics.catalogue import METRICS
from eval.run import Run, read_run
from eval.runner import Progress, run_cases
from eval.score import Score
from eval.summary import Summary, scored, summarise
from eval.support import supported_by_words
from eval.targets.target import Target
from eval.terminal import write_comparison, write_gates, write_summary
from indexer.durable import write_file
from service.answer import Mode
from service.answering.entailment import Entailment
from service.settings import read_settings

DONE, AMISS = 0, 1
REPORT = "report.html"


def main(arguments: Sequence[str]) -> int:
    """Run `herald eval` with some arguments; its exit code. Raises HeraldError for what is not done."""
    run = {"compare": _compare, "draft": _draft, "report": _report, "schema": _schema}
    if arguments and arguments[0] in run:
        return run[arguments[0]](arguments[1:])
    return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    options = _run_parser().parse_args(arguments)
    limits = [read_limit(text, under=True) for text in options.fail_under]
    limits += [read_limit(text, under=False) for text in options.fail_over]
    supports = _supports(options.nli)
    former = scored(read_run(options.no_worse_than), supports) if options.no_worse_than else None
    cases = read_cases(options.cases)
    judge = open_judge(options.judge, options.judge_times) if options.judge else None
    folder = options.out or Path("eval-runs") / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    with _target(options) as target, _progress() as progress:
        try:
            run = run_cases(
                cases,
                target,
                folder,
                name=options.name or "",
                concurrency=options.concurrency,
                judge=judge,
                progress=progress,
            )
        except KeyboardInterrupt:
            print(f"interrupted; the same command with --out {folder} goes on from here", file=sys.stderr)
            raise
    scores = scored(run, supports)
    summary = summarise(run, scores)
    comparison = compare(former, scores) if former is not None else None
    gates = list(check_limits(limits, summary))
    if comparison is not None:
        gates += check_no_worse(comparison, options.no_worse_than.name)
    compared = {} if comparison is None else {options.no_worse_than.name: comparison}
    _write_report(folder / REPORT, run, scores, summary, gates, compared)
    if options.junit:
        write_file(options.junit, junit_xml(run.manifest.name, scores, gates))
    _tell(options, folder, run, scores, summary, gates)
    failures = any(entry.failed for entry in run.entries)
    return AMISS if failures or not all(gate.passed for gate in gates) else DONE


def _tell(
    options: argparse.Namespace,
    folder: Path,
    run: Run,
    scores: Sequence[Score],
    summary: Summary,
    gates: Sequence[Gate],
) -> None:
    if options.json:
        document = {
            "run": str(folder),
            "metrics": {v.metric.name: v.value for v in summary.values},
            "outcomes": {outcome.value: count for outcome, count in summary.outcomes.items()},
            "gates": [asdict(gate) for gate in gates],
        }
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    write_summary(console, run.manifest, summary, scores)
    write_gates(console, gates)
    console.print(f"\n{folder / REPORT}", soft_wrap=True)


def _run_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="herald eval",
        description="Ask every case of an endpoint, and grade what comes back.",
        epilog="Also: herald eval compare | draft | report | schema, each with --help. Metrics: "
        + ", ".join(metric.name for metric in METRICS),
    )
    parser.add_argument("cases", nargs="+", type=Path, metavar="CASES", help="files and folders of cases")
    where = parser.add_argument_group("what is asked (by default the index in .herald, in this process)")
    place = where.add_mutually_exclusive_group()
    place.add_argument("--index", type=Path, metavar="DIR", help="an index folder, in this process")
    place.add_argument(
        "--sources", nargs="+", type=Path, metavar="FILE", help="announcements, indexed for this run"
    )
    place.add_argument("--url", help="a Herald service")
    place.add_argument("--openai-url", metavar="URL", help="an OpenAI-compatible endpoint, up to its /v1")
    where.add_argument(
        "--alone", action="store_true", help="with --sources: each in an index of its own, for its own cases"
    )
    where.add_argument("--mode", type=Mode, choices=list(Mode), help="verbatim or generated answers")
    where.add_argument("--model", metavar="NAME", help="with --openai-url: the model")
    where.add_argument(
        "--context",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="with --openai-url: announcements for the prompt",
    )
    where.add_argument("--prompt", type=Path, metavar="FILE", help="with --context: a prompt of your own")
    where.add_argument("--refusal", metavar="REGEX", help="with --openai-url: what tells a refusal")
    where.add_argument(
        "--prices", type=_prices, metavar="READ,WRITTEN", help="with --openai-url: a million tokens cost this"
    )
    where.add_argument("--api-key-env", metavar="NAME", help="the environment variable that holds the key")
    graded = parser.add_argument_group("how it is graded")
    graded.add_argument(
        "--judge", metavar="MODEL", help="a LangChain model such as openai:gpt-5-mini as judge"
    )
    graded.add_argument("--judge-times", type=_positive, default=TIMES, metavar="N", help=f"({TIMES})")
    graded.add_argument("--nli", metavar="MODEL", help="a cross-encoder that says what quotes support")
    gates = parser.add_argument_group("gates: the exit code is 1 where one fails")
    gates.add_argument("--fail-under", action="append", default=[], metavar="METRIC=VALUE")
    gates.add_argument("--fail-over", action="append", default=[], metavar="METRIC=VALUE")
    gates.add_argument(
        "--no-worse-than", type=Path, metavar="RUN", help="fail for a significant drop against a former run"
    )
    parser.add_argument(
        "--out", type=Path, metavar="RUN", help="the folder of the run; taken up if interrupted"
    )
    parser.add_argument("--name", help="what the run is called in reports")
    parser.add_argument("--concurrency", type=_positive, default=2, metavar="N", help="cases at once (2)")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


@contextmanager
def _target(options: argparse.Namespace) -> Iterator[Target]:
    """The target that the options name. What only one kind of it takes is refused for the others."""
    from eval.targets import opening

    own = {"openai_url": ("model", "context", "prompt", "refusal", "prices"), "sources": ("alone",)}
    for place, names in own.items():
        for name in names:
            if getattr(options, name) and not getattr(options, place):
                raise TargetFailed(f"--{name.replace('_', '-')} goes with --{place.replace('_', '-')}")
    key = _api_key(options.api_key_env)
    if options.url:
        with opening.open_service(options.url, key, mode=options.mode) as target:
            yield target
    elif options.openai_url:
        with _completions(options, key) as target:
            yield target
    elif options.sources:
        settings, threads = read_settings(), os.cpu_count() or 1
        with opening.open_sources(
            options.sources, settings, alone=options.alone, threads=threads, mode=options.mode
        ) as target:
            yield target
    else:
        settings = read_settings(**({"index": options.index} if options.index else {}))
        with opening.open_index(settings, mode=options.mode) as target:
            yield target


@contextmanager
def _completions(options: argparse.Namespace, key: str | None) -> Iterator[Target]:
    from eval.targets.completion import REFUSAL, CompletionTarget
    from eval.targets.opening import announcements
    from prompts.prompt import parse

    if not options.model:
        raise TargetFailed("--openai-url needs --model")
    prompt = None
    if options.prompt or options.context:
        try:
            prompt = (
                parse(options.prompt.name, options.prompt.read_text("utf-8"))
                if options.prompt
                else shipped("answer")
            )
        except (OSError, ValueError) as error:
            raise TargetFailed(f"{options.prompt}: {error}") from error
    sources = {a.id: a.text for a in announcements(options.context or [])}
    with closing(
        CompletionTarget(
            options.openai_url,
            options.model,
            prompt=prompt,
            sources=sources,
            api_key=key,
            refusal=options.refusal or REFUSAL,
            prices=options.prices,
        )
    ) as target:
        yield target


def _api_key(variable: str | None) -> str | None:
    if variable is None:
        return None
    if not os.environ.get(variable):
        raise TargetFailed(f"the environment variable {variable} is not set")
    return os.environ[variable]


def _compare(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="herald eval compare", description="Hold runs against the first of them, case by case."
    )
    parser.add_argument("before", type=Path, metavar="RUN")
    parser.add_argument("after", nargs="+", type=Path, metavar="RUN")
    parser.add_argument("--nli", metavar="MODEL", help="a cross-encoder that says what quotes support")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the last run's report, compared")
    options = parser.parse_args(arguments)
    supports = _supports(options.nli)
    runs = [read_run(folder) for folder in (options.before, *options.after)]
    scores = [scored(run, supports) for run in runs]
    comparisons = [compare(scores[0], other) for other in scores[1:]]
    names = [run.manifest.name for run in runs]
    write_comparison(Console(highlight=False), names, comparisons)
    if options.html:
        summary = summarise(runs[-1], scores[-1])
        compared = {names[0]: comparisons[-1]}
        others = dict(zip(names[1:-1], comparisons[:-1], strict=True))
        _write_report(options.html, runs[-1], scores[-1], summary, (), compared, others)
    return DONE


def _report(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="herald eval report", description="Write a run's report anew.")
    parser.add_argument("run", type=Path, metavar="RUN")
    parser.add_argument("--against", type=Path, metavar="RUN", help="a former run to compare it with")
    parser.add_argument("--nli", metavar="MODEL", help="a cross-encoder that says what quotes support")
    options = parser.parse_args(arguments)
    supports = _supports(options.nli)
    run = read_run(options.run)
    scores = scored(run, supports)
    compared: dict[str, Comparison] = {}
    if options.against:
        former = read_run(options.against)
        compared[former.manifest.name] = compare(scored(former, supports), scores)
    _write_report(options.run / REPORT, run, scores, summarise(run, scores), (), compared)
    print(options.run / REPORT)
    return DONE


def _draft(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="herald eval draft", description="Propose cases from announcements, for a person to review."
    )
    parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="files and folders")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to (standard output)")
    parser.add_argument("--most", type=_positive, default=60, metavar="N", help="cases an announcement (60)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another draw (1)")
    options = parser.parse_args(arguments)
    from eval.case import written
    from eval.draft.proposal import propose
    from eval.targets.opening import announcements

    cases = [
        case
        for each in announcements(options.sources)
        for case in propose(each, most=options.most, seed=options.seed)
    ]
    lines = "".join(json.dumps(written(case), ensure_ascii=False) + "\n" for case in cases)
    if options.out:
        write_file(options.out, lines.encode())
        print(f"{len(cases)} cases to review in {options.out}")
    else:
        sys.stdout.write(lines)
    return DONE


def _schema(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser(
        prog="herald eval schema", description="Print the JSON Schema of a case."
    ).parse_args(arguments)
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return DONE


def _write_report(
    path: Path,
    run: Run,
    scores: Sequence[Score],
    summary: Summary,
    gates: Sequence[Gate],
    compared: dict[str, Comparison],
    others: dict[str, Comparison] | None = None,
) -> None:
    from eval.report.page import report_html

    write_file(path, report_html(run, scores, summary, gates, compared, others or {}).encode())


@contextmanager
def _progress() -> Iterator[Progress]:
    from service.progress import ProgressBar

    with ProgressBar(shown=sys.stderr.isatty()) as bar:
        yield bar


def _supports(nli: str | None) -> Support:
    return Entailment(nli) if nli else supported_by_words


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return number


def _prices(value: str) -> Any:
    from eval.targets.completion import Prices

    read, written = value.split(",")
    return Prices(float(read), float(written))
