"""Whether a claim is put more strongly than its quotes: "may" made "will", "plans" made "has decided"."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from service.answering.verification.alignment import Aligned, Source


class Level(IntEnum):
    """How firmly something is said."""

    POSSIBLE = 1
    """May, could, considers, proposes, 검토하고 있다, 수 있다."""
    INTENDED = 2
    """Plans, aims, expects, is to, 계획이다, 전망이다."""
    SCHEDULED = 3
    """Is to, is due, 예정이다."""
    SAID = 4
    """Said as a fact, or as what will be."""


_FUTURE = "[" + "".join(chr(0xAC00 + 28 * place + 8) for place in range(399)) + "]"
"""Syllables that end in ㄹ, as those before 것 do where something is yet to come."""
_POSSIBLE = re.compile(
    r"\b(?:(?-i:may)(?! (?:no longer|not)\b)|might|could|possibl[ey]|perhaps|maybe|consider(?:s|ed|ing)?|examin(?:e[sd]?|ing)|under (?:consideration|review|discussion)|"
    r"discuss(?:es|ed|ing)?|propos(?:e[sd]?|ing|als?)|suggest(?:s|ed)?|recommend(?:s|ed)?|explor(?:e[sd]?|ing)|whether|weigh(?:s|ed|ing)|suspect(?:s|ed)?|"
    r"stud(?:y|ies|ied|ying) (?:a|an|the|whether|plans)|wonders?|doubts?|likely|unlikely|potential(?:ly)?|option|reviewing|talks|at risk|in danger|threat\w*|fears?|feared|worr(?:y|ies|ied)|afraid|probabl[ey]|thinking of|advis(?:e[sd]?|ing)|frighten\w*)\b"
    rf"|수 있(?!는)|수도 있|{_FUTURE}지|인지|살펴|검토|논의|고려|제안|가능성|여부|우려|의심|유력",
    re.IGNORECASE,
)
_INTENDED = re.compile(
    r"\b(?:plans?(?= (?:to|for|a|an)\b)|planned|planning|aim(?:s|ed|ing)?|hop(?:e[sd]?|ing)|intend(?:s|ed|ing)?|want(?:s|ed)?|seek(?:s|ing)?|sought|target(?:s|ed|ing)?|"
    r"goals?|expect(?:s|ed|ing|ation)?|forecast(?:s|ing)?|predict(?:s|ed)?|anticipat\w+|estimat(?:e[sd]?|ing)|outstanding|"
    r"should(?! the)|ought|would|belie(?:ves?|ved)|thinks?|project(?:ed|ion|s to)|demand(?:s|ed) (?:that|a|an|the|at least)|please|"
    r"promis(?:e[sd]?|ing)|pledg(?:e[sd]?|ing)|vow(?:s|ed)|call(?:s|ed|ing)? (?:for|on)|ask(?:s|ed|ing) (?:for|to)|appl(?:y|ied) for|objective|"
    r"provisional(?:ly)?|in principle|subject to|reckons?)\b"
    rf"|계획(?!에 따라|에 따르)|목표|전망|기대|예상|예측|추산|추정|방침|내다[보봤]|바라|희망|할 것|될 것|[가-힣]ㄹ 것|{_FUTURE} 것|약속|추진|요구|촉구|보인다|방안",
    re.IGNORECASE,
)
_SCHEDULED = re.compile(
    r"\b(?:schedul(?:e[sd]?|ing)|due(?= (?:to (?!the\b|an?\b)|in|by|on|at|for)\b)|(?:is|are|was|were) to (?!the\b)[a-z]|set to|(?:still )?ha(?:s|ve) to)\b"
    r"|예정|잡혀",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if(?! (?:necessary|needed|possible|any|not))|unless|provided|providing|as long as|on condition|conditional|subject to|depend(?:s|ing|ent)?|in case|should the|assuming|(?<!at )once(?! (?:every|an?|per|in)\b)|only when|pending|should (?=the|a|an|no)|otherwise)\b"
    r"|려면|지나면|(?<![견따비려])(?!보면|려면)[가-힣](?<!려)(?<!월이)(?<!컵라)면(?=[ ,])(?! [되된됩돼])|경우|조건|전제|거친 뒤|거쳐야|거친 후",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\b(?:after|when|following|upon)\b|후|뒤|이후|때", re.IGNORECASE)
_OBLIGED = re.compile(
    r"\b(?:must|have to|has to|requir(?:es|ed|e|ing)|obliged|compulsory|mandatory|need(?:s|ed)? (?:to|a|an)|shall|limited to)\b|[가-힣]야 (?=[하한합할했되된됩돼])|의무|필수",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\b(?:can|(?-i:may)(?! (?:no longer|not)\b)|able|allowed|permitted|free to|possible|room for|capacity|capable|has \d+ (?:days|weeks|months) to|rights? to|ha(?:s|ve) until)\b|수 있|가능|능력",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"\b(?:guarantee[sd]?|certain(?:ly)?|definite(?:ly)?|confirm(?:s|ed)?|prove[sdn]?|proved|decid(?:e[sd]|ing)|decision|agree[sd]?|complet(?:e[sd]?|ely)|"
    r"finali[sz]ed?|undoubtedly|surely|precisely|exactly|inevitabl[ey]|den(?:y|ies|ied)|always|ensur(?:e[sd]?|ing)|officially)\b"
    r"|확정|확실|정확히|보장|완료|입증|확인|결정|반드시|틀림없|이미|최종",
    re.IGNORECASE,
)


_ONLY_THEN = re.compile(
    r"\b(?:only (?:after|if|when)|until|before|fined?|in order to|should|conditions?|no (?:more|less) than|is to|are to|allowed|exempt)\b|거쳐|대신",
    re.IGNORECASE,
)
"""What makes something necessary without saying so."""


_ABLE = re.compile(r"\b(?:can|able|allowed|permitted)\b|가능|수 있", re.IGNORECASE)
"""What somebody may do: said of what "may" be done, it claims no more."""
_REPORTED = re.compile(r"\b(?:said|replied|told|promised|announced|explained|stressed)\b")
"""Before "would", which is then only the past of "will"."""


_DECIDING = re.compile(
    r"\b(?:decid|decision|vot|rul|determin|ask)\w*\b[^.;]{0,40}\bwhether\b|\bwhether\b(?=[^.;]{0,80}\b(?:decided|determined)\b)",
    re.IGNORECASE,
)
"""A "whether" that is to be decided makes the deciding no less certain."""


def level(text: str) -> Level:
    """How firmly a stretch of plain text speaks."""
    if _REPORTED.search(text):
        text = text.replace("would", "will")
    text = _DECIDING.sub(" ", text)
    if _POSSIBLE.search(text):
        return Level.POSSIBLE
    if _INTENDED.search(text):
        return Level.INTENDED
    return Level.SCHEDULED if _SCHEDULED.search(text) else Level.SAID


def raised(aligned: Sequence[Aligned], sources: Sequence[Source], claim: str) -> Iterator[tuple[str, str]]:
    """What of the claim may be stronger than its sources: which check says so, and the words."""
    told = " ".join(dict.fromkeys(s.reading.sentences[s.clause.sentence] for s in sources))
    for match in _FIRM.finditer(claim):
        if _NOT_BEFORE.search(claim[: match.start()]):
            continue
        softened = level(claim) < Level.SAID and match.group().lower()[:4] in {"agre", "deci", "comp"}
        if not softened and not _firm_in(match.group(), told):
            yield "firm", match.group()
    for one in aligned:
        said = one.clause.text
        home = sources[one.home].clause.text
        own = " ".join(sources[place].clause.text for place in sorted(one.used))
        said_level = Level.POSSIBLE if _ABLE.search(claim) else level(claim)
        if said_level > max(level(home), level(own)):
            permitted = _PERMITTED.search(home) is not None and _NOMINAL.search(said) is not None
            lowest = max(level(home), level(own))
            yield "raised nominal" if permitted else f"raised from {lowest.name.lower()}", said.strip()
        if _OBLIGED.search(said) and not _UNOBLIGED.search(said) and not _obliges(own):
            yield "obliged", said.strip()
        if (
            _ALLOWED.search(home)
            and not _ALLOWED.search(said)
            and not _ALLOWED.search(claim)
            and level(claim) > level(home)
        ):
            yield "allowed", said.strip()
        if (
            _CONDITION.search(home)
            and not _CONDITION.search(claim)
            and not _AFTERWARDS.search(claim)
            and not _keeps_condition(sources[one.home], aligned)
        ):
            yield "condition", f"without its condition: {said.strip()}"
    if claim and level(claim) > min(level(sources[one.home].clause.text) for one in aligned):
        yield "level", claim


_PERMITTED = re.compile(r"(?<!될 )(?<!질 )수 있|\b(?:can|may)\b")
_NOMINAL = re.compile(
    r"(?:[가-힣]이다|[일한도]다|받는다|하면 된다|해야 한다)[.]?$|\b(?:is|are|deadline|limit|capacity)\b"
)
"""What says for what there is a permission and no more: "the deadline is 15 May" for "can apply until 15 May"."""


def _keeps_condition(home: Source, aligned: Sequence[Aligned]) -> bool:
    """Whether the claim has the words of a condition, however it puts it: "losing the order could mean"."""
    match = _CONDITION.search(home.clause.text)
    if match is None:
        return False
    mine = [word for one in aligned for word, _ in one.words]
    if not match.group().isascii():
        last = home.clause.start + match.end() - 1
        ending = [word for word in home.clause.words if word.start <= last < word.end]
        return any(word.like(other) for word in ending for other in mine)
    begins = home.clause.start + match.end()
    ends = begins + len(re.split(r"[,;.]", home.clause.text[match.end() :])[0])
    inside = [word for word in home.clause.words if begins <= word.start < ends]
    kept = [any(word.like(other) for other in mine) for word in inside]
    return bool(kept) and sum(kept) * 2 >= len(kept)


_UNOBLIGED = re.compile(
    r"(?:\b(?:nobody|no one|none|never|no longer|not)|n't)\b[^,;]{0,40}\b(?:must|have to|has to|need|requir|compulsory|mandatory)|\b(?:need|needs|required|obliged) (?:not|no)\b"
    r"|\bno\b[^,;]{0,40}\b(?:required|needed|necessary|need|requirement)\b|\bnot\b[^,;]{0,12}\b(?:required|needed|necessary)\b"
    r"|지 않아도|필요가? 없|의무가? 없",
    re.IGNORECASE,
)


def _obliges(text: str) -> bool:
    if _OBLIGED.search(text):
        return True
    return _ONLY_THEN.search(text) is not None and not re.search(r"\b(?:can|(?-i:may)|could)\b|수 있", text)


def _firm_in(word: str, told: str) -> bool:
    root = word.lower()[:5] if word.isascii() else word[:2]
    if re.search(rf"\b{root}" if root.isascii() else root, told.lower()):
        return True
    return any(root[:4] in words and re.search(told_as, told, re.IGNORECASE) for words, told_as in _FAMILIES)


_NOT_BEFORE = re.compile(r"(?:\b(?:not|nothing|never|yet to)|n't)\b[^,.;]{0,16}$", re.IGNORECASE)
_FAMILIES = (
    (("cert",), r"\bsure\b|\bclear"),
    (("alwa",), r"\bevery\b|\bnever\b|\bany\b"),
    (("확실",), r"분명"),
    (("deci",), r"\bdeci|\bvot|\bchos|\brul(?:ed|ing)|\bappro|\badopt|\bresol|\breject|\bset\b"),
    (("agre",), r"\bdeal\b|\baccord\b|합의|\bsupport"),
    (("comp",), r"\bfinish|\bended\b|\bfull"),
    (("alre",), r"\bsince\b|\bnow\b|\bhad\b|현재"),
    (("완료",), r"끝났|마무리|마쳤"),
    (("결정",), r"정했|의결|결의|선정"),
)
"""Firm words by their beginnings, and what in a quote is as firm."""
