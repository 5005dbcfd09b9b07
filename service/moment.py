"""Dates as announcements write them, in English and Korean: whole ones, parts of them, relative ones.

Text is expected folded (``service.folding``). Relative dates ("next year", 내년) are resolved where
the day of publication is known, and stay relative where it is not.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, name in enumerate(str.split("monday tuesday wednesday thursday friday saturday sunday"))
}
_KOREAN_WEEKDAYS = {name: number for number, name in enumerate("월화수목금토일")}
_RANKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_KOREAN_YEARS = {
    "재작년": -2,
    "작년": -1,
    "지난해": -1,
    "전년": -1,
    "올해": 0,
    "금년": 0,
    "올": 0,
    "연내": 0,
    "내년": 1,
    "이듬해": 1,
    "내후년": 2,
}
_KOREAN_DAYS = {"그저께": -2, "어제": -1, "오늘": 0, "내일": 1, "모레": 2}
_STEPS = {"last": -1, "this": 0, "current": 0, "the current": 0, "next": 1, "the coming": 1, "coming": 1}

_MONTH = (
    r"(?P<month>" + "|".join(sorted((m.capitalize() for m in _MONTHS), key=len, reverse=True)) + r")\b\.?"
)
_YEAR = r"(?P<year>(?:1[89]|20|21)\d\d)(?![\d,]*\d|\.\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:%]|\.\d|,\d{3}(?!\d))"
_PART = r"(?:(?P<part>early|mid|late|(?:the )?(?:beginning|start|middle|end) of|year-?end)[ -](?:in )?)?"
_PARTS = {
    "early": "early",
    "beginning of": "early",
    "start of": "early",
    "mid": "mid",
    "middle of": "mid",
    "late": "late",
    "end of": "end",
    "year-end": "end",
    "yearend": "end",
    "초": "early",
    "초반": "early",
    "중": "",
    "중반": "mid",
    "중순": "mid",
    "말": "end",
    "연말": "end",
    "연초": "early",
    "하순": "late",
    "상순": "early",
    "초순": "early",
    "말까지": "end",
}
_STEP = r"(?P<step>last|this|(?:the )?current|next|(?:the )?coming)"

_ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_MONTH} {_DAY}(?:,? {_YEAR})?",
        rf"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"(?P<qrank>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|1st|2nd|3rd|4th)[ -]quarter"
        rf"(?:,? (?:of )?(?:{_YEAR}|{_STEP} year))?",
        rf"(?P<hrank>[Ff]irst|[Ss]econd|1st|2nd)[ -]half(?:,? of| (?=\d))(?: ?{_YEAR}| {_STEP} year| the "
        rf"year)",
        rf"Q(?P<quarter>[1-4])(?:[ ,/'-]{{1,2}}(?:of )?(?:FY)?{_YEAR})?(?![A-Za-z\d])",
        rf"H(?P<half>[12])(?:[ ,/'-]{{1,2}}(?:of )?(?:FY)?{_YEAR})(?![A-Za-z\d])",
        rf"(?P<quarter>[1-4])Q[ ']?{_YEAR}",
        rf"{_PART}{_MONTH},? (?:of )?(?:{_YEAR}|{_STEP} year)",
        rf"(?:[Ff]iscal (?:[Yy]ear )?|FY ?){_YEAR}",
        r"(?:the )?(?P<decade>(?:1[89]|20|21)\d0)s\b",
        rf"{_PART}{_YEAR} Q(?P<quarter>[1-4])\b",
    )
)
_LONE_MONTH = re.compile(rf"{_PART}{_MONTH}")
_MONTH_BEFORE = re.compile(
    r"(?:\b(?:in|by|of|since|until|till|from|to|through|last|next|this|early|late|mid|before|after"
    r"|for|during|each|every)"
    r"(?: (?:early|late|mid))?[ -])$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"(?:{_PART}{_STEP} (?P<unit>year|month|quarter(?! of an? )|week)"
    r"|(?:the )?(?P<following>following|same) year"
    r"|(?P<today>today|yesterday|tomorrow))\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b")
_NUMERIC = (
    re.compile(
        r"(?P<year>(?:1[89]|20|21)\d\d)(?P<sep>[-./])(?P<month>[01]?\d)(?P=sep)(?P<day>[0-3]?\d)(?![\d-]"
        r"|\.\d)"
    ),
    re.compile(r"(?P<year>(?:1[89]|20|21)\d\d)\. ?(?P<month>[01]?\d)\. ?(?P<day>[0-3]?\d)\.?(?!\d)"),
    re.compile(r"(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>(?:19|20)\d\d)(?![\d.])"),
)
_SHORT_KOREAN = re.compile(r"(?P<month>1[0-2]|[1-9])\. (?P<day>3[01]|[12]\d|[1-9])\.(?!\d)")
_KOREAN_TAIL = (
    r"(?: ?(?P<quarter>[1-4]) ?분기| ?제?(?P<quarter2>[1-4])사분기| ?(?P<halfname>상반기|하반기))?"
    r"(?: ?(?P<part>초반|중반|초순|중순|하순|상순|연말|연초|초|말)(?![가-힣]{2}|[고기했씀]))?"
)
_KOREAN = (
    re.compile(
        r"(?:'|(?=\d{4}))(?P<year>(?:1[89]|20|21)?\d\d) ?년(?!간|차|째|만|대 )(?:도)?"
        r"(?: ?(?P<month>1[0-2]|0?[1-9]) ?월(?: ?(?P<day>3[01]|[12]\d|0?[1-9]) ?일)?)?" + _KOREAN_TAIL
    ),
    re.compile(r"(?P<month>1[0-2]|0?[1-9]) ?월(?: ?(?P<day>3[01]|[12]\d|0?[1-9]) ?일)?" + _KOREAN_TAIL),
    re.compile(
        r"(?P<rel>재작년|작년|지난해|전년(?! ?(?:동기|대비|보다))|올해|금년|연내|내년|이듬해|내후년"
        r"|올(?= ?[\d상하연]))(?:도)?"
        r"(?: ?(?P<month>1[0-2]|0?[1-9]) ?월(?: ?(?P<day>3[01]|[12]\d|0?[1-9]) ?일)?)?" + _KOREAN_TAIL
    ),
    re.compile(r"(?P<quarter>[1-4]) ?분기|(?P<halfname>상반기|하반기)"),
    re.compile(r"(?P<decade>(?:1[89]|20|21)\d0)년대"),
    re.compile(r"(?P<relmonth>이달|이번 달|다음 ?달|지난 ?달|내달)(?: ?(?P<day>3[01]|[12]\d|[1-9]) ?일)?"),
    re.compile(r"(?P<relday>오늘|어제|내일|모레|그저께)(?![가-힣]{2})"),
    re.compile(
        r"(?:지난 ?|오는 ?)?(?P<day>3[01]|[12]\d|[1-9])일(?! ?(?:간|동안|이내|안에|만에|내에|이상|이하"
        r"|째|차|까지의 기간|전(?:까지|에|부터|[\s,.]|$)))"
    ),
    re.compile(r"(?P<kweekday>[월화수목금토일])요일"),
    re.compile(r"(?P<part>연말|연초)(?:까지)?"),
)
_KOREAN_MONTHS = {"이달": 0, "이번 달": 0, "다음 달": 1, "다음달": 1, "내달": 1, "지난 달": -1, "지난달": -1}
_PLAIN_YEAR = re.compile(
    rf"{_PART}{_YEAR}(?! ?(?:won|dollars|euros|people|households|units|km|kg|MW|GW|%|percent|원|명|개"
    rf"|대|곳|건|장|가구)\b)(?![A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of a date: each field is None where the text does not say it.

    ``quarter`` is 1 to 4, ``half`` 1 or 2, ``weekday`` 0 for Monday, ``decade`` the year that it
    begins with. ``relative`` is a step that could not be resolved, such as ``year+1``.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None
    weekday: int | None = None
    decade: int | None = None
    relative: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date that ends before ``end``; ``part`` is early, mid, late, end or empty."""

    value: Calendar
    end: int
    part: str = ""


