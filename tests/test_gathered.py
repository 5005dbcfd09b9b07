"""What many ask for at once is done together, and each gets its own."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.gathered import Gathered


def test_a_lone_item_is_done_at_once_in_its_callers_thread() -> None:
    where: list[threading.Thread] = []

    def work(items: Sequence[int]) -> list[int]:
        where.append(threading.current_thread())
        return [2 * item for item in items]

    assert Gathered(work, 8)(21) == 42
    assert where == [threading.current_thread()]


def test_what_comes_meanwhile_is_done_together_and_each_gets_its_own() -> None:
    busy, go, sizes = threading.Event(), threading.Event(), []

    def work(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        busy.set()
        assert go.wait(10)
        return [item * item for item in items]

    gathered = Gathered(work, 4)
    with ThreadPoolExecutor(10) as pool:
        first = pool.submit(gathered, 0)
        assert busy.wait(10)
        others = [pool.submit(gathered, item) for item in range(1, 10)]
        while len(gathered._waiting) < 9:
            pass
        go.set()
        assert first.result(10) == 0
        assert [other.result(10) for other in others] == [item * item for item in range(1, 10)]
    assert sizes == [1, 4, 4, 1]


def test_a_failure_is_everybodys_and_the_next_is_none_the_worse() -> None:
    def work(items: Sequence[int]) -> list[int]:
        if 13 in items:
            raise ValueError("thirteen")
        return list(items)

    gathered = Gathered(work, 4)
    with pytest.raises(ValueError, match="thirteen"):
        gathered(13)
    assert gathered(12) == 12


def test_thousands_from_many_threads_all_come_back() -> None:
    gathered = Gathered(lambda items: [item + 1 for item in items], 3)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(gathered, range(5_000))) == list(range(1, 5_001))
