"""Each case on several announcements of one body asks for what one of them really says, and no split has the other's."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.case import Case
from eval.case_file import read_cases

TOGETHER = Path(__file__).resolve().parents[1] / "eval" / "cases" / "together"
BODIES = sorted(path.parent for path in TOGETHER.rglob("cases.jsonl"))
VERDICTS = {"answerable", "near-miss", "ambiguous"}
MOST = 9
"""Announcements of one body."""


def plain(text: str) -> str:
    return " ".join(text.split())


def texts_of(folder: Path) -> dict[str, str]:
    return {path.stem: plain(path.read_text("utf-8")) for path in sorted(folder.glob("*.md"))}


def faults(case: Case, texts: dict[str, str]) -> Iterator[str]:
    """What makes a case unfit."""
    if case.tags[0] not in VERDICTS:
        yield f"begins with the tag {case.tags[0]}"
    if case.source is not None and case.source not in texts:
        yield f"there is no {case.source}"
    everything = "\n".join(texts.values())
    expected = [*case.expect.any_of, *case.expect.all_of, *case.expect.forbidden, *case.sentences]
    yield from (f"no announcement says {text!r}" for text in expected if plain(str(text)) not in everything)
    if (case.tags[0] == "near-miss") == case.expect.wants_answer:
        yield "the verdict contradicts what is expected"
    if case.tags[0] == "ambiguous" and not case.expect.refusal and not case.expect.all_of:
        yield "an ambiguous question is asked back, or answered of each"


@pytest.mark.parametrize("folder", BODIES, ids=lambda folder: folder.name)
def test_every_case_is_sound(folder: Path) -> None:
    texts = texts_of(folder)
    assert 1 < len(texts) <= MOST
    found = {case.id: list(faults(case, texts)) for case in read_cases([folder / "cases.jsonl"])}
    assert {id: told for id, told in found.items() if told} == {}


@pytest.mark.parametrize("folder", BODIES, ids=lambda folder: folder.name)
def test_nothing_is_asked_twice(folder: Path) -> None:
    asked = Counter(case.messages for case in read_cases([folder / "cases.jsonl"]))
    assert [messages for messages, times in asked.items() if times > 1] == []


def test_both_splits_are_there_and_share_no_case_and_no_announcement() -> None:
    assert {folder.parent.name for folder in BODIES} == {"development", "test"}
    assert len(read_cases([TOGETHER])) == sum(len(read_cases([folder / "cases.jsonl"])) for folder in BODIES)
    assert max(Counter(folder.name for folder in BODIES).values()) == 1
