"""Questions on a real announcement as its web page was saved: answered right, and never with page chrome."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED

from indexer.announcement import Announcement, Kind
from indexer.builder import build
from indexer.segmenter import sentences
from service.answer import Answer, Quote
from service.answering.assistant import Assistant
from service.settings import Settings
from service.wiring import open_assistant

LEAST_RIGHT = 14


@pytest.fixture(scope="module")
def assistant(
    make_index_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED.name} data is absent")
    folder = make_index_folder(tmp_path_factory.mktemp("questions") / "index")
    build([SHARED / "announcement.txt"], folder)
    with open_assistant(Settings(index=folder)) as (opened, _):
        yield opened


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED.name} data is absent")
    return [
        json.loads(line) for line in (SHARED / "announcement_questions.jsonl").read_text("utf-8").splitlines()
    ]


def is_right(question: dict[str, Any], quotes: list[Quote]) -> bool:
    quoted = "\n".join(quote.text for quote in quotes)
    some = question.get("expected_any")
    return (not some or any(words in quoted for words in some)) and all(
        words in quoted for words in question.get("expected_all", ())
    )


def test_at_least_fourteen_of_fifteen_questions_are_answered_right(
    assistant: Assistant, questions: list[dict[str, Any]]
) -> None:
    single = [q for q in questions if "turns" not in q and not q.get("expected_refusal")]
    assert len(single) == 15
    wrong = []
    for question in single:
        reply = assistant.ask(question["question"]).reply
        quotes = [citation.quote for citation in reply.citations] if isinstance(reply, Answer) else []
        if not quotes or not is_right(question, quotes):
            wrong.append((question["id"], question["question"], reply.text))
    assert len(single) - len(wrong) >= LEAST_RIGHT, wrong


def test_no_quote_is_page_chrome_and_all_are_exact(
    assistant: Assistant, questions: list[dict[str, Any]]
) -> None:
    (id,) = (source.id for source in assistant.sources())
    source = assistant.source(id)
    chrome = [(s.start, s.end) for s in sentences(source.text, source.language) if s.kind is Kind.CHROME]
    assert chrome
    asked = [message for q in questions for message in q.get("turns", [q.get("question")])]
    for message in [
        *asked,
        "Text Size",
        "What can I join?",
        "Who holds the copyright?",
        "All rights reserved?",
    ]:
        reply = assistant.ask(message).reply
        quotes = (
            [citation.quote for citation in reply.citations]
            if isinstance(reply, Answer)
            else [*reply.nearest]
        )
        for quote in quotes:
            check_exact(quote, source)
            assert not [span for span in chrome if span[0] < quote.end and quote.start < span[1]], quote.text


def check_exact(quote: Quote, source: Announcement) -> None:
    assert source.text[quote.start : quote.end] == quote.text
    assert quote.source_sha256 == source.sha256
