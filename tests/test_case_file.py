"""Files of cases: every form that is read, and flaws that name file, line and field."""

import json
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from eval.case import Case, Day, Expectation, Figure, Pattern, fingerprint, schema, written
from eval.case_file import read_cases
from eval.errors import CasesInvalid
from eval.response import Response, Status
from eval.verdict import judge

ROOT = Path(__file__).resolve().parents[1]


def read(tmp_path: Path, name: str, content: str) -> list[Case]:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    return read_cases([path])


def flaws(tmp_path: Path, name: str, content: str) -> list[str]:
    with pytest.raises(CasesInvalid) as caught:
        read(tmp_path, name, content)
    return [str(flaw).removeprefix(f"{tmp_path}/") for flaw in caught.value.flaws]


FULL = {
    "id": "a",
    "question": "How much?",
    "source": "fair",
    "expect": {
        "any_of": ["4 crowns", {"regex": "four"}],
        "all_of": [{"number": 4, "unit": "EUR", "tolerance": "1%"}, {"date": "2027-05"}],
        "quotes": ["Entry costs 4 crowns."],
        "forbidden": ["5 crowns"],
    },
    "tags": ["figure"],
    "weight": 2,
}


def test_every_kind_of_fact_in_jsonl_json_and_yaml(tmp_path: Path) -> None:
    expected = Case(
        "a",
        Expectation(
            any_of=("4 crowns", Pattern("four")),
            all_of=(Figure(4, "EUR", "1%"), Day("2027-05")),
            quotes=("Entry costs 4 crowns.",),
            forbidden=("5 crowns",),
        ),
        "How much?",
        source="fair",
        tags=("figure",),
        weight=2.0,
    )
    line = json.dumps(FULL)
    assert read(tmp_path, "a.jsonl", f"{line}\n\n") == [expected]
    assert read(tmp_path, "a.json", f"[{line}]") == [expected]
    assert read(tmp_path, "a.yaml", f"- {line}\n") == [expected]
    assert written(expected) == {**FULL, "weight": 2.0, "expect": {**FULL["expect"], "all_of": [
        {"number": 4.0, "unit": "EUR", "tolerance": "1%"}, {"date": "2027-05"}]}}  # fmt: skip


def test_a_flaw_names_file_line_and_field(tmp_path: Path) -> None:
    content = "\n".join(
        json.dumps(case)
        for case in (
            {"id": "a", "question": "?", "expect": {"refusal": True}},
            {"id": "b", "question": "?", "expect": {"any_of": ["x", {"number": "many"}]}},
            {"id": "c", "question": "?", "expect": {"any_off": ["x"]}},
            {"id": "a", "question": "?", "expect": {"refusal": True}},
            {"id": "d", "question": "?", "turns": ["?"], "expect": {"refusal": True}},
            {"id": "e", "question": "?", "expect": {}},
            {"id": "f", "question": "?", "expect": {"any_of": [{"regex": "("}]}},
            {"id": "g", "question": "?", "expect": {"refusal": "mood"}},
            {"id": "h", "question": "?", "expect": {"any_of": [{"date": "2027-13"}]}},
            {"id": "i", "question": "?", "expect": {"refusal": True}, "weight": 0},
        )
    )
    found = flaws(tmp_path, "a.jsonl", content)
    assert [flaw.split(": ")[0] for flaw in found] == [f"a.jsonl:{line}" for line in range(2, 11)]
    assert "expect.any_of.1: 'many' is not one figure" in found[0]
    assert "expect.any_off" in found[1]
    assert "id: 'a' is the id of" in found[2]
    assert "either a question or turns" in found[3]
    assert "nothing is expected" in found[4]
    assert "no regular expression" in found[5]
    assert "expect.refusal" in found[6]
    assert "there is no 2027-13" in found[7]
    assert "weight" in found[8]


