"""Figures and dates in a text, in English and Korean, in one normal form.

``1.1 trillion won``, ``KRW 1,100 billion`` and ``1조 1천억 원`` compare equal; 3% and 3%p do not.
Values are exact. Whatever only looks like a figure (a version, a telephone number, COVID-19, G20,
Section 4(b)) is left out; ``service.name`` has it as a code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from service.folding import Folded, fold
from service.moment import Calendar, moment_at
from service.numeral import Numeral, numeral_at
from service.unit import PREFIX, Kind, Unit, currency, unit_at

__all__ = ["Bound", "Calendar", "Kind", "Quantity", "quantities"]


class Bound(StrEnum):
    """How firmly a figure is stated."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    """At least, more than, over, since, 이상."""
    AT_MOST = "at most"
    """At most, up to, under, by, until, 이하, 까지."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure or a date at ``text[start:end]`` of the text it was read from.

    Two are equal when their kind, value, unit and range agree; where they stand, how they are
    written and how firmly they are stated plays no part. ``value`` is in ``unit``: an ISO 4217 code
    for money, ``%`` and ``%p``, ``month`` or ``second`` for durations, a base unit for measures,
    minutes after midnight for times, empty for plain numbers. A fraction ("half", 3분의 1) is the
    percentage that it is. For dates ``date`` is set and ``value`` is 0. ``upper`` ends a range.

    ``counter`` is the Korean counter, or the one that "people" and "households" correspond to.
    ``part`` is early, mid, late or end of a date's period. ``per`` is what a rate is per.
    """

    kind: Kind
    value: Fraction
    unit: str = ""
    upper: Fraction | None = None
    date: Calendar | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    text: str = field(default="", compare=False)
    bound: Bound = field(default=Bound.EXACT, compare=False)
    counter: str = field(default="", compare=False)
    part: str = field(default="", compare=False)
    per: str = field(default="", compare=False)

    @property
    def approximate(self) -> bool:
        return self.bound is Bound.ABOUT or self.kind is Kind.VAGUE


_WORDS = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety half tens dozens "
    "scores hundreds thousands millions billions trillions several "
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fiftieth hundredth "
    "doubled double doubles doubling tripled triple triples tripling quadrupled quadruple "
    "quadruples twice thrice twofold threefold "
    "fourfold fivefold tenfold halved halve halves halving "
    "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday mondays "
    "tuesdays wednesdays thursdays fridays saturdays sundays last this next coming current following same "
    "today yesterday tomorrow early late mid fiscal fy q1 q2 q3 q4 h1 h2 yearend year beginning "
    "start middle end noon midnight "
    "few many quarter quarters"
)
_COUNTED = str.split(
    "a an zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety dozen hundred thousand "
    "mn mln million bn bln billion tn trn trillion quadrillion half third quarter fifth tenth few"
)
_KOREAN_STARTS = (
    "수[십백천만억조]|하나|다섯|여섯|일곱|여덟|아홉|열|스물|스무|서른|마흔|쉰|한(?!도)|두|둘|세|셋|석|네|넷|넉|"
    "[일이삼사오육칠팔구]?[십백천만억조]|재작년|작년|지난|전년|올해|금년|연내|내년|이듬해|내후년|올"
    "|상반기|하반기|이달|"
    "이번 달|다음|내달|오늘|어제|내일|모레|그저께|오는|[월화수목금토일]요일|연말|연초|절반|갑절|첫"
    "|오전|오후|정오|자정|제 ?\\d|반년"
)


def _any(words: Sequence[str]) -> str:
    """One of the words, the longest first, by their first letters: so most places need one look."""
    ordered = sorted(words, key=lambda word: (word[0], -len(word)))
    groups = [(first, [word[1:] for word in same]) for first, same in groupby(ordered, lambda word: word[0])]
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups)


# In small letters throughout: of a pattern that ignores case, every alternative is tried at every place.
_IN_WORDS = (
    rf"(?<![a-z])(?:(?:{_any(_WORDS)})(?![a-z\d])"
    rf"|an?(?=[ -](?:{_any(_COUNTED)}|(?:hour|month|year|decade|century) and a half))"
    r"|the(?= (?:\d|beginning|start|middle|end|current|coming|following|same))"
    r"|(?:fy|q|h)(?=[1-4]|20))"
)
_ASCII_CANDIDATE = re.compile(rf"\d+|{_IN_WORDS}|(?:{PREFIX.pattern})")
_CANDIDATE = re.compile(
    rf"\d+|{_IN_WORDS}|(?:{PREFIX.pattern})|'(?=\d\d년)|(?<![가-힣])(?:{_KOREAN_STARTS})",
)

_PHONE = re.compile(
    r"\+?\d{1,4}(?:[ -]\(?\d{2,4}\)?){2,4}(?!\d)|\d{3,4}-\d{4}(?!\d)|\d{2,3}-\d{3,4}-\d{4}(?!\d)"
)
_FOREIGN_PHONE = re.compile(r"\d{1,3}(?:[ -]\(?\d{1,4}\)?){2,4}(?!\d)")
_DIGITS = re.compile(r"\d+")
_DOTTED = re.compile(r"\d+(?:\.\d+){2,}")
_CODE_TAIL = re.compile(r"[A-Za-z\d]*(?:[-/.(][A-Za-z\d]+\)?)*")
_CODE_BEFORE = re.compile(r"[A-Z][A-Za-z\d]*-$|\d[A-Za-z]+-$")
_PERIOD_BEFORE = re.compile(r"(?:^|[^A-Za-z])(?:Mid|Pre|Post|Late|Early)-$")
_SECTION_BEFORE = re.compile(
    r"(?:\b(?:section|sec\.|article|art\.|chapter|clause|paragraph|annex|appendix|schedule|figure"
    r"|table|no\.|number|phase|"
    r"level|tier|room|route|highway|page|version|item|step|part|class|type|model|series|flight|line"
    r"|resolution)"
    r" ?|§ ?|#|v)$",
    re.IGNORECASE,
)
_KOREAN_SECTION = re.compile(r"제 ?\d{1,5} ?(?:조|항|호|장|절|관|공구|공장)")
_CLOCK = re.compile(
    r"(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?!\d)(?: ?(?P<half>[ap])\.?m\b\.?)?", re.IGNORECASE
)
_HOUR = re.compile(r"(?P<hour>1[0-2]|0?[1-9]) ?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE)
_KOREAN_CLOCK = re.compile(
    r"(?:(?P<half>오전|오후) ?)?(?P<hour>[01]?\d|2[0-4]) ?시(?!간|[가-힣]*[군구])(?: "
    r"?(?P<minute>[0-5]?\d) ?분| ?(?P<thirty>반))?"
)
_RATIO = re.compile(r"\d{1,4}:\d{1,4}(?![:\d])|\d{1,4}/\d{1,4}(?![/\d])")
_KOREAN_FRACTION = re.compile(r"(?P<low>\d{1,4}) ?분의 ?(?P<high>\d{1,4})")
_RANGE_OPENS = re.compile(r"(?P<number>[1-9]|[12]\d|3[01])(?: ?[-~] ?| to | and )(?=[1-9]|[12]\d|3[01])")
_RANGE_CLOSES = re.compile(r" ?(?P<sep>[-~/]) ?(?P<number>[1-9]|[0-3]\d)(?:일)?(?![\d%]|[.,]\d| ?[년월]|-\d)")
_SLASHED = re.compile(r"(?P<high>\d{1,2})[/\u2044](?P<low>\d{1,2})(?= of\b)")
_RANKS = {
    **{
        word: value
        for value, word in enumerate(
            str.split(
                "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
                "thirteenth "
                "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
            ),
            start=1,
        )
    },
    "thirtieth": 30,
    "fiftieth": 50,
    "hundredth": 100,
}
_RANK = re.compile(
    rf"(?:(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?(?P<rank>{'|'.join(_RANKS)})\b",
    re.IGNORECASE,
)
_TENS = {
    w: 10 * v for v, w in enumerate(str.split("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
_RANK_DIGITS = re.compile(r"(?P<rank>\d{1,6})(?:st|nd|rd|th)\b")
_KOREAN_RANK = re.compile(
    r"제 ?(?P<a>\d{1,4}) ?(?:차|회|기|대|단계)?|(?P<b>\d{1,4}) ?(?:번째|위(?![가-힣]*원)"
    r"|차(?![가-힣]*량|로|례|관)|등(?![가-힣]*급|을|이|의)|호기)"
    r"|첫 ?번째|첫째|첫(?! ?(?:째|번))|(?P<native>두|세|네|다섯|여섯|일곱|여덟|아홉|열) ?번째"
)
_NATIVE_RANKS = dict(zip(str.split("두 세 네 다섯 여섯 일곱 여덟 아홉 열"), range(2, 11), strict=True))
_PARTS_OF = (
    (
        re.compile(
            r"(?:(?:one|a)[ -])?half\b(?! (?:an? )?(?:year|hour|day|month|dozen|century|decade)\b)(?!-)",
            re.IGNORECASE,
        ),
        Fraction(50),
    ),
    (re.compile(r"one[ -]third\b|a third(?= of)", re.IGNORECASE), Fraction(100, 3)),
    (re.compile(r"two[ -]thirds\b", re.IGNORECASE), Fraction(200, 3)),
    (re.compile(r"one[ -]quarter\b(?= of)|a quarter(?= of)|one[ -]fourth\b", re.IGNORECASE), Fraction(25)),
    (re.compile(r"three[ -]quarters\b(?= of)|three[ -]fourths\b", re.IGNORECASE), Fraction(75)),
    (re.compile(r"(?:one|a)[ -]fifth\b(?= of| )", re.IGNORECASE), Fraction(20)),
    (re.compile(r"(?:one|a)[ -]tenth\b(?= of)", re.IGNORECASE), Fraction(10)),
    (re.compile(r"halv(?:ed|es?|ing)\b", re.IGNORECASE), Fraction(50)),
    (re.compile(r"절반"), Fraction(50)),
)
_HALF_PERIOD = re.compile(
    r"half (?:an? )?(?P<unit>percentage point|year|hour|day|month|century|decade)\b|(?P<korean>반년)",
    re.IGNORECASE,
)
_ONE_AND_A_HALF = re.compile(
    r"(?:an?|one) (?P<unit>hour|month|year|decade|century) and a half\b", re.IGNORECASE
)
_HALF_LENGTHS = {
    "year": ("month", Fraction(6)),
    "hour": ("second", Fraction(1800)),
    "day": ("second", Fraction(43200)),
    "month": ("month", Fraction(1, 2)),
    "century": ("month", Fraction(600)),
    "decade": ("month", Fraction(60)),
}
_TIMES = (
    (re.compile(r"doubl(?:ed|es?|ing)\b(?!-digit|[ -]track)|twice\b|twofold\b|갑절", re.IGNORECASE), 2),
    (re.compile(r"tripl(?:ed|es?|ing)\b|thrice\b|threefold\b", re.IGNORECASE), 3),
    (re.compile(r"quadrupl(?:ed|es?|ing)\b|fourfold\b", re.IGNORECASE), 4),
    (re.compile(r"fivefold\b", re.IGNORECASE), 5),
    (re.compile(r"tenfold\b", re.IGNORECASE), 10),
)
_TO = re.compile(r"(?: ?[-~] ?| to )(?=\d|[A-Za-z]{3}|₩|\$|€|£)")
_AND = re.compile(r" and (?=\d|[A-Za-z]{3}|₩|\$|€|£)")
_BEFORE = (
    (
        Bound.AT_LEAST,
        re.compile(
            r"(?:at least|no (?:fewer|less) than|(?<!no )(?<!not )more than|(?:old|fast|long|high|larg|great|heavi|bigg)er than|over|above|exceed(?:s|ed|ing)?|upwards? of|a "
            r"minimum of|최소|적어도) ?$",
            re.IGNORECASE,
        ),
    ),
    (
        Bound.AT_MOST,
        re.compile(
            r"(?:at most|no (?:more|later) than|not more than|up to|as (?:many|much|few) as|less than"
            r"|as (?:high|large|long) as|(?:young|slow|short|low|small|light|cheap)er than|(?:under|below) the age of|fewer than|under|below|within|a maximum of|최대) ?$",
            re.IGNORECASE,
        ),
    ),
    (
        Bound.ABOUT,
        re.compile(
            r"(?:about|around|approximately|roughly|some|nearly|almost|close to|an estimated|circa"
            r"|approx\.|(?<![\d년월일원명개%] )(?<![\d년월일원명개%])~|약|대략|거의|얼추) ?$",
            re.IGNORECASE,
        ),
    ),
)
_AFTER = (
    (
        Bound.AT_LEAST,
        re.compile(
            r" ?(?:(?:or|and) (?:more|above|longer|older|over|up|upwards?|higher)\b|이상|전까지|[을를이가]? ?초과|[가-힣]? ?넘[는어게으을]|을 넘|를 "
            r"넘|이 넘)",
            re.IGNORECASE,
        ),
    ),
    (
        Bound.AT_MOST,
        re.compile(
            r" ?(?:(?:or|and) (?:less|fewer|below|younger|under|shorter|lower)\b|이하|미만|이내)",
            re.IGNORECASE,
        ),
    ),
    (Bound.ABOUT, re.compile(r" ?(?:or so|여(?![가-힣]{2})|안팎|내외|정도|가량|쯤|남짓)", re.IGNORECASE)),
)
_DATE_BEFORE = (
    (
        Bound.AT_LEAST,
        re.compile(
            r"\b(?:since|from|after|starting(?: in| from)?|beginning(?: in)?|beyond) (?:the )?$",
            re.IGNORECASE,
        ),
    ),
    (
        Bound.AT_MOST,
        re.compile(
            r"\b(?:by|until|till|before|through|no later than|not later than|within) (?:the )?$",
            re.IGNORECASE,
        ),
    ),
    (Bound.ABOUT, re.compile(r"\b(?:around|about|circa|c\.) ?$", re.IGNORECASE)),
)
_DATE_AFTER = (
    (Bound.AT_LEAST, re.compile(r" ?(?:부터|이후|onwards?)")),
    (Bound.AT_MOST, re.compile(r" ?(?:까지|이전|이내|내에|안에|안으로)")),
    (Bound.ABOUT, re.compile(r" ?(?:께|경|쯤|무렵)(?![가-힣]{2})")),
)
_YEO = re.compile(r"여 ?")
_PER = re.compile(r" (?:per|a|an|each|every) (?P<noun>[A-Za-z]{2,20})\b")
_PER_NOUNS = frozenset(
    str.split(
        "kilogram kilograms kg gram tonne ton litre liter hour day week month year quarter person "
        "household head student unit "
        "square second minute night barrel share hectare kilometre kilometer km worker patient child "
        "employee vehicle"
    )
)


def quantities(text: str, published: date | None = None) -> tuple[Quantity, ...]:
    """The figures and dates of ``text``, in its order, without overlap.

    Relative dates are resolved against ``published`` where it is given. The time is linear in the
    length of the text; any text is accepted.
    """
    folded = fold(text)
    found: list[Quantity] = []
    position = 0
    small = _small(folded.text)
    candidates = _ASCII_CANDIDATE if small.isascii() else _CANDIDATE
    while candidate := candidates.search(small, position):
        start = candidate.start()
        code_end = _code_end(folded.text, start)
        if code_end:
            position = max(code_end, candidate.end())
            continue
        read = _read(folded.text, start, published)
        found.extend(_placed(quantity, text, folded) for quantity in read)
        position = max(quantity.end for quantity in read) if read else candidate.end()
    return tuple(_joined(found, text))


_JOINT = re.compile(r"(?:,? and )| ?")


def _joined(found: Sequence[Quantity], text: str) -> list[Quantity]:
    """The figures with lengths such as "1년 6개월" and "an hour and 20 minutes" read as one."""
    joined: list[Quantity] = []
    for figure in found:
        before = joined[-1] if joined else None
        if before is not None and _continues(before, figure, text):
            value = before.value + figure.value
            joined[-1] = replace(
                before, value=value, end=figure.end, text=text[before.start : figure.end], bound=figure.bound
            )
        else:
            joined.append(figure)
    return joined


_SIZES = {"month": (Fraction(12), Fraction(1)), "second": (86400, 3600, 60, 1)}


def _continues(one: Quantity, other: Quantity, text: str) -> bool:
    """Whether ``other`` is the smaller part of the length that ``one`` begins."""
    if one.kind is not Kind.DURATION or other.kind is not Kind.DURATION or one.unit != other.unit:
        return False
    if one.upper is not None or other.upper is not None or not 0 < other.value < one.value:
        return False
    if _JOINT.fullmatch(text[one.end : other.start]) is None:
        return False
    step = next((size for size in _SIZES[one.unit] if one.value % size == 0), 1)
    return other.value < step


def _small(text: str) -> str:
    """The text in small letters, each where its capital was."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)


