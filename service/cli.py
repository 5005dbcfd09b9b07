"""The command line, and the one place where the parts are wired together.

Exit codes: 0 done; 1 done, but something is not as it should be (a source could not be read, an
answer does not hold); 2 not done.
"""

import argparse
import gc
import json
import logging
import os
import socket
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import HeraldError
from service.errors import AnswerInvalid, AnswerUnproven

if TYPE_CHECKING:
    from service.answer import Reply
    from service.settings import Settings

DONE, AMISS, FAILED = 0, 1, 2
COLLECTED_AFTER = 50_000
"""New objects after which the garbage collector looks at them. Starting makes hundreds of thousands that stay, and to
look every few hundred takes a sixth of the time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    gc.set_threshold(COLLECTED_AFTER)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    # Numpy reads this when it is imported. A question's matrices are small, and one thread answers it:
    # on a busy machine, sharing them out among threads takes ten times as long as multiplying them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        if given[:1] == ["eval"]:
            from eval.cli import main as evaluate

            return evaluate(given[1:])
        options = _parser().parse_args(given)
        return int(options.run(options))
    except HeraldError as error:
        print(f"herald: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader of the output has gone (`herald ask … | head`); nothing is left to be said to it.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
        return DONE
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="herald",
        description="Answers questions about announcements and proves every sentence with an exact quote.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    index = _command(commands, "index", _index, "read announcements and bring the index up to date")
    index.add_argument("sources", nargs="*", type=Path, metavar="SOURCE", help="files and folders")
    index.add_argument("--encoder", metavar="NAME", help="a sentence-transformers model, by name or path")
    index.add_argument("--rebuild", action="store_true", help="make everything anew from the database")
    index.add_argument("--threads", type=int, default=os.cpu_count() or 1, help=argparse.SUPPRESS)

    ask = _command(commands, "ask", _ask, "answer a question, without a server")
    ask.add_argument("question")
    ask.add_argument("--conversation", metavar="ID", help="go on with a conversation")

    search = _command(commands, "search", _search, "show the passages that come nearest to a question")
    search.add_argument("question")
    search.add_argument("-k", type=_positive, default=5, metavar="N", help="how many (5)")

    serve = _command(commands, "serve", _serve, "serve the page and the HTTP interface", json_option=False)
    serve.add_argument("--host", help="the address to listen at (127.0.0.1)")
    serve.add_argument("--port", type=int, help="the port to listen at (8000)")

    verify = _command(commands, "verify", _verify, "re-check an answer against its sources")
    verify.add_argument(
        "answer",
        metavar="ANSWER",
        help="a file with a reply as /v1/chat gives it, - for stdin, or an answer's id",
    )

    _command(
        commands, "slack", _slack, "answer in Slack over Socket Mode, without an address", json_option=False
    )

    questions = _command(
        commands, "questions", _questions, "list what people asked, grouped by meaning", json_option=False
    )
    questions.add_argument("--since", type=_day, metavar="DATE", help="only what was asked from that day on")
    questions.add_argument("--refused", action="store_true", help="only what was refused")
    questions.add_argument("--format", choices=("table", "csv", "json"), default="table", help="(table)")

    commands.add_parser("eval", help="grade answers against expected ones", add_help=False)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: object,
    help: str,
    *,
    json_option: bool = True,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    command.add_argument("--index", type=Path, metavar="DIR", help="the index folder (.herald)")
    if json_option:
        command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)
    return command


def _positive(value: str) -> int:
    number = int(value)
    if not 1 <= number <= 50:
        raise argparse.ArgumentTypeError("from 1 to 50")
    return number


def _day(value: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(value), time.min).astimezone()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{value!r} is not a day such as 2026-03-31") from error


def _settings(options: argparse.Namespace) -> "Settings":
    from service.settings import read_settings

    given = {name: getattr(options, name, None) for name in ("index", "host", "port")}
    return read_settings(**{name: value for name, value in given.items() if value is not None})


def _index(options: argparse.Namespace) -> int:
    from indexer.builder import build
    from service.progress import ProgressBar

    settings = _settings(options)
    with ProgressBar(shown=sys.stderr.isatty()) as bar:
        report = build(
            options.sources,
            settings.index,
            encoder_name=options.encoder or settings.encoder,
            rebuild=options.rebuild,
            threads=options.threads,
            progress=bar,
        )
    for error in report.errors:
        print(f"herald: {error}", file=sys.stderr)
    if options.json:
        errors = [{"where": error.where, "why": error.why} for error in report.errors]
        _print_json({**asdict(replace(report, errors=())), "errors": errors})
    else:
        counts = {
            "added": len(report.added),
            "changed": len(report.changed),
            "unchanged": len(report.unchanged),
            "removed": len(report.removed),
            "not readable": len(report.errors),
        }
        said = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to do"
        print(
            f"{said}; {settings.index} holds {report.announcements} announcements in"
            f" {report.passages} passages (generation {report.generation},"
            f" {report.dense} index, recall@10 {report.recall:.3f})"
        )
    return AMISS if report.errors else DONE


def _ask(options: argparse.Namespace) -> int:
    from service.wire import chat_reply
    from service.wiring import open_assistant

    with open_assistant(_settings(options)) as (assistant, _):
        turn = assistant.ask(options.question, conversation_id=options.conversation)
    if options.json:
        print(chat_reply(turn).model_dump_json(indent=2))
    else:
        from service.channels.terminal import write_turn

        write_turn(turn)
    return DONE


def _search(options: argparse.Namespace) -> int:
    from service.answering.assistant import Message
    from service.wire import search_reply
    from service.wiring import open_assistant

    with open_assistant(_settings(options)) as (assistant, _):
        hits = assistant.search([Message("user", options.question)], options.k)
    if options.json:
        print(search_reply(hits).model_dump_json(indent=2))
    else:
        for hit in hits:
            print(f"{hit.score:.3f}  {hit.source_id} {hit.start}:{hit.end}\n{hit.text.strip()}\n")
    return DONE


def _serve(options: argparse.Namespace) -> int:
    from indexer.index import open_current_encoder

    settings = _settings(options)
    if settings.workers > 1:
        return _serve_by_several(settings)
    with ExitStack() as opened, ThreadPoolExecutor(1) as beside:
        # Networks are opened without Python's lock, while all else is imported: what answers, then what speaks HTTP.
        encoder = beside.submit(open_current_encoder, settings.index)
        from service.wiring import open_assistant

        opening = beside.submit(
            lambda: opened.enter_context(open_assistant(settings, encoder.result())),
        )
        from service.app import create_app, listen, serve

        assistant, conversations = opening.result()
        listener = listen(settings)
        _say_where(listener)
        serve(create_app(assistant, conversations, settings), settings, listener)
    return DONE


def _serve_by_several(settings: "Settings") -> int:
    from indexer.index import open_current_encoder
    from service.app import create_app, listen, serve
    from service.wiring import open_assistant
    from service.workers import Workers

    encoder = open_current_encoder(settings.index)
    listener = listen(settings)

    def work() -> None:
        with open_assistant(settings, encoder) as (assistant, conversations):
            serve(create_app(assistant, conversations, settings), settings, listener)

    _say_where(listener)
    Workers(settings.workers, work).run()
    return DONE


def _say_where(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    print(f"Herald answers on http://{host}:{port}", file=sys.stderr, flush=True)


def _slack(options: argparse.Namespace) -> int:
    import asyncio

    from service.channels.slack import SlackChannel
    from service.channels.socket_mode import serve_socket_mode
    from service.log import configure
    from service.metrics import Metrics
    from service.pool import Pool
    from service.wiring import open_assistant

    settings = _settings(options)
    with open_assistant(settings) as (assistant, conversations):
        pool = Pool(threads=settings.threads, waiting=settings.waiting)
        metrics = Metrics(lambda: assistant.generation)
        channel = SlackChannel(assistant, conversations, settings, metrics, pool)
        configure(settings.log_level)
        try:
            asyncio.run(serve_socket_mode(channel, settings))
        finally:
            pool.close()
    return DONE


def _questions(options: argparse.Namespace) -> int:
    from service.questions import group_questions
    from service.report import as_csv, as_json, write_table
    from service.wiring import open_questions

    with open_questions(_settings(options)) as (asked, encode):
        groups = group_questions(asked(options.since), encode)
    shown = [group for group in groups if group.refused] if options.refused else groups
    if options.format == "table":
        write_table(shown)
    else:
        print((as_csv if options.format == "csv" else as_json)(shown))
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from service.answer import Answer
    from service.checking import Finding, check_answer
    from service.wiring import open_sources

    try:
        reply = _given_reply(options)
    except AnswerUnproven as error:
        findings: tuple[Finding, ...] = (Finding(None, str(error)),)
        count = 0
    else:
        if not isinstance(reply, Answer):
            _say(
                options, {"holds": True, "citations": 0, "findings": []}, "nothing is claimed: not an answer"
            )
            return DONE
        with open_sources(_settings(options)) as find:
            findings, count = check_answer(reply, find), len(reply.citations)
    found = [asdict(finding) for finding in findings]
    lines = [
        f"[{finding.marker}] {finding.problem}" if finding.marker else finding.problem for finding in findings
    ]
    _say(
        options,
        {"holds": not findings, "citations": count, "findings": found},
        "\n".join(lines) or f"holds: {count} {'citation' if count == 1 else 'citations'} checked",
    )
    return AMISS if findings else DONE


def _given_reply(options: argparse.Namespace) -> "Reply":
    """The reply that a command is about: stored under an id, or in a document."""
    from service.conversation import ANSWER_ID, SqliteConversations
    from service.wire import read_chat_reply, reply_of

    if ANSWER_ID.fullmatch(options.answer):
        conversations = SqliteConversations(_settings(options).store_path)
        try:
            return conversations.turn(options.answer, None).reply
        finally:
            conversations.close()
    try:
        document = sys.stdin.buffer.read() if options.answer == "-" else Path(options.answer).read_bytes()
    except OSError as error:
        raise AnswerInvalid(f"{options.answer}: {error.strerror}") from error
    return reply_of(read_chat_reply(document))


def _say(options: argparse.Namespace, document: dict[str, object], text: str) -> None:
    if options.json:
        _print_json(document)
    else:
        print(text)


def _print_json(document: dict[str, object]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


if __name__ == "__main__":
    sys.exit(main())
