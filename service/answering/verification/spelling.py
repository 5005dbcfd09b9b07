"""Other ways to write a figure: "one in five", "a quarter of an hour", 이틀, 밤 11시, a date without its year.

``quantities`` reads a figure as it stands. Here stands what it may also be, so that a claim that writes it
otherwise than its quote is still held against it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from service.moment import Calendar
from service.quantity import Bound, Kind, Quantity, quantities
from service.unit import unit_at

_WORDS = {
    word: value
    for value, word in enumerate(
        str.split(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen twenty"
        )
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}
_N = rf"(?:\d{{1,3}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_NATIVE = {
    word: value
    for value, words in enumerate(
        str.split(
            "한|하나 두|둘 세|셋|석|서 네|넷|넉|너 다섯 여섯 일곱 여덟 아홉 열 열한 열두 열세 열네 열다섯 열여섯 열일곱 열여덟 열아홉 스무"
        ),
        1,
    )
    for word in words.split("|")
}
_K = rf"(?:\d{{1,3}}|{'|'.join(sorted(_NATIVE, key=len, reverse=True))})"
_KOREAN_TENS = dict(
    zip(str.split("열 스물 서른 마흔 쉰 예순 일흔 여든 아흔"), range(10, 100, 10), strict=True)
)
_TENS_NATIVE = rf"(?:{'|'.join(_KOREAN_TENS)}) ?(?:{'|'.join(sorted(_NATIVE, key=len, reverse=True))})?"
_FRACTIONS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9,
    "ninths": 9, "tenth": 10, "tenths": 10, "second": 2, "twelfth": 12, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_DAYS = {
    "하루": 1,
    "이틀": 2,
    "사흘": 3,
    "나흘": 4,
    "닷새": 5,
    "엿새": 6,
    "이레": 7,
    "여드레": 8,
    "아흐레": 9,
    "열흘": 10,
    "보름": 15,
    "일주일": 7,
}
_LENGTHS = {
    "minute": ("second", 60), "hour": ("second", 3600), "day": ("second", 86400), "week": ("second", 604800),
    "fortnight": ("second", 1209600), "month": ("month", 1), "quarter": ("month", 3), "year": ("month", 12),
    "decade": ("month", 120), "century": ("month", 1200),
}  # fmt: skip
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_RANKS = {
    word: place
    for place, word in enumerate(
        str.split(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        1,
    )
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "hundred": 100}

Found = tuple[int, int, Quantity]


_SIMPLE = 20
"""The largest whole of which a share is said as such."""


def _value(word: str) -> int:
    lowered = word.lower()
    return int(lowered) if lowered.isdigit() else _WORDS.get(lowered) or _NATIVE.get(lowered) or 0


def _percent(value: Fraction) -> Quantity:
    return Quantity(Kind.PERCENT, value, "%")


def _length(unit: str, value: Fraction | int) -> Quantity:
    return Quantity(Kind.DURATION, Fraction(value), unit)


def _time(hour: int, minute: int = 0) -> Quantity:
    return Quantity(Kind.TIME, Fraction(60 * hour + minute), "minute")


def _number(value: Fraction | int, bound: Bound = Bound.EXACT) -> Quantity:
    return Quantity(Kind.NUMBER, Fraction(value), bound=bound)


def _shares(m: re.Match[str]) -> Iterator[Quantity]:
    part, whole = _value(m["part"]), _value(m["whole"])
    # Two in five are 40 percent in other words; who makes 42 percent of 38 of 90 has reckoned.
    if 0 < part < whole and (whole <= _SIMPLE or 100 % whole == 0):
        yield from _parts(Fraction(part, whole))


def _parts(share: Fraction) -> Iterator[Quantity]:
    """A share as a percentage, and as it is rounded."""
    exact = 100 * share
    yield _percent(exact)
    if exact.denominator != 1:
        for places in (0, 1, 2):
            yield _percent(Fraction(round(exact * 10**places), 10**places))


def _fraction(m: re.Match[str]) -> Iterator[Quantity]:
    share = Fraction(_value(m["part"] or "a") or 1, _FRACTIONS[m["kind"].lower()])
    if share < 1:
        yield from _parts(share)


def _dotted_clock(m: re.Match[str]) -> Iterator[Quantity]:
    hour = int(m["hour"]) % 12 + (12 if m["half"].lower() == "p" else 0)
    yield _time(hour, int(m["minute"] or 0))


def _ranked_length(m: re.Match[str]) -> Iterator[Quantity]:
    base, size = _LENGTHS[m["unit"].lower()]
    rank = _RANKS.get(m["rank"].lower()) or int(re.sub(r"\D", "", m["rank"]) or 0)
    yield _length(base, rank * size)
    # What happens for the fourth time in a row has happened three times before.
    yield _length(base, (rank - 1) * size)


def _split(m: re.Match[str]) -> Iterator[Quantity]:
    """Both parts of a whole that is shared 4대 6."""
    part, rest = int(m["part"]), int(m["rest"])
    if part + rest in {10, 100}:
        yield from (_percent(Fraction(100 * each, part + rest)) for each in (part, rest))


def _native(word: str) -> int:
    """서른여덟."""
    tens = next(name for name in _KOREAN_TENS if word.startswith(name))
    return _KOREAN_TENS[tens] + _NATIVE.get(word.removeprefix(tens).strip(), 0)


def _by_the_clock(m: re.Match[str]) -> Iterator[Quantity]:
    """Five o'clock, of either half of the day where the text does not say which."""
    hour, half = _value(m["hour"]) % 12, (m["half"] or "").lower()
    if not half or half.endswith("morning"):
        yield _time(hour)
    if not half.endswith("morning"):
        yield _time(hour + 12)


