import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.answer import Answer, Citation, Clarification, Mode, Quote, Reason, Refusal, Reply
from service.conversation import (
    SCHEMA_VERSION,
    SqliteConversations,
    Turn,
    Vote,
    new_conversation_id,
    new_turn_id,
)
from service.errors import NotFound, StoreUnavailable

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = (
    "e\u0301 👩\u200d👩\u200d👧 \u202eשלום\u202c 가\u1100\u1161\r\n'\"; DROP TABLE turns; -- \x00\x7f\u2028"
)
ASKED_AT = datetime(2031, 5, 4, 12, 30, 1, 250, tzinfo=UTC)


def quote(text: str = "Entry is free.", url: str | None = "https://example.org/a#b") -> Quote:
    return Quote("s", "f" * 64, text, 7, 7 + len(text), "Title — 제목", url, date(2031, 5, 4), 0, len(text))


def answer(text: str = "Entry is free.") -> Answer:
    return Answer(text, (Citation(1, 0, len(text), quote(text)),), Mode.VERBATIM, 1 / 3, 2)


def turn(reply: Reply | None = None, conversation: str | None = None, question: str = "Is it?") -> Turn:
    return Turn(
        new_turn_id(),
        conversation or new_conversation_id(),
        question,
        question + "!",
        reply or answer(),
        ASKED_AT,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "herald.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteConversations]:
    opened = SqliteConversations(path)
    yield opened
    opened.close()


texts = st.text(min_size=1) | st.just(HOSTILE)
quotes = st.builds(
    lambda text, start, url, when, mark: Quote(
        *("source " + text, "0" * 64, text, start, start + len(text), text, url, when),
        *((0, 1) if mark else (None, None)),
    ),
    texts,
    st.integers(0, 10**9),
    st.none() | texts,
    st.none() | st.dates(),
    st.booleans(),
)
chances = st.floats(0, 1)
replies = st.one_of(
    st.builds(
        lambda q, mode, chance, n: Answer(q.text, (Citation(1, 0, len(q.text), q),), mode, chance, n),
        quotes,
        st.sampled_from(Mode),
        chances,
        st.integers(0, 99),
    ),
    st.builds(
        Refusal,
        texts,
        st.sampled_from(Reason),
        st.lists(quotes, max_size=2).map(tuple),
        chances,
        st.integers(0, 9),
    ),
    st.builds(
        Clarification,
        texts,
        st.lists(texts, max_size=2).map(tuple),
        st.lists(quotes, max_size=2).map(tuple),
        chances,
    ),
)


@settings(max_examples=60, deadline=None)
@given(given_replies=st.lists(replies, min_size=1, max_size=4), question=texts)
def test_what_was_appended_comes_back_unchanged(given_replies: list[Reply], question: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "herald.db"
        store = SqliteConversations(path)
        conversation = new_conversation_id()
        turns = [turn(reply, conversation, question) for reply in given_replies]
        for each in turns:
            store.append(each, "owner")
        store.close()
        again = SqliteConversations(path)
        assert again.conversation(conversation, "owner").turns == tuple(turns)
        assert [again.turn(each.id, "owner") for each in turns] == turns
        again.close()


def test_the_time_of_asking_is_kept_as_an_instant(store: SqliteConversations) -> None:
    seoul = replace(turn(), asked_at=datetime(2031, 5, 4, 21, 30, tzinfo=timezone(timedelta(hours=9))))
    store.append(seoul, "")
    assert store.turn(seoul.id, "").asked_at == seoul.asked_at


@pytest.mark.parametrize("id", ["", "cnv_none", "' OR 1=1 --", "a\x00b", "가" * 5000])
def test_unknown_ids_are_not_found(store: SqliteConversations, id: str) -> None:
    store.append(turn(), "")
    with pytest.raises(NotFound):
        store.conversation(id, "")
    with pytest.raises(NotFound):
        store.turn(id, "")
    with pytest.raises(NotFound):
        store.add_feedback(id, "", Vote.UP, None)


def test_one_owners_things_do_not_exist_for_another(store: SqliteConversations, path: Path) -> None:
    mine = turn()
    store.append(mine, "me")
    for other in ("you", "", "ME"):
        with pytest.raises(NotFound):
            store.conversation(mine.conversation_id, other)
        with pytest.raises(NotFound):
            store.turn(mine.id, other)
        with pytest.raises(NotFound):
            store.add_feedback(mine.id, other, Vote.UP, None)
        with pytest.raises(NotFound):
            store.append(turn(conversation=mine.conversation_id), other)
    assert store.conversation(mine.conversation_id, "me").turns == (mine,)
    assert rows(path, "SELECT count(*) FROM turns") == [(1,)]


def test_the_latest_feedback_stands(store: SqliteConversations, path: Path) -> None:
    rated = turn()
    store.append(rated, "")
    store.add_feedback(rated.id, "", Vote.UP, "good " + HOSTILE)
    store.add_feedback(rated.id, "", Vote.DOWN, None)
    assert rows(path, "SELECT turn_id, vote, comment FROM feedback") == [(rated.id, "down", None)]
    store.add_feedback(rated.id, "", Vote.DOWN, HOSTILE)
    assert rows(path, "SELECT comment FROM feedback") == [(HOSTILE,)]


def test_turns_appended_at_once_are_all_kept_in_order(store: SqliteConversations) -> None:
    conversation = new_conversation_id()

    def append(number: int) -> list[str]:
        added = [turn(conversation=conversation, question=f"{number} {n}") for n in range(20)]
        for each in added:
            store.append(each, "")
            assert store.conversation(conversation, "").turns[-1].conversation_id == conversation
        return [each.question for each in added]

    with ThreadPoolExecutor(12) as pool:
        written = list(pool.map(append, range(12)))
    kept = [each.question for each in store.conversation(conversation, "").turns]
    assert sorted(kept) == sorted(question for questions in written for question in questions)
    for number, questions in enumerate(written):
        assert [q for q in kept if q.startswith(f"{number} ")] == questions


def test_processes_that_open_a_new_file_at_once_all_keep_their_turns(path: Path) -> None:
    program = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(Path(__file__).parent)!r}]\n"
        "from pathlib import Path\n"
        "from test_conversation import turn\n"
        "from service.conversation import SqliteConversations\n"
        f"store = SqliteConversations(Path({str(path)!r}))\n"
        "for _ in range(25): store.append(turn(conversation='cnv_shared'), '')\n"
        "store.close()\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    store = SqliteConversations(path)
    assert len(store.conversation("cnv_shared", "").turns) == 75
    store.close()


