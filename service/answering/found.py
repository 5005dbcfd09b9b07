"""What retrieval hands to the stages after it."""

from dataclasses import dataclass

from indexer.index import IndexedPassage
from service.answering.scoring import Evidence, Inquiry, Ranking


@dataclass(frozen=True, slots=True)
class Found:
    """A question as encoded and its candidates, ranked. ``passages[i]`` is ``evidence[i]``."""

    inquiry: Inquiry
    passages: tuple[IndexedPassage, ...]
    evidence: tuple[Evidence, ...]
    ranking: Ranking
