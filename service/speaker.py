"""Who says what a quote says, where the quote itself names the speaker.

Only a name right beside a verb of saying counts ("Minister Baek said that", "said the harbour master, Ines
Falk", "according to Lee Jaemyung", "백경훈 장관은 … 밝혔다"). A pronoun, "the ministry" or a second speaker in
the same quote leave the speaker unknown: no speaker is better than a wrong one.
"""

import re

_SAID = (
    r"(?:said|says|added|adds|stressed|stresses|announced|announces|answered|answers|told|asked|asks|explained"
    r"|explains|emphasi[sz]ed|emphasi[sz]es|stated|states|noted|notes|warned|warns|promised|promises|replied"
    r"|replies|argued|argues|declared|declares|insisted|insists|pointed out|called for)"
)
_SAID_BEFORE = r"(?:said|says|added|adds|explained|explains|stressed|stresses|noted|warned)"
"""Those after which the speaker may come: who is told or asked is not the speaker."""
_WORD = r"[A-Z][\w'’-]*(?:\.(?=\s[A-Z]))?"
_NAME = rf"{_WORD}(?:\s+(?:(?:of|and|for|the|de|der|van|von|al|bin)\s+){{0,2}}{_WORD}){{0,5}}"
_ROLE = r"(?:the|a|an)\s+[a-z][\w'’ -]{2,40},\s+"
_ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w’'-])(?P<who>{_NAME})(?:,[^,.;:!?]{{1,60}},)?\s+(?:also\s+|then\s+|has\s+)?{_SAID}(?!\s+by\b)\b",
        rf"\b{_SAID_BEFORE}\s+(?P<who>(?:{_ROLE})?{_NAME})",
        rf"\b[Aa]ccording\s+to\s+(?P<who>(?:{_ROLE})?{_NAME})",
    )
)
_TITLE = "대통령|부총리|총리|장관|차관|청장|위원장|본부장|실장|국장|대변인|대표|회장|사장|원장|총장|교수|의원|시장|지사|소장|관장"
_KOREAN = re.compile(rf"(?P<who>[가-힣]{{2,4}}(?: [가-힣]{{1,12}}){{0,3}} ?(?:{_TITLE}))[은는이가도]\s")
_KOREAN_SAID = re.compile("말했|밝혔|강조했|설명했|덧붙였|전했|답했|물었|당부했|약속했|지적했")
_LONGEST = 2_000
"""Characters of a quote that is one person's words; whatever is longer is not."""

_NOBODY = re.compile(
    r"(?:He|She|It|They|We|I|You|Who|This|That|These|Those|There|One|Both|Some|Many|Others|Officials|Critics"
    r"|Asked|According|Also|But|And|Then|When|While|As|For|In|On|At|After|Before|The|An?)\b"
)


def speaker_of(quote: str) -> str | None:
    """The speaker in the quote's own words, or None where it names none or several."""
    if len(quote) > _LONGEST:
        return None
    found = {" ".join(m["who"].split()) for pattern in _ENGLISH for m in pattern.finditer(quote)}
    found |= {m["who"] for m in _KOREAN.finditer(quote) if _KOREAN_SAID.search(quote, m.end())}
    if len(found) != 1:
        return None
    (who,) = found
    return None if _NOBODY.match(who) else who
