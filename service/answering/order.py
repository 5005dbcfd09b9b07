"""Whether a text gives a language model orders. An announcement speaks to people.

What does is neither answered from nor shown to a model, whoever put it among the announcements.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from indexer.index import IndexedPassage
from service.folding import fold

_ADDRESSED = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous|everything)"
    r"|\b(?:system|developer) (?:prompt|message|note)|(?:^|[.!?\]>] ?|\n)system ?:|\b(?:you are|act as|pretend to be) (?:now |an? )?(?:ai|dan|assistant|chatbot|language model)\b"
    r"|(?:^|[.!?\]>] ?|\n)(?:(?:ai|llm)s? ?:|(?:assistant|language model|chatbot)s? ?[:,])"
    r"|\b(?:hey|hello|dear|note to|attention) (?:all )?(?:ai|assistant|language model|chatbot|llm)s?\b ?[:,]"
    r"|<\|?(?:im_start|system|/?s|/?inst)\b|\[/?INST\]"
    r"|(?:지시|명령|프롬프트|규칙).{0,20}(?:무시|잊|출력|공개)|시스템 (?:프롬프트|메시지)|(?:무시|잊어버리)(?:하고|고).{0,30}(?:말|답|출력)",
    re.IGNORECASE | re.DOTALL,
)
_ANCHORS = (
    *str.split(
        "ignore disregard forget override system developer assistant chatbot llm <s <|s </ im_start inst"
    ),
    *str.split("지시 명령 프롬프트 규칙 시스템 무시 잊어버리"),
    *("language model", "you are dan", "you are now dan", "act as dan", "to be dan"),
)
"""One of these, or ``_AI``, is in every text that ``_ADDRESSED`` finds: most texts have none, and take no time."""
_AI = re.compile(r"\bais?\b")
_REMEMBERED = 4096
_DISGUISED = re.compile(
    r"[\u00ad\u0370-\u052f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\uff01-\uff5e\U0001d400-\U0001d7ff\U000e0000-\U000e007f]"
)
"""Characters that hide letters, or look like them."""


@lru_cache(_REMEMBERED)
def addressed_to_model(text: str) -> bool:
    """Whether a text gives a language model orders; hidden and disguised letters do not help it.

    Remembered, because popular passages come back.
    """
    return not _is_plain(text) and _ADDRESSED.search(fold(text).text) is not None


def without_orders(passages: Iterable[IndexedPassage]) -> list[IndexedPassage]:
    """Those that give a language model no orders."""
    return [passage for passage in passages if not addressed_to_model(passage.text)]


def _is_plain(text: str) -> bool:
    """Whether a text has no anchor and no disguise, which is most quickly told."""
    lowered = text.lower()
    for anchor in _ANCHORS:
        if anchor in lowered:
            return False
    if "ai" in lowered and _AI.search(lowered) is not None:
        return False
    return text.isascii() or _DISGUISED.search(text) is None
