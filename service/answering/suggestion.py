"""First questions for a reader who does not know yet what to ask, made from the announcements alone."""

import re
from functools import lru_cache

from indexer.announcement import Announcement, Kind
from indexer.index import Index
from service.answering import wording
from service.answering.order import without_orders

MOST = 4
_TOPIC = re.compile(r"[^.!?:;…“”\"]{4,60}")
_CACHED_INDEXES = 4


def suggest(index: Index) -> list[str]:
    """Up to MOST questions: what the announcements are about, and what they say under their headings."""
    return list(_suggest(index))


@lru_cache(maxsize=_CACHED_INDEXES)
def _suggest(index: Index) -> tuple[str, ...]:
    ids = index.announcement_ids()
    questions = []
    for id in ids[:MOST]:
        revision = index.revision(id)
        if revision is None:
            continue
        announcement = revision.announcement
        if len(ids) == 1:
            questions.append(wording.about_this(announcement.language))
            topics = _topics(index, announcement)
            questions += [wording.about_topic(topic, announcement.language) for topic in topics]
        else:
            questions.append(wording.about_title(announcement.title, announcement.language))
    return tuple(dict.fromkeys(questions))[:MOST]


def _topics(index: Index, announcement: Announcement) -> list[str]:
    """Headings inside the text that read as a topic; the headline, which says it all, is none.

    Nor is one that gives a language model orders, which would put them into a reader's mouth.
    """
    headings = [
        passage.text_of(sentence)
        for passage in without_orders(index.passages_of(announcement.id))
        for sentence in passage.sentences
        if sentence.kind is Kind.HEADING
    ]
    topics = [heading for heading in dict.fromkeys(headings) if _TOPIC.fullmatch(heading)]
    return [topic for topic in topics if topic != announcement.title]