def moment_at(text: str, position: int, published: date | None) -> Moment | None:
    """The date that begins at ``position`` of a folded text; None where none does."""
    character = text[position]
    found = _numeric_at(text, position) if character.isdigit() else None
    if found is None and (not character.isascii() or character.isdigit() or character == "'"):
        found = _korean_at(text, position, published)
    if found is None and character.isascii():
        found = _english_at(text, position, published)
    return found


def _numeric_at(text: str, position: int) -> Moment | None:
    for pattern in _NUMERIC:
        match = pattern.match(text, position)
        if match:
            return _checked(match, Calendar(int(match["year"]), int(match["month"]), int(match["day"])))
    match = _SHORT_KOREAN.match(text, position)
    if match and _near_hangul(text, match):
        return _checked(match, Calendar(month=int(match["month"]), day=int(match["day"])))
    return None


def _near_hangul(text: str, match: re.Match[str]) -> bool:
    """Whether ``3. 12.`` stands in Korean text, where it is a date and not two list numbers."""
    around = text[max(match.start() - 12, 0) : match.start()] + text[match.end() : match.end() + 12]
    return any("가" <= character <= "힣" for character in around)


def _checked(match: re.Match[str], value: Calendar, part: str = "") -> Moment | None:
    month, day = value.month, value.day
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    return Moment(value, match.end(), part)


