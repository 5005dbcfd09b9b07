"""Train the reader that ships, on the training texts, on XQuAD's fitted half and on the training claims.

    python -m eval.training.reader --data ../shared/data

writes ``reader.onnx`` and ``reader-tokenizer.json`` into ``service/answering/weights``. The network is
all-MiniLM-L6-v2, its word vectors left as they are, with three heads: one marks the first and last word
piece of the answer, or the input's first piece for none; one says whether there is an answer at all; and
one whether a claim is proven by what it cites. It learns to read in the first round, and both in the
second. Every seventh training text is kept from it, for when to refuse is fitted on what the reader says
of texts that it never saw. Takes an hour or two on two processor cores.
"""

import argparse
import math
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.benchmarks.herald import open_workshop
from eval.benchmarks.split import fitted_articles
from eval.training.examples import Example, ask_texts, ask_xquad
from eval.training.proofs import Proof, read_proofs
from eval.training.texts import read_texts
from indexer.encoder import DEFAULT_ENCODER, resolve_model
from service.answering.reader import LANGUAGES, LONGEST_CLAIM, LONGEST_QUESTION, cited, joined, room_after
from service.answering.scoring import load_scoring

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "service" / "answering" / "weights"
ARTICLES = 48
KEPT_APART = 7
"""One in so many training texts the reader never sees."""
SEED = 2026
BATCH, RATE = 32, 1e-4
HEADS_FASTER = 5
"""The heads start from nothing and learn so many times faster."""
WARM_UP, SLOWEST = 0.1, 0.02
ELSEWHERE = 10
"""One in so many questions is also put to the sentences that another one found."""


@dataclass(frozen=True, slots=True)
class Round:
    """So many times through the examples of these kinds, and the claims about so many announcements."""

    epochs: int
    kinds: frozenset[str]
    claims: int


ROUNDS = (
    Round(3, frozenset({"text", "xquad"}), claims=0),
    Round(3, frozenset({"text", "xquad", "foreign"}), claims=145),
)


@dataclass(frozen=True, slots=True)
class Input:
    """Word pieces of question and text, or of claim and quotes; ``parts`` is 1 in the text, or the quotes.

    ``start`` and ``end`` are the answer's ends, 0 for none. ``proven`` is None for a question.
    """

    ids: list[int]
    parts: list[int]
    share: float
    start: int = 0
    end: int = 0
    proven: bool | None = None


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--out", type=Path, default=WEIGHTS)
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workshop = open_workshop(Path(folder), given.threads)
        ranking = load_scoring(given.out / "scoring.npz")
        texts = [text for text in read_texts() if text.language in LANGUAGES]
        apart = kept_apart([text.id for text in texts])
        seen = [text for text in texts if text.id not in apart]
        examples = sorted(ask_texts(seen, workshop, ranking), key=lambda example: example.group)
        examples += ask_xquad(given.data, frozenset(fitted_articles(ARTICLES)), workshop, ranking)
    network = new_network(given.threads)
    for each in ROUNDS:
        train(network, each, examples, read_proofs(each.claims), print)
    export(network, given.out)


def kept_apart(ids: Sequence[str]) -> frozenset[str]:
    """The texts that the reader is not trained on."""
    return frozenset(sorted(set(ids))[::KEPT_APART])


def inputs_of(
    wanted: Round, examples: Sequence[Example], proofs: Sequence[Proof], tokenizer: Any
) -> list[Input]:
    """Every lesson, some questions put to sentences of another text, and the claims."""
    examples = [example for example in examples if example.kind in wanted.kinds]
    lessons = [(e.question, each.text, each.answer, each.share) for e in examples for each in e.lessons]
    chance = random.Random(7)  # noqa: S311
    for example in examples[::ELSEWHERE]:
        other = chance.choice(examples)
        if other.group != example.group:
            lessons.append((example.question, other.text, None, 1.0))
    inputs = [_input(tokenizer, *lesson) for lesson in lessons]
    return inputs + [_claimed(tokenizer, proof) for proof in proofs]


def _claimed(tokenizer: Any, proof: Proof) -> Input:
    said = tokenizer.encode(proof.claim, add_special_tokens=False).ids[:LONGEST_CLAIM]
    told = tokenizer.encode(cited(proof.published, proof.quotes), add_special_tokens=False).ids
    ids, parts = joined(said, told)
    return Input(ids, parts, 1.0, proven=proof.proven)


def _input(tokenizer: Any, question: str, text: str, answer: tuple[int, int] | None, share: float) -> Input:
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:LONGEST_QUESTION]
    read = tokenizer.encode(text, add_special_tokens=False)
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
    return Input(ids, parts, share, start, end)


