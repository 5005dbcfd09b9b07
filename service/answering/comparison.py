"""A question that compares two announcements, as what it asks of each: this year's fee and last year's, one grant and
the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer import lexicon
from indexer.announcement import Announcement
from service.answering.coverage import coverage
from service.answering.edition import without_year, year_of
from service.answering.found import Found
from service.answering.question import Span
from service.answering.relation import Relations, relations

_MORE = r"bigger|larger|higher|lower|smaller|more expensive|more|less|cheaper|dearer|longer|shorter|earlier|later|sooner"
_COMPARES = re.compile(
    rf"\b(?:compared (?:to|with)|versus|vs|differ\w*|than|{_MORE}|(?:of|between) (?:the two|both))\b"
    r"|차이|다른가|다르|달라|비교|보다|중에|중 (?:어느|어떤|뭐)|더 ",
    re.IGNORECASE,
)
_AGAINST = re.compile(r",? ?\b(?:compared (?:to|with)|versus|vs\.?|than)\b.*$", re.IGNORECASE)
_WHICH = re.compile(
    r"\W*(?:which|what|is|are)(?:['’]?s| is| are)?(?: of (?:the two|the|them|these|both))?(?: (?P<noun>[a-z]+))??"
    r"(?: (?:is|are|has|gives|offers|costs|pays|lasts|takes|starts|begins|ends|opens|you get))?(?: the)?"
    rf" (?P<more>{_MORE})\b(?P<rest>.*)",
    re.IGNORECASE,
)
_ASKS = {
    **dict.fromkeys(
        ("bigger", "larger", "higher", "lower", "smaller", "more", "less"), ("how much", "how much is the")
    ),
    **dict.fromkeys(
        ("cheaper", "dearer", "more expensive"), ("how much does it cost", "how much does the {} cost")
    ),
    **dict.fromkeys(("longer", "shorter"), ("how long", "how long is the")),
    **dict.fromkeys(("earlier", "later", "sooner"), ("when", "when is the")),
}
_DIFFERS = re.compile(
    r"\s*(?:(?:서로|각각|어떻게|어떤|뭐가|무엇이|무슨|얼마나|얼마)\s*)*(?:차이|다르|다른|달라|바뀌|변했)\S*(?:\s*(?:있|나|뭐|무엇|얼마)\S*)*\W*$|\s*비교\S*(?: ?\S+)?\W*$"
)
_JOINED = re.compile(
    r"\W*(?:\w+ )?(?:or|and|vs\.?|versus|than|compared (?:to|with))(?: (?:the|a|an))? ", re.IGNORECASE
)
_JOINED_KOREAN = re.compile(r".*(?:이랑|랑|하고|와|과|보다|,)(?: \S+)? ")
"""What stands between the names of two things that are compared."""
_LEFT = re.compile(r",? (?:the )?(?:[a-z]+ )?$|,\s*$", re.IGNORECASE)
"""What is left behind a comma where the names of what is compared stood: ", the card"."""

Pair = tuple[Announcement, Announcement]
TWO = 2


@dataclass(frozen=True, slots=True)
class Side:
    """What is asked of one of the announcements that are compared."""

    source_id: str
    question: str


def sides(found: Found) -> tuple[Side, ...]:
    """What a question asks of each of two announcements that belong together; none where it compares none."""
    text = found.inquiry.question.text.strip().rstrip("?.! ")
    if _COMPARES.search(text) is None:
        return ()
    tied = relations(found.announcements)
    about = coverage(found.inquiry, tied.announcements.values())
    leading = sorted(tied.announcements, key=lambda id: -about[id])
    years = len({*found.inquiry.question.years, *found.inquiry.question.relative_years}) == TWO
    find = _editions if years else _named
    pair = next((pair for id in leading if (pair := find(found, tied.announcements[id], tied))), ())
    if not pair:
        return ()
    asked = _AGAINST.sub("", text) if years else _without_names(text, *_names(found, *pair))
    if years:
        asked = without_year(asked)
    asked = _of_each(asked.strip(" ,"), korean=found.inquiry.question.language == "ko")
    return tuple(Side(each.id, asked) for each in pair) if asked else ()


def _editions(found: Found, own: Announcement, tied: Relations) -> Pair | tuple[()]:
    """The two editions that a question compares by their years."""
    question = found.inquiry.question
    dated = [(year, each) for each in (own, *tied.related(own.id)) if (year := year_of(each)) is not None]
    now = max((year for year, _ in dated), default=0)
    meant = sorted({*question.years, *(now + offset for offset in question.relative_years)})
    of_each = [next((each for year, each in dated if year == wanted), None) for wanted in meant]
    match of_each:
        case [Announcement() as one, Announcement() as other]:
            return one, other
    return ()


def _named(found: Found, own: Announcement, tied: Relations) -> Pair | tuple[()]:
    """The two that a question compares by their names."""
    others = (each for each in tied.announcements.values() if each.id != own.id)
    return next(((own, other) for other in others if _names(found, own, other)), ())


def _names(found: Found, one: Announcement, other: Announcement) -> tuple[Span, Span] | tuple[()]:
    """Where a question has what of two titles only one has, side by side; none where it has nothing of one of them."""
    question = found.inquiry.question
    titles = [frozenset(lexicon.content_terms(each.title, question.language)) for each in (one, other)]
    spans: list[list[Span]] = [[], []]
    for word in question.content:
        terms = frozenset(lexicon.terms(word.text, question.language))
        for own, others, names in zip(titles, reversed(titles), spans, strict=True):
            if terms & own - others:
                names.append((word.start, word.end))
    pairs = [(first, second) for first in spans[0] for second in spans[1]]
    if not pairs:
        return ()
    first, second = min(pairs, key=lambda pair: abs(pair[0][0] - pair[1][0]))
    one_name, other_name = _whole(first, spans[0]), _whole(second, spans[1])
    before, after = sorted((one_name, other_name))
    # In Korean what joins two nouns belongs to the first.
    joined = (
        _JOINED_KOREAN.fullmatch(question.text[before[1] - 2 : after[0]])
        if question.language == "ko"
        else _JOINED.fullmatch(question.text[before[1] : after[0]])
    )
    return (one_name, other_name) if joined else ()


def _whole(word: Span, names: Sequence[Span]) -> Span:
    """A word of a name with those of the same name right beside it."""
    start, end = word
    for first, last in names:
        if 0 <= first - end <= 1:
            end = last
    for first, last in reversed(names):
        if 0 <= start - last <= 1:
            start = first
    return start, end


def _without_names(text: str, *spans: Span) -> str:
    """A question without the names of what it compares, and what stands between them."""
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    rest = text[end:].strip()
    return f"{text[:start]}{rest}" if rest else _LEFT.sub("", text[:start])


def _of_each(asked: str, *, korean: bool) -> str:
    """What is asked of either: "how much is the grant" for "which grant is bigger"."""
    if korean:
        return _DIFFERS.sub("", asked).strip()
    which = _WHICH.match(asked)
    if which is None:
        return asked
    of_rest, of_noun = _ASKS[which["more"].lower()]
    rest, noun = which["rest"].strip(), which["noun"]
    if "{}" in of_noun:
        return f"{of_noun.format(noun) if noun else of_rest} {rest}".strip()
    return f"{of_rest} {rest}" if rest or not noun else f"{of_noun} {noun}"
