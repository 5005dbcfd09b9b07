"""What a question demands of an answer beyond its own words, and whether the evidence has it.

Why asks for a reason, "which company" for a name, "what did she say on fares" for words on fares, "what
was decided" for something that has happened, "larger than elsewhere" for an elsewhere.
"""

import re
from collections.abc import Sequence

import numpy as np

from indexer import lexicon
from service.answering.question import FUNCTION_WORDS, Expectation, Question

_REASON = re.compile(
    r"\b(?:because|since|due to|as a result|so that|in order to|reasons?|caus(?:e[ds]?|ing)|therefore|thus|owing"
    r"|thanks to|led to|result(?:ed|s)? (?:in|from)|in response to|responds? to|helped by|driven by|mostly"
    r"|on account of|in view of|blam\w+|attribut\w+|explain\w*|so (?:that|as)"
    r"|to (?:avoid|ensure|help|prevent|reduce|improve|protect|make|keep|give|save)"
    r"|as (?:he|she|it|they|the|many|more|fewer|demand|costs?|prices?)\b)"
    r"|때문|덕분|탓|위해|위한|위하|따라|이유|원인|인해|인한|목적|영향|힘입|(?:아서|어서|해서|하여|해) |[가-힣]므로",
    re.IGNORECASE,
)
_PAST_QUESTION = re.compile(
    r"^(?:\W*(?:and|so|but)\W+)?[\w' ]{0,40}?\b(?:did|was|were|has|have|had)\b"
    r"|[았었했됐였렸졌냈났갔왔샀](?:나|어|습|을|는|던|대|지|죠|다|니)",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|may|might|can|could|shall|should|must|plans?|aims?|expects?|considering|until|by the end of"
    r"|(?:is|are) to|(?:is|are) (?:expected|due|planned|scheduled|considering|examining|seeking)"
    r"|to be (?:named|chosen|decided|published))\b"
    r"|예정|계획|겠|방침|검토|추진|전망|목표|[할될] 것|한다\b|된다\b|합니다|됩니다",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:was|were|had|has|have|did|\w{2,}ed|began|grew|fell|rose|led|won|lost|told|said|came|went|made|took|found"
    r"|knew|sold|bought|cost|put|paid|met|held|ran)\b|[았었했됐였렸졌냈났갔왔]",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\bwhat (?:did|does|do|has|have|had|was|is)\b.+?\b(?:say|said|thinks?|thought|ask|asked|advise[sd]?|explain|argue"
    r"|claim|promise|comment|recommend|suggest|want|warn|call|tell|told|respond|reply|criticis\w+|see)\b(?P<topic>.*)",
    re.IGNORECASE,
)
_SAYING_KOREAN = re.compile(
    r"^.+?[은는이가] (?P<topic>.*?)(?:에 대해|에 관해|을|를|에)?\s*"
    r"(?:뭐라고|무엇이라고|어떻게 (?:말|평가|설명|생각|보)|무슨 말|어떤 (?:말|의견|입장|평가))"
)
_THAN = re.compile(r"\b(?:than|compared (?:with|to)|against)\s+(?P<rest>.+)$", re.IGNORECASE)
_NAMED_THING = re.compile(
    r"\b(?:which|what)(?:'s| is| are| was| were)? (?:the )?(?:[\w-]+ )?(?:compan(?:y|ies)|firms?|manufacturers?"
    r"|suppliers?|contractors?|laborator(?:y|ies)|universit(?:y|ies)|institutes?|agenc(?:y|ies)|ministr(?:y|ies)"
    r"|banks?|customers?|clients?|shops?|stores?|chains?|part(?:y|ies)|unions?|departments?|rockets?|airlines?"
    r"|schools?|hospitals?|newspapers?|brands?|members?|partners?|organi[sz]ations?|teams?|clubs?|ships?|vendors?"
    r"|publishers?|authorit(?:y|ies)|court)\b|\bnames? of\b",
    re.IGNORECASE,
)
_OPPOSITES = tuple(
    (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))
    for one, other in (
        (r"\b(?:first|earliest|start\w*|begin\w*|began)\b", r"\b(?:last|latest|final|end\w*)\b"),
        (
            r"\b(?:fast\w*|quick\w*|strong\w*|most|larg\w+|high\w*|big\w*|long\w*)\b",
            r"\b(?:slow\w*|weak\w*|least|small\w+|low\w*|short\w*|few\w*)\b",
        ),
        (r"시작|착수|개시|먼저|가장 많|높", r"끝|종료|마감|완료|가장 적|낮"),
        (r"\b(?:early|earlier|sooner)\b", r"\b(?:late|later|delay\w*|postpon\w*)\b"),
        (
            r"\b(?:arriv\w*|enter\w*|hir\w*|join\w*|gain\w*|win|won)\b",
            r"\b(?:leav\w*|left|dismiss\w*|quit|los\w*|miss\w*|fail\w*|retir\w*)\b",
        ),
        (
            r"\b(?:shrink\w*|shorter|lower\w*|reduc\w*|cut|fall\w*|drop\w*|decreas\w*)\b",
            r"\b(?:improv\w*|grow\w*|grew|rais\w*|unchanged|stays?|remain\w*|double\w*|no rise)\b",
        ),
        (
            r"\b(?:doubl\w*|increas\w*|rais\w*|rise|rose|higher)\b",
            r"\b(?:stays?|remains?|unchanged|no rise|not rise|below|halv\w*|lower\w*|keeps?)\b",
        ),
        (r"줄|낮추|감소|축소|없애|해제|취소", r"늘|유지|확대|증가|신설|새로|그대로|발령"),
    )
)
_PARTICLE = re.compile(
    r"(?:에서는|에서도|에게는|으로는|까지는|부터는|에서|에게|으로|까지|부터|이나|라도|처럼|보다|마다|밖에|이란|이라는"
    r"|에는|에도|와는|과는|은|는|이|가|을|를|의|에|도|로|와|과|만|요)$"
)
_PREDICATE = re.compile(
    r"(?:나요|까요?|가요|니까|어요|아요|해요|예요|에요|돼요|대요?|하는|되는|된|한|할|될|하려면|했어|해|돼|줘|주세요|알려"
    r"|있는|있어|있나|없나|으면|면|려고|하고|되고|하나요|됐나요|인가|야|지|죠|래|냐)$"
    r"|^(?:누구|언제|어디|얼마|무엇|뭐|왜|몇|어떻게|어떤)$"
)
_WORD = re.compile(r"[^\W_]+(?:['’.\-&/][^\W_]+)*")


