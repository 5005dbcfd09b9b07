"""Where in a sentence stands the kind of thing that a question asks for.

Figures, dates and names are told by their form, reasons and statements by the words that introduce
them. What the question itself already names is not what it asks for.
"""

import re
from functools import lru_cache

from service.answering.question import FUNCTION_WORDS, Expectation, Question, Span
from service.quantity import Kind, Quantity, quantities

_KINDS = {
    Expectation.DATE: {Kind.DATE, Kind.TIME},
    Expectation.DURATION: {Kind.DURATION, Kind.DATE, Kind.TIME},
    Expectation.MONEY: {Kind.MONEY},
    Expectation.PERCENT: {Kind.PERCENT, Kind.POINT},
    Expectation.COUNT: {Kind.NUMBER, Kind.VAGUE, Kind.ORDINAL},
    Expectation.MEASURE: {
        Kind.MEASURE,
        Kind.NUMBER,
        Kind.DURATION,
        Kind.PERCENT,
        Kind.ORDINAL,
        Kind.MULTIPLE,
    },
    Expectation.AMOUNT: {
        Kind.MONEY,
        Kind.PERCENT,
        Kind.POINT,
        Kind.NUMBER,
        Kind.MEASURE,
        Kind.MULTIPLE,
        Kind.VAGUE,
        Kind.DURATION,
    },
}
_VAGUE_DATE = re.compile(
    r"\b(?:century|centuries|\d{3,4}s|era|period|spring|summer|autumn|fall|winter|annually|daily|weekly|monthly"
    r"|\d{1,4} ?(?:BC|AD|BCE|CE))\b"
)
_CAPITALS = re.compile(
    r"(?<!\w)(?:[A-Z][\w'’&.-]*\w|[A-Z])(?:[ -](?:of the |of |de |von |van |the )?[A-Z][\w'’&-]*)*"
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PHRASES = {
    Expectation.REASON: re.compile(
        r"\b(?:because|since|due to|as a result|so that|in order to|reasons?|caus\w+|therefore|thus|owing|thanks to"
        r"|led to|result\w*|to (?:avoid|ensure|help|prevent|reduce|improve|allow|make|protect)|after|following|allow\w*"
        r"|for the purpose|meant to|aim\w*|intended)\b|때문|위해|위한|따라|이유|원인|으로 인해|목적",
        re.IGNORECASE,
    ),
    Expectation.STATEMENT: re.compile(
        r"\b(?:said|says|stat\w+|explain\w+|emphasi\w+|told|announced?|added|argu\w+|claim\w+|warn\w+|promis\w+|ask\w*"
        r"|inquir\w+|suggest\w*|recommend\w*|advis\w+|call\w*)\b|[\"“”]|말했|밝혔|설명했|강조|전했|덧붙",
        re.IGNORECASE,
    ),
    Expectation.MANNER: re.compile(
        r"\b(?:by|through|via|using|with|means)\b|통해|으로|방식|방법", re.IGNORECASE
    ),
    Expectation.CONTACT: re.compile(r"@|https?://|www\.|\b\d[\d -]{6,}\d\b|\.(?:org|com|net|kr|gov)\b"),
}
_CACHED = 4096


def expected(question: Question, sentence: str) -> tuple[Span, ...] | None:
    """Offsets in ``sentence`` of what may be asked for; None where its form does not tell.

    None for yes-or-no questions, for most of "what" and "which", and for Korean names, which nothing
    marks.
    """
    kinds = _KINDS.get(question.expects)
    if kinds is not None:
        spans = [
            (f.start, f.end) for f in figures(sentence) if f.kind in kinds and f not in question.quantities
        ]
        if question.expects is Expectation.DATE:
            spans += [match.span() for match in _VAGUE_DATE.finditer(sentence)]
        return tuple(spans)
    if question.expects in {Expectation.PERSON, Expectation.PLACE} and question.language != "ko":
        known = {word.text.lower() for word in question.words}
        return tuple(span for span in names(sentence) if _is_new(sentence[slice(*span)], known))
    phrases = _PHRASES.get(question.expects)
    return None if phrases is None else tuple(match.span() for match in phrases.finditer(sentence))


@lru_cache(_CACHED)
def figures(sentence: str) -> tuple[Quantity, ...]:
    """The figures and dates of a sentence; remembered, because popular sentences come back."""
    return quantities(sentence)


@lru_cache(_CACHED)
def names(sentence: str) -> tuple[Span, ...]:
    """Runs of capitalised words, less the small words that only open the sentence."""
    found = []
    for match in _CAPITALS.finditer(sentence):
        start, end = match.span()
        first = match.group().split(" ", 1)[0]
        if first.lower() in FUNCTION_WORDS:
            start += len(first) + 1
        opens = not sentence[: match.start()].strip(" \"“'(-")
        alone = " " not in sentence[start:end]
        if start < end and not (opens and alone and not sentence[start + 1 : end].isupper()):
            found.append((start, end))
    return tuple(found)


def _is_new(name: str, known: set[str]) -> bool:
    return any(
        word.lower() not in known and word.lower() not in FUNCTION_WORDS for word in _WORD.findall(name)
    )
