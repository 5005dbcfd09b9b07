"""The reader's network, and how it is trained: all-MiniLM-L6-v2 with vectors for syllables of Korean, and three heads.

    python -m eval.training.network PREPARED MODEL OUT

trains on what ``eval.training.reader --prepare`` wrote, on any machine that has torch and transformers: of this
repository only this file and ``prepared.py`` are needed there. ``MODEL`` is the folder of all-MiniLM-L6-v2. First the
network learns to guess hidden words of the texts, for most of what it learns of Korean. Then it is trained three
times, and twice more from the mean of these weights; what comes out is the mean of the last two (Wortsman et al.,
"Model soups", ICML 2022).
Proofs are then given layers of their own, which are trained on the claims alone: what both share, the vectors of the
pieces, and what answers questions, stays as it is.

Each step is kept in ``OUT`` when it is done, and not done again. All of them take a quarter of an hour on a GPU.
"""

import argparse
import copy
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional
from transformers import AutoModel

from eval.training.prepared import Input, Prepared, load

SEED = 2026
"""What the heads and syllables begin with is drawn by this."""
BATCH = 256
ROUNDED = 16
"""Inputs are padded to a multiple of this many pieces."""
HEADS_FASTER = 5
"""The heads start from nothing and learn so many times faster."""
WARM_UP, SLOWEST = 0.1, 0.02
HIDDEN_SHARE, NOT_SHOWN = 0.15, 0.9
"""The share of a text's words that are to be guessed, and of these of what is hidden."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Run:
    """``times`` through all of the inputs. Their order is drawn by ``order``. ``discount`` is what part of an input's
    ``prior`` is taken as known."""

    order: int
    discount: float
    times: float
    rate: float


WORDS = Run(1, 0.0, 60, 3e-4)
ROUNDS = (
    (Run(2, 0.0, 4, 2e-4), Run(2, 0.35, 4, 2e-4), Run(3, 0.35, 4, 2e-4)),
    (Run(5, 0.0, 1.5, 1.4e-4), Run(6, 0.35, 1.5, 1.4e-4)),
)
"""Each round begins with the mean of the last one's networks. To take all of the prior as known makes the reader worse
on the development announcements, whose near misses are worded otherwise than the questions that they answer, too."""
PROOFS = Run(1, 0.35, 8, 2e-4)
"""How the layers of proofs are trained."""


class Network(torch.nn.Module):
    """The default encoder's network with the three heads, untrained. ``model`` is the encoder's folder, ``syllables``
    how many pieces its tokenizer has more than the encoder's."""

    def __init__(self, model: str | Path, syllables: int) -> None:
        super().__init__()
        torch.manual_seed(SEED)
        self.body = AutoModel.from_pretrained(model, attn_implementation="sdpa", dtype=torch.float32)
        words = self.body.embeddings.word_embeddings.weight
        words.requires_grad = False
        width = self.body.config.hidden_size
        # A syllable and the same one within a word begin alike.
        drawn = torch.randn(syllables // 2, width) * words.std()
        self.syllables = torch.nn.Parameter(drawn.repeat_interleave(2, dim=0))
        self.table: Any = None
        """The vectors of all pieces in one, for the network that ships."""
        self.proving: Any = None
        """The layers of proofs, once they have their own."""
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
        """The vectors of all pieces, the syllables' last."""
        return torch.cat([self.body.embeddings.word_embeddings.weight, self.syllables])

    def embeddings(self, ids: Any, mask: Any, parts: Any) -> Any:  # noqa: ARG002 - as ``answers``
        """The vectors [N, T, D] of the pieces in their places, which answers and proofs share."""
        table = self.pieces() if self.table is None else self.table
        return self.body.embeddings(inputs_embeds=functional.embedding(ids, table), token_type_ids=parts)

    def answers(self, states: Any, mask: Any, parts: Any) -> tuple[Any, Any, Any]:
        """The logits of the answer's first and last piece [N, T], and that there is one [N]."""
        states = self._through(self.body.encoder.layer, states, mask).float()
        text = (parts == 1) & (mask == 1)
        first = torch.arange(states.shape[1], device=states.device) == 0
        logits = self.span(states).masked_fill(~(text | first)[:, :, None], -1e4)
        return logits[:, :, 0], logits[:, :, 1], self.whole(states[:, 0])[:, 0]

    def proofs(self, states: Any, mask: Any, parts: Any) -> Any:  # noqa: ARG002 - as ``answers``
        """The logit that a claim is proven [N]."""
        layers = self.body.encoder.layer if self.proving is None else self.proving
        return self.proof(self._through(layers, states, mask).float()[:, 0])[:, 0]

    def words(self, ids: Any, mask: Any) -> Any:
        """The states [N, T, D] of all layers, of texts alone."""
        states = self.embeddings(ids, mask, torch.zeros_like(ids))
        return self._through(self.body.encoder.layer, states, mask)

    def _through(self, layers: Any, states: Any, mask: Any) -> Any:
        hidden = torch.zeros_like(mask, dtype=states.dtype).masked_fill(mask == 0, -1e4)
        for layer in layers:
            after = layer(states, hidden[:, None, None, :])
            states = after[0] if isinstance(after, tuple) else after
        return states

    def part(self) -> None:
        """Give proofs their own layers. From then on only these learn, and their head."""
        self.requires_grad_(False)
        self.proving = copy.deepcopy(self.body.encoder.layer).requires_grad_(True)
        self.proof.requires_grad_(True)


class Pieces:
    """The word pieces of many inputs on the device, to be taken out in batches."""

    def __init__(self, rows: Sequence[Sequence[int]], device: torch.device) -> None:
        self.lengths = np.array([len(row) for row in rows])
        begins = np.concatenate([[0], np.cumsum(self.lengths)[:-1]])
        flat = np.concatenate([np.asarray(row, np.int32) for row in rows])
        self._flat = torch.from_numpy(flat).to(device)
        self._begins, self._lengths = (torch.from_numpy(each).to(device) for each in (begins, self.lengths))

    def take(self, chosen: Numbers) -> tuple[Any, Any]:
        """The pieces of the chosen inputs, padded with 0, and which are theirs [N, T]."""
        longest = int(self.lengths[chosen].max())
        width = -(-longest // ROUNDED) * ROUNDED
        rows = torch.from_numpy(chosen).to(self._flat.device)
        places = torch.arange(width, device=self._flat.device)[None, :]
        mask = (places < self._lengths[rows][:, None]).long()
        at = (self._begins[rows][:, None] + places).clamp(max=len(self._flat) - 1)
        return self._flat[at].long() * mask, mask


def train_all(prepared: Path, model: Path | str, out: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """The weights of the whole network. ``out`` keeps each step; on a GPU those of a round are done side by side."""
    for names in (["words"], *_names(), ["network"]):
        left = [name for name in names if not _file(out, name).exists()]
        if torch.cuda.is_available():
            command = [sys.executable, "-m", "eval.training.network", str(prepared), str(model), str(out)]
            started = [subprocess.Popen([*command, "--step", name]) for name in left]
            if any([each.wait() for each in started]):  # noqa: C419 - every one is waited for
                raise ChildProcessError(f"one of {', '.join(left)} failed")
        else:
            for name in left:
                take(name, prepared, model, out, say)
    return torch.load(_file(out, "network"))  # type: ignore[no-any-return]


def take(name: str, prepared: Path, model: Path | str, out: Path, say: Callable[[str], None]) -> None:
    """Do the step called ``name``: ``words``, a run of a round (``round-1-2``), or ``network``, which is the last."""
    given = load(prepared)
    network = Network(model, given.syllables)
    rounds = _names()
    if name != "words":
        before = next((place for place, names in enumerate(rounds) if name in names), len(rounds))
        begun = rounds[before - 1] if before else ["words"]
        network.load_state_dict(mean_of([torch.load(_file(out, each)) for each in begun]))
    if name == "words":
        learn_words(network, given, WORDS, say)
    elif name == "network":
        network.part()
        train(network, [each for each in given.inputs if each.proven is not None], PROOFS, say)
    else:
        round_, place = (int(number) - 1 for number in name.split("-")[1:])
        train(network, given.inputs, ROUNDS[round_][place], say)
    part = _file(out, name).with_suffix(".part")
    torch.save(network.cpu().state_dict(), part)
    part.replace(_file(out, name))


def _names() -> list[list[str]]:
    return [
        [f"round-{number}-{place}" for place in range(1, len(runs) + 1)]
        for number, runs in enumerate(ROUNDS, start=1)
    ]


def _file(out: Path, name: str) -> Path:
    return out / f"{name}.pt"


def mean_of(states: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The mean of several networks' weights, name by name; what is no weight is that of the first."""
    return {
        name: sum(state[name] for state in states) / len(states) if weight.is_floating_point() else weight
        for name, weight in states[0].items()
    }


def train(network: Network, inputs: Sequence[Input], run: Run, say: Callable[[str], None]) -> None:
    """Train to answer and to prove, on the GPU where there is one."""
    device = _begin(network, run.order)
    ids, parts = Pieces([i.ids for i in inputs], device), Pieces([i.parts for i in inputs], device)
    share, prior, start, end, proven = (
        torch.tensor(values, device=device)
        for values in (
            [i.share for i in inputs],
            [run.discount * i.prior for i in inputs],
            [i.start for i in inputs],
            [i.end for i in inputs],
            [float(bool(i.proven)) for i in inputs],
        )
    )
    kinds = np.array([i.proven is not None for i in inputs])

    def loss_of(chosen: Numbers) -> Any:
        taken, mask = ids.take(chosen)
        of_part = parts.take(chosen)[0]
        rows = torch.from_numpy(chosen).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            states = network.embeddings(taken, mask, of_part)
            if kinds[chosen[0]]:
                proof = network.proofs(states, mask, of_part)
            else:
                starts, ends, whole = network.answers(states, mask, of_part)
        if kinds[chosen[0]]:
            return functional.binary_cross_entropy_with_logits(proof + prior[rows], proven[rows], share[rows])
        return loss_of_answers((starts, ends, whole), prior[rows], share[rows], start[rows], end[rows])

    _descend(network, ids.lengths, kinds, loss_of, run, say)


def loss_of_answers(told: tuple[Any, Any, Any], prior: Any, share: Any, start: Any, end: Any) -> Any:
    """The mean loss of a batch of questions. ``told`` is what ``Network.answers`` returns; all others are [N]."""
    starts, ends, whole = told
    none = functional.pad(prior[:, None] / 2, (0, starts.shape[1] - 1))
    loss = functional.cross_entropy(starts - none, start, reduction="none") / 2
    loss = loss + functional.cross_entropy(ends - none, end, reduction="none") / 2
    answered = (start > 0).float()
    loss = loss + functional.binary_cross_entropy_with_logits(whole + prior, answered, reduction="none")
    return (loss * share).mean()


def learn_words(network: Network, prepared: Prepared, run: Run, say: Callable[[str], None]) -> None:
    """Learn to guess words hidden in texts (Devlin et al., "BERT", NAACL 2019), whole words at a time. The heads learn
    nothing of it."""
    device = _begin(network, run.order)
    ids = Pieces(prepared.texts, device)
    width = network.body.config.hidden_size
    guess = torch.nn.Sequential(
        torch.nn.Linear(width, width), torch.nn.GELU(), torch.nn.LayerNorm(width)
    ).to(device)  # fmt: skip
    bias = torch.nn.Parameter(torch.zeros(len(prepared.starts), device=device))
    begins = torch.tensor(prepared.starts, device=device)

    def loss_of(chosen: Numbers) -> Any:
        taken, mask = ids.take(chosen)
        words = begins[taken].long().cumsum(1)
        drawn = torch.rand(len(chosen), int(taken.shape[1]) + 1, device=device)
        hidden = (drawn.gather(1, words) < HIDDEN_SHARE) & (mask == 1)
        hidden[:, 0] = False
        shown = torch.where(
            hidden & (torch.rand(taken.shape, device=device) < NOT_SHOWN), prepared.hides, taken
        )
        with torch.autocast(device.type, dtype=torch.bfloat16):
            states = guess(network.words(shown, mask)[hidden])
            logits = states @ network.pieces().T + bias
        return functional.cross_entropy(logits.float(), taken[hidden])

    kinds = np.zeros(len(prepared.texts), bool)
    _descend(network, ids.lengths, kinds, loss_of, run, say, [*guess.parameters(), bias])


def _begin(network: Network, order: int) -> torch.device:
    torch.manual_seed(order)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device)
    return device


def _descend(
    network: Network,
    lengths: Numbers,
    kinds: npt.NDArray[np.bool_],
    loss_of: Callable[[Numbers], Any],
    run: Run,
    say: Callable[[str], None],
    besides: Sequence[Any] = (),
) -> None:
    """Take the steps of a run; ``besides`` are weights that learn with the network's."""
    chance = np.random.default_rng(run.order)
    steps = int(run.times * (len(lengths) / BATCH))
    learning = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
    layers = [weight for name, weight in learning.items() if name.startswith(("body.", "proving."))]
    others = [weight for name, weight in learning.items() if not name.startswith(("body.", "proving."))]
    groups = [
        {"params": layers, "lr": run.rate},
        {"params": [*others, *besides], "lr": run.rate * HEADS_FASTER},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = slowing(optimizer, steps, WARM_UP, SLOWEST)
    network.train()
    done = 0
    while done < steps:
        total: Any = 0.0
        batches = [
            places[batch]
            for places in (np.flatnonzero(~kinds), np.flatnonzero(kinds))
            for batch in batches_of(lengths[places], BATCH, chance)
        ]
        batches = [batches[place] for place in chance.permutation(len(batches))][: steps - done]
        for batch in batches:
            loss = loss_of(batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learning.values(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total = total + loss.detach()
        done += len(batches)
        say(f"{done} of {steps} steps: loss {float(total) / len(batches):.3f}")
    network.eval()


def slowing(optimizer: Any, steps: int, warm_up: float, slowest: float) -> Any:
    """A schedule that quickens for the share ``warm_up`` of all steps, and slows down to the share ``slowest``."""
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min(1.0, (step + 1) / (warm_up * steps)) * max(slowest, 1 - step / steps),
    )


def batches_of(lengths: Numbers, size: int, chance: np.random.Generator) -> list[Numbers]:
    """Batches of about the same length, in any order."""
    ordered = np.argsort(lengths + chance.random(len(lengths)) * 24)
    batches = [ordered[i : i + size] for i in range(0, len(ordered), size)]
    return [batches[place] for place in chance.permutation(len(batches))]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("prepared", type=Path)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--step", help="this one alone")
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.step:
        take(given.step, given.prepared, given.model, given.out, print)
    else:
        train_all(given.prepared, given.model, given.out, print)


if __name__ == "__main__":
    main()
