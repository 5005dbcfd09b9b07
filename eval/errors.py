"""The branch of the exception tree that evaluation raises.

::

    HeraldError                    (indexer.errors)
    ├── CasesInvalid               cases that cannot be read; names file, line and field of each flaw
    ├── TargetFailed               the endpoint under test gave no reply that could be judged
    ├── RunUnusable                a folder that is no run, or a run of other cases
    ├── GateInvalid                a gate on a metric that there is not, or in the wrong direction
    ├── JudgeFailed                a judge gave no verdict; never turned into a score
    └── ExtraMissing               a library of the optional extra ``eval`` is not installed
"""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.errors import HeraldError

SHOWN = 20
"""So many flaws are named; a file of the wrong kind has one on every line."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one case: ``line`` counts from 1, ``field`` is a dotted path, maybe empty."""

    file: str
    line: int
    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field + ': ' if self.field else ''}{self.why}"


class CasesInvalid(HeraldError):
    """Cases that cannot be read. ``flaws`` holds every one that was found."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        self.flaws = tuple(flaws)
        more = len(self.flaws) - SHOWN
        lines = [str(flaw) for flaw in self.flaws[:SHOWN]] + ([f"and {more} more"] if more > 0 else [])
        super().__init__("\n".join(lines))


class TargetFailed(HeraldError):
    """The endpoint under test gave no reply that could be judged."""


class RunUnusable(HeraldError):
    """The folder does not hold a run, or holds one of other cases or of another target."""


class GateInvalid(HeraldError):
    """A gate that cannot be applied: no such metric, or the wrong direction for it."""


class JudgeFailed(HeraldError):
    """The judge gave no verdict that can be read."""


class ExtraMissing(HeraldError):
    """A library that only evaluation needs is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(f"{library} is not installed; `pip install 'herald[eval]'` brings it")