def _placed(quantity: Quantity, text: str, folded: Folded) -> Quantity:
    start, end = folded.span(quantity.start, quantity.end)
    return replace(quantity, start=start, end=end, text=text[start:end])


def _code_end(text: str, start: int) -> int | None:
    """Where the code that the digits at ``start`` belong to ends; None where they are a figure."""
    if not text[start].isdigit():
        section = _KOREAN_SECTION.match(text, start)
        return section.end() if section else None
    before = text[max(start - 14, 0) : start]
    if _continues_code(before):
        tail = _CODE_TAIL.match(text, start)
        return tail.end() if tail else None
    phone = (_FOREIGN_PHONE if before.endswith("+") else _PHONE).match(text, start)
    if phone and not _year_range(phone.group()) and not _iso_date(phone.group()):
        return phone.end()
    shape = _RATIO.match(text, start) or _DOTTED.match(text, start)
    if shape and not re.match(r" of\b", text[shape.end() :][:4]):
        return None if _CLOCK.match(text, start) or moment_at(text, start, None) else shape.end()
    run = _DIGITS.match(text, start)
    return run.end() if run and len(run.group()) > 24 else None


def _continues_code(before: str) -> bool:
    """Whether digits behind ``before`` belong to a code: G20, COVID-19, Section 4."""
    letter = before[-1:].isascii() and (before[-1:].isalpha() or before.endswith("_"))
    hyphen = _CODE_BEFORE.search(before) is not None and _PERIOD_BEFORE.search(before) is None
    return letter or hyphen or _SECTION_BEFORE.search(before) is not None


