"""The first stage with a language model: what a follow-up means, in words that were said before.

A model chooses among words and readings, and adds none: what it returns is taken only where every word
in it stands in the message or in the questions before it. Otherwise the model-free rewriter decides.
"""

import re
from collections.abc import Sequence

from indexer import lexicon
from indexer.language import detect
from prompts.prompt import load
from service.answering.follow_up.exchange import Exchange
from service.answering.stray import stray
from service.deadline import Deadline
from service.errors import ModelError
from service.log import logger
from service.model import Model, complete

SECONDS = 5.0
LONGEST_QUESTION = 400
MOST_EXCHANGES = 6
JOINTS = 0.5
"""The share of new Hangul bigrams that may come from words joined to other particles."""

_HANGUL = re.compile("[가-힣]")
_HARMLESS = frozenset(
    ["much", "many", "long", "large", "big", "old", "high", "often", "far", "soon", "more", "there"]
)


def rephrase(model: Model, message: str, history: Sequence[Exchange], deadline: Deadline) -> str | None:
    """The message as a question of its own; None where the model does not give one that can be used."""
    if not history:
        return None
    request = load("rewrite").fill(history=listed(history), question=" ".join(message.split()))
    try:
        said = complete(model, request, deadline.sooner(SECONDS), LONGEST_QUESTION)
    except ModelError as error:
        logger.warning("the language model did not rewrite", extra={"fields": {"detail": str(error)}})
        return None
    text = said.strip(" \"'“”")
    return text if usable(text, message, history) else None


def choose(
    model: Model, question: str, readings: Sequence[str], history: Sequence[Exchange], deadline: Deadline
) -> str | None:
    """The reading of an ambiguous question that the conversation shows to be meant; None if none is."""
    if not history:
        return None
    numbered = "\n".join(f"{number}. {reading}" for number, reading in enumerate(readings, 1))
    request = load("clarify").fill(history=listed(history), question=question, readings=numbered)
    try:
        said = complete(model, request, deadline.sooner(SECONDS), LONGEST_QUESTION)
    except ModelError as error:
        logger.warning("the language model did not choose", extra={"fields": {"detail": str(error)}})
        return None
    number = int(said.strip(" .[]()")) if re.fullmatch(r"[\[( ]*[0-9]{1,3}[\]). ]*", said) else 0
    return readings[number - 1] if 1 <= number <= len(readings) else None


def usable(text: str, message: str, history: Sequence[Exchange]) -> bool:
    """Whether a rewritten question is one line of words that were said, with every figure of the message."""
    said = " ".join([message, *(f"{e.question} {e.named or ''}" for e in history)])
    if "\n" in text or not re.search(r"\w", text) or stray(text, [said], "") is not None:
        return False
    known = set(lexicon.terms(said, detect(said)))
    new = [
        term
        for term in lexicon.content_terms(text, detect(text))
        if term not in known and term not in _HARMLESS
    ]
    hangul = [term for term in new if _HANGUL.search(term)]
    if len(new) > len(hangul) or len(hangul) > JOINTS * len(_HANGUL.findall(text)):
        return False
    return set(re.findall(r"\d+", message)) <= set(re.findall(r"\d+", text))


def listed(history: Sequence[Exchange]) -> str:
    """The latest exchanges as a prompt lists them."""
    return "\n".join(
        f"- {exchange.question}" + (f" (answer: {exchange.named})" if exchange.named else "")
        for exchange in history[-MOST_EXCHANGES:]
    )
