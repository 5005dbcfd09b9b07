"""What the shipped weights are trained on: sound, and nothing of what they are measured on."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from eval.benchmarks.claims import read_claims
from eval.benchmarks.partial_input import Wording, partial_input_logits
from eval.training.further import ANSWERS, PROOFS, Course, weights_of
from eval.training.network import Network
from eval.training.prepared import Input, Prepared, load, save
from eval.training.proofs import Proof, read_proofs
from eval.training.reader import WEIGHTS, Task, _claimed, _input, kept_apart, syllables
from eval.training.texts import CHAT, DATA, read_texts
from indexer.encoder import DEFAULT_ENCODER, resolve_model
from indexer.network import open_session
from service.answering.reader import LONGEST

CASES = Path(__file__).resolve().parents[1] / "eval" / "cases"
CLAIMS = sorted((DATA / "claims").glob("*.jsonl"))


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def test_every_answer_is_in_its_text_and_every_id_is_its_own() -> None:
    texts = read_texts()
    assert len({text.id for text in texts}) == len(texts) > 500
    for text in texts:
        assert text.answered
        assert text.near_misses
        assert all(pair.answer in text.text for pair in text.answered)


def test_no_text_is_trained_on_that_is_measured_on() -> None:
    measured = {
        plain(sentence)
        for path in CASES.rglob("*")
        if path.suffix in {".md", ".txt", ".html"}
        for sentence in re.split(r"(?<=[.!?])\s+", path.read_text("utf-8"))
        if len(sentence) > 40
    }
    assert measured
    for text in read_texts():
        assert not [s for s in re.split(r"(?<=[.!?])\s+", text.text) if plain(s) in measured], text.id


def test_no_claim_is_trained_on_that_is_measured_on() -> None:
    measured = {
        plain(text)
        for split in ("development", "plain", "test", "bold")
        for entry in lines(CASES / "claims" / f"{split}.jsonl")
        for text in (*entry["sentences"], *(claim["claim"] for claim in entry["claims"]))  # type: ignore[misc, attr-defined]
    }
    trained = [s for path in CLAIMS for entry in lines(path) for s in entry["sentences"]]  # type: ignore[attr-defined]
    assert not [sentence for sentence in trained if plain(sentence) in measured]


@pytest.fixture(scope="module")
def proofs() -> list[Proof]:
    return read_proofs()


def test_a_claim_is_trained_on_beside_false_ones(proofs: list[Proof]) -> None:
    assert all(proof.quotes and proof.claim for proof in proofs)
    true = sum(proof.proven for proof in proofs)
    assert len(proofs) / 5 < true < len(proofs) / 3


def test_the_same_claims_are_made_each_time(tmp_path: Path) -> None:
    few = (DATA / "claims" / "world.jsonl").read_text("utf-8").splitlines()[:5]
    (tmp_path / "world.jsonl").write_text("\n".join(few), "utf-8")
    texts = read_texts()[:5]
    made = read_proofs(tmp_path, texts)
    assert made == read_proofs(tmp_path, texts)
    assert len({proof.claim for proof in made if not proof.proven}) > 50


def test_of_announcements_that_signs_are_weighed_on_no_claim_is_trained_on(proofs: list[Proof]) -> None:
    kept = {pair.announcement for pair in read_claims("plain").pairs}
    assert len(kept) > 100
    assert not kept & {proof.announcement for proof in proofs}


def test_what_is_copied_is_true_and_stands_in_its_quotes(proofs: list[Proof]) -> None:
    texts = {text.id for text in read_texts()}
    copied = [p for p in proofs if p.proven and p.announcement in texts and p.claim in p.quotes]
    assert len(copied) > 5000


def test_the_syllables_of_korean_are_pieces_of_their_own() -> None:
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "reader-tokenizer.json"))
    assert len(syllables()) == len(set(syllables())) == 2350
    assert tokenizer.encode("정부가", add_special_tokens=False).tokens == ["정", "##부", "##가"]
    assert tokenizer.encode("Café", add_special_tokens=False).tokens == ["cafe"]


def test_some_texts_are_kept_apart_whatever_the_order() -> None:
    ids = [text.id for text in read_texts()]
    chat = {id for id in ids if id.startswith(CHAT)}
    apart = kept_apart(ids)
    assert apart == kept_apart(ids[::-1])
    assert len(apart - chat) == -(-len(set(ids) - chat) // 7)
    assert len(apart & chat) == -(-len(chat) // 3)


def test_what_is_prepared_is_read_back_as_it_was(tmp_path: Path) -> None:
    inputs = [
        Input([101, 2054, 102, 7592, 2088, 102], [0, 0, 0, 1, 1, 1], 2.0, -0.25, 3, 4),
        Input([101, 2054, 102, 7592, 102], [0, 0, 0, 1, 0], 0.5, 1.5),
        Input([101, 35000, 102, 7592, 102], [0, 0, 0, 1, 1], 1.0, 0.0, proven=False),
    ]
    prepared = Prepared(inputs, [[101, 7592, 102], [101, 102]], [True, False, True], 103, 4700)
    save(prepared, tmp_path / "prepared.npz")
    assert load(tmp_path / "prepared.npz") == prepared


@pytest.mark.parametrize("course", [ANSWERS, PROOFS], ids=lambda course: course.name)
def test_what_ships_is_trained_further_from_what_it_says_now(course: Course) -> None:
    mask = np.ones((2, 32), np.int64)
    mask[1, 24:] = 0
    parts = np.where(np.arange(32) > 9, mask, 0)
    said = (
        "When does it open? The tunnel costs 310 million euros. It opens in May 2027, after four years of work"
        " by night, said Mayor Ada Holm."
    )
    ids = Tokenizer.from_file(str(WEIGHTS / "reader-tokenizer.json")).encode(said).ids[:32]
    given = {"ids": np.array([ids, ids]) * mask, "mask": mask, "parts": parts}
    states = open_session(WEIGHTS / "reader-embeddings.onnx").run(None, given)[0]
    shipped = WEIGHTS / f"reader-{course.name}.onnx"
    says = open_session(shipped).run(None, {"states": states, "mask": mask, "parts": parts})
    network = Network(resolve_model(DEFAULT_ENCODER), 0).eval()
    network.part()
    assert not network.load_state_dict(weights_of(course, shipped), strict=False).unexpected_keys
    with torch.no_grad():
        told = getattr(network, course.name)(*(torch.from_numpy(each) for each in (states, mask, parts)))
    for one, other in zip(says, told if len(says) > 1 else (told,), strict=True):
        shown = one > -1e3
        # What rounding to 8 bits takes away; weights in wrong places would tell something else altogether.
        apart = np.abs(one - other.numpy())[shown]
        assert apart.max() < 1.0
        assert apart.mean() < 0.25
        assert ((other.numpy() > -1e3) == shown).all()


def test_only_what_a_course_is_for_learns() -> None:
    network = Network(resolve_model(DEFAULT_ENCODER), 0)
    network.part()
    named = [name for name, _ in network.named_parameters()]
    by_answers, by_proofs = ({name for name in named if course.has(name)} for course in (ANSWERS, PROOFS))
    assert not by_answers & by_proofs
    assert {name.split(".")[0] for name in by_answers} == {"body", "span", "whole"}
    assert {name.split(".")[0] for name in by_proofs} == {"proving", "proof"}
    assert not any(name.startswith("body.embeddings.") for name in by_answers)
    assert {course.layer(name) for course in (ANSWERS, PROOFS) for name in named if course.has(name)} == {
        *range(6),
        None,
    }


def test_the_answer_is_marked_where_it_stands_even_in_a_long_text() -> None:
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "reader-tokenizer.json"))
    for padding in ("", "The market hall is closed. " * 80):
        text = f"{padding}The tunnel opens on 3 May 2027."
        start = text.index("3 May 2027")
        asked = Task("t", "en", "When does the tunnel open?", "The tunnel", text, (start, start + 10), 1.0)
        made = _input(tokenizer, asked, 0.0)
        assert len(made.ids) == len(made.parts) <= LONGEST
        marked = made.ids[made.start : made.end + 1]
        assert tokenizer.decode(marked) == "3 may 2027"
        none = _input(tokenizer, Task("t", "en", "Why?", "", text, None, 1.0), 0.0)
        assert (none.start, none.end) == (0, 0)


def test_what_the_wording_gives_away_is_told_by_the_other_texts() -> None:
    """Who asks why is never answered here, in any text; which text it is tells nothing."""
    said = [
        (f"text {n // 4}", text, right)
        for n in range(0, 80, 2)
        for text, right in (("Why does it open?", False), ("When does it open?", True))
    ]
    told = partial_input_logits([Wording(group, "en", text, right) for group, text, right in said])
    assert (told[1::2] > 1).all()
    assert (told[::2] < -1).all()
    drawn = np.random.default_rng(1).random(80) < 0.5
    alike = [
        Wording(group, "en", "Why?", bool(right)) for (group, _, _), right in zip(said, drawn, strict=True)
    ]
    assert np.abs(partial_input_logits(alike)).max() < 0.5


def test_a_claim_stands_before_what_it_cites(proofs: list[Proof]) -> None:
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "reader-tokenizer.json"))
    proof = next(proof for proof in proofs if proof.proven)
    made = _claimed(tokenizer, proof, 0.0)
    first = made.parts.index(1)
    assert tokenizer.decode(made.ids[:first]) in proof.claim.lower().replace(" ", "") or plain(
        tokenizer.decode(made.ids[:first])
    ).replace(" ", "") == plain(proof.claim).replace(" ", "")
    assert tokenizer.decode(made.ids[first:]).startswith(str(proof.published.year))
    assert made.proven is True
