"""The third stage without a language model: the fewest sentences that answer, in the text's order.

Every sentence is quoted exactly as it stands in its source.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, takewhile

import numpy as np

from indexer import lexicon
from indexer.announcement import Kind, Sentence
from indexer.index import Index, IndexedPassage
from indexer.introduction import introduces
from service.answer import Answer, Citation, Mode, Quote
from service.answering.counted import are_counted, counted
from service.answering.enumeration import named_together
from service.answering.found import Found
from service.answering.highlight import highlight
from service.answering.lead import Lead
from service.answering.order import without_orders
from service.answering.question import Expectation, Question, Span
from service.answering.row import is_header, is_item

MOST_SENTENCES = 8
"""A longer list than this is cut: the reader is shown where it goes on."""
LISTED_FROM = 0.9
"""A further sentence belongs to a list from this share of the best one's score."""
SUMMARY_SENTENCES = 4
NOVELTY = 0.5
"""How much a summary's next sentence is to differ from those chosen (Carbonell and Goldstein, SIGIR 1998)."""

_PARTED = re.compile(r", | and |; |·|、| 및 ")

_RUNNING = 3
"""Sentences up to which an answer is one paragraph; a longer one, and what has no full stop, is a list."""
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "？", "！", '"', "”", "’", "'", ")")
Chosen = tuple[IndexedPassage, Sentence]


def extract(index: Index, found: Found, lead: Lead) -> tuple[Quote, ...]:
    """The sentence that answers, and those that a list needs beside it, quoted."""
    question = found.inquiry.question
    passage, leading = found.place(lead.candidate, lead.sentence)
    chosen = [(passage, leading)]
    # What says that something follows says nothing without it.
    introducing = introduces(passage.text_of(leading)) or _is_header(passage, leading)
    if question.listing or introducing or _is_asked_of_all(question, passage, leading):
        beside = without_orders(index.passages_around(passage.id, MOST_SENTENCES))
        chosen += _list_around(beside, leading)
        if len(chosen) == 1 and question.expects is not Expectation.DECISION:
            chosen += _named_behind(passage, leading, beside, question)
    if question.listing and len(chosen) == 1:
        chosen += [
            found.place(other.candidate, other.sentence)
            for other in found.ranking.sentences
            if other.candidate == lead.candidate and other.score >= LISTED_FROM
        ]
    chosen += _of_others_named(found, lead, chosen)
    if (header := _header(passage, leading)) is not None:
        chosen.append(header)
    return quotes_of(chosen, question, {} if lead.mark is None else {leading: lead.mark})


def summarise(passages: Sequence[IndexedPassage], question: Question) -> tuple[Quote, ...]:
    """A short extractive summary of one announcement, given all its passages in order.

    The sentence that leads the text, then those nearest to the whole and least like one another
    (maximal marginal relevance).
    """
    body = [(p, s) for p in passages for s in p.sentences if s.kind is Kind.BODY]
    prose = [(p, s) for p, s in body if not _is_item(p, s) and s.end - s.start > 40] or body
    if not prose:
        return quotes_of([(p, s) for p in passages for s in p.sentences][:1], question)
    vectors = np.stack([_mean_vector(p, s) for p, s in prose])
    centre = vectors.mean(axis=0)
    chosen = [0]
    while len(chosen) < min(SUMMARY_SENTENCES, len(prose)):
        likeness = (vectors @ vectors[chosen].T).max(axis=1)
        gain = (1 - NOVELTY) * (vectors @ centre) - NOVELTY * likeness
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
    return quotes_of([prose[i] for i in chosen], question)


def quotes_of(
    chosen: Iterable[Chosen], question: Question, marks: Mapping[Sentence, Span] | None = None
) -> tuple[Quote, ...]:
    """Quotes in the order of the text, each sentence once; announcements in the order chosen.

    ``marks`` are the words that answer, of sentences of one announcement in which they are known.
    """
    marks = marks or {}
    order: dict[int, int] = {}
    unique: dict[tuple[int, int], Chosen] = {}
    for passage, sentence in chosen:
        number = order.setdefault(passage.revision.number, len(order))
        unique.setdefault((number, sentence.start), (passage, sentence))
    kept = [unique[key] for key in sorted(unique)][:MOST_SENTENCES]
    return tuple(quote(passage, sentence, question, marks.get(sentence)) for passage, sentence in kept)


def quote(
    passage: IndexedPassage, sentence: Sentence, question: Question | None = None, mark: Span | None = None
) -> Quote:
    """One sentence as it stands in its source; ``mark``, or what seems to answer the question, marked in it."""
    revision = passage.revision
    text = passage.text_of(sentence)
    if mark is None and question is not None:
        mark = highlight(question, text)
    return Quote(
        source_id=revision.announcement.id,
        source_sha256=revision.sha256,
        text=text,
        start=sentence.start,
        end=sentence.end,
        title=revision.announcement.title,
        url=revision.announcement.url,
        published=revision.announcement.published,
        highlight_start=None if mark is None else mark[0],
        highlight_end=None if mark is None else mark[1],
    )


def compose(quotes: Sequence[Quote], confidence: float) -> Answer:
    """An answer whose sentences are the quotes themselves, each cited."""
    text, citations = "", []
    of_one = len({quoted.source_id for quoted in quotes}) == 1
    for marker, quoted in enumerate(quotes, 1):
        if text:
            running = (
                of_one
                and text.endswith(_SENTENCE_ENDS)
                and quoted.text[:1].isalpha()
                and len(quotes) <= _RUNNING
            )
            text += " " if running else "\n"
        citations.append(Citation(marker, len(text), len(text) + len(quoted.text), quoted))
        text += quoted.text
    return Answer(text, tuple(citations), Mode.VERBATIM, confidence)


