"""Units of measurement, currencies and counters, as they stand behind a number or before it.

``unit_at`` reads the one that begins at a position of a folded text and says which kind of figure it
makes, in which base unit, and by what factor. Years and months share a base (the month), weeks and
everything shorter another (the second), because no fixed factor joins the two.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """What sort of figure a quantity is."""

    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    POINT = "point"
    """Percentage points; basis points are hundredths of them."""
    DURATION = "duration"
    MEASURE = "measure"
    """A physical measurement."""
    ORDINAL = "ordinal"
    MULTIPLE = "multiple"
    """Doubled, three times, 2배."""
    TIME = "time"
    """A time of day, in minutes after midnight."""
    VAGUE = "vague"
    """Thousands of, 수천: a size without a value."""
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that ends before ``end``; a figure's value is its number times ``factor``."""

    kind: Kind
    base: str
    factor: Fraction
    end: int
    counter: str = ""


def _table(*rows: tuple[Kind, str, Fraction | int, str]) -> dict[str, tuple[Kind, str, Fraction]]:
    return {
        name: (kind, base, Fraction(factor))
        for kind, base, factor, names in rows
        for name in names.split("|")
    }


_YEAR, _DAY = 12, 86400
_ENGLISH = _table(
    (Kind.MONEY, "KRW", 1, "won|krw|south korean won|korean won"),
    (Kind.MONEY, "USD", 1, "dollars|dollar|u.s. dollars|us dollars|u.s. dollar|us dollar|usd"),
    (Kind.MONEY, "USD", Fraction(1, 100), "cents|cent"),
    (Kind.MONEY, "EUR", 1, "euros|euro|eur"),
    (Kind.MONEY, "GBP", 1, "pounds|pound|pounds sterling|gbp"),
    (Kind.MONEY, "JPY", 1, "yen|jpy"),
    (Kind.MONEY, "CNY", 1, "yuan|renminbi|rmb|cny"),
    (Kind.MONEY, "INR", 1, "rupees|rupee|inr"),
    (Kind.MONEY, "CHF", 1, "swiss francs|francs|chf"),
    (Kind.MONEY, "SEK", 1, "kronor|kronas|sek"),
    (Kind.PERCENT, "%", 1, "percent|per cent|pct"),
    (
        Kind.POINT,
        "%p",
        1,
        "percentage points|percentage point|percentage-point|percent points|pp|ppt|p.p.|pct points",
    ),
    (Kind.POINT, "%p", Fraction(1, 100), "basis points|basis point|basis-point|bps|bp"),
    (Kind.DURATION, "month", 10 * _YEAR, "decades|decade"),
    (Kind.DURATION, "month", 100 * _YEAR, "centuries"),
    (Kind.DURATION, "month", _YEAR, "years|year|yrs|yr"),
    (Kind.DURATION, "month", 3, "quarters"),
    (Kind.DURATION, "month", 1, "months|month"),
    (Kind.DURATION, "second", 7 * _DAY, "weeks|week"),
    (
        Kind.DURATION,
        "second",
        _DAY,
        "days|day|business days|business day|working days|working day|calendar days",
    ),
    (Kind.DURATION, "second", 3600, "hours|hour|hrs|hr"),
    (Kind.DURATION, "second", 60, "minutes|minute|min|mins"),
    (Kind.DURATION, "second", 1, "seconds|sec|secs"),
    (Kind.DURATION, "second", Fraction(1, 1000), "milliseconds|millisecond|ms"),
    (Kind.MEASURE, "g", 1, "grams|gram|g"),
    (Kind.MEASURE, "g", 10**3, "kilograms|kilogram|kilos|kilo|kg"),
    (Kind.MEASURE, "g", 10**6, "tonnes|tonne|tons|ton|metric tons|metric ton|t"),
    (Kind.MEASURE, "m", 1, "metres|metre|meters|meter|m"),
    (Kind.MEASURE, "m", 10**3, "kilometres|kilometre|kilometers|kilometer|km"),
    (Kind.MEASURE, "m", Fraction(1, 100), "centimetres|centimeters|centimetre|centimeter|cm"),
    (Kind.MEASURE, "m", Fraction(1, 1000), "millimetres|millimeters|millimetre|millimeter|mm"),
    (Kind.MEASURE, "m", Fraction(1, 10**9), "nanometres|nanometers|nanometre|nanometer|nm"),
    (Kind.MEASURE, "mile", 1, "miles|mile"),
    (Kind.MEASURE, "foot", 1, "feet|foot"),
    (Kind.MEASURE, "m/h", 10**3, "kilometers per hour|kilometres per hour|km per hour|km/h|kph"),
    (Kind.MEASURE, "m2", 1, "square metres|square meters|square metre|square meter|m2|m²|sqm|sq m"),
    (
        Kind.MEASURE,
        "m2",
        10**6,
        "square kilometres|square kilometers|square kilometre|square kilometer|km2|km²",
    ),
    (Kind.MEASURE, "m2", 10**4, "hectares|hectare|ha"),
    (Kind.MEASURE, "acre", 1, "acres|acre"),
    (Kind.MEASURE, "m3", 1, "cubic metres|cubic meters|cubic metre|cubic meter|m3|m³"),
    (Kind.MEASURE, "l", 1, "litres|litre|liters|liter|l"),
    (Kind.MEASURE, "l", Fraction(1, 1000), "millilitres|milliliters|ml"),
    (Kind.MEASURE, "W", 1, "watts|watt|w"),
    (Kind.MEASURE, "W", 10**3, "kilowatts|kilowatt|kw"),
    (Kind.MEASURE, "W", 10**6, "megawatts|megawatt|mw"),
    (Kind.MEASURE, "W", 10**9, "gigawatts|gigawatt|gw"),
    (Kind.MEASURE, "Wh", 10**3, "kilowatt-hours|kilowatt hours|kilowatt-hour|kwh"),
    (Kind.MEASURE, "Wh", 10**6, "megawatt-hours|megawatt hours|megawatt-hour|mwh"),
    (Kind.MEASURE, "Wh", 10**9, "gigawatt-hours|gigawatt hours|gigawatt-hour|gwh"),
    (Kind.MEASURE, "Wh", 10**12, "terawatt-hours|terawatt hours|terawatt-hour|twh"),
    (Kind.MEASURE, "byte", 10**6, "megabytes|megabyte|mb"),
    (Kind.MEASURE, "byte", 10**9, "gigabytes|gigabyte|gb"),
    (Kind.MEASURE, "byte", 10**12, "terabytes|terabyte|tb"),
    (Kind.MEASURE, "byte", 10**15, "petabytes|petabyte|pb"),
    (Kind.MEASURE, "bit/s", 10**6, "megabits per second|mbps"),
    (Kind.MEASURE, "bit/s", 10**9, "gigabits per second|gbps"),
    (Kind.MEASURE, "Hz", 10**6, "megahertz|mhz"),
    (Kind.MEASURE, "Hz", 10**9, "gigahertz|ghz"),
    (Kind.MEASURE, "degC", 1, "degrees celsius|degree celsius|°c|degc|degrees|degree"),
    (Kind.MEASURE, "degF", 1, "degrees fahrenheit|degree fahrenheit|°f"),
    (Kind.MEASURE, "point", 1, "index points"),
    (Kind.MULTIPLE, "", 1, "times|fold|x"),
)
_KOREAN = _table(
    (Kind.MONEY, "KRW", 1, "원"),
    (Kind.MONEY, "USD", 1, "미국 달러|미국달러|미 달러|달러|불"),
    (Kind.MONEY, "USD", Fraction(1, 100), "센트"),
    (Kind.MONEY, "EUR", 1, "유로"),
    (Kind.MONEY, "JPY", 1, "엔"),
    (Kind.MONEY, "CNY", 1, "위안"),
    (Kind.MONEY, "GBP", 1, "파운드"),
    (Kind.POINT, "%p", 1, "퍼센트포인트|퍼센트 포인트|프로포인트|포인트"),
    (Kind.POINT, "%p", Fraction(1, 100), "베이시스포인트|베이시스 포인트|bp"),
    (Kind.PERCENT, "%", 1, "퍼센트|프로"),
    (Kind.DURATION, "month", _YEAR, "년간|개년|년"),
    (Kind.DURATION, "month", 1, "개월간|개월|달간|달"),
    (Kind.DURATION, "second", 7 * _DAY, "주간|주일|주"),
    (Kind.DURATION, "second", _DAY, "영업일|일간|일"),
    (Kind.DURATION, "second", 3600, "시간"),
    (Kind.DURATION, "second", 60, "분간|분"),
    (Kind.DURATION, "second", 1, "초"),
    (Kind.MEASURE, "g", 1, "그램"),
    (Kind.MEASURE, "g", 10**3, "킬로그램|킬로"),
    (Kind.MEASURE, "g", 10**6, "톤"),
    (Kind.MEASURE, "m", 1, "미터"),
    (Kind.MEASURE, "m", 10**3, "킬로미터"),
    (Kind.MEASURE, "m", Fraction(1, 100), "센티미터"),
    (Kind.MEASURE, "m", Fraction(1, 10**9), "나노미터|나노"),
    (Kind.MEASURE, "m2", 1, "제곱미터|평방미터"),
    (Kind.MEASURE, "m2", 10**6, "제곱킬로미터"),
    (Kind.MEASURE, "m2", 10**4, "헥타르"),
    (Kind.MEASURE, "pyeong", 1, "평"),
    (Kind.MEASURE, "m3", 1, "세제곱미터|입방미터"),
    (Kind.MEASURE, "l", 1, "리터"),
    (Kind.MEASURE, "W", 10**3, "킬로와트"),
    (Kind.MEASURE, "W", 10**6, "메가와트"),
    (Kind.MEASURE, "W", 10**9, "기가와트"),
    (Kind.MEASURE, "Wh", 10**3, "킬로와트시"),
    (Kind.MEASURE, "Wh", 10**6, "메가와트시"),
    (Kind.MEASURE, "Wh", 10**9, "기가와트시"),
    (Kind.MEASURE, "byte", 10**9, "기가바이트"),
    (Kind.MEASURE, "byte", 10**12, "테라바이트"),
    (Kind.MEASURE, "byte", 10**15, "페타바이트"),
    (Kind.MEASURE, "degC", 1, "도"),
    (Kind.MULTIPLE, "", 1, "배"),
)
_COUNTERS = {
    **dict.fromkeys(("명", "인", "사람", "분의"), "명"),
    **dict.fromkeys(("곳", "개소", "군데"), "곳"),
    **dict.fromkeys(("가구", "세대"), "가구"),
    **dict.fromkeys(("번", "회", "차례"), "회"),
    **{
        name: name
        for name in str.split(
            "개국 개사 개교 개 대 건 장 호 편 종 마리 그루 권 척 기 팀 점 벌 채 잔 병 석 면 량 단계 "
            "가지 살 세 대학 기업 컨소시엄 지역 시군 시도 부처 학교 병원 과제 품목 노선 문항 년생"
        )
    },
}
_PEOPLE = {
    **dict.fromkeys(("people", "persons", "person"), "명"),
    **dict.fromkeys(("households", "household"), "가구"),
}
_SYMBOLS = {
    "us$": "USD",
    "u.s.$": "USD",
    "a$": "AUD",
    "c$": "CAD",
    "hk$": "HKD",
    "s$": "SGD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₩": "KRW",
    "krw": "KRW",
    "usd": "USD",
    "eur": "EUR",
    "gbp": "GBP",
    "jpy": "JPY",
    "cny": "CNY",
    "chf": "CHF",
    "aud": "AUD",
    "cad": "CAD",
    "sek": "SEK",
    "inr": "INR",
    "rmb": "CNY",
    "nz$": "NZD",
    **{
        code: code.upper()
        for code in str.split("dkk nok zar brl mxn pln czk huf nzd thb idr myr ngn kes egp hkd sgd")
    },
}


