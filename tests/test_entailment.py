"""A cross-encoder that may look again at what the verifier kept: a real one, of random weights, biased to a label."""

from datetime import date
from pathlib import Path

import pytest
from fake_model import FakeModel

from indexer.encoder import DEFAULT_ENCODER, resolve_model
from service.answer import Answer, Citation, Mode, Quote
from service.answering.author import Author
from service.answering.entailment import Entailment
from service.answering.verifier import verify
from service.deadline import Deadline
from service.errors import SettingsInvalid

TEXT = "The harbour tunnel opens on 3 May 2027 and costs 310 million crowns."
QUOTE = Quote("tunnel", "0" * 64, TEXT, 0, len(TEXT), "Tunnel", None, date(2026, 3, 10))
VERBATIM = Answer(TEXT, (Citation(1, 0, len(TEXT), QUOTE),), Mode.VERBATIM, 0.9)
SAID = "The harbour tunnel opens on 3 May 2027. [1]"


def model(folder: Path, labels: list[str], likeliest: int) -> str:
    """A cross-encoder that always finds the same label likeliest."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)},
    )  # fmt: skip
    network = BertForSequenceClassification(config)
    with torch.no_grad():
        network.classifier.weight.zero_()
        network.classifier.bias[:] = torch.tensor([float(i == likeliest) for i in range(len(labels))])
    network.save_pretrained(folder)
    AutoTokenizer.from_pretrained(resolve_model(DEFAULT_ENCODER)).save_pretrained(folder)
    return str(folder)


def answered(entails: Entailment) -> Answer:
    writing = Author(FakeModel(SAID), entails=entails).answer(
        "When does the tunnel open?", VERBATIM, [QUOTE], verify, Deadline.after(60)
    )
    while True:
        try:
            next(writing)
        except StopIteration as end:
            answer = end.value
            assert isinstance(answer, Answer)
            return answer


@pytest.mark.parametrize(("likeliest", "mode"), [(1, Mode.GENERATED), (0, Mode.VERBATIM), (2, Mode.VERBATIM)])
def test_only_what_it_finds_entailed_is_delivered(tmp_path: Path, likeliest: int, mode: Mode) -> None:
    labels = ["contradiction", "ENTAILMENT", "neutral"]
    answer = answered(Entailment(model(tmp_path, labels, likeliest)))
    assert answer.mode is mode
    assert answer.generation is not None
    assert [w.detail for w in answer.generation.withdrawn] == ([] if likeliest == 1 else ["not entailed"])


def test_a_model_without_such_a_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="no label 'entailment', but good, bad"):
        Entailment(model(tmp_path, ["good", "bad"], 0))


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="nowhere"):
        Entailment(str(tmp_path / "nowhere"))
