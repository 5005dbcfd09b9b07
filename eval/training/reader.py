"""Train a reader, on the training texts, on XQuAD's fitted half and on the training claims.

    python -m eval.training.reader --data ../shared/data

writes ``reader-embeddings.onnx``, ``reader-answers.onnx``, ``reader-proofs.onnx`` and ``reader-tokenizer.json`` into
``service/answering/weights``. The network is all-MiniLM-L6-v2, its word vectors left as they are, with a vector more
for each common syllable of Korean, which it knows no word of, and three heads: one marks the first and last word
piece of the answer, or the input's first piece for none; one says whether there is an answer at all; and one whether
a claim is proven by what it cites. ``eval.training.network`` says how it is trained, and does it elsewhere from what
``--prepare FILE`` writes; ``--trained FILE`` takes the weights from there. Some of the training texts are kept from
it, for when to refuse is fitted on what the reader says of texts that it never saw.

What ships was trained by an earlier form of this, which did not guess words, nor see the texts whose questions are put
as in a chat, nor most of the plainly worded claims; ``eval.training.further`` then trained how it answers, and what it
takes for proven, on those.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.benchmarks.herald import Workshop, open_workshop
from eval.benchmarks.partial_input import Wording, partial_input_logits
from eval.benchmarks.split import fitted_articles
from eval.training.examples import Example, ask_texts, ask_xquad
from eval.training.prepared import Input, Prepared, save
from eval.training.proofs import Proof, read_proofs
from eval.training.texts import CHAT, TrainingText, read_texts
from indexer.encoder import DEFAULT_ENCODER, resolve_model
from indexer.language import detect
from service.answering.reader import LANGUAGES, LONGEST_CLAIM, cited, joined, room_after, under_title
from service.answering.scoring import load_scoring

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "service" / "answering" / "weights"
ARTICLES = 48
KEPT_APART, CHAT_KEPT_APART = 7, 3
"""One in so many training texts the reader never sees, and of those whose questions are put as in a chat."""
ELSEWHERE = 10
"""One in so many questions is also put to the sentences that another one found."""
XQUAD_SHARE = 2.0
"""What an XQuAD question counts beside one on a training text: it is asked with and without its answer, so that
its wording gives nothing away."""
UNTITLED = 0.1
"""The share of the examples whose title is left out."""
OUTPUTS = {"embeddings": ("states",), "answers": ("starts", "ends", "whole"), "proofs": ("proof",)}
"""What each part of the network that ships gives."""
LONGEST = 160
"""Word pieces of a stretch of text whose words are hidden."""


@dataclass(frozen=True, slots=True)
class Task:
    """A question put to a text with its title; ``answer`` is where that answers, None where it does not."""

    group: str
    language: str
    question: str
    title: str
    text: str
    answer: tuple[int, int] | None
    share: float


def main() -> None:
    import torch

    from eval.training.network import Network, train_all

    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--out", type=Path, default=WEIGHTS)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--prepare", type=Path, help="only write what is trained on into this file")
    arguments.add_argument("--trained", type=Path, help="only export the weights of this file")
    given = arguments.parse_args()
    torch.set_num_threads(given.threads)
    tokenizer, model = new_tokenizer(), resolve_model(DEFAULT_ENCODER)
    with tempfile.TemporaryDirectory() as folder:
        if given.trained:
            weights = torch.load(given.trained)
        else:
            file = given.prepare or Path(folder) / "prepared.npz"
            save(prepare(tokenizer, given.data, open_workshop(Path(folder), given.threads)), file)
            if given.prepare:
                return
            weights = train_all(file, model, Path(folder), print)
    network = Network(model, 2 * len(syllables()))
    network.part()
    network.load_state_dict(weights)
    export(network, tokenizer, given.out)


def prepare(tokenizer: Any, data: Path, workshop: Workshop) -> Prepared:
    """What the network is trained on."""
    texts = read_by_reader()
    pieces = tokenizer.get_vocab()
    return Prepared(
        inputs_of(ask(texts, data, workshop), read_proofs(), tokenizer),
        stretches(texts, tokenizer),
        [not piece.startswith("##") for piece in sorted(pieces, key=pieces.__getitem__)],
        pieces["[MASK]"],
        2 * len(syllables()),
    )


def ask(texts: Sequence[TrainingText], data: Path, workshop: Workshop) -> list[Example]:
    """Every question on the texts, and on XQuAD's fitted half."""
    ranking = load_scoring(WEIGHTS / "scoring.npz")
    articles = frozenset(fitted_articles(ARTICLES))
    return ask_texts(texts, workshop, ranking) + ask_xquad(data, articles, workshop, ranking)


def read_by_reader() -> list[TrainingText]:
    """The training texts that are not kept apart, in the languages that it reads."""
    texts = [text for text in read_texts() if text.language in LANGUAGES]
    apart = {
        id for language in LANGUAGES for id in kept_apart([t.id for t in texts if t.language == language])
    }
    return [text for text in texts if text.id not in apart]


def kept_apart(ids: Sequence[str]) -> frozenset[str]:
    """The texts of one language that the reader is not trained on."""
    chat = sorted({id for id in ids if id.startswith(CHAT)})
    return frozenset(sorted(set(ids) - set(chat))[::KEPT_APART]) | frozenset(chat[::CHAT_KEPT_APART])


def stretches(texts: Sequence[TrainingText], tokenizer: Any) -> list[list[int]]:
    """The word pieces of the texts and of their questions, between the marks of a beginning and an end."""
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    found = []
    for text in texts:
        asked = " ".join([*(pair.question for pair in text.answered), *text.near_misses])
        for said in (f"{text.title}\n{text.text}", asked):
            ids = tokenizer.encode(said, add_special_tokens=False).ids
            found += [[first, *ids[i : i + LONGEST], last] for i in range(0, len(ids), LONGEST)]
    return found


