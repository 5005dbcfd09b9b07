"""Whether a claim says "rose" where its quotes say "fell"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.answering.verification.alignment import Aligned, Source

UP, DOWN = 1, -1

_TABLES = (
    # change
    (
        r"\b(?:ris(?:e[sn]?|ing)|rose|raise[sd]?|raising|grow(?:s|n|ing)?|grew|increas\w*|climb\w*|gain(?:s|ed|ing)?|jump\w*|surg(?:ed|es|ing)|"
        r"soar\w*|widen\w*|expand\w*|expansion|lift(?:s|ed|ing)?|boost\w*|hik(?:e[sd]?|ing)|accelerat\w*|up(?= (?:\d|by|from|on|about|nearly|around|almost|\$|£|€|₩))|"
        r"tripl\w*|doubl(?:ed?|es|ing)|quadrupl\w*|extend\w*|extension|lengthen\w*|prolong\w*|strengthen\w*|improv\w*|recover(?:ed|s|y)?|advanc(?:ed|es)|exceed\w*|upgrad\w*)\b"
        r"|끌어올|뛰[어었]|뛴|상향|증가|늘[어었릴리린립]|늘고|늘다|늘려|늘게|늘며|상승|오르|오를|오름|오른|두 배|2배|세 배|3배|갑절|올라|올랐|올린|올리|올려|인상|확대|확장|높[이여인일였아]|급증|급등|커[진졌질지]|넓[히혀]|연장|회복|개선|강화",
        r"\b(?:fall(?:s|en|ing)?|fell|declin\w*|decreas\w*|drop\w*|shr[aiu]nk\w*|reduc\w*|cut(?:s|ting)?|lower(?:s|ed|ing)?|slow(?:s|ed|ing)?|slip\w*|"
        r"narrow\w*|slump\w*|plung\w*|(?<!voted )(?<!turned )(?<!broken )down(?= (?:\d|by|from|on|to|about|nearly|around|almost|\$|£|€|₩))|halv\w*|shorten\w*|slash\w*|trim(?:s|med|ming)?|curb\w*|eas(?:ed|es)|"
        r"dip(?:s|ped)?|sav(?:es?|ing)|slid|weaker|cheaper|contract(?:ed|ing)|weaken\w*|worsen\w*|downgrad\w*|curtail\w*|lost)\b"
        r"|하향|감소|줄[어었이인일여였]|줄고|줄며|줄게|하락|내리|내릴|내림|내린|내려|내렸|인하|축소|낮[추춘춰췄아은]|단축|급감|급락|떨어|악화|둔화|약화|위축",
    ),
    # comparison
    (
        r"\b(?<!or )(?<!no )(?<!not )(?:more|higher|larger|greater|bigger|(?<!no )longer|faster|better|above|over(?= \d)|older|heavier|dearer|costlier)\b(?! than not)|많[다은이았으고]|[^보]큰|크다|높은|높다|웃돌|넘[는어었긴]|넘을|초과|이상|빠르",
        r"\b(?<!or )(?<!no )(?<!not )(?<!the )(?:less|fewer|lower|short(?= of)|smaller|shorter|slower|worse|below|under(?= (?:\d|the age))|cheaper|younger|lighter)\b|적[다은이었]|작은|작다|낮은|낮다|밑돌|미치|미만|못 미|이하|느리",
    ),
    # balance
    (r"\b(?:profits?|surplus)\b|흑자|이익|순이익", r"\b(?:loss(?:es)?|deficit)\b|적자|손실|순손실"),
    # order
    (
        r"\b(?:upper|north(?:ern)?|east(?:ern)?|morning|summer|spring)\b",
        r"\b(?:south(?:ern)?|west(?:ern)?|evening|winter|autumn)\b",
    ),
)
_PATTERNS = tuple((re.compile(up, re.IGNORECASE), re.compile(down, re.IGNORECASE)) for up, down in _TABLES)


@dataclass(frozen=True, slots=True)
class Turn:
    """A word of a direction: which table it is in, and which way it points."""

    table: int
    sign: int
    text: str


def turns(text: str) -> tuple[Turn, ...]:
    """The words of direction in a plain text."""
    return tuple(
        Turn(number, sign, match.group())
        for number, patterns in enumerate(_PATTERNS)
        for sign, pattern in zip((UP, DOWN), patterns, strict=True)
        for match in pattern.finditer(text)
    )


def reversed_direction(
    aligned: Sequence[Aligned], sources: Sequence[Source], computed: frozenset[int]
) -> Iterator[tuple[str, str]]:
    """The words of direction that no source bears out: "direction" against its own, "direction unsaid" without.

    ``computed`` are the signs of the changes that the claim's derived figures are.
    """
    for one in aligned:
        clause_sources = [sources[place].clause.text for place in _speaking(one, sources)]
        near = [turn for text in clause_sources for turn in turns(text)]
        far = [turn for source in sources for turn in turns(source.clause.text)]
        moves = [sign for place in one.used for sign in _moves(sources[place].clause.text)]
        for turn in turns(one.clause.text):
            same = [other.sign for other in near if other.table == turn.table]
            if turn.sign in same or (turn.table <= 1 and turn.sign in computed):
                continue
            if not same and turn.table <= 1 and _all_against(turn, one, near, clause_sources):
                yield "direction against", turn.text
                continue
            if not same and (turn.table > 0 or not one.figures):
                continue
            used = " ".join(sources[place].clause.text for place in one.used).lower()
            if not same and turn.text.lower()[:5] in used:
                continue
            if not same and _other_table(turn, near, moves):
                continue
            if (
                not same
                and turn.sign in [o.sign for o in far if o.table == turn.table]
                and turn.text in " ".join(clause_sources)
            ):
                continue
            yield "direction" if same else "direction unsaid", turn.text


def _speaking(one: Aligned, sources: Sequence[Source]) -> list[int]:
    """The sources that give the clause its direction: where home leaves its verb out, the one it shares."""
    home = sources[one.home]
    if turns(home.clause.text):
        return [one.home]
    if not home.clause.elliptical:
        return sorted(one.used)
    step = 1 if home.reading.language == "ko" else -1
    place = one.home + step
    while 0 <= place < len(sources) and sources[place].place == home.place:
        if turns(sources[place].clause.text):
            return [one.home, place]
        place += step
    return sorted(one.used)


def _all_against(turn: Turn, one: Aligned, near: Sequence[Turn], told: Sequence[str]) -> bool:
    """Whether a figure of the claim has a word beside it that points the other way in its source."""
    if {other.sign for other in near if other.table <= 1} != {-turn.sign}:
        return False
    text = one.clause.text
    for figure, _ in one.figures:
        literal = re.escape(re.split(r"[ %]", figure.text)[0])
        mine = (
            rf"{literal}[^,;\d]{{0,16}}{re.escape(turn.text)}|{re.escape(turn.text)}[^,;\d]{{0,16}}{literal}"
        )
        if not re.search(mine, text):
            continue
        for other in near:
            word = re.escape(other.text)
            if any(
                re.search(rf"{literal}[^,;\d]{{0,16}}{word}|{word}[^,;\d]{{0,20}}{literal}", each)
                for each in told
            ):
                return True
    return False


def _other_table(turn: Turn, near: Sequence[Turn], moves: Sequence[int]) -> bool:
    """Whether a comparison bears out a change ("up 4" is "4 more"), or two figures do ("from 28 to 22")."""
    if turn.table > 1:
        return False
    signs = {other.sign for other in near if other.table <= 1}
    return signs == {turn.sign} or (not signs and turn.sign in moves)


_FROM_TO = re.compile(
    r"from (?P<a>[\d.,]+)[^\d]{0,24}? to (?P<b>[\d.,]+)|(?P<c>[\d.,]+)[^\d]{0,12}에서 (?:[^\d]{0,8})(?P<d>[\d.,]+)"
    r"|(?P<e>[\d.,]+)[^\d]{1,80}?(?:compared with|against|instead of|after) (?P<f>[\d.,]+)"
    r"|(?P<g>[\d.,]+)[^\d]{0,14}?(?:걸리던|이던|였던|하던|내던|이었던)(?!에서)[^\d]{0,24}(?P<h>[\d.,]+)"
)


def _moves(text: str) -> list[int]:
    found = []
    for match in _FROM_TO.finditer(text):
        first, second = (
            match["a"] or match["c"] or match["f"] or match["g"],
            match["b"] or match["d"] or match["e"] or match["h"],
        )
        try:
            low, high = (float(value.replace(",", "").rstrip(".")) for value in (first, second))
        except ValueError:
            continue
        found.append(UP if high > low else DOWN)
    return found