def _weekdays(m: re.Match[str]) -> Iterator[Quantity]:
    """월·수·토."""
    for letter in m.group().split("·"):
        yield Quantity(Kind.DATE, Fraction(0), date=Calendar(weekday="월화수목금토일".index(letter)))


def _with_scale(m: re.Match[str]) -> Iterator[Quantity]:
    value = Fraction(m["value"]) * {"m": 10**6, "bn": 10**9, "k": 10**3}[m["scale"]]
    unit = unit_at(m.string, m.end())
    if unit is not None:
        yield Quantity(unit.kind, value * unit.factor, unit.base, counter=unit.counter)


def _month_name(m: re.Match[str]) -> Iterator[Quantity]:
    yield from quantities(f"in {m['month']}")[:1]


_HOLIDAYS = {
    "christmas day": (12, 25), "christmas eve": (12, 24), "christmas": (12, 25), "new year's day": (1, 1),
    "new year's eve": (12, 31), "성탄절": (12, 25), "크리스마스": (12, 25), "신정": (1, 1),
}  # fmt: skip


def _holiday(m: re.Match[str]) -> Iterator[Quantity]:
    month, day = _HOLIDAYS[m.group().lower()]
    yield Quantity(Kind.DATE, Fraction(0), date=Calendar(month=month, day=day))


def _days_of_week(first: int, last: int) -> Callable[[re.Match[str]], Iterator[Quantity]]:
    return lambda _: iter([Quantity(Kind.DATE, Fraction(0), date=Calendar(weekday=d)) for d in (first, last)])


def _points(m: re.Match[str]) -> Iterator[Quantity]:
    value = Fraction(m["points"]) if m["points"][0].isdigit() else Fraction(_value(m["points"]))
    yield Quantity(Kind.POINT, value, "%p")


_CENTS = {**{str(n): n for n in range(1000)}, **_WORDS}


def _cents(m: re.Match[str]) -> Iterator[Quantity]:
    for unit in ("EUR", "USD") if m["unit"] != "p" else ("GBP",):
        yield Quantity(Kind.MONEY, Fraction(_CENTS[m["value"].lower()], 100), unit)


