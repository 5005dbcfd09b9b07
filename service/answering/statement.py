"""Whose words are asked for, and which sentences tell them."""

import re

from service.answering.found import Found
from service.answering.question import FUNCTION_WORDS, Expectation, Question
from service.answering.scoring import Evidence
from service.speaker import speaker_of

_WHOSE = re.compile(
    r"\bwhat (?:did|does|do|has|have|had|was) (?P<who>.+?)(?:'s)? (?:also |then |have to )?"
    r"(?:say|said|think|thought|ask|asked|explain|explained|emphasi[sz]e|promise|claim|argue|comment|state|respond"
    r"|reply|replied|advise|warn|recommend|suggest|add|stress|criticis|criticiz|tell|told|want|call)"
    r"|^(?P<ko>[^?]+?)[은는이가] .*(?:뭐라고|무엇이라고|무슨 말|어떤 말|어떻게 (?:말|설명|답|밝))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_GOES_ON = re.compile(
    r"\b(?:he|she|they) (?:also )?(?:said|says|added|adds|explained|stressed|noted|warned|argued)\b|덧붙였",
    re.IGNORECASE,
)


def told_by_others(found: Found) -> list[bool]:
    """For each ranked sentence whether it is not the words of the one whom the question names, where others are.

    What "he added" behind such a sentence is taken for the same person's.
    """
    ranked = found.ranking.sentences
    who = _named(found.inquiry.question)
    own = [_tells(found.evidence[each.candidate], each.sentence, who) for each in ranked] if who else []
    return [not each for each in own] if any(own) else [False] * len(ranked)


def _named(question: Question) -> frozenset[str]:
    """The words by which the question names a speaker; none where it asks for nobody's words."""
    asked = _WHOSE.search(question.text) if question.expects is Expectation.STATEMENT else None
    if asked is None:
        return frozenset()
    words = (word.lower() for word in _WORD.findall(asked["who"] or asked["ko"]))
    return frozenset(word for word in words if word not in FUNCTION_WORDS)


def _tells(evidence: Evidence, sentence: int, who: frozenset[str]) -> bool:
    text = evidence.sentence(sentence)
    if _spoken_by(text, who):
        return True
    goes_on = sentence > 0 and _GOES_ON.search(text) is not None
    return goes_on and _spoken_by(evidence.sentence(sentence - 1), who)


def _spoken_by(text: str, who: frozenset[str]) -> bool:
    speaker = speaker_of(text)
    return speaker is not None and who <= {word.lower() for word in _WORD.findall(speaker)}
