"""What retrieval hands to the stages after it."""

from dataclasses import dataclass

from indexer.announcement import Announcement, Sentence
from indexer.index import IndexedPassage
from service.answering.scoring import Evidence, Inquiry, Ranking


@dataclass(frozen=True, slots=True)
class Found:
    """A question as encoded and its candidates, ranked. ``passages[i]`` is ``evidence[i]``, and has the score
    ``lexical[i]`` by the words that it shares with the question. ``among`` are the announcements of all that was found,
    where this is what was found in one of them."""

    inquiry: Inquiry
    passages: tuple[IndexedPassage, ...]
    evidence: tuple[Evidence, ...]
    lexical: tuple[float, ...]
    ranking: Ranking
    among: tuple[Announcement, ...]

    def place(self, candidate: int, sentence: int) -> tuple[IndexedPassage, Sentence]:
        """A sentence of a candidate as the index holds it."""
        passage = self.passages[candidate]
        return passage, passage.sentences[sentence]

    @property
    def announcements(self) -> tuple[Announcement, ...]:
        """The announcement of each passage."""
        return tuple(passage.revision.announcement for passage in self.passages)
