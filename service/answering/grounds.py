"""What a language model may write from: the quotes that answer, and those that come nearest to them."""

import re

from service.answer import Quote
from service.answering.extractor import quote
from service.answering.found import Found
from service.folding import fold

MOST_QUOTES = 8
MOST_CHARACTERS = 4_000
"""Small models read little and get lost in much."""

_ADDRESSED = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous|everything)"
    r"|\b(?:system|developer) (?:prompt|message|note)|(?:^|\s)system ?:|\b(?:you are|act as|pretend to be) (?:now |an? )?(?:ai|dan|assistant|chatbot|language model)\b"
    r"|\b(?:dear |note to |attention )?(?:ai|assistant|language model|chatbot|llm)s?\b ?[:,]|<\|?(?:im_start|system|/?s|/?inst)\b|\[/?INST\]"
    r"|(?:지시|명령|프롬프트|규칙).{0,20}(?:무시|잊|출력|공개)|시스템 (?:프롬프트|메시지)|(?:무시|잊어버리)(?:하고|고).{0,30}(?:말|답|출력)",
    re.IGNORECASE | re.DOTALL,
)
"""Words by which a text speaks to a language model. An announcement speaks to people."""


def addressed_to_model(text: str) -> bool:
    """Whether a text gives a language model orders; hidden and disguised letters do not help it."""
    return _ADDRESSED.search(fold(text).text) is not None


def grounds(found: Found, answering: tuple[Quote, ...]) -> tuple[Quote, ...]:
    """The verbatim answer's quotes and the best ranked sentences beside them, in the order of the texts.

    What gives a language model orders is left out: it is not shown to one, and proves nothing.
    """
    question = found.inquiry.question
    ranked = (
        quote(passage, passage.sentences[each.sentence], question)
        for each in found.ranking.sentences
        for passage in (found.passages[each.candidate],)
    )
    chosen: dict[tuple[str, int], Quote] = {}
    room = MOST_CHARACTERS
    for each in (*answering, *ranked):
        fits = not chosen or (len(chosen) < MOST_QUOTES and len(each.text) <= room)
        if fits and (each.source_id, each.start) not in chosen and not addressed_to_model(each.text):
            chosen[each.source_id, each.start] = each
            room -= len(each.text)
    order = list(dict.fromkeys(each.source_id for each in chosen.values()))
    return tuple(sorted(chosen.values(), key=lambda each: (order.index(each.source_id), each.start)))
