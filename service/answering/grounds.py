"""What a language model may write from: the quotes that answer, and those that come nearest to them."""

from service.answer import Quote
from service.answering.disambiguation.relation import relations
from service.answering.disambiguation.scope import shortfalls
from service.answering.extractor import in_order, quote
from service.answering.found import Found
from service.answering.order import addressed_to_model

MOST_QUOTES = 8
MOST_CHARACTERS = 4_000
"""Small models read little and get lost in much."""


def grounds(found: Found, answering: tuple[Quote, ...]) -> tuple[Quote, ...]:
    """The verbatim answer's quotes and the best ranked sentences beside them, in the order of the texts.

    What gives a language model orders is left out: it is not shown to one, and proves nothing. So are announcements
    that have fewer of the question's names than those that answer, and those that belong together with them, as last
    year's fair with this one: what they say is true, and no answer.
    """
    question = found.inquiry.question
    lacking = shortfalls(found.inquiry, found.announcements)
    ids = {each.source_id for each in answering}
    of_these = (lacks for lacks, each in zip(lacking, found.announcements, strict=True) if each.id in ids)
    most = max(of_these, default=0.0)
    tied = relations(found.announcements)
    others = {each.id for id in ids if id in tied.announcements for each in tied.tied(id)} - ids
    ranked = (
        quote(passage, passage.sentences[each.sentence], question)
        for each in found.ranking.sentences
        for passage in (found.passages[each.candidate],)
        if lacking[each.candidate] <= most and passage.revision.announcement.id not in others
    )
    chosen: dict[tuple[str, int], Quote] = {}
    room = MOST_CHARACTERS
    for each in (*answering, *ranked):
        fits = not chosen or (len(chosen) < MOST_QUOTES and len(each.text) <= room)
        if fits and (each.source_id, each.start) not in chosen and not addressed_to_model(each.text):
            chosen[each.source_id, each.start] = each
            room -= len(each.text)
    return in_order(list(chosen.values()))
