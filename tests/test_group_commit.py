import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.errors import NotFound, StoreUnavailable
from service.group_commit import GroupCommitWriter


def opened(path: Path, timeout: float = 5.0) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=timeout)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE IF NOT EXISTS notes (text TEXT UNIQUE) STRICT")
    return connection


def insert(text: str):
    return lambda connection: connection.execute("INSERT INTO notes VALUES (?)", (text,))


def stored(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        return {text for (text,) in connection.execute("SELECT text FROM notes")}
    finally:
        connection.close()


def test_writes_of_many_threads_are_all_there_when_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    writer = GroupCommitWriter(opened(path))
    reader = sqlite3.connect(path, check_same_thread=False)
    lock = threading.Lock()

    def write(text: str) -> None:
        writer.run(insert(text))
        with lock:
            assert reader.execute("SELECT 1 FROM notes WHERE text = ?", (text,)).fetchone() == (1,)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, [str(n) for n in range(800)]))
    reader.close()
    writer.close()
    assert stored(path) == {str(n) for n in range(800)}


def test_waiting_writes_share_a_commit(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    commits = 0

    class Counting(sqlite3.Connection):
        def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
            nonlocal commits
            commits += sql == "COMMIT"
            return super().execute(sql, *parameters)

    opened(path).close()
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Counting)
    writer = GroupCommitWriter(connection)
    held, release = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        held.set()
        assert release.wait(10)
        insert("slow")(connection)

    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(writer.run, slow)
        assert held.wait(10)
        rest = [pool.submit(writer.run, insert(str(n))) for n in range(20)]
        while len(writer._waiting) < 20:
            assert not any(write.done() for write in rest)
        release.set()
        first.result(10)
        for write in rest:
            write.result(10)
    writer.close()
    assert commits == 3  # the slow one, the twenty, and the empty one that closes
    assert len(stored(path)) == 21


def test_a_failing_write_harms_no_other(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    writer = GroupCommitWriter(opened(path))

    def half_way(connection: sqlite3.Connection) -> None:
        insert("half")(connection)
        raise NotFound("note", "half")

    def write(number: int) -> str:
        kind = number % 4
        if kind == 0:
            writer.run(insert(f"good {number}"))
            return "stored"
        if kind == 1:
            with pytest.raises(NotFound):
                writer.run(half_way)
        elif kind == 2:
            with pytest.raises(StoreUnavailable, match="UNIQUE"):
                writer.run(lambda c: (insert(f"twice {number}")(c), insert(f"twice {number}")(c)))
        else:
            with pytest.raises(ZeroDivisionError):
                writer.run(lambda _: 1 // 0)
        return "refused"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(write, range(400)))
    writer.close()
    assert outcomes.count("stored") == 100
    assert stored(path) == {f"good {number}" for number in range(0, 400, 4)}


def test_a_full_disk_acknowledges_nothing_that_is_not_stored(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    connection = opened(path)
    connection.execute("PRAGMA max_page_count = 24")
    writer = GroupCommitWriter(connection)
    acknowledged, refused = set(), 0
    lock = threading.Lock()

    def write(number: int) -> None:
        nonlocal refused
        text = f"{number} {'x' * 700}"
        try:
            writer.run(insert(text))
        except StoreUnavailable as error:
            assert "full" in str(error)
            with lock:
                refused += 1
        else:
            with lock:
                acknowledged.add(text)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(200)))
    writer.close()
    assert acknowledged
    assert refused
    assert stored(path) == acknowledged


def test_another_process_that_holds_the_file_is_waited_for_and_then_reported(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    other = opened(path)
    writer = GroupCommitWriter(opened(path, timeout=0.1))
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(4) as pool:
        for refusal in [pool.submit(writer.run, insert(str(n))) for n in range(8)]:
            assert isinstance(refusal.exception(10), StoreUnavailable)
    other.execute("ROLLBACK")
    writer.run(insert("now"))
    writer.close()
    other.close()
    assert stored(path) == {"now"}


def test_an_interrupted_write_is_not_acknowledged_and_the_next_one_works(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    writer = GroupCommitWriter(opened(path))

    def interrupted(connection: sqlite3.Connection) -> None:
        insert("half")(connection)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writer.run(interrupted)
    writer.run(insert("whole"))
    writer.close()
    assert stored(path) == {"whole"}


def test_a_closed_writer_refuses(tmp_path: Path) -> None:
    writer = GroupCommitWriter(opened(tmp_path / "notes.db"))
    writer.close()
    writer.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        writer.run(insert("late"))


def test_what_was_begun_is_durable_when_its_promise_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    writer = GroupCommitWriter(opened(path))
    promises = [writer.begin(insert(str(n))) for n in range(300)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: writer.run(insert(f"run {n}")), range(100)))
    for promise in promises:
        assert promise.result(10) is None
    assert stored(path) == {str(n) for n in range(300)} | {f"run {n}" for n in range(100)}
    again = writer.begin(insert("7"))
    with pytest.raises(StoreUnavailable):
        again.result(10)
    writer.close()
    with pytest.raises(StoreUnavailable):
        writer.begin(insert("late"))


def test_a_promise_that_nobody_waits_for_any_more_keeps_no_other_from_being_kept(tmp_path: Path) -> None:
    writer = GroupCommitWriter(opened(tmp_path / "notes.db"))
    first, left, last = (writer.begin(insert(text)) for text in ("first", "left", "last"))
    assert not left.cancel()
    assert first.result(10) is None
    assert last.result(10) is None
    writer.close()
    assert stored(tmp_path / "notes.db") == {"first", "left", "last"}
