"""Claims to train on, true and false, each with the sentences that it cites.

Some were written, out of eval/training/data: half of them worded as unlike their quotes as can be, half as a language
model words an answer, each false one there the twin of a true one. Others are sentences of the training texts as
they stand, for what is copied is true. From all of these, false ones are made by changing one thing.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from eval.benchmarks.claims import pair_of, read_claims
from eval.benchmarks.mutator import Pair, borne_out, mutations
from eval.training.texts import DATA, TrainingText, read_texts
from indexer.sentences import cut

SEED = 2026
MADE = 2
"""False claims made of each true one by changing one thing in it, at the most, beside those written by hand."""
PLAIN, PLAIN_SHARE = "plain-", 2.0
"""How the files of plainly worded claims begin, and what each of these and of what is made of it counts: they are the
likest to what a language model writes, and the fewest."""
COPIED = 3
"""Sentences of a text that are taken for claims, at the most."""
SHORTEST, LONGEST = 20, 400
"""Characters of such a sentence."""
CITED_MORE = 0.3
"""The share of copies that cite the sentence after theirs too."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim of an announcement, what it cites, and whether that proves it."""

    announcement: str
    claim: str
    published: date
    quotes: tuple[str, ...]
    proven: bool
    share: float = 1.0
    """What it counts beside others."""


def read_proofs(folder: Path = DATA / "claims", texts: Sequence[TrainingText] | None = None) -> list[Proof]:
    """The claims of a folder's files, the plainly worded last, each before what is made of it; then copies out of the
    texts, where none are given out of all training texts.

    Raises OSError, ValueError and KeyError.
    """
    chance = random.Random(SEED)  # noqa: S311
    proofs: list[Proof] = []
    for plain in (False, True):
        files = [file for file in sorted(folder.glob("*.jsonl")) if file.name.startswith(PLAIN) is plain]
        entries = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
        true = [tuple(pair_of(entry, claim) for claim in entry["claims"]) for entry in entries]
        false = [tuple(pair_of(entry, claim) for claim in entry["false"]) for entry in entries]
        share = PLAIN_SHARE if plain else 1.0
        proofs += (replace(proof, share=share) for proof in _proofs(true, false, chance))
    # Of these announcements the claims are written to weigh the verifier's signs on, the reader's among them.
    kept = {pair.announcement for pair in read_claims("plain").pairs}
    texts = read_texts() if texts is None else texts
    copies = [_copies(text, chance) for text in texts if text.id not in kept]
    return [*proofs, *_proofs(copies, [()] * len(copies), chance)]


def _proofs(
    true: Sequence[Sequence[Pair]], false: Sequence[Sequence[Pair]], chance: random.Random
) -> Iterator[Proof]:
    """Each announcement's false claims, and its true ones with what is made of them."""
    pool = [pair for each in true for pair in each]
    for right, wrong in zip(true, false, strict=True):
        yield from (_proof(pair, proven=False) for pair in wrong)
        for pair in right:
            yield _proof(pair, proven=True)
            made = mutations(pair, pool, SEED, most=1)
            for mutation in chance.sample(made, min(MADE, len(made))):
                yield _proof(mutation.pair, proven=False)
            if elsewhere := _elsewhere(pair):
                yield _proof(elsewhere, proven=False)


def _copies(text: TrainingText, chance: random.Random) -> tuple[Pair, ...]:
    """A few sentences of a text, word for word."""
    spans = cut(text.text, 0, len(text.text), text.language)
    sentences = tuple(s for s in (text.text[start:end].strip() for start, end in spans) if s)
    whole = Pair(text.id, text.language, date.fromisoformat(text.published), sentences, "", ())
    pairs = []
    for place in chance.sample(range(len(sentences)), min(COPIED, len(sentences))):
        cites = {place, min(place + 1, len(sentences) - 1)} if chance.random() < CITED_MORE else {place}
        if SHORTEST < len(sentences[place]) < LONGEST:
            pairs.append(replace(whole, claim=sentences[place], cites=tuple(sorted(cites))))
    return tuple(pairs)


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
