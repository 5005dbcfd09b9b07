"""Two dozen questions on a real announcement as its web page has it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from eval.benchmarks.herald import NAME, Workshop, assistant_over
from eval.benchmarks.intervals import share
from eval.benchmarks.table import Column, Part, Row, Table
from service.answer import Answer, Reply

ANNOUNCEMENT, QUESTIONS = "announcement.txt", "announcement_questions.jsonl"
COLUMNS = (Column("right", "right"), Column("of", "of"), Column("share", "share"))


def measure(data: Path, workshop: Workshop, say: Callable[[str], None]) -> Part:
    """Ask each question; of a conversation the last turn is graded."""
    say("the announcement from its web page")
    lines = (data / QUESTIONS).read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines if line.strip()]
    outcomes = []
    with assistant_over([data / ANNOUNCEMENT], workshop) as (assistant, _):
        for question in questions:
            conversation = None
            for message in question.get("turns", [question.get("question")]):
                turn = assistant.ask(message, conversation_id=conversation)
                conversation = turn.conversation_id
            outcomes.append(is_right(question, turn.reply))
    refusals = [o for q, o in zip(questions, outcomes, strict=True) if q.get("expected_refusal")]
    answers = [o for q, o in zip(questions, outcomes, strict=True) if not q.get("expected_refusal")]
    rows = tuple(
        Row(label, {"right": sum(found), "of": len(found), "share": share(found)})
        for label, found in (("answered right", answers), ("refused", refusals), ("all", outcomes))
    )
    text = "A development set: what is wrong here may be looked at."
    table = Table("announcement_questions", f"{NAME}, the announcement alone", COLUMNS, rows)
    return Part("announcement_questions", "A real announcement, page chrome and all", text, (table,))


def is_right(question: Mapping[str, object], reply: Reply) -> bool:
    """Whether the reply refuses what it should, or its quotes hold the expected words."""
    if question.get("expected_refusal"):
        return not isinstance(reply, Answer)
    if not isinstance(reply, Answer):
        return False
    quotes = [citation.quote.text for citation in reply.citations]
    some, every = question.get("expected_any"), question.get("expected_all", [])
    if not isinstance(every, list) or not (some is None or isinstance(some, list)):
        raise ValueError(f"{question.get('id')}: expected words are lists")
    return (some is None or any(words in quote for words in some for quote in quotes)) and all(
        any(words in quote for quote in quotes) for words in every
    )