def with_quotes_of(answer: Answer, others: Sequence[Answer]) -> Answer:
    """The answer with what others quote of the same announcements, in the text's order, each sentence once."""
    sources = {citation.quote.source_id for citation in answer.citations}
    quotes = [citation.quote for each in (answer, *others) for citation in each.citations]
    ordered = in_order([quote for quote in quotes if quote.source_id in sources])
    return (
        answer
        if len(ordered) == len(answer.citations)
        else compose(ordered[:MOST_SENTENCES], answer.confidence)
    )


def in_order(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Quotes in the order of the texts, each sentence once, as it is quoted first; announcements in the order of
    their first ones."""
    order = list(dict.fromkeys(each.source_id for each in quotes))
    unique: dict[tuple[int, int], Quote] = {}
    for each in quotes:
        unique.setdefault((order.index(each.source_id), each.start), each)
    return tuple(unique[key] for key in sorted(unique))


def _list_around(passages: Sequence[IndexedPassage], sentence: Sentence) -> list[Chosen]:
    """The items of the list that the sentence introduces or is one of, as many as an answer may have and that one
    among them, out of passages that follow one another: a long list goes on in the next one."""
    sentences = [(passage, each) for passage in passages for each in passage.sentences]
    items = [_is_item(*each) for each in sentences]
    position = next(at for at, (_, each) in enumerate(sentences) if each.start == sentence.start)
    first = position if items[position] else position + 1
    if first >= len(items) or not items[first]:
        return []
    last = first
    while first > 0 and items[first - 1]:
        first -= 1
    while last < len(items) and items[last]:
        last += 1
    return sentences[max(first, position + 1 - MOST_SENTENCES) : last]


def _is_asked_of_all(question: Question, passage: IndexedPassage, sentence: Sentence) -> bool:
    """Whether a question tells of what introduces the list that the sentence is an item of, and of nothing that the
    item says: "What do the workshops cost?" under "Workshops are offered:"."""
    if not _is_item(passage, sentence):
        return False
    before = takewhile(lambda each: each.start < sentence.start, passage.sentences)
    introducing = next((each for each in reversed(list(before)) if not _is_item(passage, each)), None)
    if introducing is None or not introduces(passage.text_of(introducing)):
        return False
    asked = {term for word in question.content for term in lexicon.terms(word.text, question.language)}
    introduced, told = (
        lexicon.terms(passage.text_of(each), question.language) for each in (introducing, sentence)
    )
    return not asked.isdisjoint(introduced) and asked.isdisjoint(told)


def _of_others_named(found: Found, lead: Lead, chosen: Sequence[Chosen]) -> list[Chosen]:
    """Where a question names several of a kind and what is chosen tells of some of them: the best sentence for each
    of the others, from the same announcement."""
    names = named_together(found.inquiry.question.text)
    told = " ".join(passage.text_of(sentence) for passage, sentence in chosen)
    missing = [name for name in names if name not in told]
    if not missing or len(missing) == len(names):
        return []
    own = found.announcements[lead.candidate].id
    places = [(each.candidate, each.sentence) for each in found.ranking.sentences]
    places += [(lead.candidate, number) for number in range(len(found.passages[lead.candidate].sentences))]
    others = [found.place(*each) for each in places if found.announcements[each[0]].id == own]
    body = [(passage, each) for passage, each in others if each.kind is Kind.BODY]
    best = [next((each for each in body if name in each[0].text_of(each[1])), None) for name in missing]
    return [each for each in best if each is not None]


def _named_behind(
    passage: IndexedPassage, leading: Sentence, beside: Sequence[IndexedPassage], question: Question
) -> list[Chosen]:
    """The things that the sentence only counts, where they are named behind it: by the next sentence, or by a list of
    so many items that all have a word of the sentence, the question or the title."""
    number = counted(passage.text_of(leading), question)
    after = [(p, each) for p in beside for each in p.sentences if each.start >= leading.end]
    if number <= 1 or not after:
        return []
    following = after[0]
    if not _is_item(*following) and len(_PARTED.findall(following[0].text_of(following[1]))) >= number - 1:
        return [following]
    items = next(
        (list(group) for is_list, group in groupby(after, lambda each: _is_item(*each)) if is_list), []
    )
    named = [p.text_of(each) for p, each in items]
    title = passage.revision.announcement.title
    return items if are_counted(named, number, passage.text_of(leading), question, title) else []


def _is_item(passage: IndexedPassage, sentence: Sentence) -> bool:
    return is_item(passage.revision.announcement.text, sentence.start)


def _is_header(passage: IndexedPassage, sentence: Sentence) -> bool:
    return is_header(passage.revision.announcement.text, sentence.start, sentence.end)


def _header(passage: IndexedPassage, row: Sentence) -> Chosen | None:
    """The line that names the columns of the table that a row is of, if its passage has it."""
    before = [each for each in passage.sentences if each.start <= row.start]
    lines = list(takewhile(lambda each: _is_item(passage, each), reversed(before)))
    return next(((passage, each) for each in lines if _is_header(passage, each)), None)


def _mean_vector(
    passage: IndexedPassage, sentence: Sentence
) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    vectors = passage.vectors
    spans = vectors.spans + passage.start
    inside = (spans[:, 0] >= sentence.start) & (spans[:, 1] <= sentence.end)
    tokens = vectors.tokens[inside]
    mean = tokens.mean(axis=0) if len(tokens) else np.zeros(vectors.tokens.shape[1], np.float32)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)
