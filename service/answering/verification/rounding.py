"""Rounded figures: which values a figure with a hedge may stand for.

A hedge has a side. "About" leaves the value within one unit of the figure's last digit, as long as that is
little of the whole; "more than" and "nearly" leave it within the next such unit on their own side, for whoever
has 74 says "more than 70" and not "more than 60". A rounded figure is coarser than what it stands for.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from service.quantity import Bound, Kind, Quantity


class Side(StrEnum):
    """On which side of its figure a value lies."""

    ABOUT = "about"
    OVER = "over"
    AND_MORE = "and more"
    """Over it, or the figure itself: 2천여."""
    UNDER = "under"
    LIMIT = "limit"
    """A limit is none but the one that is set: "within five days" is not "within six"."""
    NEARLY = "nearly"


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words before or after a figure that say on which side of it the value lies."""

    side: Side
    before: re.Pattern[str]
    after: re.Pattern[str]


def _hedge(side: Side, before: str, after: str) -> Hedge:
    return Hedge(
        side,
        re.compile(rf"(?:{before})(?: an?| the)? ?$", re.IGNORECASE),
        re.compile(rf"(?:[가-힣]{{1,2}})?,? ?(?:(?:조금|약간|훌쩍|살짝|크게) ?)?(?:{after})"),
    )


_HEDGES = (
    _hedge(Side.NEARLY, r"\b(?:nearly|almost|just (?:under|short of|below)|a (?:little|touch|shade) (?:under|less than)|not quite|approaching|the best part of)|거의", "가까이|가까운|육박"),
    _hedge(Side.ABOUT, r"\bclose to", "에 가깝"),
    _hedge(Side.UNDER, r"\b(?:(?:less|fewer|shorter|lower|earlier|younger|cheaper|smaller) than|under|below|short of)", "미만|이하|못 미치|못 미친|못 미쳤|못 미칩|미치지|밑도|밑돌|밑돈|채 안|되지 않|안 되|안 된|넘지 (?:않|못)"),
    _hedge(Side.LIMIT, r"\b(?:at (?:most|least)|up to|(?:no|not) (?:more|fewer|less|longer) than|as (?:many|much|long) as|within|not exceed\w*|no(?:t|body|where) above)|최대|최소|적어도", "이내|까지|이상"),
    _hedge(Side.OVER, r"\b(?:(?:more|longer|higher|later|older|larger|greater|bigger) than|a good|over|upwards? of|above|exceed\w*|north of|beyond|past)", "넘|초과|웃도|웃돌|웃돈|상회"),
    _hedge(Side.ABOUT, r"\b(?:about|around|roughly|some|approximately|an estimated|circa|barely|hardly|only just|or so|on the order of|something like)|약|대략", "가량|정도|안팎|내외|쯤|남짓|꼴|or so"),
)  # fmt: skip
_WRITTEN = re.compile(r"(?:nearly|almost|over|about|around|roughly|some) (?=\S)", re.IGNORECASE)
_LOW_TENS = re.compile(r"대(?: |에|의|로|를|였|이|다|[,.])")
"""2천 원대 begins with 2,000 won."""
_THROUGHOUT = re.compile(
    r"(?<!well )(?<!just )(?<!little )(?<!slightly )(?<!for )(?<!lasted )\bover (?:the )?$"
)
"""Something that goes on over three weeks does not take more than these."""
_MORE_OR_SO = re.compile(r"여 ?[가-힣]*$")
_WIDE = {
    Side.ABOUT: (Fraction("0.92"), Fraction("1.08")),
    Side.OVER: (Fraction(1), Fraction(3, 2)),
    Side.AND_MORE: (Fraction(1), Fraction(3, 2)),
    Side.UNDER: (Fraction(3, 4), Fraction(1)),
    Side.NEARLY: (Fraction("0.8"), Fraction(1)),
}
"""Between which shares of the figure the value lies at the most, whatever its last digit is worth."""
_LOOSE = Fraction("0.12")
"""Lengths and multiples are said in small numbers, so that "about" reaches further: 19 days are three weeks."""
_LENGTHS = {"month": (120, 12, 3, 1), "second": (604800, 86400, 3600, 60, 1)}
_LESS = Fraction(3, 5)
"""Of a share one names the next simple one above it, and these lie further apart than figures."""
_POINT = Fraction(1)
"""Percent by which the share that "two in five" says may be missed without a word: nobody counts 39.6 of 100."""