def inputs_of(examples: Sequence[Example], proofs: Sequence[Proof], tokenizer: Any) -> list[Input]:
    """Every lesson, some questions put to sentences of another text, and the claims."""
    return [*lessons_of(examples, tokenizer), *claims_of(proofs, tokenizer)]


def lessons_of(examples: Sequence[Example], tokenizer: Any) -> list[Input]:
    """Every lesson, in order, and then some questions put to sentences of another text."""
    chance = random.Random(7)  # noqa: S311
    tasks = [
        Task(
            *(e.group, e.language, e.question, e.excerpts[0].title, each.text, each.answer),
            share=each.share * (XQUAD_SHARE if e.kind == "xquad" else 1.0),
        )
        for e in examples
        for each in e.lessons
    ]
    for e in examples[::ELSEWHERE]:
        other = chance.choice(examples)
        if other.group != e.group and other.language == e.language:
            best = other.excerpts[0]
            tasks.append(Task(e.group, e.language, e.question, best.title, best.window.text, None, 1.0))
    tasks = [replace(task, title="") if chance.random() < UNTITLED else task for task in tasks]
    asked = partial_input_logits(
        [Wording(t.group, t.language, t.question, t.answer is not None, t.share) for t in tasks]
    )
    return [_input(tokenizer, task, prior) for task, prior in zip(tasks, asked.tolist(), strict=True)]


def claims_of(proofs: Sequence[Proof], tokenizer: Any) -> list[Input]:
    """The claims, in order."""
    claimed = partial_input_logits(
        [Wording(p.announcement, detect(p.claim), p.claim, p.proven) for p in proofs]
    )
    return [_claimed(tokenizer, proof, prior) for proof, prior in zip(proofs, claimed.tolist(), strict=True)]


def _claimed(tokenizer: Any, proof: Proof, prior: float) -> Input:
    said = tokenizer.encode(proof.claim, add_special_tokens=False).ids[:LONGEST_CLAIM]
    told = tokenizer.encode(cited(proof.published, proof.quotes), add_special_tokens=False).ids
    ids, parts = joined(said, told)
    return Input(ids, parts, proof.share, prior, proven=proof.proven)


def _input(tokenizer: Any, task: Task, prior: float) -> Input:
    asked = under_title(tokenizer, task.question, task.title)
    read, answer = tokenizer.encode(task.text, add_special_tokens=False), task.answer
    first, room = len(asked) + 2, room_after(asked)
    begin = start = end = 0
    if answer and len(read.ids) > room:  # the answer stays inside
        at = next((i for i, (_, close) in enumerate(read.offsets) if close > answer[0]), 0)
        begin = max(0, min(at - room // 2, len(read.ids) - room))
    ids, offsets = read.ids[begin : begin + room], read.offsets[begin : begin + room]
    if answer:
        inside = [i for i, (left, right) in enumerate(offsets) if right > answer[0] and left < answer[1]]
        if inside:
            start, end = first + inside[0], first + inside[-1]
    ids, parts = joined(asked, ids)
    return Input(ids, parts, task.share, prior, start, end)


def new_tokenizer() -> Any:
    """The encoder's, which takes Korean syllables apart, with the common ones as word pieces of their own.

    A syllable and the same one within a word are two pieces, that of ``syllables()[i]`` the 2i-th new one.
    """
    from tokenizers import Tokenizer

    file = Path(resolve_model(DEFAULT_ENCODER)) / "tokenizer.json"
    content = json.loads(file.read_text("utf-8"))
    pieces = content["model"]["vocab"]
    for syllable in syllables():
        pieces[syllable] = len(pieces)
        pieces[f"##{syllable}"] = len(pieces)
    content["normalizer"] = {"type": "Sequence", "normalizers": [content["normalizer"], {"type": "NFC"}]}
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def syllables() -> list[str]:
    """The 2,350 syllables of Hangul that the Korean standard KS X 1001 has, in its order."""
    rows = (bytes([first, second]) for first in range(0xB0, 0xC9) for second in range(0xA1, 0xFF))
    return [row.decode("euc-kr") for row in rows]


def export(network: Any, tokenizer: Any, folder: Path) -> None:
    """Write the three parts of the network for onnxruntime, their weights in 8 bits, and its tokenizer."""
    import torch

    network.body.set_attn_implementation("eager")
    network.table = torch.nn.Parameter(network.pieces().detach())
    for name in OUTPUTS:
        export_part(network, name, folder)
    tokenizer.save(str(folder / "reader-tokenizer.json"), pretty=False)


def export_part(network: Any, name: str, folder: Path) -> None:
    """Write what the network's method ``name`` does: one of ``OUTPUTS``."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Part(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, first: Any, mask: Any, parts: Any) -> Any:
            return getattr(self.network, name)(first, mask, parts)

    from_ids = name == "embeddings"
    ids, states = torch.randint(1000, 2000, (2, 24)), torch.randn(2, 24, network.body.config.hidden_size)
    mask = torch.ones_like(ids)
    parts = torch.zeros_like(mask)
    parts[:, 8:] = 1
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            Part().eval(),
            (ids if from_ids else states, mask, parts),
            str(whole),
            input_names=["ids" if from_ids else "states", "mask", "parts"],
            output_names=list(OUTPUTS[name]),
            dynamic_shapes=[{0: batch, 1: length}] * 3,
            dynamo=True,
        )
        quantize_dynamic(whole, folder / f"reader-{name}.onnx", per_channel=True, weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main()
