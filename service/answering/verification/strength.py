"""Whether a claim is put more strongly than its quotes: "may" made "will", "plans" made "has decided"."""

import re
from collections.abc import Sequence
from enum import IntEnum

from service.answering.verification.alignment import Aligned, Source


class Level(IntEnum):
    """How firmly something is said."""

    POSSIBLE = 1
    """May, could, considers, proposes, 검토하고 있다, 수 있다."""
    INTENDED = 2
    """Plans, aims, expects, is to, 계획이다, 전망이다."""
    SAID = 3
    """Said as a fact, or as what will be."""


_POSSIBLE = re.compile(
    r"\b(?:(?-i:may)|might|could|possibl[ey]|perhaps|maybe|consider(?:s|ed|ing)?|examin(?:e[sd]?|ing)|under (?:consideration|review|discussion)|"
    r"discuss(?:es|ed|ing)?|propos(?:e[sd]?|ing|als?)|suggest(?:s|ed)?|recommend(?:s|ed)?|explor(?:e[sd]?|ing)|whether|weigh(?:s|ed|ing)|suspect(?:s|ed)?|"
    r"stud(?:y|ies|ied|ying) (?:a|an|the|whether|plans)|wonders?|doubts?|likely|unlikely|potential(?:ly)?|option|reviewing|talks|fears?|feared)\b"
    r"|수 있(?!는)|수도 있|할지|될지|을지|인지|검토|논의|고려|제안|가능성|여부|우려|의심|유력",
    re.IGNORECASE,
)
_INTENDED = re.compile(
    r"\b(?:plans?(?= (?:to|for|a|an)\b)|planned|planning|aim(?:s|ed|ing)?|hop(?:e[sd]?|ing)|intend(?:s|ed|ing)?|want(?:s|ed)?|seek(?:s|ing)?|sought|target(?:s|ed|ing)?|"
    r"goals?|expect(?:s|ed|ing|ation)?|forecast(?:s|ing)?|predict(?:s|ed)?|anticipat\w+|estimat(?:e[sd]?|ing)|schedul(?:e[sd]?|ing)|due to (?!the\b|an?\b)|outstanding|"
    r"(?:is|are|was|were) to (?!the\b)[a-z]|(?:still )?ha(?:s|ve) to|should(?! the)|ought|would|belie(?:ves?|ved)|thinks?|project(?:ed|ion|s to)|demand(?:s|ed) (?:that|a|an|the)|"
    r"promis(?:e[sd]?|ing)|pledg(?:e[sd]?|ing)|vow(?:s|ed)|call(?:s|ed)? (?:for|on)|ask(?:s|ed) (?:for|to)|appl(?:y|ied) for|objective|"
    r"provisional(?:ly)?|in principle|subject to|reckons?)\b"
    r"|계획|예정|목표|전망|기대|예상|추산|추정|방침|내다[보봤]|바라|희망|할 것|될 것|[가-힣]ㄹ 것|[갈날될할올울줄낼질를늘설] 것|약속|추진|요구|촉구|보인다|방안",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|provided|providing|as long as|on condition|conditional|subject to|depend(?:s|ing|ent)?|in case|should the|assuming|once|only when|pending)\b"
    r"|(?<![견따비])(?!보면)[가-힣]면(?=[ ,])|경우|조건|전제|거친 뒤|거쳐야|거친 후",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\b(?:after|when|following|upon)\b|후|뒤|이후|때", re.IGNORECASE)
_OBLIGED = re.compile(
    r"\b(?:must|have to|has to|requir(?:es|ed|e|ing)|obliged|compulsory|mandatory|need(?:s|ed)? (?:to|a|an)|shall|limited to)\b|해야|하여야|의무|필수",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\b(?:can|(?-i:may)|able|allowed|permitted|free to|possible|room for|capacity|capable|has \d+ (?:days|weeks|months) to)\b|수 있|가능|능력",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"\b(?:guarantee[sd]?|certain(?:ly)?|definite(?:ly)?|confirm(?:s|ed)?|prove[sdn]?|proved|decid(?:e[sd]|ing)|decision|agree[sd]?|complet(?:e[sd]?|ely)|"
    r"finali[sz]ed?|undoubtedly|surely|precisely|exactly|inevitabl[ey]|den(?:y|ies|ied)|always|ensur(?:e[sd]?|ing)|officially|already)\b"
    r"|확정|확실|정확히|보장|완료|입증|확인|결정|반드시|틀림없|이미|최종",
    re.IGNORECASE,
)


_ONLY_THEN = re.compile(
    r"\b(?:only (?:after|if|when)|until|before|fined?|in order to)\b|거쳐|대신", re.IGNORECASE
)
"""What makes something necessary without saying so."""


_ABLE = re.compile(r"\b(?:can|able|allowed|permitted)\b|가능", re.IGNORECASE)
"""What somebody may do: said of what "may" be done, it claims no more."""
_REPORTED = re.compile(r"\b(?:said|replied|told|promised|announced|explained|stressed)\b")
"""Before "would", which is then only the past of "will"."""


def level(text: str) -> Level:
    """How firmly a stretch of plain text speaks."""
    if _REPORTED.search(text):
        text = text.replace("would", "will")
    if _POSSIBLE.search(text):
        return Level.POSSIBLE
    return Level.INTENDED if _INTENDED.search(text) else Level.SAID


def raised(aligned: Sequence[Aligned], sources: Sequence[Source], claim: str) -> str:
    """What of the claim is stronger than its sources; empty where nothing is."""
    told = " ".join(dict.fromkeys(s.reading.sentences[s.clause.sentence] for s in sources))
    for match in _FIRM.finditer(claim):
        softened = level(claim) < Level.SAID and match.group().lower()[:4] in {"agre", "deci", "comp"}
        if not softened and not _firm_in(match.group(), told):
            return match.group()
    for one in aligned:
        said = one.clause.text
        home = sources[one.home].clause.text
        own = " ".join(sources[place].clause.text for place in sorted(one.used))
        said_level = Level.POSSIBLE if _ABLE.search(claim) else level(claim)
        if said_level > max(level(home), level(own)):
            return said.strip()
        if _OBLIGED.search(said) and not _OBLIGED.search(own) and not _ONLY_THEN.search(own):
            return said.strip()
        if (
            _ALLOWED.search(home)
            and not _ALLOWED.search(said)
            and not _ALLOWED.search(claim)
            and level(claim) > level(home)
        ):
            return said.strip()
        if _CONDITION.search(home) and not _CONDITION.search(claim) and not _AFTERWARDS.search(claim):
            return f"without its condition: {said.strip()}"
    return ""


def _firm_in(word: str, told: str) -> bool:
    root = word.lower()[:5] if word.isascii() else word[:2]
    if re.search(rf"\b{root}" if root.isascii() else root, told.lower()):
        return True
    return any(root[:4] in words and re.search(told_as, told, re.IGNORECASE) for words, told_as in _FAMILIES)


_FAMILIES = (
    (("deci",), r"\bvot|\bchos|\brul(?:ed|ing)|\bappro|\badopt|\bresol|\breject|\bset\b"),
    (("agre",), r"\bdeal\b|\baccord\b|합의|\bsupport"),
    (("comp",), r"\bfinish|\bended\b|\bfull"),
    (("alre",), r"\bsince\b|\bnow\b|\bhad\b|현재"),
    (("완료",), r"끝났|마무리|마쳤"),
    (("결정",), r"정했|의결|결의|선정"),
)
"""Firm words by their beginnings, and what in a quote is as firm."""