def hedge_of(figure: Quantity, text: str, start: int) -> Side | None:
    """On which side a figure at ``start`` of a text leaves its value; None where it stands for itself."""
    written = _WRITTEN.match(figure.text)
    before = text[max(start - 24, 0) : start] + (written.group() if written else "")
    after = text[start + figure.end - figure.start :][:16]
    if figure.bound is Bound.ABOUT and _MORE_OR_SO.search(figure.text):
        return Side.AND_MORE
    if _LOW_TENS.match(after):
        return Side.AND_MORE
    if figure.kind is Kind.DURATION and _THROUGHOUT.search(before):
        return None
    found = (h.side for h in _HEDGES if h.before.search(before) or h.after.match(after))
    return next(found, None)


def stands_for(figure: Quantity, value: Fraction, side: Side | None, *, estimated: bool = False) -> bool:
    """Whether a figure may have been written for a value of its kind and unit.

    What was reckoned from an estimate lies beside its value: half of "more than 31" is more than 15.5.
    """
    if figure.value == value:
        return estimated or side not in {Side.OVER, Side.UNDER, Side.NEARLY}
    if figure.value <= 0 or value <= 0:
        return False
    share = figure.kind is Kind.PERCENT and not in_digits(figure)
    if side is None:
        return _same_share(figure.value, value) if share else _same_digits(figure, value)
    if share:
        return _share_within(figure.value, value, side)
    return side is not Side.LIMIT and _within(figure, value, side)


def _within(figure: Quantity, value: Fraction, side: Side) -> bool:
    size = size_of(figure)
    said, exact = figure.value / size, value / size
    counted = figure.kind in {Kind.DURATION, Kind.MULTIPLE}
    if not counted and grain(said) <= grain(exact):
        return False
    low, high = _WIDE[side]
    step = grain(said)
    if side is Side.ABOUT:
        return abs(exact - said) <= min(_digit(said), (_LOOSE if counted else high - 1) * said)
    if side in {Side.OVER, Side.AND_MORE}:
        return said <= exact <= min(said + step, high * said)
    return max(said - step, low * said) <= exact <= said


def grain(value: Fraction) -> Fraction:
    """How coarse a figure is: 100 for 2,400, 50 for 650; 0 where its digits never end."""
    digit = _digit(value)
    fives = digit and value / digit > 10 and value / digit % 5 == 0
    return 5 * digit if fives else digit


def _digit(value: Fraction) -> Fraction:
    """What one step of a figure's last digit is worth: 100 of 2,400, 10 of 650."""
    if 10**9 % value.denominator:
        return Fraction(0)
    written = str(value.numerator * (10**9 // value.denominator))
    return Fraction(10 ** (len(written) - len(written.rstrip("0"))), 10**9)


def in_digits(figure: Quantity) -> bool:
    """Whether a share is written as a percentage and not as a fraction."""
    return re.search(r"%|per ?cent|퍼센트|프로", figure.text) is not None


def _same_digits(figure: Quantity, value: Fraction) -> bool:
    """Whether a percentage or a multiple agrees with its value to the digits that it states."""
    if figure.kind in {Kind.PERCENT, Kind.MULTIPLE} and grain(value) == 0:
        return abs(figure.value - value) * 2 <= grain(figure.value)
    return False


def _same_share(said: Fraction, value: Fraction) -> bool:
    return abs(said - value) <= min(_POINT, said / 25)


def _share_within(said: Fraction, value: Fraction, side: Side) -> bool:
    if side is Side.LIMIT:
        return said <= value <= said * Fraction(4, 3)
    if side is Side.ABOUT:
        return Fraction(9, 10) <= value / said <= Fraction(11, 10) or abs(value - said) <= _POINT
    low, high = _WIDE[side]
    if side in {Side.OVER, Side.AND_MORE}:
        # More than half may be most of it; of a finer share one would say the next.
        return said <= value <= said * (high if said == 50 else Fraction(4, 3))
    return (_LESS if side is Side.UNDER else low) * said <= value <= said


def size_of(figure: Quantity) -> Fraction:
    """The unit in which a figure is written: years or weeks of a length, dozens of a number."""
    if figure.kind is not Kind.DURATION:
        return Fraction(12 if "dozen" in figure.text.lower() else 1)
    sizes = _LENGTHS.get(figure.unit, (1,))
    return Fraction(next((size for size in sizes if figure.value % size == 0), 1))
