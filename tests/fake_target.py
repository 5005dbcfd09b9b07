"""A target that replies as it is told, and one that breaks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from eval.case import Case, Expectation
from eval.errors import TargetFailed
from eval.response import Cited, Response, Status

SOURCE = "The fair opens on 3 May 2027. Entry costs 4 crowns. 12,000 people came to it last year. It is held in Orrin."
SENTENCES = tuple(f"{s}." for s in SOURCE.rstrip(".").split(". "))
PASSAGES = SENTENCES


class FakeTarget:
    """Replies with what ``reply`` makes of a case; fails where that is an error."""

    def __init__(self, reply: Callable[[Case], Response | str], name: str = "fake") -> None:
        self.reply, self.name = reply, name
        self.asked: list[str] = []

    def ask(self, case: Case) -> Response:
        self.asked.append(case.id)
        reply = self.reply(case)
        if isinstance(reply, str):
            raise TargetFailed(reply)
        return reply

    def description(self) -> Mapping[str, Any]:
        return {"kind": "fake", "where": self.name}


def answerable(number: int) -> Case:
    """A case whose answer is one of the sentences, in turn."""
    sentence = SENTENCES[number % 3]
    fact = ("3 May 2027", "4 crowns", "12,000 people")[number % 3]
    return Case(
        f"yes-{number:03}",
        Expectation(any_of=(fact,), answers=(sentence,)),
        f"Question {number}?",
        source="fair",
        sentences=(sentence,),
        tags=("answerable", "even" if number % 2 == 0 else "odd"),
    )


def unanswerable(number: int) -> Case:
    return Case(
        f"no-{number:03}", Expectation(refusal=True), f"Unsaid {number}?", source="fair", tags=("near-miss",)
    )


def cases(each: int) -> list[Case]:
    """As many answerable as unanswerable cases."""
    return [make(number) for number in range(each) for make in (answerable, unanswerable)]


def perfect(case: Case) -> Response:
    """Right, exactly quoted, sure of it; refuses what cannot be answered."""
    if case.answerable is False:
        return refusal(0.99)
    sentence = case.sentences[0]
    rest = tuple(p for p in PASSAGES if p != sentence)
    return answer(sentence, sentence, passages=(sentence, *rest))


def useless(case: Case) -> Response:
    """Refuses what can be answered; answers the rest with a quote that is nowhere, sure of all of it."""
    if case.answerable is not False:
        return refusal(0.99)
    return answer("Entry costs 9 crowns.", "It rained for 7 days.", exact=False)


def wrong(case: Case) -> Response:
    """Always answers, with the one sentence that never answers, quoted inexactly for another statement."""
    return answer("Entry costs 9 crowns.", SENTENCES[3], exact=False, passages=(SENTENCES[3],))


def refusing(case: Case) -> Response:
    return refusal(0.5)


def refusal(confidence: float) -> Response:
    return Response(
        Status.REFUSED,
        "It does not say.",
        0.01,
        cites=True,
        confidence=confidence,
        reason="not_in_announcements",
    )


def answer(
    text: str,
    quote: str,
    *,
    exact: bool = True,
    confidence: float = 0.99,
    passages: tuple[str, ...] | None = None,
) -> Response:
    start = max(0, SOURCE.find(quote))
    cited = Cited(
        1,
        0,
        len(text),
        "fair",
        quote,
        start,
        start + len(quote),
        exact,
        SOURCE[:start],
        SOURCE[start + len(quote) :],
    )
    return Response(
        Status.ANSWERED, text, 0.02, cites=True, citations=(cited,), confidence=confidence, passages=passages
    )


def mixed(case: Case) -> Response | str:
    """Now perfect, now wrong, now refusing, now out of order: every kind of reply that a report shows."""
    number = int(case.id.partition("-")[2])
    if number % 23 == 5:
        return "http://127.0.0.1:1 <b>answered</b> with 503"
    if number % 11 == 3:
        return wrong(case)
    if number % 7 == 2:
        return refusal(0.6 + 0.01 * (number % 30))
    reply = perfect(case)
    confidence = 0.55 + 0.01 * (number % 45)
    return replace(reply, confidence=confidence, seconds=0.01 + 0.003 * (number % 40))