def _english_at(text: str, position: int, published: date | None) -> Moment | None:
    for pattern in _ENGLISH:
        match = pattern.match(text, position)
        if match:
            return _english_moment(match, published)
    match = _RELATIVE.match(text, position)
    if match:
        return _relative_moment(match, published)
    match = _WEEKDAY.match(text, position)
    if match:
        return Moment(Calendar(weekday=_WEEKDAYS[match["weekday"].lower() + "day"]), match.end())
    match = _LONE_MONTH.match(text, position)
    if match and (match["part"] or _MONTH_BEFORE.search(text[max(position - 24, 0) : position])):
        return Moment(Calendar(month=_MONTHS[match["month"].lower()]), match.end(), _part(match))
    match = _PLAIN_YEAR.match(text, position)
    return Moment(Calendar(year=int(match["year"])), match.end(), _part(match)) if match else None


def _english_moment(match: re.Match[str], published: date | None) -> Moment | None:
    fields = match.groupdict()
    year, relative = _year_of(fields, published)
    rank = fields.get("qrank")
    half_rank = fields.get("hrank")
    return _checked(
        match,
        Calendar(
            year=year,
            month=_MONTHS[fields["month"].lower()] if fields.get("month") else None,
            day=int(fields["day"]) if fields.get("day") else None,
            quarter=_RANKS[rank.lower()] if rank else int(fields.get("quarter") or 0) or None,
            half=_RANKS[half_rank.lower()] if half_rank else int(fields.get("half") or 0) or None,
            decade=int(fields["decade"]) if fields.get("decade") else None,
            relative=relative,
        ),
        _part(match),
    )


def _year_of(fields: dict[str, str | None], published: date | None) -> tuple[int | None, str]:
    written, step = fields.get("year"), fields.get("step")
    if written:
        return int(written), ""
    return _stepped("year", _STEPS[step.lower()], published) if step else (None, "")


def _stepped(unit: str, step: int, published: date | None) -> tuple[int | None, str]:
    if published is None:
        return None, f"{unit}{step:+d}"
    return published.year + step, ""


def _part(match: re.Match[str]) -> str:
    part = match.groupdict().get("part")
    return _PARTS[part.lower().removeprefix("the ")] if part else ""


def _relative_moment(match: re.Match[str], published: date | None) -> Moment:
    if match["today"]:
        step = {"yesterday": -1, "today": 0, "tomorrow": 1}[match["today"].lower()]
        return Moment(_day_step(step, published), match.end())
    if match["following"]:
        return Moment(Calendar(relative=f"{match['following'].lower()} year"), match.end())
    step, unit = _STEPS[match["step"].lower()], match["unit"].lower()
    return Moment(_unit_step(unit, step, published), match.end(), _part(match))


def _unit_step(unit: str, step: int, published: date | None) -> Calendar:
    if published is None or unit == "week":
        return Calendar(relative=f"{unit}{step:+d}")
    if unit == "year":
        return Calendar(year=published.year + step)
    size = 12 if unit == "month" else 4
    now = published.month - 1 if unit == "month" else (published.month - 1) // 3
    year, index = divmod(published.year * size + now + step, size)
    return Calendar(year=year, month=index + 1) if unit == "month" else Calendar(year=year, quarter=index + 1)


def _day_step(step: int, published: date | None) -> Calendar:
    if published is None:
        return Calendar(relative=f"day{step:+d}")
    day = published + timedelta(days=step)
    return Calendar(day.year, day.month, day.day)


def _korean_at(text: str, position: int, published: date | None) -> Moment | None:
    for pattern in _KOREAN:
        match = pattern.match(text, position)
        if match:
            return _korean_moment(match, published)
    return None


def _korean_moment(match: re.Match[str], published: date | None) -> Moment | None:
    fields = match.groupdict()
    if fields.get("relday"):
        return Moment(_day_step(_KOREAN_DAYS[match["relday"]], published), match.end())
    if fields.get("kweekday"):
        return Moment(Calendar(weekday=_KOREAN_WEEKDAYS[match["kweekday"]]), match.end())
    day = int(fields["day"]) if fields.get("day") else None
    if fields.get("relmonth"):
        base = _unit_step("month", _KOREAN_MONTHS[match["relmonth"]], published)
        return Moment(Calendar(base.year, base.month, day, relative=base.relative), match.end())
    year, relative = (int(fields["year"]), "") if fields.get("year") else (None, "")
    if year is not None and year < 100:
        year += 2000
    if fields.get("rel"):
        year, relative = _stepped("year", _KOREAN_YEARS[match["rel"]], published)
    quarter = fields.get("quarter") or fields.get("quarter2")
    halves = {"상반기": 1, "하반기": 2}
    value = Calendar(
        year=year,
        month=int(fields["month"]) if fields.get("month") else None,
        day=day,
        quarter=int(quarter) if quarter else None,
        half=halves[fields["halfname"]] if fields.get("halfname") else None,
        decade=int(fields["decade"]) if fields.get("decade") else None,
        relative=relative,
    )
    return _checked(match, value, _part(match))
