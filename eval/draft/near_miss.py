"""Questions that an announcement does not answer, though they look as if it did."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.draft.asked import Asked
from eval.fact import plain
from service.name import NameKind, names

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)*(?![\d.,]|st|nd|rd|th)")


@dataclass(frozen=True, slots=True)
class Missed:
    """A question, and in which way it misses: the tag of a near miss, or UAEval4RAG's kind."""

    question: str
    kind: str


def near_misses(
    asked: Asked, text: str, others: Sequence[str], language: str, chance: random.Random
) -> Iterator[Missed]:
    """The question with one thing in it changed that then is not in ``text`` in this sentence's company.

    ``others`` are names that the announcement has elsewhere.
    """
    question, sentence = asked.question, plain(asked.sentence)
    for year in dict.fromkeys(_YEAR.findall(question)):
        yield Missed(question.replace(year, _other_year(int(year), text, chance)), "other-year")
    for name in names(question, language):
        rivals = [
            other for other in others if plain(other) not in sentence and plain(other) not in plain(name.text)
        ]
        if name.kind is NameKind.PROPER and not name.opens and name.text in asked.sentence and rivals:
            other = chance.choice(rivals)
            kind = "other-person" if asked.kind == "who-said" else "other-organisation"
            yield Missed(question[: name.start] + other + question[name.end :], kind)
            return


def false_premise(asked: Asked, text: str, language: str, chance: random.Random) -> Missed | None:
    """A question that takes for granted a figure which the announcement does not give."""
    figure = _NUMBER.search(asked.about)
    if asked.kind != "figure" or figure is None:
        return None
    wrong = _other_number(figure[0], text, chance)
    about = asked.about.replace(figure[0], wrong, 1)
    claim = asked.sentence.replace(asked.about, about, 1).rstrip(".!?。 ")
    if language == "ko":
        return Missed(f"{claim}고 한 까닭은 무엇입니까?", "false-premise")
    claim = claim if claim[:2].isupper() or claim[:1].isdigit() else claim[:1].lower() + claim[1:]
    return Missed(f"Why does the announcement say that {claim}?", "false-premise")


def _other_year(year: int, text: str, chance: random.Random) -> str:
    near = [str(year + step) for step in (-9, -7, -6, -5, 4, 5, 6, 7, 9) if str(year + step) not in text]
    return chance.choice(near or [str(year + 31)])


def _other_number(number: str, text: str, chance: random.Random) -> str:
    """A number written alike, of another value, that the text does not have."""
    while True:
        changed = re.sub(r"\d", lambda _: str(chance.randint(1, 9)), number)
        if not re.search(rf"(?<!\d){re.escape(changed)}(?!\d)", text):
            return changed
        number = f"1{number}"
