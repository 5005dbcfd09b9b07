"""Numbers as they are written in English and Korean: digits, words, scales and mixtures of them.

``1,100 billion``, ``1.1 trillion``, ``1조 1천억`` and ``1조1000억`` are one number. Only the number
is read here; what it counts is up to ``service.quantity``. Text is expected folded
(``service.folding``).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

_LONGEST = 24
"""Digits in a row beyond which a number is taken for an identifier: nothing real is counted so."""

_LITERAL = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3}){1,8}(?!\d)|\d{1,25})(?P<part>\.\d{1,25})?")

_SMALL = {
    **{
        word: value
        for value, word in enumerate(
            str.split(
                "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
                "fifteen sixteen seventeen eighteen nineteen"
            )
        )
    },
    **{
        word: value
        for value, word in zip(
            range(20, 100, 10),
            str.split("twenty thirty forty fifty sixty seventy eighty ninety"),
            strict=True,
        )
    },
}
_SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
    "trn": 10**12,
    "quadrillion": 10**15,
}
_GROUPS = {"dozen": 12, "hundred": 100, **_SCALES}
_VAGUE = {
    "tens": 10,
    "dozens": 12,
    "scores": 20,
    "hundreds": 100,
    "thousands": 10**3,
    "millions": 10**6,
    "billions": 10**9,
    "trillions": 10**12,
}
_ENGLISH_SCALE = re.compile(r"[ -]?(" + "|".join(_SCALES) + r"|dozen|hundred)\b", re.IGNORECASE)
_ENGLISH_WORD = re.compile(r"[A-Za-z]{1,12}\b")
_GAP = re.compile(r"(?:-| and | )")
_HALF_OF = re.compile(
    r"half[ -](?:an? )?(?P<group>dozen|hundred|thousand|million|billion|trillion)\b", re.IGNORECASE
)
_AND_A_HALF = re.compile(r",? and a half\b", re.IGNORECASE)
_VULGAR = re.compile(r" ?(?P<high>\d{1,2})\u2044(?P<low>[1-9]\d?)")
_SOME_GROUP = re.compile(
    r"(?:several|a few|many) (?P<group>dozen|hundred|thousand|million|billion|trillion)\b", re.IGNORECASE
)
_PLURAL = re.compile(
    rf"(?P<one>{'|'.join(_VAGUE)})\b(?: of (?P<two>{'|'.join(_VAGUE)})\b)?",
    re.IGNORECASE,
)

_KOREAN_DIGITS = {digit: value for value, digit in enumerate("영일이삼사오육칠팔구")}
_KOREAN_TENS = {"십": 10, "백": 100, "천": 1000}
_KOREAN_MYRIADS = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
_KOREAN_SCALE = re.compile(r"(?P<tens>[십백천])?(?P<myriad>[만억조경])?")
_KOREAN_WORD = re.compile(r"[일이삼사오육칠팔구]?[십백천만억조][일이삼사오육칠팔구십백천만억조 ]{0,20}")
_KOREAN_VAGUE = re.compile(
    r"수(?P<tens>[십백천])?(?P<myriad>[만억조])?(?=[ 여]|[^가-힣]|[명개건곳년원]|달러|$)"
)
_NATIVE = {
    "하나": 1,
    "한": 1,
    "둘": 2,
    "두": 2,
    "셋": 3,
    "세": 3,
    "석": 3,
    "넷": 4,
    "네": 4,
    "넉": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
}
_NATIVE_WORD = re.compile(
    r"(?P<tens>열|스물|서른|마흔|쉰)? ?(?P<ones>하나|다섯|여섯|일곱|여덟|아홉|한|두|둘|세|셋|석|네"
    r"|넷|넉|스무)?"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that ends before ``end``. ``vague`` marks "thousands" and 수천, where the value is a size.

    ``digits`` says that it begins with a digit, ``scaled`` that a scale word stands behind that,
    ``native`` that it is a native Korean numeral, which only means a number before a counter.
    """

    value: Fraction
    end: int
    vague: bool = False
    digits: bool = False
    scaled: bool = False
    native: bool = False


def numeral_at(text: str, position: int) -> Numeral | None:
    """The longest number that begins at ``position``; None where none does."""
    character = text[position]
    if character.isdigit():
        return _digits_at(text, position)
    if character.isascii():
        return _english_at(text, position)
    return _korean_at(text, position)


def _digits_at(text: str, position: int) -> Numeral | None:
    literal = _LITERAL.match(text, position)
    if literal is None or len(literal["whole"]) > _LONGEST + 8 or len(literal["part"] or "") > _LONGEST:
        return None
    vulgar = _VULGAR.match(text, position)
    if vulgar:
        return Numeral(Fraction(int(vulgar["high"]), int(vulgar["low"])), vulgar.end(), digits=True)
    value = Fraction(literal["whole"].replace(",", "") + (literal["part"] or ""))
    end = literal.end()
    # No Korean scale is written in ASCII; most texts have nothing but that behind a figure.
    korean = None if text[end : end + 2].isascii() else _korean_scaled(text, end, value)
    if korean is not None:
        return korean
    half, vulgar = _AND_A_HALF.match(text, end), _VULGAR.match(text, end)
    if half and not literal["part"]:
        value, end = value + Fraction(1, 2), half.end()
    elif vulgar and not literal["part"]:
        value, end = value + Fraction(int(vulgar["high"]), int(vulgar["low"])), vulgar.end()
    scale = _ENGLISH_SCALE.match(text, end)
    if scale:
        return Numeral(value * _GROUPS[scale[1].lower()], scale.end(), digits=True, scaled=True)
    return Numeral(value, end, digits=True)


