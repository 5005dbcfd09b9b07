"""Claims written to train on, true and false, each with the sentences that it cites, out of eval/training/data."""

import json
import random
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from eval.benchmarks.claims import pair_of
from eval.benchmarks.mutator import Pair, borne_out, mutations
from eval.training.texts import DATA

SEED = 2026
MADE = 1
"""False claims made of each true one by changing one thing in it, at the most, beside those written by hand."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim of an announcement, what it cites, and whether that proves it."""

    announcement: str
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
            if elsewhere := _elsewhere(pair):
                proofs.append(_proof(elsewhere, proven=False))
    return proofs


def _elsewhere(pair: Pair) -> Pair | None:
    """A true claim said to rest on the sentences that have the most of its words and yet do not prove it, if any.

    What is written true and what is written false may differ in how it sounds. This is worded as the true
    one is, so that only what it cites tells them apart.
    """
    words = set(pair.claim.lower().split())
    others = [
        place
        for place, sentence in enumerate(pair.sentences)
        if place not in pair.cites and not borne_out(pair, sentence)
    ]
    others.sort(key=lambda place: -len(words & set(pair.sentences[place].lower().split())))
    return replace(pair, cites=tuple(sorted(others[: len(pair.cites)]))) if others else None


def _proof(pair: Pair, *, proven: bool) -> Proof:
    return Proof(pair.announcement, pair.claim, pair.published, pair.quotes, proven)
