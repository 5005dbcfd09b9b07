"""Whether a claim denies what its quotes affirm, or affirms what they deny."""

import re
from collections.abc import Sequence

from service.answering.verification.alignment import Aligned, Source

_NEGATOR = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|unable|hardly|barely|fails? to|failed to)\b"
    r"|n't\b|않|없|아니|못(?=[하해했 ])|(?<![가-힣])안 (?=[가-힣])|말아야",
    re.IGNORECASE,
)
_EXEMPT = re.compile(
    r"\bnot only\b|\bno later than\b|\bnot more than\b|\bno (?:more|fewer|less) than\b|\bwhether or not\b|뿐만? 아니라|수 없이",
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
        if (said ^ bool(flips % 2)) != told:
            return group[0].clause.text.strip()
    return ""