def _korean_scaled(text: str, position: int, first: Fraction) -> Numeral | None:
    """``1조 1천억`` from behind its first literal; None where no Korean scale follows."""
    total, section, literal, end = Fraction(0), Fraction(0), first, position
    ceiling, scaled = 10**20, False
    while True:
        scale = _KOREAN_SCALE.match(text, end)
        tens, myriad = (scale["tens"], scale["myriad"]) if scale else (None, None)
        if myriad and _KOREAN_MYRIADS[myriad] >= ceiling:
            break
        section += literal * _KOREAN_TENS.get(tens or "", 1)
        if scale and scale.end() > end:
            scaled, end = True, scale.end()
        if myriad:
            ceiling = _KOREAN_MYRIADS[myriad]
            total, section = total + section * ceiling, Fraction(0)
        following = _next_literal(text, end, ceiling, after_scale=bool(tens or myriad))
        if following is None:
            break
        literal, end = following
    return Numeral(total + section, end, digits=True, scaled=True) if scaled else None


_CONTINUED = re.compile(r" ?(?P<literal>\d{1,4}|\d,\d{3})(?![\d.,]\d)(?!\d)(?! ?[년월일]| ?[-~]| ?%|분기)")


def _next_literal(text: str, end: int, ceiling: int, *, after_scale: bool) -> tuple[Fraction, int] | None:
    continued = _CONTINUED.match(text, end) if after_scale else None
    if continued is None:
        return None
    value = Fraction(continued["literal"].replace(",", ""))
    return (value, continued.end()) if value < ceiling else None


def _english_at(text: str, position: int) -> Numeral | None:
    half = _HALF_OF.match(text, position)
    if half:
        return Numeral(Fraction(_GROUPS[half["group"].lower()], 2), half.end(), scaled=True)
    some = _SOME_GROUP.match(text, position)
    if some:
        return Numeral(Fraction(_GROUPS[some["group"].lower()]), some.end(), vague=True, scaled=True)
    plural = _PLURAL.match(text, position)
    if plural:
        size = _VAGUE[plural["one"].lower()] * _VAGUE.get((plural["two"] or "").lower(), 1)
        return Numeral(Fraction(size), plural.end(), vague=True, scaled=True)
    return _english_words(text, position)


def _english_words(text: str, position: int) -> Numeral | None:
    """``one hundred and twenty-six thousand``: sections below a thousand, each with its scale."""
    total, section, last, scaled = 0, 0, 0, False
    end, cursor, begun = position, position, False
    while match := _ENGLISH_WORD.match(text, cursor):
        word = match.group().lower()
        if word in {"a", "an"} and not begun:
            section, last = 1, 1
        elif word in _SMALL and _may_follow(last, _SMALL[word], begun=begun):
            last = _SMALL[word]
            # "A five-year plan": the article counts nothing.
            section = section if begun else 0
            section, begun, end = section + last, True, match.end()
        elif word in _GROUPS and (begun or section):
            last = _GROUPS[word]
            if last <= 100:
                section = max(section, 1) * last
            else:
                total, section = total + max(section, 1) * last, 0
            begun, scaled, end = True, True, match.end()
        else:
            break
        gap = _GAP.match(text, match.end())
        if gap is None or (gap.group() == " and " and last < 100):
            break
        cursor = gap.end()
    if not begun:
        return None
    value = Fraction(total + section)
    half = _AND_A_HALF.match(text, end)
    if half:
        return _half_more(text, value, half.end())
    return Numeral(value, end, scaled=scaled)


def _may_follow(last: int, value: int, *, begun: bool) -> bool:
    return not begun or (20 <= last < 100 and value < 10) or last >= 100


def _half_more(text: str, value: Fraction, end: int) -> Numeral:
    scale = _ENGLISH_SCALE.match(text, end)
    if scale is None:
        return Numeral(value + Fraction(1, 2), end)
    return Numeral((value + Fraction(1, 2)) * _GROUPS[scale[1].lower()], scale.end(), scaled=True)


def _korean_at(text: str, position: int) -> Numeral | None:
    vague = _KOREAN_VAGUE.match(text, position)
    if vague and (vague["tens"] or vague["myriad"]):
        size = _KOREAN_TENS.get(vague["tens"] or "", 1) * _KOREAN_MYRIADS.get(vague["myriad"] or "", 1)
        return Numeral(Fraction(size), vague.end(), vague=True, scaled=True)
    native = _NATIVE_WORD.match(text, position)
    if native and native.group().strip():
        value = _NATIVE.get(native["tens"] or "", 0) + _NATIVE.get(native["ones"] or "", 0)
        end = native.end("ones") if native["ones"] else native.end("tens")
        return Numeral(Fraction(value), end, native=True)
    word = _KOREAN_WORD.match(text, position)
    return _sino(word.group().rstrip(), position) if word else None


def _sino(word: str, position: int) -> Numeral:
    total, section, digit = 0, 0, 0
    for character in word:
        if character in _KOREAN_DIGITS:
            digit = _KOREAN_DIGITS[character]
        elif character in _KOREAN_TENS:
            section, digit = section + (digit or 1) * _KOREAN_TENS[character], 0
        elif character in _KOREAN_MYRIADS:
            total, section, digit = total + (section + digit or 1) * _KOREAN_MYRIADS[character], 0, 0
    return Numeral(Fraction(total + section + digit), position + len(word), native=True, scaled=True)
