"""Names in a text: of people, bodies, places and products, with quoted words and codes beside them.

English marks a name by capitals. Korean does not, so there only Latin words, quoted words, codes and
words with the ending of an office, a body or a place count as names.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from service.folding import fold


class NameKind(StrEnum):
    """How a name was told."""

    PROPER = "proper"
    """One or more capitalised words, or a Korean word with the ending of a body, office or place."""
    ACRONYM = "acronym"
    CODE = "code"
    """Letters and digits together, versions, addresses, telephone numbers, numbers of sections."""
    QUOTED = "quoted"
    """Whatever stands in quotation marks."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name at ``text[start:end]``. ``normal`` is its lower-case form without titles and "the".

    ``opens`` says that it opens a sentence with one word, whose capital therefore proves nothing.
    """

    normal: str
    kind: NameKind
    start: int = field(compare=False)
    end: int = field(compare=False)
    text: str = field(compare=False)
    opens: bool = field(default=False, compare=False)


_QUOTED = re.compile(
    r"\"(?P<double>[^\"\n]{1,400})\""
    r"|(?<![A-Za-z\d가-힣])'(?P<single>[^'\n]{2,80}(?:'[a-z][^'\n]{0,80})?)'(?![A-Za-z\d])"
    r"|[「『<](?P<korean>[^」』>\n]{1,80})[」』>]"
)
_CODE = re.compile(
    r"(?<![A-Za-z\d가-힣.])(?:"
    r"\d+(?:\.\d+){2,8}"
    r"|\+?\d{2,4}(?:[ -]\(?\d{2,4}\)?){2,4}(?!\d)"
    r"|[A-Z][A-Za-z]{0,14}-?\d[A-Za-z\d]{0,8}(?:-[A-Za-z\d]{1,8})?"
    r"|\d{1,3}[A-Z][A-Za-z]?(?![A-Za-z])"
    r"|(?:[Ss]ection|[Aa]rticle|[Cc]hapter|[Cc]lause|[Aa]nnex|[Pp]hase|[Ll]evel|[Tt]ier|No\."
    r"|[Vv]ersion|[Rr]oute|[Tt]ype) ?\d{1,6}(?:\.\d{1,4}){0,3}(?:\([a-z\d]{1,3}\))?"
    r")|제 ?\d{1,5} ?(?:조|항|호|장|절|관)"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_NOT_NAMES = re.compile(
    rf"(?:{_MONTHS}|{_DAYS}|Q[1-4]|H[12]|FY\d*|KRW|USD|EUR|GBP|JPY|CNY|US\$?|[A-Z]|\d.*|I|AM|PM|CO2)$"
)
_WORD = r"[A-Z\u00c0-\u00de][A-Za-z\d\u00c0-\u024f]*(?:[-'&.][A-Za-z\d\u00c0-\u024f]+)*"
_PROPER = re.compile(
    rf"(?<![A-Za-z\d\u00c0-\u024f]){_WORD}(?: (?:(?:of|for|and|the|de|van|von|&) (?:the )?)?{_WORD}){{0,9}}"
)
_TITLES = re.compile(
    r"^(?:(?:the|a|an|mr|mrs|ms|dr|prof|professor|sir|dame|president|vice|deputy|prime|minister"
    r"|secretary|chief|"
    r"director|mayor|governor|chair|chairman|chairwoman|ceo|senator|spokesperson|commissioner)\.? )+",
)
_OPENERS = frozenset(
    str.split(
        "the a an this that these those it its he she they their his her we our in on at by from to for "
        "of with as and but or "
        "if when while after before under over during through between within without because since "
        "until although though "
        "however also first second third finally moreover meanwhile according about around up more most "
        "all both each every "
        "some any no not there here what which who how why where is are was were will would can could "
        "may might must should "
        "has have had do does did be been being new one two three four five six seven eight nine ten "
        "half additionally yes "
        "only so such then than once next last total plans support people officials"
    )
)
_KOREAN_ENDINGS = (
    "특별자치도|특별자치시|광역시|특별시|위원회|연구원|연구소|진흥원|평가원|재단|공사|공단|협회"
    "|은행|대학교|병원|장관|차관|총리|"
    "대통령|시장|도지사|군수|구청장|청장|원장|총장|국장|대표|회장|사장|대변인|본부장|의원"
)
_KOREAN = re.compile(
    rf"(?<![가-힣])(?P<name>[가-힣]{{1,12}}(?:{_KOREAN_ENDINGS}"
    rf"|(?<=[가-힣])[부청처](?![가-힣]*터)))(?P<tail>[가-힣]{{0,3}})(?![가-힣])"
)
_PARTICLES = re.compile(
    r"(?:은|는|이|가|을|를|의|에|와|과|도|로|으로|에서|에게|께서|이며|이고|인|만|보다|까지|부터|측|측은)?$"
)
_LATIN_IN_KOREAN = re.compile(r"(?<![A-Za-z\d])[A-Za-z][A-Za-z\d]*(?:[-.&'][A-Za-z\d]+)*")
_UNITS = frozenset(str.split("km kg mw gw kw m t g p bp gwh mwh kwh gb tb cm mm nm ha"))


def names(text: str, language: str) -> tuple[Name, ...]:
    """The names of ``text`` in its order; they may overlap, as a name within quotation marks does.

    ``language`` is an ISO 639-1 code: ``ko`` reads Korean, everything else goes by capitals.
    """
    folded = fold(text)
    plain = folded.text
    found = [*_quoted(plain), *_codes(plain)]
    found += _korean(plain) if language == "ko" else _capitalised(plain)
    placed = []
    for normal, kind, start, end, opens in found:
        if start < end:
            first, last = folded.span(start, end)
            placed.append(Name(normal, kind, first, last, text[first:last], opens))
    return tuple(sorted(placed, key=lambda name: (name.start, -name.end)))


_Found = tuple[str, NameKind, int, int, bool]


def _normal(text: str) -> str:
    lowered = re.sub(r"\s+", " ", text).strip(" .,;:!?").lower().replace("'s ", " ").removesuffix("'s")
    return _TITLES.sub("", lowered) or lowered


def _quoted(text: str) -> list[_Found]:
    found = []
    for match in _QUOTED.finditer(text):
        group = next(name for name, value in match.groupdict().items() if value is not None)
        start, end = match.span(group)
        found.append(
            (re.sub(r"\s+", " ", match[group]).strip(" .,;:!?").lower(), NameKind.QUOTED, start, end, False)
        )
    return found


def _codes(text: str) -> list[_Found]:
    return [
        (re.sub(r"\s+", "", match.group()).lower(), NameKind.CODE, match.start(), match.end(), False)
        for match in _CODE.finditer(text)
        if not _NOT_NAMES.match(match.group()) or "." in match.group() or "-" in match.group()
    ]


def _capitalised(text: str) -> list[_Found]:
    found: list[_Found] = []
    for match in _PROPER.finditer(text):
        start, end = match.span()
        words = match.group().split(" ")
        opening = _opens_sentence(text, start)
        while words and (words[0].lower().split("'")[0] in _OPENERS or _NOT_NAMES.match(words[0])):
            start += len(words[0]) + 1
            words = words[1:]
            opening = False
        while words and (_NOT_NAMES.match(words[-1]) or words[-1].islower()):
            end -= len(words[-1]) + 1
            words = words[:-1]
        if not words:
            continue
        name = " ".join(words).removesuffix("'s")
        acronym = len(words) == 1 and name.isupper() and len(name) > 1
        kind = NameKind.ACRONYM if acronym else NameKind.PROPER
        found.append(
            (_normal(name), kind, start, start + len(name), opening and len(words) == 1 and not acronym)
        )
    return found


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(start - 3, 0) : start].rstrip(" \n\t\"'([")
    return start == 0 or not before or before[-1] in ".!?:;*-\u2022"


def _korean(text: str) -> list[_Found]:
    found: list[_Found] = [
        (match.group().lower(), NameKind.ACRONYM, match.start(), match.end(), False)
        for match in _LATIN_IN_KOREAN.finditer(text)
        if match.group().lower() not in _UNITS and not _NOT_NAMES.match(match.group())
    ]
    for match in _KOREAN.finditer(text):
        if _PARTICLES.match(match["tail"]):
            start, end = match.span("name")
            found.append((match["name"], NameKind.PROPER, start, end, False))
    return found
