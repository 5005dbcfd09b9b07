"""Whether a claim denies what its quotes affirm, or affirms what they deny."""

import re
from collections.abc import Sequence

from service.answering.verification.alignment import Aligned, Source

_NEGATOR = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|cannot|without|unable|hardly|barely|fails? to|failed to)\b"
    r"|n't\b|않|없|아니|못(?=[하해했 ])|(?<![가-힣])안 (?=[가-힣])|말아야",
    re.IGNORECASE,
)
_IMPLIED = re.compile(
    r"\b(?:outside|rather than|advis\w+ against|exempt\w*|exclu\w+|suspend\w*|stop\w*|halt\w*|safe|rules? out|ruled out|outstanding|"
    r"unaffected|unchanged|reject\w*|den(?:y|ies|ied)|refus\w+|ban(?:s|ned)?|prohibit\w*|abolish\w*|lacks?|lacked|absent)\b"
    r"|제외|빠[지졌]|금지|면제|멈[추췄]|중단|닫|외에|대신",
    re.IGNORECASE,
)
"""Words that may deny as well as "not" does: "outside the rush hour" is "not in the rush hour"."""
_EXEMPT = re.compile(
    r"\bno longer than\b|\bnot only\b|\bno later than\b|\bnot more than\b|\bno (?:more|fewer|less) than\b|\bwhether or not\b|뿐만? 아니라|수 없이",
    re.IGNORECASE,
)


def negated(text: str) -> bool:
    """Whether a clause is denied: by an odd number of negators."""
    return len(_NEGATOR.findall(_EXEMPT.sub(" ", text))) % 2 == 1


def turned(aligned: Sequence[Aligned], sources: Sequence[Source]) -> str:
    """The first clause that is denied in the claim or in its source alone; empty where there is none."""
    for home in dict.fromkeys(one.home for one in aligned):
        group = [one for one in aligned if one.home == home]
        said = any(negated(one.clause.text) for one in group)
        flips = sum(
            any(word.opposes(other) for other in sources[home].clause.words)
            for one in group
            for word in one.unknown
        )
        told = any(negated(sources[place].clause.text) for one in group for place in one.used)
        own = negated(sources[home].clause.text)
        if (said ^ bool(flips % 2)) not in {told, own} and not _implied(group, sources):
            return group[0].clause.text.strip()
    return ""


def _implied(group: Sequence[Aligned], sources: Sequence[Source]) -> bool:
    """Whether the side that is not denied has a word that denies by itself, and the other lacks it."""
    said = " ".join(one.clause.text for one in group)
    told = " ".join(sources[place].clause.text for one in group for place in sorted(one.used))
    positive, negative = (told, said) if negated(said) else (said, told)
    found = {match.group().lower()[:4] for match in _IMPLIED.finditer(positive)}
    return bool(found - {match.group().lower()[:4] for match in _IMPLIED.finditer(negative)})
