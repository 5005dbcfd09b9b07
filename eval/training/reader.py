"""Train the reader that ships, on the training texts, on XQuAD's fitted half and on the training claims.

    python -m eval.training.reader --data ../shared/data

writes ``reader-trunk.onnx``, ``reader-answers.onnx``, ``reader-proofs.onnx`` and ``reader-tokenizer.json`` into
``service/answering/weights``. The network is all-MiniLM-L6-v2, its word vectors left as they are, with a vector more
for each common syllable of Korean, which it knows no word of, and three heads: one marks the first and last word
piece of the answer, or the input's first piece for none; one says whether there is an answer at all; and one whether
a claim is proven by what it cites. It is trained three times, and twice more from the mean of these weights; what
ships is the mean of the last two (Wortsman et al., "Model soups", ICML 2022). Every seventh training text is kept
from it, for when to refuse is fitted on what the reader says of texts that it never saw. Takes a quarter of an hour
on a GPU, where what ships was trained, and days on two processor cores.

Proofs are then given upper layers of their own, which are trained on the claims alone: what both share, and what
answers questions, stays as it is. That takes an hour on two processor cores.
"""

import argparse
import copy
import json
import math
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.benchmarks.herald import open_workshop
from eval.benchmarks.partial_input import Wording, partial_input_logits
from eval.benchmarks.split import fitted_articles
from eval.training.examples import Example, ask_texts, ask_xquad
from eval.training.proofs import Proof, read_proofs
from eval.training.texts import read_texts
from indexer.encoder import DEFAULT_ENCODER, resolve_model
from indexer.language import detect
from service.answering.reader import LANGUAGES, LONGEST_CLAIM, cited, joined, room_after, under_title
from service.answering.scoring import load_scoring

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "service" / "answering" / "weights"
ARTICLES = 48
KEPT_APART = 7
"""One in so many training texts the reader never sees."""
SEED = 2026
"""What the heads and syllables begin with is drawn by this."""
BATCH = 64
HEADS_FASTER = 5
"""The heads start from nothing and learn so many times faster."""
WARM_UP, SLOWEST = 0.1, 0.02
ELSEWHERE = 10
"""One in so many questions is also put to the sentences that another one found."""
XQUAD_SHARE = 2.0
"""What an XQuAD question counts beside one on a training text: it is asked with and without its answer, so that
its wording gives nothing away."""
UNTITLED = 0.1
"""The share of the examples whose title is left out."""


@dataclass(frozen=True, slots=True)
class Run:
    """The order of the examples is drawn by ``order``. ``discount`` is what part of an example's ``prior`` is taken
    as known."""

    order: int
    discount: float
    steps: int
    rate: float


ROUNDS = (
    (Run(2, 0.0, 19_740, 1e-4), Run(2, 0.35, 19_740, 1e-4), Run(3, 0.35, 19_740, 1e-4)),
    (Run(5, 0.0, 6_773, 7e-5), Run(6, 0.35, 6_757, 7e-5)),
)
"""Five times through all of the examples, and then not quite twice. Each round begins with the mean of the last one's
networks. To take all of the prior as known makes the reader worse on the development announcements, whose near
misses are worded otherwise than the questions that they answer, too."""
SHARED = 3
"""The lowest layers are those of answers and proofs both."""
PROOFS = (Run(1, 0.35, 2_000, 1e-4), Run(2, 0.35, 1_500, 1e-4), Run(3, 0.35, 500, 6e-5))
"""How the upper layers of proofs are trained. Of what ships, the first run saw but a part of the plainly worded claims,
the rate of the second fell only to a half, and the layers below saw neither these claims nor copies."""


