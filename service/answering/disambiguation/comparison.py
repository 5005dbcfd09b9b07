"""A question that compares two announcements, as what it asks of each: this year's fee and last year's, one grant and
the other.

What compares is left out, so that what is left is asked of either: "weekend pass price" of "is a weekend pass dearer
this year than last". That is put in few words, which a reader takes for a question as well.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from indexer.announcement import Announcement
from service.answering.disambiguation.coverage import coverage
from service.answering.disambiguation.dateline import issued
from service.answering.disambiguation.edition import names_edition, numbers_of, year_of, years_meant
from service.answering.disambiguation.relation import Relations, names_of, relations
from service.answering.found import Found
from service.answering.question import FUNCTION_WORDS, Question

_COMPARES = re.compile(
    r"\b(?:compare[ds]?|comparison|versus|vs|differ\w*|than|both|either|the two|more|less|fewer|bigger|larger|higher|lower"
    r"|smaller|cheaper|dearer|longer|shorter|earlier|later|sooner|slower|faster|better|same)\b"
    r"|차이|다르|다른가|달라|비교|보다|둘 다|각각|똑같|같나|중에|중 (?:어느|어떤|뭐)|더 ",
    re.IGNORECASE,
)
_ASKS = {
    "how long": ("longer", "shorter", "slower", "faster", "quicker"),
    "when": ("earlier", "later", "sooner"),
    "how much does it cost": ("cheaper", "dearer", "expensive"),
    "how much": ("bigger", "larger", "higher", "lower", "smaller", "less"),
    "how many": ("more", "fewer"),
}
"""What a comparative asks of either side."""
_THEN = re.compile(r"\b(?:old|previous|former|last time)\b|예전|이전|지난번|처음|당초|기존", re.IGNORECASE)
_NOW = re.compile(r"\b(?:new|current|now|corrected)\b|이번|지금|새로?|정정", re.IGNORECASE)
_ASKING = re.compile(
    r"\b(?:how (?:much|many|long|often|old|far|big)|when|where|who|why|what time)\b", re.IGNORECASE
)
# fmt: off
_COMPARING = frozenset({
    "which", "what", "whats", "what's", "two", "compare", "compared", "compares", "comparison", "versus", "vs", "difference",
    "different", "differ", "differs", "than", "both", "either", "more", "less", "fewer", "bigger", "larger", "higher", "lower",
    "smaller", "cheaper", "dearer", "expensive", "longer", "shorter", "earlier", "later", "sooner", "slower", "faster", "quicker",
    "better", "same", "old", "new", "previous", "former", "current", "corrected", "year", "year's",
    "one", "whether", "tell", "could", "gives", "got", "get", "lets", "let", "comes", "came", "come",
})
# fmt: on
_EDITION = re.compile(r"\b(?:last|this|next|previous|that) (?:year|time)(?:['’]s)?", re.IGNORECASE)
_COMPARING_KOREAN = re.compile(
    r"(?:어느|어떤|뭐|뭐가|뭔가|무엇이|무엇인가|어디가|누가|더|둘|다|각각|서로|비교|비교하면|비교해|비교해줘|차이|차이가|차이를|중에|중에서|중|쪽이|쪽|게|거|거랑|건|것"
    r"|때|예전|이전|새로|새|처음|이번|똑같\S*|같\S*|다르\S*|다른\S*|달라\S*|바뀌\S*|많\S*|적\S*|크\S*|큰|작\S*|길\S*|긴\S*|짧\S*|비싸\S*|싸\S*|싼|높\S*|낮\S*|늦\S*|빠르\S*|일찍"
    r"|얼마나|나요\S*|인가요\S*|아니면|무엇\S*|뭐예요|거예요|바뀐|있\S*|알려\S*|궁금\S*|하는|어떻게|줘요|줘|몇|개나)\W*"
)
_KOREAN_ASKS = (
    (re.compile(r"길|긴|짧"), "기간"),
    (re.compile(r"비싸|싸|싼"), "요금"),
    (re.compile(r"늦|빠르|일찍|먼저"), "언제"),
    (re.compile(r"많|적|크|큰|작|높|낮"), "얼마"),
)
_ASKING_KOREAN = re.compile(r"어디|언제|누가|누구|왜|며칠|몇 ?(?:시|월|일)")
_JOINT = re.compile(r"(?<=[가-힣]{2})(?:이랑|랑|하고|와|과|보다|의)$|(?<=[가-힣\d]{3})[은는이가을를]$")
"""What joins a noun to the next."""
TWO = 2
Pair = tuple[Announcement, Announcement]


@dataclass(frozen=True, slots=True)
class Side:
    """What is asked of one of the announcements that are compared."""

    source_id: str
    question: str


def sides(found: Found) -> tuple[Side, ...]:
    """What a question asks of each of two announcements; none where it compares none."""
    question = found.inquiry.question
    years = {*question.years, *question.relative_years} or numbers_of(question.text)
    eras = _THEN.search(question.text) is not None and _NOW.search(question.text) is not None
    if len(years) != TWO and not eras and _COMPARES.search(question.text) is None:
        return ()
    tied = relations(found.announcements)
    about = coverage(found.inquiry, tied.announcements.values())
    leading = [tied.announcements[id] for id in sorted(tied.announcements, key=lambda id: -about[id])]
    if len(years) == TWO:
        pair = next((pair for each in leading if (pair := _editions(question, each, tied))), ())
    else:
        pair = (
            _named(question, [(one, other) for one in leading for other in tied.related(one.id)])
            or (_eras(leading, tied) if eras else ())
            or _named(question, [(one, other) for one in leading for other in leading if one.id != other.id])
            or _both(question, leading, tied)
        )
    asked = _of_each(question, pair) if pair else ""
    return tuple(Side(each.id, asked) for each in pair) if asked else ()


def _editions(question: Question, own: Announcement, tied: Relations) -> Pair | tuple[()]:
    """Two editions that belong together, of the two years that a question names."""
    dated = [(year, each) for each in (own, *tied.related(own.id)) if (year := year_of(each)) is not None]
    now = max((year for year, _ in dated), default=0)
    meant = sorted(years_meant(question, [each for _, each in dated], now))
    of_each = [next((each for year, each in dated if year == wanted), None) for wanted in meant]
    match of_each:
        case [Announcement() as one, Announcement() as other]:
            return one, other
    return ()


def _named(question: Question, pairs: Sequence[Pair]) -> Pair | tuple[()]:
    """The first two whose titles a question names, each by what the other has not."""
    named = (pair for pair in pairs if names_of(question, *pair) and names_of(question, *reversed(pair)))
    return next(named, ())


def _eras(leading: Sequence[Announcement], tied: Relations) -> Pair | tuple[()]:
    """The older and the newer of two that belong together."""
    for each in leading:
        others = tied.tied(each.id)
        days = {other.id: day for other in (each, *others[:1]) if (day := issued(other)) is not None}
        if len(days) == TWO:
            older, newer = sorted(days, key=lambda id: days[id])
            return tied.announcements[older], tied.announcements[newer]
    return ()


def _both(question: Question, leading: Sequence[Announcement], tied: Relations) -> Pair | tuple[()]:
    """The two that belong together and are most about what a question says of "both" or "the two"."""
    if re.search(r"\b(?:both|two|either)\b|둘", question.text, re.IGNORECASE) is None:
        return ()
    return next(((each, others[0]) for each in leading if (others := tied.related(each.id))), ())


def _of_each(question: Question, pair: Sequence[Announcement]) -> str:
    """What is left of a question without what compares, and without the names of what is compared."""
    one, other = pair
    names = names_of(question, one, other) | names_of(question, other, one)
    if question.language == "ko":
        return _of_each_korean(question.text, names)
    editions = [match.span() for match in _EDITION.finditer(question.text)]
    words = [w.text for w in question.words if not any(start <= w.start < end for start, end in editions)]
    kept = [
        word
        for word in words
        if word not in names and word.lower() not in _COMPARING | FUNCTION_WORDS and not names_edition(word)
    ]
    if not kept:
        return ""
    asking = _ASKING.search(question.text)
    lowered = {word.lower() for word in words}
    asks = (
        asking[0].lower()
        if asking
        else next((wh for wh, more in _ASKS.items() if lowered.intersection(more)), "")
    )
    return " ".join([asks, *kept]).strip()


def _of_each_korean(text: str, names: Collection[str]) -> str:
    words = [_JOINT.sub("", word) for word in text.rstrip("?!. ").split()]
    kept = dict.fromkeys(
        word
        for word in words
        if not names_edition(word)
        and not any(name.startswith(word) or word in name for name in names)
        and not _COMPARING_KOREAN.fullmatch(word)
    )
    asks = (
        ""
        if _ASKING_KOREAN.search(text)
        else next((noun for pattern, noun in _KOREAN_ASKS if pattern.search(text)), "")
    )
    return " ".join([*kept, asks]).strip() if kept else ""
