"""The words that the reader points to are marked, whole figures and never a whole sentence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from test_answerability import asked

from indexer.announcement import Announcement
from indexer.catalogue import Revision
from indexer.index import IndexedPassage
from indexer.segment import PackedVectors
from service.answering.found import Found
from service.answering.lead import Excerpt, Lead, best_read, excerpts_of, lead_of, reading_features
from service.answering.reader import Reading, Window
from service.answering.scoring import Evidence, Inquiry, Ranking

SENTENCE = "The tunnel costs 310 million euros."
OTHER = "It opens in May 2027."
NONE = np.zeros((0, 2), np.int8)
NO_VECTORS = PackedVectors(
    NONE, NONE[:, 0].astype(np.float16), NONE[:, 0].astype(np.int32), NONE.astype(np.uint16)
)


class Pointing:
    """A reader that points to the given words of what it reads, with the given sureness."""

    def __init__(self, words: str, span: float = 5.0) -> None:
        self.words = words
        self.span = span

    def read(self, question: str, title: str, text: str) -> Reading:  # noqa: ARG002
        start = text.index(self.words)
        return Reading(self.span, self.span, start, start + len(self.words))

    def proves(self, claim: str, published: date | None, quotes: Sequence[str]) -> float:
        raise NotImplementedError


def passages_of(candidates: Sequence[Evidence]) -> tuple[IndexedPassage, ...]:
    revision = Revision(1, Announcement("tunnel", f"{SENTENCE} {OTHER}", "The tunnel", "en"), "0")
    return tuple(IndexedPassage(1, revision, 0, 0, (), NO_VECTORS) for _ in candidates)


def found_of(inquiry: Inquiry, candidates: Sequence[Evidence], ranking: Ranking) -> Found:
    passages = passages_of(candidates)
    among = tuple(each.revision.announcement for each in passages)
    return Found(inquiry, passages, tuple(candidates), (0.0,) * len(passages), ranking, among)


def led(reader: Pointing, language: str = "en") -> tuple[Lead, str | None]:
    inquiry, candidates, ranking = asked("What does the tunnel cost?", SENTENCE, OTHER)
    inquiry = replace(inquiry, question=replace(inquiry.question, language=language))
    lead = lead_of(found_of(inquiry, candidates, ranking), reader)
    sentence = (SENTENCE, OTHER)[lead.sentence]
    return lead, None if lead.mark is None else sentence[slice(*lead.mark)]


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("310", "310 million euros"),
        ("310 million euros", "310 million euros"),
        ("The tunnel", "The tunnel"),
        ("The tunnel costs 310", None),
        ("The tunnel costs 310 million euros.", None),
    ],
)
def test_whole_figures_are_marked_and_no_whole_sentence(words: str, marked: str | None) -> None:
    lead, found = led(Pointing(words))
    assert lead.sentence == 0
    assert found == marked


def test_the_reading_chooses_in_korean_too() -> None:
    lead, mark = led(Pointing("May 2027"), "ko")
    assert (lead.sentence, mark) == (1, "May 2027")


def test_the_sentence_beside_leads_only_where_the_reader_is_sure() -> None:
    assert led(Pointing("May 2027"))[0].sentence == 1
    unsure, mark = led(Pointing("May 2027", span=0.5))
    assert (unsure.sentence, mark) == (0, None)


class Worth:
    """A reader to which the excerpts are worth what it is told, and that counts what it reads."""

    def __init__(self, *wholes: float) -> None:
        self.wholes = wholes
        self.titles: list[str] = []

    def read(self, question: str, title: str, text: str) -> Reading:  # noqa: ARG002
        self.titles.append(title)
        return Reading(0.0, self.wholes[int(title)], 0, 0)

    def proves(self, claim: str, published: date | None, quotes: Sequence[str]) -> float:
        raise NotImplementedError


def excerpts(*logits: float) -> list[Excerpt]:
    return [
        Excerpt(n, 0, logit, "When?", str(n), Window("A.", ((0, 0, 2),))) for n, logit in enumerate(logits)
    ]


def test_what_is_read_to_answer_leads_before_what_ranks_higher() -> None:
    reader = Worth(-3.0, 2.0, 1.0)
    readings, place = best_read(excerpts(4.0, 3.5, 1.0), reader)
    assert (place, readings[place].whole) == (1, 2.0)
    assert sorted(reader.titles) == ["0", "1", "2"]


def test_rank_decides_between_what_is_read_alike() -> None:
    assert best_read(excerpts(4.0, 3.5, 1.0), Worth(-1.0, -1.0, -1.0))[1] == 0


@pytest.mark.parametrize(("first", "place", "read"), [(2.5, 0, ["0"]), (0.5, 1, ["0", "1"])])
def test_no_more_is_read_where_the_first_plainly_answers(first: float, place: int, read: list[str]) -> None:
    reader = Worth(first, 9.0)
    readings, chosen = best_read(excerpts(4.0, 3.5), reader)
    assert (len(readings), chosen) == (len(read), place)
    assert reader.titles == read


def test_the_first_the_best_and_the_chosen_reading_tell_whether_there_is_an_answer() -> None:
    given = excerpts(4.0, 3.5, 1.0)
    readings, place = best_read(given, Worth(-3.0, 2.0, 3.0))
    told = reading_features(given, readings, place, readings[place])
    assert (told["reads whole"], told["rank"], told["rank behind"]) == (2.0, 3.5, 0.5)
    assert told["reads first"] < told["reads whole"] <= told["reads best"]


def test_a_neighbour_is_read_on_its_own_too() -> None:
    inquiry, candidates, ranking = asked("What does the tunnel cost?", SENTENCE, OTHER)
    neighbours = tuple(replace(ranking.sentences[0], sentence=place) for place in range(2))
    ranking = replace(ranking, sentences=neighbours, logits=np.array([2.0, 1.0]))
    read = excerpts_of(found_of(inquiry, candidates, ranking))
    assert [each.sentence for each in read] == [0, 1]
    assert {each.title for each in read} == {"The tunnel"}
    assert {each.window.text for each in read} == {f"{SENTENCE} {OTHER}"}


def two_passages(*logits: float, headings: tuple[bool, bool] = (False, False)) -> Found:
    """A ranking of the first sentences of two passages, best first."""
    inquiry, (evidence,), ranking = asked("What does the tunnel cost?", SENTENCE, OTHER)
    candidates = tuple(replace(evidence, headings=(heading, False)) for heading in headings)
    sentences = tuple(replace(ranking.sentences[0], candidate=n, sentence=0) for n in range(2))
    ranking = replace(ranking, sentences=sentences, logits=np.array(logits))
    return found_of(inquiry, candidates, ranking)


def test_a_heading_is_read_only_where_it_ranks_first() -> None:
    assert [each.candidate for each in excerpts_of(two_passages(2.0, 1.0))] == [0, 1]
    assert [each.candidate for each in excerpts_of(two_passages(2.0, 1.0, headings=(False, True)))] == [0]
    assert [each.candidate for each in excerpts_of(two_passages(2.0, 1.0, headings=(True, False)))] == [0, 1]


def test_what_ranks_far_behind_is_not_read() -> None:
    assert [each.candidate for each in excerpts_of(two_passages(4.0, -4.0))] == [0]
    assert [each.candidate for each in excerpts_of(two_passages(4.0, 0.1))] == [0, 1]