def test_the_file_is_shared_with_other_tables(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE announcements (id TEXT)")
    connection.execute("INSERT INTO announcements VALUES ('a')")
    connection.execute("PRAGMA user_version = 77")
    connection.commit()
    connection.close()
    store = SqliteConversations(path)
    store.append(turn(), "")
    store.ready()
    store.close()
    assert rows(path, "SELECT id FROM announcements") == [("a",)]
    assert rows(path, "PRAGMA user_version") == [(77,)]


def test_commits_are_durable(store: SqliteConversations, path: Path) -> None:
    connection = store._writer._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert path.exists()


def test_a_schema_of_another_version_is_refused(path: Path) -> None:
    SqliteConversations(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE conversations_schema SET version = ?", (SCHEMA_VERSION + 1,))
    connection.commit()
    connection.close()
    with pytest.raises(StoreUnavailable, match=f"schema {SCHEMA_VERSION + 1}"):
        SqliteConversations(path)


@pytest.mark.parametrize(
    "content", [b"not a database at all, " * 100, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_a_damaged_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable):
        SqliteConversations(path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        SqliteConversations(tmp_path / "none" / "herald.db")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE turns SET reply = '{'",
        "UPDATE turns SET reply = '{}'",
        "UPDATE turns SET kind = 'poem'",
        "UPDATE turns SET asked_at = 'yesterday'",
        """UPDATE turns SET reply = replace(reply, '"start":7', '"start":8')""",
    ],
)
def test_an_altered_turn_is_an_error_and_not_an_answer(path: Path, change: str) -> None:
    store = SqliteConversations(path)
    altered = turn()
    store.append(altered, "")
    connection = sqlite3.connect(path)
    connection.execute(change)
    connection.commit()
    connection.close()
    with pytest.raises(StoreUnavailable, match=altered.id):
        store.turn(altered.id, "")
    with pytest.raises(StoreUnavailable):
        store.conversation(altered.conversation_id, "")
    store.close()


def test_a_turn_cannot_be_stored_twice(store: SqliteConversations) -> None:
    first = turn()
    store.append(first, "")
    with pytest.raises(StoreUnavailable):
        store.append(replace(first, conversation_id=new_conversation_id(), question="other"), "")
    assert store.turn(first.id, "") == first


def test_a_store_that_cannot_be_written_is_not_ready(path: Path) -> None:
    store = SqliteConversations(path, busy_seconds=0.1)
    store.ready()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable):
        store.ready()
    with pytest.raises(StoreUnavailable):
        store.append(turn(), "")
    other.execute("ROLLBACK")
    other.close()
    store.ready()
    store.close()


def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteConversations(path)
    kept = turn()
    store.append(kept, "")
    store.close()
    store.close()
    for call in (
        lambda: store.append(turn(), ""),
        lambda: store.turn(kept.id, ""),
        lambda: store.conversation(kept.conversation_id, ""),
        store.ready,
    ):
        with pytest.raises(StoreUnavailable):
            call()


WRITING = """
import sys, threading
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from test_conversation import turn
from service.conversation import SqliteConversations
store = SqliteConversations(Path({path!r}))
def work():
    while True:
        written = turn()
        store.append(written, "")
        sys.stdout.write(written.id + "\\n")
        sys.stdout.flush()
for _ in range(8):
    threading.Thread(target=work).start()
"""


def test_a_killed_process_loses_no_acknowledged_turn(path: Path) -> None:
    program = WRITING.format(root=str(ROOT), tests=str(Path(__file__).parent), path=str(path))
    acknowledged: list[str] = []
    for delay in (0.05, 0.2, 0.4):
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        acknowledged.append(process.stdout.readline().strip())
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
    store = SqliteConversations(path)
    assert len(acknowledged) > 10
    for id in acknowledged:
        assert store.turn(id, "").id == id
    store.close()
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


def test_readers_are_not_held_up_by_a_writer(path: Path) -> None:
    store = SqliteConversations(path)
    kept = turn()
    store.append(kept, "")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    read = threading.Event()
    thread = threading.Thread(target=lambda: (store.turn(kept.id, ""), read.set()))
    thread.start()
    assert read.wait(5)
    thread.join()
    other.execute("ROLLBACK")
    other.close()
    store.close()


def test_replies_are_stored_as_json_that_others_can_read(store: SqliteConversations, path: Path) -> None:
    refused = turn(Refusal("Nobody said.", Reason.NOT_IN_ANNOUNCEMENTS, (), 0.2))
    store.append(refused, "")
    ((kind, reply),) = rows(path, "SELECT kind, reply FROM turns")
    assert kind == "refusal"
    assert json.loads(reply)["reason"] == "not_in_announcements"


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