def unmet(question: Question, sentence: str, around: str, everything: str) -> dict[str, float]:
    """How far the evidence falls short of each demand, by name, from 0 to 1.

    ``around`` is the sentence with its neighbours and its announcement's title, ``everything`` the best
    passages.
    """
    asked, language = question.text, question.language
    own, near = (frozenset(lexicon.terms(text, language)) for text in (sentence, around))
    why = question.expects is Expectation.REASON
    past = _PAST_QUESTION.search(asked) is not None and _AHEAD.search(sentence) is not None
    said = _SAYING.search(asked) or _SAYING_KOREAN.search(asked)
    than = _THAN.search(asked)
    focus = frozenset(lexicon.terms(asked[slice(*question.focus)], language)) if question.focus else None
    nouns = nouns_of(asked) if language == "ko" else ()
    return {
        "reason lacking": float(why and _REASON.search(sentence) is None),
        "reason lacking around": float(why and _REASON.search(around) is None),
        "outcome open": float(past),
        "outcome lacking": float(past and _HAPPENED.search(sentence) is None),
        "topic lacking": _lacking(said["topic"], own, language) if said else 0.0,
        "comparison lacking": _lacking(than["rest"], near, language) if than else 0.0,
        "contrary": float(any(contrary(asked, sentence, *pair) for pair in _OPPOSITES)),
        "asks named thing": float(language != "ko" and _NAMED_THING.search(asked) is not None),
        "focus lacking": float(focus is not None and not focus & own),
        "nouns lacking": float(np.mean([not occurs(noun, sentence) for noun in nouns])) if nouns else 0.0,
        "noun nowhere": float(any(not occurs(noun, everything) for noun in nouns)),
    }


def contrary(asked: str, sentence: str, one: re.Pattern[str], other: re.Pattern[str]) -> bool:
    """Whether the question has one of two opposites alone, and the sentence the other alone."""
    in_question = (one.search(asked) is not None, other.search(asked) is not None)
    in_sentence = (one.search(sentence) is not None, other.search(sentence) is not None)
    return sum(in_question) == sum(in_sentence) == 1 and in_question != in_sentence


def _lacking(words: str, held: frozenset[str], language: str) -> float:
    """The same of a stretch's content words."""
    content = [word for word in _WORD.findall(words) if word.lower() not in FUNCTION_WORDS]
    return share_lacking([frozenset(lexicon.terms(word, language)) for word in content], held)


def share_lacking(words: Sequence[frozenset[str]], held: frozenset[str]) -> float:
    """The share of words, each by its terms, of which less than half is held; 0 where there are none."""
    return float(np.mean([2 * len(word & held) < len(word) for word in words])) if words else 0.0


def nouns_of(asked: str) -> tuple[str, ...]:
    """The Korean words of a question that are no predicates, without their particles."""
    words = [word for word in _WORD.findall(asked) if not _PREDICATE.search(word)]
    bare = [(_PARTICLE.sub("", word) if len(word) > 2 else word, word) for word in words]
    return tuple(noun for short, word in bare if len(noun := short if len(short) > 1 else word) > 1)


def occurs(noun: str, text: str) -> bool:
    """Whether a noun stands in a text; of a compound, its beginning and its end."""
    return noun in text or (len(noun) > 3 and noun[:2] in text and noun[-2:] in text)
