"""Each case points at an announcement that lies beside it and asks for what that text really says.

A case whose expected words are not in the text would fail every answer, and one in both splits would
let the figures on the test split flatter what was fitted on the development split.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

Case = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "eval" / "cases"
SAMPLES = ROOT / "indexer" / "samples"
SPLITS = ("development", "test")
CLAIMS = CASES / "claims"
TOGETHER = CASES / "together"
FILES = sorted(
    path for path in CASES.rglob("*.jsonl") if path.parent != CLAIMS and TOGETHER not in path.parents
)

EXPECTED = {
    "answerable": {"any_of", "all_of"},
    "near-miss": {"refusal"},
    "out-of-scope": {"refusal"},
    "courtesy": {"courtesy"},
}
# fmt: off
ANSWERABLE = {
    "contact", "date", "figure", "how", "how-long", "inference", "list", "summary",
    "what", "when", "where", "which", "who", "who-said", "why", "yes-no",
}
NEAR_MISS = {
    "attribute", "chrome", "comparison", "false-premise", "next-step", "other-date", "other-kind",
    "other-organisation", "other-person", "other-place", "other-quantity", "other-unit", "other-year",
    "outcome", "part-of-whole", "reason", "superlative",
}
OUT_OF_SCOPE = {
    "creative", "general", "how-to", "local", "market", "other-topic", "request", "sport", "travel",
    "weather",
}
FORMS = {
    "chat", "colloquial", "contradicted", "cross-language", "keywords", "korean", "multi-turn", "paraphrase",
}
# fmt: on
FIELDS = {"id", "source", "question", "turns", "expect", "tags", "sentences"}


def read_cases(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_source(path: Path) -> tuple[str, str]:
    """The id and the body of an announcement, front matter removed."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        return path.stem, text
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front)["id"], body


def sources_of(path: Path) -> dict[str, str]:
    """The announcements that the cases in this file may ask about, by id."""
    if path.parent == CASES:
        return dict(read_source(sample) for sample in SAMPLES.glob("*.md"))
    beside = [path.with_suffix(suffix) for suffix in (".md", ".txt")]
    return dict(read_source(source) for source in beside if source.exists())


def faults(case: Case, sources: dict[str, str]) -> list[str]:
    """Everything that makes this case unfit; an empty list for a good one."""
    return [*form_faults(case), *tag_faults(case), *evidence_faults(case, sources)]


def form_faults(case: Case) -> list[str]:
    found = [f"unknown field {field}" for field in case.keys() - FIELDS]
    turns = case["turns"] if "turns" in case else [case.get("question", "")]
    if ("turns" in case) == ("question" in case):
        found.append("needs either a question or turns")
    if "turns" in case and len(turns) < 2:
        found.append("a conversation needs two turns")
    if not all(isinstance(turn, str) and turn == turn.strip() != "" for turn in turns):
        found.append("empty or padded question")
    if len(case["expect"]) != 1:
        found.append("expects not exactly one thing")
    if False in case["expect"].values():
        found.append("a refusal is expected or left out, never false")
    return found


def tag_faults(case: Case) -> list[str]:
    verdict, *kinds = case["tags"]
    if verdict not in EXPECTED:
        return [f"begins with the tag {verdict}"]
    found = [f"unknown tag {kind}" for kind in set(kinds) - ANSWERABLE - NEAR_MISS - OUT_OF_SCOPE - FORMS]
    if EXPECTED.keys() & kinds or len(set(kinds)) != len(kinds):
        found.append("has two verdicts, or a tag twice")
    if ("multi-turn" in kinds) != ("turns" in case):
        found.append("multi-turn and turns go together")
    if case["expect"].keys() - EXPECTED[verdict]:
        found.append("the verdict contradicts what is expected")
    if verdict == "near-miss" and not NEAR_MISS & set(kinds):
        found.append("a near miss says in which way it misses")
    return found