def _portion(m: re.Match[str]) -> Iterator[Quantity]:
    share = Fraction(_value(m["part"] or "a") or 1, _FRACTIONS[m["kind"].lower()])
    unit = m["unit"].lower()
    if unit in _SCALES:
        yield _number(share * _SCALES[unit])
        money = unit_at(m.string, m.end("unit"))
        if money is not None:
            yield Quantity(money.kind, share * _SCALES[unit] * money.factor, money.base)
    elif unit in _LENGTHS:
        base, size = _LENGTHS[unit]
        yield _length(base, share * size)
    elif unit in {"percent", "per cent"}:
        yield _percent(share)
    elif unit in {"point", "percentage point"}:
        yield Quantity(Kind.POINT, share, "%p")
    else:
        found = unit_at(" " + unit, 0)
        if found is not None:
            yield Quantity(found.kind, share * found.factor, found.base)


def _and_a_half(m: re.Match[str]) -> Iterator[Quantity]:
    base, size = _LENGTHS[m["unit"].lower()]
    yield _length(base, (_value(m["part"]) + Fraction(1, 2)) * size)


def _one_length(m: re.Match[str]) -> Iterator[Quantity]:
    yield _length(*_LENGTHS[m["unit"].lower()])


def _day_part(m: re.Match[str]) -> Iterator[Quantity]:
    hour, part = _value(m["hour"]), m["part"].lower()
    yield _time(hour % 12 + (0 if part == "morning" or (part == "night" and hour == 12) else 12))


def _past(m: re.Match[str]) -> Iterator[Quantity]:
    minutes = {"half past": 30, "quarter past": 15, "quarter to": -15}[m["part"].lower().removeprefix("a ")]
    for hour in (_value(m["hour"]), _value(m["hour"]) + 12):
        yield _time(0, 60 * hour + minutes)


def _age(m: re.Match[str]) -> Iterator[Quantity]:
    for name in ("age", "upper"):
        if m.groupdict().get(name):
            yield _length("month", 12 * _value(m[name]))
            yield _number(_value(m[name]))


def _crowd(m: re.Match[str]) -> Iterator[Quantity]:
    bound = Bound.AT_LEAST if m["side"].lower() == "over" else Bound.AT_MOST
    yield _number(int(m["age"]), bound)


def _korean_share(m: re.Match[str]) -> Iterator[Quantity]:
    """열에 아홉, 네 명 중 한 명."""
    part, whole = _value(m["part"]), 100 if m["whole"] == "백" else _value(m["whole"])
    if 0 < part < whole:
        yield from _parts(Fraction(part, whole))


def _korean_half(m: re.Match[str]) -> Iterator[Quantity]:
    base, size = {
        "년": ("month", 12),
        "달": ("month", 1),
        "개월": ("month", 1),
        "시간": ("second", 3600),
        "분": ("second", 60),
    }[m["unit"]]
    yield _length(base, (_value(m["part"]) + Fraction(1, 2)) * size)


def _korean_hour(m: re.Match[str]) -> Iterator[Quantity]:
    hour, part = int(m["hour"]), m["part"]
    minute = 30 if m["half"] else int(m["minute"] or 0)
    late = part in {"저녁", "낮"} or (part == "밤" and hour < 12)
    if part == "낮" and hour > 6:
        late = False
    yield _time(
        hour % 12 + 12
        if late or (part == "낮" and hour == 12)
        else (0 if part == "밤" and hour == 12 else hour),
        minute,
    )


_ALWAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Quantity]]], ...] = (
    (re.compile(r"\b(?:a |one )?(?P<unit>fortnight)\b", re.IGNORECASE), _one_length),
    (re.compile(r"\b(?:noon|midday)\b|정오", re.IGNORECASE), lambda _: iter([_time(12)])),
    (
        re.compile(
            r"\b(?:christmas(?: day| eve)?|new year's (?:day|eve))\b|성탄절|크리스마스|신정", re.IGNORECASE
        ),
        _holiday,
    ),
    (re.compile(r"\bmidnight\b|자정", re.IGNORECASE), lambda _: iter([_time(0), _time(24)])),
    (re.compile(r"\b(?P<side>over|under)-(?P<age>\d{1,2})s\b", re.IGNORECASE), _crowd),
    (
        re.compile(r"(?<![가-힣])(?P<days>이틀|사흘|나흘|닷새|엿새|여드레|아흐레|열흘|보름|일주일)"),
        lambda m: iter([_length("second", 86400 * _DAYS[m["days"]])]),
    ),
    (
        re.compile(r"(?<![가-힣\d])(?P<scale>[십백천])만(?= ?[명원개대가건톤호곳])"),
        lambda m: iter([_number({"십": 10**5, "백": 10**6, "천": 10**7}[m["scale"]])]),
    ),
)
"""Figures that nothing else reads: a claim's are checked as any other."""
_ALSO: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Quantity]]], ...] = (
    (
        re.compile(
            rf"\b(?!an?(?: [a-z]+){{0,3}} of )(?P<part>{_N})(?: [a-z]+){{0,2}}? (?:in|out of|of)(?: every| an?)? (?P<whole>{_N})\b(?! (?:days|weeks|months|years|hours|minutes|percent|million|billion))",
            re.IGNORECASE,
        ),
        _shares,
    ),
    (re.compile(r"\b(?:every|each) (?P<part>)(?P<kind>second|third|fourth|fifth|tenth)\b", re.IGNORECASE), _fraction),
    (
        re.compile(
            rf"\b(?:(?P<part>{_N})[ -])?(?P<kind>half|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|(?<=\ba )(?:twelfth|twentieth|hundredth))\b",
            re.IGNORECASE,
        ),
        _fraction,
    ),
    (
        re.compile(
            rf"\b(?:(?P<part>{_N})[ -])?(?P<kind>half|thirds?|quarters?|fifths?|tenths?)(?: of)?(?: an?| one)? (?P<unit>percentage point|per cent|[a-z]+)\b(?:(?<=illion) [a-z]+\b)?",
            re.IGNORECASE,
        ),
        _portion,
    ),
    (
        re.compile(
            rf"\b(?P<part>{_N}) (?P<unit>hour|day|week|month|year|minute)s? and a half\b|\b{_N} and a half\b(?!x)",
            re.IGNORECASE,
        ),
        lambda m: _and_a_half(m) if m["part"] else iter(()),
    ),
    (re.compile(r"\b(?:a|an|one|each|every|per|past|last|next|coming|previous) (?P<unit>hour|day|week|month|quarter|year|decade|minute)\b", re.IGNORECASE), _one_length),
    (re.compile(rf"\b(?P<hour>{_N})(?: o'clock)? (?:in the|at) (?P<part>morning|afternoon|evening|night)\b", re.IGNORECASE), _day_part),
    (re.compile(rf"\b(?P<part>half past|(?:a )?quarter past|(?:a )?quarter to) (?P<hour>{_N})\b", re.IGNORECASE), _past),
    (
        re.compile(
            rf"\b(?P<age>{_N})(?:(?:-| to | and |- to |- and )(?P<upper>\d{{1,3}}))?(?:-| )years?(?:-olds?| olds?| of age)?\b"
            rf"|\b(?:aged|age|ages)(?: of)?(?: between)? (?P<aged>\d{{1,3}})\b",
            re.IGNORECASE,
        ),
        lambda m: _age(m) if m["age"] else iter([_length("month", 12 * int(m["aged"]))]),
    ),
    (
        re.compile(r"(?P<value>\d+(?:\.\d+)?)(?P<scale>m|bn|k)\b"),
        lambda m: iter([_number(Fraction(m["value"]) * {"m": 10**6, "bn": 10**9, "k": 10**3}[m["scale"]])]),
    ),
    (re.compile(r"\b\d{1,3}(?: \d{3})+\b"), lambda m: iter([_number(int(m.group().replace(" ", "")))])),
    (re.compile(r"\bboth\b", re.IGNORECASE), lambda _: iter([_number(2)])),
    (re.compile(r"\b(?:once|a single|only one|an?)\b", re.IGNORECASE), lambda _: iter([_number(1)])),
    (re.compile(r"\btwice\b", re.IGNORECASE), lambda _: iter([_number(2), Quantity(Kind.MULTIPLE, Fraction(2))])),
    (
        re.compile(rf"\b(?P<times>{_N}) times\b", re.IGNORECASE),
        lambda m: iter([_number(_value(m["times"]))]),
    ),
    (
        re.compile(r"(?:\bminus|영하) ?(?P<value>\d+(?:\.\d+)?)", re.IGNORECASE),
        lambda m: iter([Quantity(Kind.MEASURE, -Fraction(m["value"]), "degC")]),
    ),
    (
        re.compile(r"(?P<value>\d+(?:\.\d+)?) ?(?:kilomet(?:re|er)s?|km) (?:an|per) hour", re.IGNORECASE),
        lambda m: iter([Quantity(Kind.MEASURE, 1000 * Fraction(m["value"]), "m/h")]),
    ),
    (
        re.compile(rf"\b(?P<value>\d{{1,3}}|{'|'.join(_WORDS)}) (?:euro |us |u\.s\. )?(?P<unit>cents?)\b|\b(?P<pence>\d{{1,3}})(?:p| pence)\b", re.IGNORECASE),
        lambda m: _cents(m) if m["unit"] else iter([Quantity(Kind.MONEY, Fraction(int(m["pence"]), 100), "GBP")]),
    ),
    (re.compile(r"(?P<hour>1[0-2]|0?\d)(?:\.(?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\b", re.IGNORECASE), _dotted_clock),
    (re.compile(r"\b(?P<hour>1[0-2]|\d)(?P<minute>)(?= ?(?:to|and|until|-) ?\d{1,2}(?:\.\d\d)? ?(?P<half>[ap])\.?m\b)", re.IGNORECASE), _dotted_clock),
    (
        re.compile(
            rf"\b(?P<rank>{'|'.join(_RANKS)}|\d+(?:st|nd|rd|th))(?: [a-z]+)?(?: |-)(?P<unit>day|week|month|quarter|year)(?:ly)?\b",
            re.IGNORECASE,
        ),
        _ranked_length,
    ),
    (re.compile(r"(?P<value>\d+(?:\.\d+)?)(?P<scale>m|bn|k)\b(?= )"), _with_scale),
    (re.compile(rf"\b(?P<month>{_MONTHS})\b"), _month_name),
    (re.compile(r"\bweekdays?\b|평일", re.IGNORECASE), _days_of_week(0, 4)),
    (re.compile(r"\bweekends?\b|주말", re.IGNORECASE), _days_of_week(5, 6)),
    (
        re.compile(rf"\b(?P<part>{_N}) (?!point)[a-z]+ (?P<unit>hour|day|week|month|quarter|year)s?\b", re.IGNORECASE),
        lambda m: iter([_length(_LENGTHS[m["unit"].lower()][0], _value(m["part"]) * _LENGTHS[m["unit"].lower()][1])]),
    ),
    (re.compile(rf"\b(?P<points>{_N}(?:\.\d+)?) points?\b", re.IGNORECASE), _points),
    (re.compile(r"제 ?(?P<rank>\d{1,3}) ?(?:공장|공구|호기|차)"), lambda m: iter([Quantity(Kind.ORDINAL, Fraction(int(m["rank"])))])),
    (re.compile(r"\b(?:median|equally|equal (?:parts|shares)|half[- ]price|most of|majority)\b|중위|중간값|반값|과반|대부분", re.IGNORECASE), lambda _: iter([_percent(Fraction(50))])),
    (re.compile(r"\b(?:either|neither|pair|couple|each other|parties)\b|부부|쌍방|양측", re.IGNORECASE), lambda _: iter([_number(2)])),
    (
        re.compile(r"\b(?:the )?(?:previous|last|past|preceding|coming|next) year\b|\byear[- ](?:earlier|on[- ]year)\b|\bon the year\b|\bannual(?:ly)?\b|전년|지난해|작년", re.IGNORECASE),
        lambda _: iter([_length("month", 12)]),
    ),
    (
        re.compile(rf"\b(?P<day>{'|'.join(_RANKS)}) (?:of )?(?P<month>{_MONTHS})\b", re.IGNORECASE),
        lambda m: iter(quantities(f"{_RANKS[m['day'].lower()]} {m['month'].capitalize()}")[:1]),
    ),
    (
        re.compile(rf"(?P<whole>{_K}) ?(?P<unit>명|가구|곳|개|대|사람|마리|건|집|번) ?(?:중|가운데|중에|에) (?:약 |거의 )?(?P<part>{_K}) ?(?:번|명|가구|곳|개|대|사람|마리|건|집)"),
        _korean_share,
    ),
    (re.compile(rf"(?P<part>{_K}) ?(?P<unit>시간|년|개월|달|분) ?반"), _korean_half),
    (
        re.compile(r"(?P<part>저녁|밤|새벽|아침|낮) ?(?P<hour>1[0-2]|[1-9]) ?시(?!간)(?: ?(?P<minute>[0-5]?\d) ?분| ?(?P<half>반))?"),
        _korean_hour,
    ),
    (re.compile(r"(?P<age>\d0)[대세](?= ?이상|부터)"), lambda m: iter([Quantity(Kind.NUMBER, Fraction(int(m["age"])), counter=c) for c in ("세", "대")])),
    (
        re.compile(rf"\b(?:grade|phase|stage|level|class|year|floor|place|round|tier) (?P<rank>{_N})\b", re.IGNORECASE),
        lambda m: iter([Quantity(Kind.ORDINAL, Fraction(_value(m["rank"])))]),
    ),
    (
        re.compile(rf"\b(?P<rank>{'|'.join(_RANKS)}|\d+(?:st|nd|rd|th)) (?:grade|phase|stage|level|class|year|floor|place|round|tier)\b", re.IGNORECASE),
        lambda m: iter([_number(_RANKS.get(m["rank"].lower()) or int(re.sub(r"\D", "", m["rank"]) or 0))]),
    ),
    (
        re.compile(r"\b(?:every (?P<rank>second|other|third|fourth|fifth)|biennial)(?: (?P<unit>year|month|week|day))?\b", re.IGNORECASE),
        lambda m: iter([_length(_LENGTHS[(m["unit"] or "year").lower()][0], {"second": 2, "other": 2, "third": 3, "fourth": 4, "fifth": 5}.get((m["rank"] or "second").lower(), 2) * _LENGTHS[(m["unit"] or "year").lower()][1])]),
    ),
    (
        re.compile(r"(?P<rank>첫|둘|셋|넷|다섯)째|(?P<other>첫|두|세|네|다섯) ?번째"),
        lambda m: iter([Quantity(Kind.ORDINAL, Fraction({"첫": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5}[m["rank"] or m["other"]]))]),
    ),
    (re.compile(rf"(?<![가-힣])(?P<whole>둘|셋|넷|다섯|열|백)(?: 중에?| 가운데|에) (?:약 |거의 )?(?P<part>{_K})(?![가-힣]*[년월일시분])"), _korean_share),
    (re.compile(r"(?<!\d)(?P<part>\d{1,2}) ?(?:대|:) ?(?P<rest>\d{1,2})(?=[로으의 ])"), _split),
    (re.compile(rf"(?P<years>{_TENS_NATIVE}) 해(?= ?(?:동안|째|만|전|뒤|후|간|가|를|에|를))"), lambda m: iter([_length("month", 12 * _native(m["years"]))])),
    (re.compile(rf"\b(?P<hour>{_N}) o.clock\b(?P<half>[^,.;]{{0,12}}(?:morning|afternoon|evening|night))?", re.IGNORECASE), _by_the_clock),
    (re.compile(rf"(?P<people>{_K}) ?분(?=[이께은을의도])"), lambda m: iter([Quantity(Kind.NUMBER, Fraction(_value(m["people"])), counter="명")])),
    (re.compile(r"(?P<year>(?:19|20)\d\d)년[^.]{0,40}같은 해 (?P<month>1[0-2]|[1-9])월"), lambda m: iter([Quantity(Kind.DATE, Fraction(0), date=Calendar(int(m["year"]), int(m["month"])))])),
    (re.compile(r"(?<![가-힣])[월화수목금토일](?:·[월화수목금토일])+(?![가-힣]{2})"), _weekdays),
    (re.compile(r"하루"), lambda _: iter([_length("second", 86400)])),
    (re.compile(r"한 해|매년|해마다|연간"), lambda _: iter([_length("month", 12)])),
    (re.compile(r"(?<![\d월] )(?<![\d월])(?P<days>\d{1,3})일(?!\d)"), lambda m: iter([_length("second", 86400 * int(m["days"]))])),
    (re.compile(r"곱절|갑절"), lambda _: iter([Quantity(Kind.MULTIPLE, Fraction(2))])),
    (re.compile(r"(?<![가-힣])반(?=[은이을]|으로|만 )"), lambda _: iter([_percent(Fraction(50))])),
)  # fmt: skip
"""What a figure may be besides what it is read as."""


