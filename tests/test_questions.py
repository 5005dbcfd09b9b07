"""`herald questions`: what people asked, grouped by meaning, for people and for programs."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from question_groups import GROUPS
from rich.console import Console

from indexer.builder import build
from indexer.encoder import EncoderCard, Floats, open_encoder, unit
from service.answer import Clarification, Reason, Refusal, Reply
from service.cli import main
from service.conversation import (
    AskedQuestion,
    Outcome,
    SqliteConversations,
    Turn,
    Vote,
    new_conversation_id,
    new_turn_id,
)
from service.questions import QuestionGroup, group_questions
from service.report import as_csv, as_json, printable, write_table
from tests.fake_assistant import FakeAssistant

Encode = Callable[[Sequence[str]], Floats]
MONDAY = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)

SAME = [
    ["What does a ticket for the ferry cost?", "How much is a ferry ticket?", "price of a ferry ticket"],
    ["When does the museum reopen?", "On what date will the museum open again?"],
    ["Who leads the harbour project?", "Who is in charge of the harbour project?"],
    ["How many trees will be planted?", "What is the number of trees to be planted?"],
    ["Do pensioners travel free of charge?", "Is travel free for pensioners?"],
    ["버스 요금은 얼마인가요?", "버스 요금이 얼마예요?"],
]
"""Questions that are one, and no two of which are another's."""

DIFFERENT = [
    ("What was the school budget in 2024?", "What was the school budget in 2025?"),
    ("What does the ferry cost?", "When does the ferry leave?"),
    ("Who opens the bridge?", "When does the bridge open?"),
    ("Where is the new clinic?", "When does the new clinic open?"),
    ("What does Volvo plan in the harbour?", "What does Scania plan in the harbour?"),
    ("How many trees will be planted?", "How many houses will be built?"),
    ("버스 요금은 얼마인가요?", "박물관은 언제 여나요?"),
    ("Will fares rise by 3 percent?", "Will fares rise by 5 percent?"),
]


@pytest.fixture(scope="module")
def encode(exported: tuple[Path, EncoderCard]) -> Encode:
    folder, _ = exported
    encoder = open_encoder(folder)
    return lambda texts: np.stack([encoding.pooled for encoding in encoder.encode_passages(texts)])


def asked(
    text: str, outcome: Outcome = Outcome.ANSWERED, *, days: int = 0, vote: Vote | None = None
) -> AskedQuestion:
    return AskedQuestion(text, text, outcome, MONDAY + timedelta(days=days), vote)


def wordings(groups: Sequence[QuestionGroup]) -> set[frozenset[str]]:
    return {frozenset(group.wordings) for group in groups}


def bag_of_letters(texts: Sequence[str]) -> Floats:
    """Vectors for tests that need no meaning."""
    vectors = np.zeros((len(texts), 64), np.float32)
    for row, text in enumerate(texts):
        for character in text.casefold():
            vectors[row, ord(character) % 64] += 1
    return unit(vectors)


def test_wordings_of_one_question_are_one_group(encode: Encode) -> None:
    groups = group_questions([asked(text) for group in SAME for text in group], encode)
    assert wordings(groups) == {frozenset(group) for group in SAME}


def test_the_constants_still_suit_the_questions_they_were_chosen_by(encode: Encode) -> None:
    groups = group_questions([asked(text) for group in GROUPS for text in group], encode)
    right = pairs(GROUPS)
    found = pairs(group.wordings for group in groups)
    assert len(found & right) / len(found) >= 0.95
    assert len(found & right) / len(right) >= 0.9


def pairs(groups: Iterable[Sequence[str]]) -> set[frozenset[str]]:
    """Every two wordings that are of one group."""
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_questions_stay_apart(encode: Encode, one: str, other: str) -> None:
    assert len(group_questions([asked(one), asked(other)], encode)) == 2


def test_the_order_of_asking_changes_no_group(encode: Encode) -> None:
    questions = [asked(text) for group in SAME for text in group]
    groups = group_questions(questions, encode)
    assert group_questions(questions[::-1], encode) == groups


def test_counts_what_came_of_each_question() -> None:
    questions = [
        asked("Is there parking?", Outcome.REFUSED, days=3),
        asked("is there parking", Outcome.REFUSED, days=1, vote=Vote.DOWN),
        asked("Is  there parking?", Outcome.ANSWERED, vote=Vote.UP),
        asked("Is there parking?", Outcome.CLARIFIED, days=2),
        asked("zzz qqq"),
    ]
    parking, other = group_questions(questions, bag_of_letters)
    assert (parking.question, parking.wordings) == ("Is there parking?", ("Is there parking?",))
    assert (parking.asked, parking.refused, parking.clarified, parking.up, parking.down) == (4, 2, 1, 1, 1)
    assert (parking.first_asked, parking.last_asked) == (MONDAY, MONDAY + timedelta(days=3))
    assert other.asked == 1


def test_what_was_refused_most_comes_first() -> None:
    questions = [asked("aaaa")] * 5 + [asked("bbbb", Outcome.REFUSED)] + [asked("cccc", Outcome.REFUSED)] * 2
    assert [group.question for group in group_questions(questions, bag_of_letters)] == [
        "cccc",
        "bbbb",
        "aaaa",
    ]