def evidence_faults(case: Case, sources: dict[str, str]) -> list[str]:
    text = sources.get(case["source"])
    if text is None:
        return [f"no announcement {case['source']}"]
    facts = case["expect"].get("any_of") or case["expect"].get("all_of") or []
    sentences = case.get("sentences", [])
    if case["tags"][0] != "answerable":
        return ["quotes sentences for what the text does not say"] if sentences else []
    found = [] if facts and sentences else ["an answerable case names its facts and sentences"]
    found += [
        f"not in the text: {quote!r}"
        for quote in [*facts, *sentences]
        if quote not in text or not quote.strip()
    ]
    found += [f"not in its sentences: {fact!r}" for fact in facts if not any(fact in s for s in sentences)]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_is_sound(path: Path) -> None:
    sources = sources_of(path)
    assert sources, "no announcement beside the cases"
    cases = read_cases(path)
    assert cases
    assert {case["id"]: found for case in cases if (found := faults(case, sources))} == {}


def test_ids_are_unique() -> None:
    ids = Counter(case["id"] for path in FILES for case in read_cases(path))
    assert [id for id, times in ids.items() if times > 1] == []


def test_nothing_is_asked_twice_of_one_announcement() -> None:
    asked = Counter(
        (
            case["source"],
            *(re.sub(r"\W+", " ", turn.casefold()) for turn in case.get("turns", [case.get("question")])),
        )
        for path in FILES
        for case in read_cases(path)
    )
    assert [question for question, times in asked.items() if times > 1] == []


def test_splits_share_no_announcement_and_no_paragraph() -> None:
    development, test = (
        [read_source(path) for path in sorted((CASES / split).iterdir()) if path.suffix in {".md", ".txt"}]
        for split in SPLITS
    )
    assert {id for id, _ in development} & {id for id, _ in test} == set()
    paragraphs = [
        {line for _, text in split for line in text.splitlines() if len(line) > 60}
        for split in (development, test)
    ]
    assert paragraphs[0] & paragraphs[1] == set()


@pytest.mark.parametrize("split", SPLITS)
def test_every_announcement_has_cases_of_both_kinds(split: str) -> None:
    for source in sorted((CASES / split).iterdir()):
        if source.suffix in {".md", ".txt"}:
            verdicts = Counter(case["tags"][0] for case in read_cases(source.with_suffix(".jsonl")))
            assert verdicts["answerable"] >= 10, source.name
            assert verdicts["near-miss"] >= 10, source.name


def test_there_are_enough_cases_to_tune_and_to_judge_by() -> None:
    split_files = [path for path in FILES if path.parent != CASES]
    verdicts = Counter(case["tags"][0] for path in split_files for case in read_cases(path))
    texts = [text for path in split_files for text in sources_of(path).values()]
    assert len(texts) >= 15
    assert verdicts["answerable"] >= 300
    assert verdicts["near-miss"] >= 300
    korean = [text for text in texts if len(re.findall(r"[가-힣]", text)) > len(text) / 4]
    assert 3 <= len(korean) < len(texts)


TEXT = {"fair": "The fair opens on 3 May. Entry costs 4 crowns."}
SOUND: Case = {
    "id": "fair-001",
    "source": "fair",
    "question": "When does it open?",
    "expect": {"any_of": ["3 May"]},
    "tags": ["answerable", "date"],
    "sentences": ["The fair opens on 3 May."],
}


def test_a_sound_case_has_no_fault() -> None:
    assert faults(SOUND, TEXT) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"source": "fete"}, "no announcement fete"),
        ({"expect": {"any_of": ["4 May"]}}, "not in the text: '4 May'"),
        ({"expect": {"any_of": ["4 crowns"]}}, "not in its sentences: '4 crowns'"),
        ({"expect": {"any_of": []}}, "an answerable case names its facts and sentences"),
        ({"expect": {"refusal": False}}, "a refusal is expected or left out, never false"),
        ({"expect": {"refusal": True}}, "the verdict contradicts what is expected"),
        (
            {"expect": {"any_of": ["3 May"], "refusal": True}},
            "expects not exactly one thing",
        ),
        ({"sentences": ["It opens on 3 May."]}, "not in the text: 'It opens on 3 May.'"),
        ({"tags": ["date", "answerable"]}, "begins with the tag date"),
        ({"tags": ["answerable", "dates"]}, "unknown tag dates"),
        ({"tags": ["near-miss"]}, "a near miss says in which way it misses"),
        ({"turns": ["When?", "And then?"]}, "needs either a question or turns"),
        ({"question": " "}, "empty or padded question"),
        ({"answer": "3 May"}, "unknown field answer"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unsound_case_is_noticed(change: Case, fault: str) -> None:
    assert fault in faults({**SOUND, **change}, TEXT)