_YEAR_END = re.compile(r"\b(?:the )?end of (?:the|this) year\b|(?:올해 ?말|연말)", re.IGNORECASE)


def spelled(text: str) -> Iterator[Quantity]:
    """The figures of a plain text that ``quantities`` does not know."""
    for pattern, read in _ALWAYS:
        for match in pattern.finditer(text):
            found = next(read(match), None)
            if found is not None:
                yield replace(found, start=match.start(), end=match.end(), text=match.group())


def alternatives(text: str, figures: tuple[Quantity, ...], published: date | None) -> Iterator[Quantity]:
    """What else the figures of a plain text may be."""
    for pattern, read in (*_ALSO, *_ALWAYS):
        for match in pattern.finditer(text):
            for found in read(match):
                yield replace(found, start=match.start(), end=match.end(), text=match.group())
    if published is None:
        return
    last = Quantity(Kind.DATE, Fraction(0), date=Calendar(published.year, 12, 31))
    for match in _YEAR_END.finditer(text):
        yield replace(last, start=match.start(), end=match.end(), text=match.group())
    for figure in figures:
        if figure.date is not None:
            past = re.search(r"(?:지난|last) ?$", text[: figure.start]) is not None
            yield from (replace(figure, date=other) for other in _dates(figure, published, past=past))