@dataclass(frozen=True, slots=True)
class Input:
    """Word pieces of question and text, or of claim and quotes; ``parts`` is 1 in the text, or the quotes.

    ``start`` and ``end`` are the answer's ends, 0 for none. ``proven`` is None for a question. ``prior`` is how
    much the wording of the question or claim alone speaks for an answer or a proof, as a logit: what is trained
    is given that, and has only to learn the rest.
    """

    ids: list[int]
    parts: list[int]
    share: float
    prior: float
    start: int = 0
    end: int = 0
    proven: bool | None = None


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
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments.add_argument("--out", type=Path, default=WEIGHTS)
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workshop = open_workshop(Path(folder), given.threads)
        ranking = load_scoring(given.out / "scoring.npz")
        texts = [text for text in read_texts() if text.language in LANGUAGES]
        apart = {
            id for language in LANGUAGES for id in kept_apart([t.id for t in texts if t.language == language])
        }
        examples = ask_texts([text for text in texts if text.id not in apart], workshop, ranking)
        examples += ask_xquad(given.data, frozenset(fitted_articles(ARTICLES)), workshop, ranking)
    tokenizer = new_tokenizer()
    inputs = inputs_of(examples, read_proofs(), tokenizer)
    network = new_network(given.threads)
    for runs in ROUNDS:
        begun = {name: weight.clone() for name, weight in network.state_dict().items()}
        trained = []
        for run in runs:
            network.load_state_dict(begun)
            train(network, inputs, run, print)
            trained.append({name: weight.clone() for name, weight in network.cpu().state_dict().items()})
        network.load_state_dict(mean_of(trained))
    network.part()
    for run in PROOFS:
        train(network, [each for each in inputs if each.proven is not None], run, print)
    export(network, tokenizer, given.out)


def kept_apart(ids: Sequence[str]) -> frozenset[str]:
    """The texts of one language that the reader is not trained on."""
    return frozenset(sorted(set(ids))[::KEPT_APART])


def inputs_of(examples: Sequence[Example], proofs: Sequence[Proof], tokenizer: Any) -> list[Input]:
    """Every lesson, some questions put to sentences of another text, and the claims."""
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
    claimed = partial_input_logits(
        [Wording(p.announcement, detect(p.claim), p.claim, p.proven) for p in proofs]
    )
    return [
        *(_input(tokenizer, task, prior) for task, prior in zip(tasks, asked.tolist(), strict=True)),
        *(_claimed(tokenizer, proof, prior) for proof, prior in zip(proofs, claimed.tolist(), strict=True)),
    ]


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


def mean_of(states: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The mean of several networks' weights, name by name; what is no weight is that of the first."""
    return {
        name: sum(state[name] for state in states) / len(states) if weight.is_floating_point() else weight
        for name, weight in states[0].items()
    }


def train(network: Any, inputs: Sequence[Input], run: Run, say: Callable[[str], None]) -> None:
    """Train on the GPU, where there is one."""
    import torch

    chance = random.Random(run.order)  # noqa: S311
    torch.manual_seed(run.order)
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    learning = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
    layers = [weight for name, weight in learning.items() if name.startswith(("body.", "proving."))]
    others = [weight for name, weight in learning.items() if not name.startswith(("body.", "proving."))]
    groups = [
        {"params": layers, "lr": run.rate},
        {"params": others, "lr": run.rate * HEADS_FASTER},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1.0, (step + 1) / (WARM_UP * run.steps)) * max(SLOWEST, 1 - step / run.steps),
    )
    network.train()
    done = 0
    while done < run.steps:
        batches = _batches(inputs, chance)[: run.steps - done]
        total = 0.0
        for batch in batches:
            loss = _loss(network, batch, run.discount)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += float(loss.detach())
        done += len(batches)
        say(f"{done} of {run.steps} steps: loss {total / len(batches):.3f}")
    network.eval()


def _loss(network: Any, batch: Sequence[Input], discount: float) -> Any:
    """The mean loss of a batch of questions, or of one of claims."""
    import torch
    from torch.nn import functional

    device = network.syllables.device
    share, prior = (
        torch.tensor(each, device=device)
        for each in zip(*((i.share, discount * i.prior) for i in batch), strict=True)
    )
    given = [each.to(device) for each in _tensors(batch)]
    with torch.autocast(device.type, dtype=torch.bfloat16):
        states = network.trunk(*given)
        if batch[0].proven is None:
            starts, ends, whole = network.answers(states, *given[1:])
        else:
            proof = network.proofs(states, *given[1:])
    if batch[0].proven is not None:
        proven = torch.tensor([float(bool(each.proven)) for each in batch], device=device)
        return functional.binary_cross_entropy_with_logits(proof + prior, proven, share)
    starts_at = torch.tensor([each.start for each in batch], device=device)
    ends_at = torch.tensor([each.end for each in batch], device=device)
    none = functional.pad(prior[:, None] / 2, (0, starts.shape[1] - 1))
    starts, ends = starts - none, ends - none
    loss = functional.cross_entropy(starts, starts_at, reduction="none") / 2
    loss = loss + functional.cross_entropy(ends, ends_at, reduction="none") / 2
    answered = (starts_at > 0).float()
    loss = loss + functional.binary_cross_entropy_with_logits(whole + prior, answered, reduction="none")
    return (loss * share).mean()


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