@pytest.mark.parametrize(
    ("name", "content", "flaw"),
    [
        ("a.jsonl", '{"id": "a"\n', "a.jsonl:1: no JSON"),
        ("a.jsonl", '\n\n{"id": "a", "id": "b"}\n', "a.jsonl:3: no JSON: 'id' is given twice"),
        ("a.json", '{\n"id": \n}', "a.json:3: no JSON"),
        ("a.jsonl", "[" * 100_000, "a.jsonl:1: no JSON"),
        ("a.jsonl", "1\n", "a.jsonl:1"),
        (
            "a.json",
            '[\n {"id": "a",\n "question": "?", "expect": {"refusal": true}},\n\n {"id": "b"}]',
            "a.json:5",
        ),
        ("a.json", '[ [1],\n "]" ,\n2]', "a.json:3"),
        ("a.yaml", "a: [", "a.yaml:1: no YAML"),
        ("a.yaml", "- id: a\n- !!python/object:os.system {}\n", "a.yaml:2: no YAML"),
        ("a.jsonl", "", "a.jsonl:1: holds no case"),
        ("a.txt", "", "a.txt:1: not one of"),
    ],
)
def test_hostile_files(tmp_path: Path, name: str, content: str, flaw: str) -> None:
    assert any(flaw in found for found in flaws(tmp_path, name, content))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CasesInvalid, match="cannot be read"):
        read_cases([tmp_path / "a.jsonl"])
    with pytest.raises(CasesInvalid, match="cannot be read"):
        read_cases([tmp_path / "none.jsonl"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(CasesInvalid, match="no file of cases"):
        read_cases([tmp_path / "empty"])


def test_squad(tmp_path: Path) -> None:
    document = {"version": "2", "data": [{"title": "t", "paragraphs": [{"context": "Entry costs 4 crowns.", "qas": [
        {"id": "1", "question": " How much? ", "answers": [{"text": "4 crowns"}, {"text": "4 crowns"}]},
        {"id": "2", "question": "Since when?", "answers": [], "is_impossible": True},
    ]}]}]}  # fmt: skip
    first, second = read(tmp_path, "squad.json", json.dumps(document))
    assert (first.id, first.question, first.source) == ("1", "How much?", "squad-1-1")
    assert first.expect == Expectation(any_of=("4 crowns",), answers=("4 crowns",))
    assert second.answerable is False


def test_mtrag(tmp_path: Path) -> None:
    task = {
        "task_id": "t1",
        "Answerability": ["ANSWERABLE"],
        "input": [
            {"speaker": "user", "text": "Is there a fair?"},
            {"speaker": "agent", "text": "Yes."},
            {"speaker": "user", "text": "How much?"},
        ],
        "targets": [{"text": "4 crowns."}],
        "contexts": [{"text": "Entry costs 4 crowns."}],
    }
    unanswerable = {**task, "task_id": "t2", "Answerability": ["UNANSWERABLE"]}
    partial = {**task, "task_id": "t3", "Answerability": "PARTIAL"}
    one, two, three = read(tmp_path, "m.jsonl", "\n".join(map(json.dumps, (task, unanswerable, partial))))
    assert one.turns == ("Is there a fair?", "How much?")
    assert one.expect.answers == ("4 crowns.",)
    assert one.sentences == ("Entry costs 4 crowns.",)
    assert [one.answerable, two.answerable, three.answerable] == [True, False, None]


EQUALS = {
    "4 crowns (or 5)": True,
    " 4 Crowns (or 5)\n": True,
    "not 4 crowns (or 5)": False,
    "4 crowns": False,
}


def test_promptfoo(tmp_path: Path) -> None:
    config = """
prompts: ["About the fair: {{question}}"]
providers: [echo]
defaultTest:
  assert:
    - {type: not-icontains, value: sorry}
tests:
  - description: the price
    vars: {question: "How much?"}
    metadata: {id: price, tags: [figure], source: fair}
    assert:
      - {type: contains, value: 4 crowns}
      - {type: contains-any, value: [a, b]}
      - {type: regex, value: "\\\\d"}
  - vars: {question: "Since when?"}
    assert:
      - {type: is-refusal}
"""
    first, second = read(tmp_path, "promptfoo.yaml", config)
    assert first.question == "About the fair: How much?"
    assert (first.id, first.tags, first.source, first.note) == ("price", ("figure",), "fair", "the price")
    assert first.expect.all_of == ("4 crowns", Pattern("\\d"))
    assert first.expect.any_of == ("a", "b")
    assert first.expect.forbidden == ("sorry",)
    assert second.id == "promptfoo-002"
    assert second.expect.refusal is True
    script = config.replace("is-refusal", "javascript, value: 'true'")
    assert "case script-002: expect.assertion of type javascript" in flaws(tmp_path, "script.yaml", script)[0]


def test_what_promptfoo_wants_equal_is_not_merely_contained(tmp_path: Path) -> None:
    test = {"vars": {"question": "How much?"}, "assert": [{"type": "equals", "value": "4 crowns (or 5)"}]}
    content = json.dumps({"prompts": ["{{question}}"], "tests": [test]})
    (case,) = read(tmp_path, "equal.json", content)
    said = {text: judge(case, Response(Status.ANSWERED, text, 0.1)).passed for text in EQUALS}
    assert said == EQUALS


def test_ragas(tmp_path: Path) -> None:
    lines = [
        {"user_input": "How much?", "reference": "4 crowns", "reference_contexts": ["Entry costs 4 crowns."]},
        {"question": "Since when?", "ground_truth": "This question is unanswerable."},
        {"user_input": [{"content": "A fair?", "type": "human"}, {"content": "Yes", "type": "ai"},
                        {"content": "How much?", "type": "human"}], "reference": "4 crowns"},
    ]  # fmt: skip
    one, two, three = read(tmp_path, "ragas.jsonl", "\n".join(map(json.dumps, lines)))
    assert one.expect.answers == ("4 crowns",)
    assert one.sentences == ("Entry costs 4 crowns.",)
    assert two.answerable is False
    assert three.turns == ("A fair?", "How much?")


def test_another_harness_s_form_that_is_broken_is_a_flaw(tmp_path: Path) -> None:
    content = json.dumps({"data": [{"paragraphs": [{"qas": [{"answers": []}]}]}]})
    assert "not throughout" in flaws(tmp_path, "squad.json", content)[0]


@pytest.mark.parametrize("file", ["xquad.en.json", "korquad_sample.json", "mtrag_subset.json"])
def test_real_files_of_other_harnesses(shared: Path, file: str) -> None:
    assert len(read_cases([shared / file])) > 100


def test_the_schema_agrees_with_the_reader(tmp_path: Path) -> None:
    validator = Draft202012Validator(schema())
    assert validator.is_valid(FULL)
    for wrong in ({**FULL, "expct": {}}, {"id": "a", "question": "?"}, {**FULL, "expect": {"any_of": []}}):
        assert not validator.is_valid(wrong)
        assert flaws(tmp_path, "wrong.jsonl", json.dumps(wrong))
    for path in sorted((ROOT / "eval" / "cases").rglob("*.jsonl")):
        if path.parent.name != "claims":
            for line in path.read_text("utf-8").splitlines():
                assert validator.is_valid(json.loads(line)), line


def test_the_shipped_schema_is_the_one_that_is_generated() -> None:
    shipped = json.loads((ROOT / "eval" / "cases" / "schema.json").read_text("utf-8"))
    assert shipped == json.loads(json.dumps(schema()))


def test_a_fingerprint_changes_with_any_case() -> None:
    one, two = Case("a", Expectation(refusal=True), "?"), Case("a", Expectation(refusal=True), "??")
    assert fingerprint([one]) == fingerprint([one])
    assert len({fingerprint(cases) for cases in ([one], [two], [one, two], [])}) == 4