def _alternatives(names: dict[str, object]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


PREFIX = re.compile(
    rf"(?:(?<![A-Za-z])|(?=[$€£¥₩]))(?:{_alternatives(dict(_SYMBOLS))}) ?(?=-?\d)", re.IGNORECASE
)
"""A currency before its number. ``currency`` says which."""

_SIGN = re.compile(r" ?% ?-?(?:points?\b|p\b|포인트)|%p|%포인트| ?%", re.IGNORECASE)
_TENTHS = re.compile(r"할(?![인당머아증부])")
"""3할 is 30%. 할인 is a discount, 할당 a quota."""
_ENGLISH_UNIT = re.compile(
    rf"[ -]?(?:{_alternatives(dict(_ENGLISH))})(?![A-Za-z²³])".replace("square\\ ", "square[ -]"),
    re.IGNORECASE,
)
_TIGHT = frozenset(str.split("g t m l w x bp pp ms mw mb pb min"))
_KOREAN_UNIT = re.compile(rf" ?(?:{_alternatives({**_KOREAN, **_COUNTERS})})")
_NEAR = re.compile(r"[ -]?([A-Za-z]{2,12})\b")


def currency(prefix: str) -> str:
    """The ISO 4217 code of what ``PREFIX`` matched."""
    return _SYMBOLS[prefix.strip().lower()]


def unit_at(text: str, position: int) -> Unit | None:
    """The unit that begins at ``position``, white space before it included; None where none does."""
    if share := _share_at(text, position):
        return share
    match = _ENGLISH_UNIT.match(text, position)
    if match and _is_unit(match.group()):
        kind, base, factor = _ENGLISH[match.group().lstrip(" -").lower().replace("square-", "square ")]
        return Unit(kind, base, factor, match.end())
    match = _KOREAN_UNIT.match(text, position)
    if match:
        name = match.group().strip()
        if name in _KOREAN:
            kind, base, factor = _KOREAN[name]
            return Unit(kind, base, factor, match.end())
        return Unit(Kind.NUMBER, "", Fraction(1), match.end(), _COUNTERS[name])
    near = _NEAR.match(text, position)
    if near and near[1].lower() in _PEOPLE:
        return Unit(Kind.NUMBER, "", Fraction(1), near.end(), _PEOPLE[near[1].lower()])
    return None


def _share_at(text: str, position: int) -> Unit | None:
    if sign := _SIGN.match(text, position):
        point = len(sign.group().strip()) > 1
        kind, base = (Kind.POINT, "%p") if point else (Kind.PERCENT, "%")
        return Unit(kind, base, Fraction(1), sign.end())
    tenths = _TENTHS.match(text, position)
    return Unit(Kind.PERCENT, "%", Fraction(10), tenths.end()) if tenths else None


def _is_unit(written: str) -> bool:
    """Whether a short symbol is meant: "5 m" and "5 MW" are, "5 M" and a lone "5 x" are not."""
    name = written.lstrip(" -")
    if name.lower() in {"x", "min"}:
        return (name == written and name.islower()) or name == "min"
    if name.lower() in _TIGHT and len(name) == 1:
        return name in {"g", "t", "m", "l", "W", "L"}
    return True