def new_network(threads: int) -> Any:
    """The default encoder's network with the three heads, untrained."""
    import torch
    from torch.nn import functional
    from transformers import AutoModel

    torch.manual_seed(SEED)
    torch.set_num_threads(threads)

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = AutoModel.from_pretrained(resolve_model(DEFAULT_ENCODER), attn_implementation="eager")
            words = self.body.embeddings.word_embeddings.weight
            words.requires_grad = False
            width = self.body.config.hidden_size
            drawn = torch.randn(len(syllables()), width) * words.std()
            self.syllables = torch.nn.Parameter(drawn.repeat_interleave(2, dim=0))
            self.table: Any = None
            """The vectors of all pieces in one, for the network that ships."""
            self.proving: Any = None
            """The upper layers of proofs, once they have their own."""
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

        def pieces(self) -> Any:
            return torch.cat([self.body.embeddings.word_embeddings.weight, self.syllables])

        def trunk(self, ids: Any, mask: Any, parts: Any) -> Any:
            """The states [N, T, D] that answers and proofs share."""
            table = self.pieces() if self.table is None else self.table
            states = self.body.embeddings(
                inputs_embeds=functional.embedding(ids, table), token_type_ids=parts
            )
            return self._through(self.body.encoder.layer[:SHARED], states, mask)

        def answers(self, states: Any, mask: Any, parts: Any) -> tuple[Any, Any, Any]:
            """The logits of the answer's first and last piece [N, T], and that there is one [N]."""
            states = self._through(self.body.encoder.layer[SHARED:], states, mask).float()
            text = (parts == 1) & (mask == 1)
            first = torch.arange(states.shape[1], device=states.device) == 0
            logits = self.span(states).masked_fill(~(text | first)[:, :, None], -1e4)
            return logits[:, :, 0], logits[:, :, 1], self.whole(states[:, 0])[:, 0]

        def proofs(self, states: Any, mask: Any, parts: Any) -> Any:  # noqa: ARG002 - as ``answers``
            """The logit that a claim is proven [N]."""
            layers = self.body.encoder.layer[SHARED:] if self.proving is None else self.proving
            return self.proof(self._through(layers, states, mask).float()[:, 0])[:, 0]

        def _through(self, layers: Any, states: Any, mask: Any) -> Any:
            hidden = torch.zeros_like(mask, dtype=states.dtype).masked_fill(mask == 0, -1e4)
            for layer in layers:
                after = layer(states, hidden[:, None, None, :])
                states = after[0] if isinstance(after, tuple) else after
            return states

        def part(self) -> None:
            """Give proofs their own upper layers. From then on only these learn, and their head."""
            self.requires_grad_(False)
            self.proving = copy.deepcopy(self.body.encoder.layer[SHARED:]).requires_grad_(True)
            self.proof.requires_grad_(True)

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


def export(network: Any, tokenizer: Any, folder: Path) -> None:
    """Write the three parts of the network for onnxruntime, their weights in 8 bits, and its tokenizer."""
    import torch

    network.table = torch.nn.Parameter(network.pieces().detach())
    ids = torch.randint(1000, 2000, (2, 24))
    states = torch.randn(2, 24, network.body.config.hidden_size)
    export_part(network, "trunk", ids, ["ids", "mask", "parts"], ["states"], folder)
    export_part(network, "answers", states, ["states", "mask", "parts"], ["starts", "ends", "whole"], folder)
    export_part(network, "proofs", states, ["states", "mask", "parts"], ["proof"], folder)
    tokenizer.save(str(folder / "reader-tokenizer.json"), pretty=False)


def export_part(
    network: Any, name: str, first: Any, inputs: list[str], outputs: list[str], folder: Path
) -> None:
    """Write what the network's method ``name`` does with three inputs, of which ``first`` is the first."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Part(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, first: Any, mask: Any, parts: Any) -> Any:
            return getattr(self.network, name)(first, mask, parts)

    mask = torch.ones(first.shape[:2], dtype=torch.long)
    parts = torch.zeros_like(mask)
    parts[:, 8:] = 1
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            Part().eval(),
            (first, mask, parts),
            str(whole),
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=[{0: batch, 1: length}] * 3,
            dynamo=True,
        )
        quantize_dynamic(whole, folder / f"reader-{name}.onnx", per_channel=True, weight_type=QuantType.QInt8)


if __name__ == "__main__":
    main()