def train(
    network: Any, wanted: Round, examples: Sequence[Example], proofs: Sequence[Proof], say: Any
) -> None:
    """One round. The same examples, claims, threads and torch give the same weights."""
    import torch
    from tokenizers import Tokenizer

    chance = random.Random(SEED)  # noqa: S311
    tokenizer = Tokenizer.from_file(str(Path(resolve_model(DEFAULT_ENCODER)) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    inputs = inputs_of(wanted, examples, proofs, tokenizer)
    steps = wanted.epochs * len(_batches(inputs, chance))
    body = [weight for weight in network.body.parameters() if weight.requires_grad]
    heads = [*network.span.parameters(), *network.whole.parameters(), *network.proof.parameters()]
    groups = [{"params": body, "lr": RATE}, {"params": heads, "lr": RATE * HEADS_FASTER}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (WARM_UP * steps)) * max(SLOWEST, 1 - step / steps)
    )
    for epoch in range(wanted.epochs):
        network.train()
        total = 0.0
        for batch in _batches(inputs, chance):
            loss = _loss(network, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += float(loss.detach())
        say(f"epoch {epoch + 1} of {wanted.epochs}: loss {total * wanted.epochs / steps:.3f}")
    network.eval()


def _loss(network: Any, batch: Sequence[Input]) -> Any:
    """The mean loss of a batch of questions, or of one of claims."""
    import torch
    from torch.nn import functional

    share = torch.tensor([each.share for each in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        starts, ends, whole, proof = network(*_tensors(batch))
    if batch[0].proven is not None:
        proven = torch.tensor([float(bool(each.proven)) for each in batch])
        return functional.binary_cross_entropy_with_logits(proof, proven, share)
    starts_at = torch.tensor([each.start for each in batch])
    ends_at = torch.tensor([each.end for each in batch])
    loss = functional.cross_entropy(starts, starts_at, reduction="none") / 2
    loss = loss + functional.cross_entropy(ends, ends_at, reduction="none") / 2
    answered = (starts_at > 0).float()
    loss = loss + functional.binary_cross_entropy_with_logits(whole, answered, reduction="none")
    return (loss * share).mean()


def new_network(threads: int) -> Any:
    """The default encoder's network with the three heads, untrained."""
    import torch
    from transformers import AutoModel

    torch.manual_seed(SEED)
    torch.set_num_threads(threads)

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = AutoModel.from_pretrained(resolve_model(DEFAULT_ENCODER), attn_implementation="eager")
            for weight in self.body.embeddings.word_embeddings.parameters():
                weight.requires_grad = False
            width = self.body.config.hidden_size
            self.span = torch.nn.Linear(width, 2)
            self.whole, self.proof = (
                torch.nn.Sequential(
                    torch.nn.Linear(width, 128),
                    torch.nn.GELU(),
                    torch.nn.Dropout(0.1),
                    torch.nn.Linear(128, 1),
                )
                for _ in range(2)
            )

        def forward(self, ids: Any, mask: Any, parts: Any) -> tuple[Any, Any, Any, Any]:
            states = self.body(
                input_ids=ids, attention_mask=mask, token_type_ids=parts
            ).last_hidden_state.float()
            text = (parts == 1) & (mask == 1)
            first = torch.arange(ids.shape[1]) == 0
            logits = self.span(states).masked_fill(~(text | first)[:, :, None], -1e4)
            whole, proof = self.whole(states[:, 0])[:, 0], self.proof(states[:, 0])[:, 0]
            return logits[:, :, 0], logits[:, :, 1], whole, proof

    return Network()


def _batches(inputs: Sequence[Input], chance: random.Random) -> list[list[Input]]:
    """Batches of one kind and about the same length, in any order."""
    batches = []
    for claims in (False, True):
        kind = [each for each in inputs if (each.proven is not None) is claims]
        ordered = sorted(kind, key=lambda each: len(each.ids) + chance.random() * 24)
        batches += [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    chance.shuffle(batches)
    return batches


def _tensors(batch: Sequence[Input]) -> tuple[Any, Any, Any]:
    import torch

    length = math.ceil(max(len(each.ids) for each in batch) / 16) * 16
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    mask, parts = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, each in enumerate(batch):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        mask[row, : len(each.ids)] = 1
        parts[row, : len(each.parts)] = torch.tensor(each.parts)
    return ids, mask, parts


def export(network: Any, folder: Path) -> None:
    """Write the network for onnxruntime, its weights in 8 bits, and its tokenizer."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from tokenizers import Tokenizer

    ids = torch.randint(1000, 2000, (2, 24))
    mask, parts = torch.ones_like(ids), torch.zeros_like(ids)
    parts[:, 8:] = 1
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            network.eval(),
            (ids, mask, parts),
            str(whole),
            input_names=["ids", "mask", "parts"],
            output_names=["starts", "ends", "whole", "proof"],
            dynamic_shapes=[{0: batch, 1: length}] * 3,
            dynamo=True,
        )
        quantize_dynamic(whole, folder / "reader.onnx", per_channel=True, weight_type=QuantType.QInt8)
    tokenizer = Tokenizer.from_file(str(Path(resolve_model(DEFAULT_ENCODER)) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "reader-tokenizer.json"), pretty=False)


if __name__ == "__main__":
    main()