def test_nothing_asked_is_nothing() -> None:
    assert group_questions([], bag_of_letters) == []


@pytest.mark.parametrize("text", ["?", "…", "\u202e", "🎉", "a" * 5000, "<b>'\"", "= 1+1"])
def test_takes_any_text(text: str, encode: Encode) -> None:
    groups = group_questions([asked(text), asked("Is there parking?")], encode)
    assert sum(group.asked for group in groups) == 2


HOSTILE = QuestionGroup(
    ('=HYPERLINK("http://evil.example")', "\x1b[2Jcleared\x07 [red]markup[/red]", "-1"),
    asked=3, refused=2, clarified=0, up=0, down=1, first_asked=MONDAY, last_asked=MONDAY,
)  # fmt: skip


def test_a_spreadsheet_computes_nothing() -> None:
    (_, row) = csv.reader(io.StringIO(as_csv([HOSTILE])))
    assert row[0] == '\'=HYPERLINK("http://evil.example")'
    assert row[-1].startswith("'=")
    assert row[1:3] == ["3", "2"]


def test_a_question_commands_no_terminal() -> None:
    console = Console(file=io.StringIO(), width=120, color_system=None)
    group = QuestionGroup(HOSTILE.wordings[1:], 1, 0, 0, 0, 0, MONDAY, MONDAY)
    write_table([group], console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]markup[/red]" in shown
    assert "(+1 wording)" in shown
    assert "\x1b" not in as_csv([group])
    assert printable("a\u202eb") == "a\ufffdb"


def test_json_says_all_of_it() -> None:
    (group,) = json.loads(as_json([HOSTILE]))
    assert group["wordings"] == list(HOSTILE.wordings)
    assert group["refused"] == 2
    assert group["first_asked"] == "2026-03-30T09:00:00+00:00"


# ---- out of the store


def turn(question: str, reply: Reply, days: int = 0) -> Turn:
    at = MONDAY + timedelta(days=days)
    return Turn(new_turn_id(), new_conversation_id(), question, f"{question} (2026)", reply, at)


def test_the_store_tells_what_was_asked_and_by_whomever(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "herald.db")
    refused = turn("Why?", Refusal("No.", Reason.OUT_OF_SCOPE, (), 0.1), days=1)
    store.append(refused, "slack")
    store.append(turn("Hello", Clarification("Hello.", (), (), 1.0)), "")
    store.append(turn("Which?", Clarification("Which?", ("This?", "That?"), (), 0.5), days=2), "key")
    store.add_feedback(refused.id, "slack", Vote.DOWN, None)
    found = store.asked()
    assert [(q.question, q.understood_as, q.outcome, q.vote) for q in found] == [
        ("Why?", "Why? (2026)", Outcome.REFUSED, Vote.DOWN),
        ("Which?", "Which? (2026)", Outcome.CLARIFIED, None),
    ]
    assert [q.question for q in store.asked(MONDAY + timedelta(days=2))] == ["Which?"]
    store.close()


@pytest.fixture
def asked_index(index_folder: Path, tmp_path: Path) -> Path:
    """An index whose conversations hold some questions."""
    source = tmp_path / "notice.txt"
    source.write_text("The harbour budget grows to 4.2 billion crowns.", encoding="utf-8")
    build([source], index_folder)
    store = SqliteConversations(index_folder / "herald.db")
    assistant = FakeAssistant(store)
    for question in ("How large is the harbour budget?", "Any parking?", "parking available?"):
        assistant.ask(question)
    store.close()
    return index_folder


def test_the_command_lists_questions(asked_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["questions", "--index", str(asked_index)]) == 0
    table = capsys.readouterr().out
    assert "How large is the harbour budget?" in table
    assert "Any parking?" in table
    assert main(["questions", "--index", str(asked_index), "--refused", "--format", "json"]) == 0
    groups = json.loads(capsys.readouterr().out)
    assert "How large is the harbour budget?" not in {group["question"] for group in groups}
    assert sum(group["refused"] for group in groups) == sum(group["asked"] for group in groups) == 2
    assert main(["questions", "--index", str(asked_index), "--since", "2999-01-01", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "question,asked,refused,clarified,up,down,first_asked,last_asked,wordings"
    ]


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", ""])
def test_a_day_that_is_none_is_refused(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["questions", "--since", day])
    assert "is not a day" in capsys.readouterr().err


def test_feedback_of_every_channel_is_in_one_table(tmp_path: Path) -> None:
    store = SqliteConversations(tmp_path / "herald.db")
    assistant = FakeAssistant(store)
    for owner in ("slack", "", "0" * 64):
        answered = assistant.ask("How large is the harbour budget?", owner=owner)
        store.add_feedback(answered.id, owner, Vote.UP, None)
    store.close()
    with sqlite3.connect(tmp_path / "herald.db") as database:
        (count,) = database.execute("SELECT COUNT(*) FROM feedback").fetchone()
    database.close()
    assert count == 3