def _year_range(text: str) -> bool:
    return re.fullmatch(r"(?:19|20|21)\d\d-(?:19|20|21)\d\d", text) is not None


def _iso_date(text: str) -> bool:
    return re.fullmatch(r"(?:19|20|21)\d\d-[01]?\d-[0-3]?\d", text) is not None


def _read(text: str, start: int, published: date | None) -> tuple[Quantity, ...]:
    special = _clock(text, start) or _fraction(text, start)
    if special:
        return (special,)
    rank = _ordinal(text, start)
    dates = _dates(text, start, published)
    if dates and not (rank and dates[-1].end < rank.end):
        return tuple(_bounded(text, date) for date in dates)
    if rank:
        return (rank,)
    other = _half_period(text, start) or _part_or_times(text, start) or None
    if other:
        return (_bounded(text, other),)
    return _figures(text, start)


def _dates(text: str, start: int, published: date | None) -> tuple[Quantity, ...]:
    """The date at ``start``, or both ends of a range such as "12-15 March", 3~5월 and 2026-28."""
    opening = _RANGE_OPENS.match(text, start)
    second = moment_at(text, opening.end(), published) if opening and opening.end() < len(text) else None
    name = _finest(second.value) if second else ""
    if opening and second and (name == "day" or (name and second.value.year is None)):
        first = _with(second.value, name, int(opening["number"]))
        return _dated(start, opening.end("number"), first), _dated(opening.end(), second.end, second.value)
    moment = moment_at(text, start, published)
    if moment is None:
        return ()
    dated = _dated(start, moment.end, moment.value, moment.part)
    closing = _RANGE_CLOSES.match(text, moment.end)
    name = _finest(moment.value)
    if closing is None or name not in ({"year"} if closing["sep"] == "/" else {"day", "year"}):
        return (dated,)
    number = int(closing["number"])
    if name == "year":
        number += 100 * ((moment.value.year or 0) // 100)
    last = _with(moment.value, name, number)
    return dated, _dated(closing.start("number"), closing.end(), last)


def _finest(value: Calendar) -> str:
    """The name of the smallest field that the date gives; empty where it gives none that counts up."""
    return next(
        (name for name in ("day", "month", "quarter", "year") if getattr(value, name) is not None), ""
    )


def _with(value: Calendar, name: str, number: int) -> Calendar:
    fields = {
        "day": value.day,
        "month": value.month,
        "quarter": value.quarter,
        "year": value.year,
        name: number,
    }
    return Calendar(fields["year"], fields["month"], fields["day"], fields["quarter"], value.half)


def _dated(start: int, end: int, value: Calendar, part: str = "") -> Quantity:
    return Quantity(Kind.DATE, Fraction(0), date=value, start=start, end=end, part=part)


def _clock(text: str, start: int) -> Quantity | None:
    match = _CLOCK.match(text, start) or _HOUR.match(text, start) or _KOREAN_CLOCK.match(text, start)
    if match is None:
        return None
    fields = match.groupdict()
    hour, minute = int(fields["hour"]), int(fields.get("minute") or 0)
    minute = 30 if fields.get("thirty") else minute
    half = (fields.get("half") or "").lower()
    if half in {"p", "오후"} and hour < 12:
        hour += 12
    elif half in {"a", "오전"} and hour == 12:
        hour = 0
    return Quantity(Kind.TIME, Fraction(60 * hour + minute), "minute", start=start, end=match.end())


def _fraction(text: str, start: int) -> Quantity | None:
    match = _KOREAN_FRACTION.match(text, start) or _SLASHED.match(text, start)
    if match is None or int(match["low"]) == 0:
        return None
    value = Fraction(100 * int(match["high"]), int(match["low"]))
    return Quantity(Kind.PERCENT, value, "%", start=start, end=match.end())


def _ordinal(text: str, start: int) -> Quantity | None:
    match = _RANK_DIGITS.match(text, start)
    if match:
        return Quantity(Kind.ORDINAL, Fraction(int(match["rank"])), start=start, end=match.end())
    match = _RANK.match(text, start)
    if match:
        # "First, the budget …" orders the text and not the things that it speaks of.
        if text[match.end() : match.end() + 1] == "," and text[start].isupper():
            return None
        if re.match(r"(?:thirds|fourths|fifths|-half| half)", text[match.end() :][:8]):
            return None
        rank = _RANKS[match["rank"].lower()] + _TENS.get((match["tens"] or "").lower(), 0)
        return Quantity(Kind.ORDINAL, Fraction(rank), start=start, end=match.end())
    match = _KOREAN_RANK.match(text, start)
    if match is None:
        return None
    digits = match["a"] or match["b"]
    rank = int(digits) if digits else _NATIVE_RANKS.get(match["native"] or "", 1)
    return Quantity(Kind.ORDINAL, Fraction(rank), start=start, end=match.end())


def _half_period(text: str, start: int) -> Quantity | None:
    match = _ONE_AND_A_HALF.match(text, start)
    if match:
        unit, half = _HALF_LENGTHS[match["unit"].lower()]
        return Quantity(Kind.DURATION, 3 * half, unit, start=start, end=match.end())
    match = _HALF_PERIOD.match(text, start)
    if match is None:
        return None
    if match["unit"] and match["unit"].lower() == "percentage point":
        return Quantity(Kind.POINT, Fraction(1, 2), "%p", start=start, end=match.end())
    unit, value = _HALF_LENGTHS["year" if match["korean"] else match["unit"].lower()]
    return Quantity(Kind.DURATION, value, unit, start=start, end=match.end())


def _part_or_times(text: str, start: int) -> Quantity | None:
    for pattern, share in _PARTS_OF:
        match = pattern.match(text, start)
        if match and numeral_at(text, start) is None:
            return Quantity(Kind.PERCENT, share, "%", start=start, end=match.end())
        if match and (numeral := numeral_at(text, start)) and numeral.end <= match.end():
            return Quantity(Kind.PERCENT, share, "%", start=start, end=match.end())
    for pattern, times in _TIMES:
        match = pattern.match(text, start)
        if match:
            return Quantity(Kind.MULTIPLE, Fraction(times), start=start, end=match.end())
    return None


def _figures(text: str, start: int) -> tuple[Quantity, ...]:
    """The figure at ``start``; a range as one; both ends of "from 3 to 5%" as two."""
    first = _figure(text, start)
    if first is None:
        return ()
    between = re.search(r"\bbetween $", text[max(start - 8, 0) : start], re.IGNORECASE) is not None
    joint = (_AND if between else _TO).match(text, first.end)
    second = _figure(text, joint.end()) if joint and text[joint.end()] not in " -" else None
    if joint and second is not None and first.kind is Kind.DURATION and moment_at(text, joint.end(), None):
        # "By three weeks to 24 April" is no range of weeks.
        second = None
    if second is None or _is_code_after(text, second):
        return () if _is_code_after(text, first) else (_bounded(text, first),)
    low = _like(first, second)
    if (
        low is None
        or low.value >= second.value
        or re.search(r"\bfrom $", text[max(start - 5, 0) : start], re.IGNORECASE)
    ):
        lone = low if low is not None and not first.unit else first
        return (_bounded(text, lone), _bounded(text, second))
    ranged = replace(second, value=low.value, upper=second.value, start=start)
    return (_bounded(text, ranged),)


def _like(first: Quantity, second: Quantity) -> Quantity | None:
    """``first`` in the unit and scale of ``second`` where it has none of its own; None where they differ."""
    if first.unit == second.unit and first.kind == second.kind:
        return first
    if first.kind is Kind.NUMBER and not first.counter:
        return replace(first, kind=second.kind, unit=second.unit, value=first.value * _scale_of(second))
    if second.kind is Kind.NUMBER and first.kind is Kind.MONEY:
        return None
    return None


def _scale_of(second: Quantity) -> Fraction:
    """What one of the bare number before "to" or "-" is worth: "3-5 years" means years at both ends."""
    leading = _LEADING.match(second.text)
    numeral = numeral_at(leading.group().rstrip(".,"), 0) if leading else None
    return second.value / numeral.value if numeral and numeral.value else Fraction(1)


_LEADING = re.compile(r"[\d.,]+|[A-Za-z]+(?:-[a-z]+)?")


def _figure(text: str, start: int) -> Quantity | None:
    prefix = PREFIX.match(text, start)
    position = prefix.end() if prefix else start
    if position >= len(text):
        return None
    negative = text[position] == "-"
    numeral = numeral_at(text, position + negative) if position + negative < len(text) else None
    if numeral is None:
        return None
    if prefix is None and numeral.value == 1 and _PRONOUN.search(text[max(start - 8, 0) : numeral.end + 9]):
        return None
    numeral = _with_letter_scale(text, numeral) if prefix else numeral
    more = _YEO.match(text, numeral.end) if numeral.digits or numeral.scaled else None
    unit = unit_at(text, more.end() if more else numeral.end)
    if numeral.native and not _counts(text, start, numeral, unit):
        return None
    sign = -1 if negative or _minus_before(text, start) else 1
    money = currency(prefix.group()) if prefix else ""
    figure = _made(text, start, numeral, unit, money=money, sign=sign)
    return replace(figure, bound=Bound.ABOUT) if more else figure


_PRONOUN = re.compile(
    r"\b(?:no|any|every|some|the|this|that|which|\w+th|first|last|other|new) one\b|\bone (?:of (?:the|its|their|our)\b|another\b)",
    re.IGNORECASE,
)
_LETTER_SCALE = re.compile(r"(?P<letter>[kmb])(?![A-Za-z])", re.IGNORECASE)


def _with_letter_scale(text: str, numeral: Numeral) -> Numeral:
    """ "$5m" means millions only because a currency stands before it."""
    letter = _LETTER_SCALE.match(text, numeral.end)
    if letter is None or numeral.scaled:
        return numeral
    size = {"k": 10**3, "m": 10**6, "b": 10**9}[letter["letter"].lower()]
    return replace(numeral, value=numeral.value * size, end=letter.end(), scaled=True)


def _minus_before(text: str, start: int) -> bool:
    return text[start - 1 : start] == "-" and (start == 1 or text[start - 2] in " (")


def _made(text: str, start: int, numeral: Numeral, unit: Unit | None, *, money: str, sign: int) -> Quantity:
    kind, base, factor, counter = Kind.NUMBER, "", Fraction(1), ""
    end = numeral.end
    if unit is not None:
        kind, base, factor, counter, end = unit.kind, unit.base, unit.factor, unit.counter, unit.end
    if money and kind is not Kind.MONEY:
        kind, base, factor, end = Kind.MONEY, money, Fraction(1), numeral.end
    if numeral.vague:
        return Quantity(
            Kind.VAGUE,
            numeral.value,
            base if kind is Kind.MONEY else "",
            start=start,
            end=end,
            text=text[start:end],
            counter=counter,
        )
    if kind is Kind.NUMBER and not counter and "\u2044" in text[start:end] and numeral.value < 1:
        kind, base, factor = Kind.PERCENT, "%", Fraction(100)
    per = _PER.match(text, end)
    noun = per["noun"].lower() if per and per["noun"].lower() in _PER_NOUNS else ""
    return Quantity(
        kind,
        sign * numeral.value * factor,
        base,
        start=start,
        end=end,
        text=text[start:end],
        counter=counter,
        per=noun,
    )


_PARTICLE = re.compile(
    r"(?:[ ,.)\]'\"]|$|[이가은는을를의에도와과로만](?![가-힣]{2})|으로|에서|까지|부터|에게|마다|씩"
    r"|당|여|이상|이하|규모|정도|안팎|간)"
)


def _counts(text: str, start: int, numeral: Numeral, unit: Unit | None) -> bool:
    """Whether Hangul that could be a numeral is one: 세 곳 is, 세금 and 천안 are not."""
    if unit is None or (start and "가" <= text[start - 1] <= "힣"):
        return False
    # 구조대 is a rescue team and not nine trillion of anything.
    if "조" in text[start : numeral.end] and unit.kind is not Kind.MONEY:
        return False
    return unit.kind is Kind.MONEY or _PARTICLE.match(text, unit.end) is not None


def _is_code_after(text: str, figure: Quantity) -> bool:
    """Letters straight behind a bare number make it a code: 5G, 3D, 4K."""
    following = text[figure.end : figure.end + 1]
    bare = figure.kind is Kind.NUMBER and not figure.counter
    return (
        bare
        and following.isascii()
        and (following.isalpha() or following == "_")
        and figure.text[-1:].isdigit()
    )


def _bounded(text: str, quantity: Quantity) -> Quantity:
    if quantity.bound is not Bound.EXACT:
        return quantity
    before = text[max(quantity.start - 24, 0) : quantity.start]
    after = text[quantity.end : quantity.end + 12]
    for bound, pattern in _DATE_BEFORE if quantity.date else _BEFORE:
        if pattern.search(before):
            return replace(quantity, bound=bound)
    for bound, pattern in _DATE_AFTER if quantity.date else _AFTER:
        if pattern.match(after):
            return replace(quantity, bound=bound)
    return quantity
