"""True claims with the sentences that prove them, and false ones written by hand, out of eval/cases/claims."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.benchmarks.mutator import Falsehood, Mutation, Pair

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "claims"
CLASSES = {
    "percent-point": Falsehood.POINT,
    "spliced": Falsehood.SPLICED,
    "scope": Falsehood.SCOPE,
    "strength": Falsehood.STRENGTH,
    "speaker": Falsehood.SPEAKER,
    "negation": Falsehood.NEGATION,
    "direction": Falsehood.DIRECTION,
    "figure": Falsehood.FIGURE,
    "date": Falsehood.DATE,
    "name": Falsehood.NAME,
}


@dataclass(frozen=True, slots=True)
class Claims:
    """One split: true pairs, and false claims that a person wrote."""

    name: str
    pairs: tuple[Pair, ...]
    written: tuple[Mutation, ...]


def read_claims(name: str, folder: Path = FOLDER) -> Claims:
    """The split called ``name``: one announcement a line. Raises OSError, ValueError or KeyError."""
    pairs: list[Pair] = []
    written: list[Mutation] = []
    for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        pairs += [pair_of(entry, claim, claim["form"]) for claim in entry["claims"]]
        written += [
            Mutation(pair_of(entry, claim), CLASSES[claim["class"]], written=True) for claim in entry["false"]
        ]
    return Claims(name, tuple(pairs), tuple(written))


def pair_of(entry: dict[str, Any], claim: dict[str, Any], form: str = "") -> Pair:
    """One claim of an announcement."""
    return Pair(
        entry["announcement"],
        entry["language"],
        date.fromisoformat(entry["published"]),
        tuple(entry["sentences"]),
        claim["claim"],
        tuple(claim["cites"]),
        form,
    )
