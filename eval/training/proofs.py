"""Claims written to train on, true and false, each with the sentences that it cites, out of eval/training/data."""

import json
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.benchmarks.claims import pair_of
from eval.benchmarks.mutator import Pair, mutations
from eval.training.texts import DATA

SEED = 2026
MADE = 1
"""False claims made of each true one by changing one thing in it, at the most, beside those written by hand."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim, what it cites, and whether that proves it."""

    claim: str
    published: date
    quotes: tuple[str, ...]
    proven: bool


def read_proofs(folder: Path = DATA / "claims") -> list[Proof]:
    """The claims of a folder's files, ordered by file and place, each before what is made of it.

    Raises OSError, ValueError and KeyError.
    """
    files = sorted(folder.glob("*.jsonl"))
    entries = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    pairs = [[pair_of(entry, claim) for claim in entry["claims"]] for entry in entries]
    pool = [pair for each in pairs for pair in each]
    chance = random.Random(SEED)  # noqa: S311
    proofs = []
    for entry, true in zip(entries, pairs, strict=True):
        proofs += [_proof(pair_of(entry, claim), proven=False) for claim in entry["false"]]
        for pair in true:
            proofs.append(_proof(pair, proven=True))
            made = mutations(pair, pool, SEED, most=1)
            proofs += [_proof(each.pair, proven=False) for each in chance.sample(made, min(MADE, len(made)))]
        proofs += [_proof(_elsewhere(entry, claim), proven=False) for claim in entry["claims"]]
    return proofs


def _elsewhere(entry: dict[str, Any], claim: dict[str, Any]) -> Pair:
    """A true claim said to rest on the sentences that have the most of its words and yet do not prove it.

    What is written true and what is written false may differ in how it sounds. This is worded as the true
    one is, so that only what it cites tells them apart.
    """
    words = set(claim["claim"].lower().split())
    others = [at for at in range(len(entry["sentences"])) if at not in claim["cites"]]
    others.sort(key=lambda at: -len(words & set(entry["sentences"][at].lower().split())))
    return pair_of(entry, claim | {"cites": sorted(others[: len(claim["cites"])])})


def _proof(pair: Pair, *, proven: bool) -> Proof:
    return Proof(pair.claim, pair.published, pair.quotes, proven)