def _dates(figure: Quantity, published: date, *, past: bool) -> Iterator[Calendar]:
    """A date with what it leaves to the day of publication, and the weekday that it falls on."""
    told = figure.date
    assert told is not None
    if told.year is None and told.month is not None:
        told = replace(told, year=_nearest(told.month, published, past=past))
        yield told
    elif told.year is None and (told.quarter or told.half):
        month = 3 * told.quarter - 1 if told.quarter else 6 * (told.half or 1) - 3
        yield replace(told, year=_nearest(month, published, past=past))
    elif told == Calendar(day=told.day) and told.day is not None:
        told = Calendar(published.year, published.month, told.day)
        yield told
    if told.year and told.month and told.day:
        try:
            day = date(told.year, told.month, told.day)
        except ValueError:
            return
        yield Calendar(weekday=day.weekday())
        yield replace(told, weekday=day.weekday())
    elif told == Calendar(weekday=told.weekday) and told.weekday is not None:
        for step in range(-6, 7):
            day = published + timedelta(step)
            if day.weekday() == told.weekday:
                yield Calendar(day.year, day.month, day.day)
    elif told == Calendar(told.year) and told.year and figure.part == "end":
        yield Calendar(told.year, 12, 31)


def _nearest(month: int, published: date, *, past: bool) -> int:
    """The year in which a month lies nearest to a day, or last before it."""
    gap = month - published.month
    if past:
        return published.year - (gap >= 0)
    return published.year + (1 if gap < -6 else -1 if gap > 6 else 0)
