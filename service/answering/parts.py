"""A question that asks for two things, as two questions: "When does it open and what does it cost?"."""

import re

from service.answering.follow_up.exchange import Exchange
from service.answering.interrogative import WH
from service.answering.question import analyse
from service.answering.rewriter import rewrite

_TWO = re.compile(
    rf"(?P<one>\W*(?:{WH}|is|are|was|were|do|does|did|can|will|has|have)\b[^?]{{4,160}}?)(?:\?|,)?\s+and\s+"
    rf"(?P<two>(?:(?:by|from|until|since|for|to|at|in|on) )?{WH}(?:['’]?s)?\b[^?]{{4,160}}\??)",
    re.IGNORECASE,
)
_TWO_WORDS = re.compile(
    r"(?P<one>when|where|how|why|who) and (?P<two>when|where|how|why|(?:by |for |with )?whom?|until when)\b"
    r"(?P<rest>[^?]{4,160}\??)",
    re.IGNORECASE,
)
_TWO_SENTENCES = re.compile(r"(?P<one>[^?？]{4,160}[?？])\s+(?P<two>[^?？]{4,160}[?？])")
_ASKS = r"(?:뭐|뭘|무엇|무슨|어떤|어느|누가|누구|언제|어디|얼마|몇|왜|어떻게)"
_TWO_KOREAN = re.compile(
    rf"(?P<one>[^?]{{0,80}}{_ASKS}[^?]{{0,40}}?(?:[있하되주이받열했됐었났]))고,? (?P<two>[^?]{{0,80}}{_ASKS}[^?]{{0,60}}\??)"
)


def parts_of(question: str) -> tuple[str, ...]:
    """The two questions, the second with what it leaves to the first; none where one thing is asked for."""
    text = question.strip()
    if words := _TWO_WORDS.fullmatch(text):
        return words["one"] + words["rest"], words["two"] + words["rest"]
    korean = _TWO_KOREAN.fullmatch(text)
    two = korean or _TWO.fullmatch(text) or _TWO_SENTENCES.fullmatch(text)
    # "And when was that?" asks for more of the same, which its sentence mostly says as well.
    if two is None or not (korean or analyse(two["two"]).content):
        return ()
    one = f"{two['one']}나요?" if korean else two["one"]
    other = rewrite(two["two"], (Exchange(one),)).text
    return one, two["two"] if "(" in other else other
