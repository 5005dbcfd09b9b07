"""The first stage, without a language model: a message and what came before become one question.

What a follow-up lacks (the thing that "it" stands for, the question that "And by 2030?" goes on with)
is taken from the latest question before it, and a name from what that was answered with. A question
that stands on its own is left as it is. Old citations are never carried over. English and Korean.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question, as it was understood, and the words that answered it.

    ``named`` is the name, date or figure that stood out in the answer, if one did; ``titles`` are those of the
    announcements that it was taken from.
    """

    question: str
    named: str | None = None
    titles: tuple[str, ...] = ()


class Courtesy(StrEnum):
    """A message that is not a question."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """``text`` is understood without what came before; ``follow_up`` says whether anything was added."""

    text: str
    follow_up: bool


_POLITE = r"(?:[\s,.!~^]|there|herald|all|everyone|team|so|very|much|a lot|again|for (?:the|your) (?:help|answer)s?|you)*"
_COURTESIES = (
    (
        Courtesy.GREETING,
        re.compile(
            rf"(?:hi+|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)|안녕(?:하세요|하십니까)?|반가워요?|반갑습니다){_POLITE}",
            re.IGNORECASE,
        ),
    ),
    (
        Courtesy.THANKS,
        re.compile(
            rf"(?:ok(?:ay)?[\s,.!]*|great[\s,.!]*|perfect[\s,.!]*)?(?:thanks?|thank you|thx|ty|cheers|much appreciated|고마워요?|고맙습니다|감사(?:합니다|해요)?){_POLITE}",
            re.IGNORECASE,
        ),
    ),
    (
        Courtesy.FAREWELL,
        re.compile(
            rf"(?:(?:good ?)?bye(?: bye)?|see you|farewell|안녕히 계세요|잘 있어요?){_POLITE}", re.IGNORECASE
        ),
    ),
)


def courtesy(message: str) -> Courtesy | None:
    """Which courtesy the message is, all of it; None for anything that may be a question."""
    text = message.strip()
    for kind, pattern in _COURTESIES:
        if pattern.fullmatch(text):
            return kind
    return None


_CHOSEN = re.compile(r" \([^()]+\)\?$")
"""What a question back was answered with: the announcement or the section that is meant (``wording.meaning``)."""


def rewrite(message: str, history: Sequence[Exchange]) -> Rewritten:
    """One question that stands on its own. ``history`` is oldest first."""
    text = " ".join(message.split())
    if not history:
        return Rewritten(text, follow_up=False)
    before = history[-1]
    chosen = _CHOSEN.search(before.question)
    if chosen is None:
        rewritten = _understood(text, before)
    else:
        rewritten = _of_the_chosen(
            text, replace(before, question=before.question[: chosen.start()] + "?"), chosen[0]
        )
    return Rewritten(rewritten or text, follow_up=rewritten is not None)


def _understood(text: str, before: Exchange) -> str | None:
    return _korean(text, before) if _HANGUL.search(text) else _english(text, before)


def _of_the_chosen(text: str, before: Exchange, chosen: str) -> str | None:
    """A follow-up to a question of which was said what it means: that is meant still, unless another is named."""
    if _NAME.search(text[1:]):
        return _understood(text, before)
    pronoun = _THING.search(text) and topic_of(before.question) is None
    rewritten = text if pronoun else _understood(text, before)
    if rewritten is None and _MORE.match(text):
        rewritten = text
    return None if rewritten is None else f"{rewritten.rstrip(' ?.!')}{chosen}"


def gone_on_with(readings: Sequence[str], history: Sequence[Exchange]) -> str | None:
    """Of several things that a question may mean the one that the conversation was about; None if it was about none
    of them, or several."""
    titles = history[-1].titles if history else ()
    meant = [reading for reading in readings if any(title in reading for title in titles)]
    return meant[0] if len(meant) == 1 else None


# English ---------------------------------------------------------------------------------------------

_STARTER = re.compile(r"(?:(?:and|but|so|ok(?:ay)?|then|also|well|now)\b[\s,]*)+", re.IGNORECASE)
_MORE = re.compile(r"(?:and|also)\b", re.IGNORECASE)
_ABOUT = re.compile(r"(?:what|how) about\s+(?P<rest>.+?)\W*$|what of\s+(?P<of>.+?)\W*$", re.IGNORECASE)
_WH = r"(?:what|which|who|whom|whose|when|where|why|how(?:\s+(?:much|many|large|big|long|often|far|old|high|soon|fast|tall|wide|deep|small|come))?)"
_AUXILIARY = r"(?:is|are|was|were|will|would|does|do|did|has|have|had|can|could|should|shall|may|might|must|'s|'re|'ll)"
_BARE = re.compile(
    rf"(?P<wh>(?:(?:by|since|until|till|from|at|in|for|to|with|on)\s+)?{_WH}(?:\s+(?:exactly|else|more|so|not|then|year|date|day|month|time|region|people|percent|money))*)\W*$",
    re.IGNORECASE,
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_TIME = re.compile(
    rf"\b(?:(?:in|by|for|since|until|till|during|from|after|before|on|of)\s+)?(?:the\s+)?(?:(?:{_MONTHS})\s+(?:\d{{1,2}},?\s+)?(?=\d)|q[1-4]\s+|(?:fiscal|financial)\s+(?:year\s+)?)?(?:19|20|21)\d\d\b"
    r"|\b(?:in|by|for|during|from|since|until)?\s*(?:this|next|last)\s+(?:year|month|week|quarter|spring|summer|autumn|fall|winter)\b",
    re.IGNORECASE,
)
_TIME_ONLY = re.compile(rf"\W*(?:{_TIME.pattern})\W*", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:it|they|them|this|that|these|those|its|their|theirs|there|one|ones)\b", re.IGNORECASE
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|will|would) (?:it|there|this|that) (?:be )?(?:true|possible|planned|likely|certain|clear|correct|right|a|an|any|some|the|no)\b"
    r"|\b(?:is|are|was|were|will|has|have) there\b|\bit (?:is|was) (?:true|planned|possible|said)\b|\bthis (?:year|month|week|announcement|document|text|statement|notice|release|plan|programme|program)\b"
    r"|\b(?:that|which|those|these|this)\s+(?!is\b|are\b|was\b|were\b|will\b|cost\b|mean\b|happen\b|work\b|start\b|begin\b|end\b|apply\b|take\b|include\b|for\b|in\b|by\b|about\b|be\b|and\b|or\b|to\b)[a-z]{3,}"
    r"|\b(?:the|this|that|which|each|any|no|every|only) ones?\b(?=\s+(?:that|who|which|with|in|of|for))|\bone (?:of|in|person|million|billion|hundred|day|year)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\W*(?:(?:please|(?:can|could|would|will) you(?: please)?|i(?:['’]d| would) like(?: you)? to|i want(?: you)? to)\s+)*"
    r"(?:(?:tell|show|give) (?:me|us)|let (?:me|us) know|explain|describe|summari[sz]e|outline|know|hear|learn"
    r"|what (?:do you know|can you (?:tell (?:me|us)|say)))\b"
    r"(?:\s+(?:to (?:me|us)|more|something|everything|all|a bit|details?|(?:some |any )?information|a summary|an overview))*"
    r"(?:\s+(?:about|on|of|regarding))?\s+",
    re.IGNORECASE,
)
"""How one asks for a thing without a question: "Tell me about the budget."."""
_WHERE = re.compile(r"(?:in|at)$", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z]")
_PLACED = re.compile(r" (?:in|at) [A-Z]")
_PLACED_THING = re.compile(r"\b(?:the|an?) (?:[\w'’-]+ ){1,5}?(?:in|at) [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*")
_MONTH = re.compile(rf"(?:{_MONTHS})\b", re.IGNORECASE)
_PLAN = re.compile(r"plans?$", re.IGNORECASE)
_OF = re.compile(r"(?:for|of|on|in|about)$", re.IGNORECASE)
_STOP = re.compile(
    r"^(?:be|been|being|get|gets|got|become|go|goes|receive|receives|cost|costs|need|needs|have|has|had|make|makes|take|takes|mean|start|starts|begin|begins|end|ends|happen|happens|"
    r"say|says|said|plan|plans|want|wants|pay|pays|apply|applies|open|opens|close|closes|grow|grows|rise|rises|fall|falls|run|runs|use|do|does|done|in|on|at|by|for|from|to|with|about|"
    r"during|since|until|after|before|into|under|over|between|and|or|that|which|who|when|where|if|as|than|not|first|next|last|be\w*|will|would|can|could|should|may|is|are|was|were|did)$",
    re.IGNORECASE,
)
# fmt: off
_SMALL = frozenset({
    "a", "an", "the", "of", "for", "in", "on", "at", "by", "to", "from", "with", "and", "or", "s", "is",
    "are", "was", "were", "be", "do", "does", "did", "will",
})
# fmt: on


def _english(text: str, before: Exchange) -> str | None:
    begun = _STARTER.match(text)
    body = text[begun.end() :] if begun else text
    about = _ABOUT.fullmatch(body)
    if about:
        body = about["rest"] or about["of"]
        return _continue(before.question, body)
    if _TIME_ONLY.fullmatch(body):
        return _continue(before.question, body.strip(" ?.!,"))
    bare = _BARE.fullmatch(body)
    if bare:
        return _ask_again(before.question, bare["wh"])
    if (
        not re.match(rf"{_WH}\b|{_AUXILIARY}\b", body, re.IGNORECASE)
        and len(body.split()) <= 5
        and (begun or text.endswith("?"))
    ):
        return _continue(before.question, body.strip(" ?.!,"))
    resolved = _resolve(body, before)
    if resolved is None and begun and _MORE.match(begun[0]) and not _names_something(body):
        return _on_the_same(body, before)
    return resolved


def _continue(question: str, part: str) -> str:
    """The question again with ``part`` in the place of what it corresponds to."""
    part = part.strip(" ?.!,")
    stem = question.rstrip(" ?.!")
    if _TIME_ONLY.fullmatch(part):
        place = _TIME.search(stem)
        if place:
            lead = re.match(
                r"\s*(?:in|by|for|since|until|till|during|from|after|before|on|of)\s+",
                place[0],
                re.IGNORECASE,
            )
            own = re.match(
                r"(?:in|by|for|since|until|till|during|from|after|before|on)\s", part, re.IGNORECASE
            )
            return f"{stem[: place.start()]}{lead[0] if lead and not own else ''}{part}{stem[place.end() :]}?"
        return f"{stem} {part if re.match(r'[a-z]+ ', part, re.IGNORECASE) else 'in ' + part}?"
    alike = _corresponding(stem, part)
    if alike is not None:
        return f"{stem[: alike[0]]}{part}{stem[alike[1] :]}?"
    return f"{stem}, {part}?"


def _corresponding(stem: str, part: str) -> tuple[int, int] | None:
    """Where in ``stem`` stands what ``part`` replaces: a name for a name, a thing with its place for the like, else
    the last complement."""
    placed = list(_PLACED_THING.finditer(stem)) if _PLACED.search(part) else []
    if placed:
        return placed[-1].span()
    bare = re.sub(r"^(?:the|a|an|in|for|at|of|to|from|on|by)\s+", "", part, flags=re.IGNORECASE)
    preposition = re.match(r"(in|for|at|of|to|from|on|by|with)\s", part, re.IGNORECASE)
    if preposition:
        found = list(re.finditer(rf"\b{preposition[1]}\s+(?:[\w'’-]+\s*){{1,4}}$", stem, re.IGNORECASE))
        return found[-1].span() if found else None
    if bare[:1].isupper():
        names = list(re.finditer(r"(?<=[a-z,'’] )(?:the )?[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*", stem))
        return names[-1].span() if names else None
    complement = re.search(r"\b(?:for|to|from)\s+((?:[\w'’-]+\s*){1,3})$", stem, re.IGNORECASE)
    return complement.span(1) if complement else None


def _ask_again(question: str, wh: str) -> str:
    """The earlier question with another question word: "Why?" after "Who opened the port?"."""
    stem = question.rstrip(" ?.!")
    rest = re.sub(
        rf"^\W*(?:(?:by|since|until|from|at|in|for|to|with|on)\s+)?{_WH}\b\s*", "", stem, flags=re.IGNORECASE
    )
    wh = wh[0].upper() + wh[1:]
    return f"{wh} {rest}?" if rest and rest != stem else f"{wh}: {stem}?"


def _resolve(body: str, before: Exchange) -> str | None:
    """The question with what its pronoun stands for; None where it stands on its own."""
    free = _EXPLETIVE.sub(lambda match: "\0" * len(match[0]), body)
    person = _PERSON.search(free)
    pronoun = person or _THING.search(free)
    if pronoun is None or _names_something(free[: pronoun.start()]):
        return None
    topic = _person(before) if person else topic_of(before.question)
    topic = topic or topic_of(before.question) or before.named
    if topic is None:
        return f"{body.rstrip(' ?.!')} ({before.question.rstrip(' ?.!')})?"
    word = pronoun[0].lower()
    possessive = word in {"its", "their", "theirs", "his", "hers"} or (
        word == "her" and re.match(r"\s+[a-z]", body[pronoun.end() :]) is not None
    )
    replacement = f"{topic}'s" if possessive else f"in {topic}" if word == "there" else topic
    return f"{body[: pronoun.start()]}{replacement}{body[pronoun.end() :]}"


def _on_the_same(body: str, before: Exchange) -> str | None:
    """A further question on what the earlier one named by its place: "And how many jobs are expected?"."""
    topic = topic_of(before.question)
    if topic is None or not _PLACED.search(topic) or _NAME.search(body[1:]):
        return None
    return f"{body[0].upper()}{body[1:].rstrip(' ?.!')} for {topic}?"


def _names_something(text: str) -> bool:
    """Whether the words before a pronoun name a thing that it may stand for."""
    asking = rf"{_WH}\s+(?:\w+\s+)?|(?:please )?(?:summari[sz]e|explain|describe|outline)\b"
    rest = re.sub(rf"^\W*(?:{asking})?(?:{_AUXILIARY}\b)?", "", text, flags=re.IGNORECASE)
    return re.search(r"\b(?:the|a|an)\s+\w{3,}|\b[A-Z]\w+", rest) is not None


def _person(before: Exchange) -> str | None:
    names = re.findall(r"(?<=[a-z,'’] )(?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)*", before.question)
    titled = re.findall(
        r"\b(?:[Tt]he )?(?i:president|minister|governor|mayor|director|chair\w*|secretary|chief\w*|spokes\w+|commissioner)\b(?: [A-Z][\w'’-]+)*",
        before.question,
    )
    asked_who = re.match(r"\W*who\b", before.question, re.IGNORECASE)
    if asked_who and before.named:
        return before.named
    found = [str(name) for name in titled or names]
    return found[-1] if found else before.named


def topic_of(question: str) -> str | None:
    """The thing that a question is about: its first noun phrase after the asking; None where it has none."""
    stem = _TIME.sub(" ", question).strip(" ?.!")
    request = _REQUEST.match(stem)
    stem = stem[request.end() :] if request else stem
    asking = re.match(
        rf"\W*(?:(?:by|since|until|from|at|in|for|to|with|on)\s+)?(?P<wh>{_WH})?\s*(?P<noun>(?:(?!{_AUXILIARY}\b)[\w'’-]+\s+){{0,3}}?)(?:{_AUXILIARY}\b|$)\s*",
        stem,
        re.IGNORECASE,
    )
    rest = stem[asking.end() :] if asking else stem
    phrase = _noun_phrase(rest)
    if phrase is None and asking and asking["noun"].strip():
        phrase = asking["noun"].strip()
    if phrase is None:
        found = re.search(r"\b(?:the|a|an)\s+.+", rest)
        phrase = _noun_phrase(found[0]) if found else None
    return phrase


def _noun_phrase(text: str) -> str | None:
    words = text.split()
    taken: list[str] = []
    place = False
    for word, following in pairwise([*words, "of"]):
        plain = word.strip(",;:\"'()")
        # "The arena in Melby" is one of several arenas; in what follows the place nothing belongs to it.
        if taken and _WHERE.match(plain) and _NAME.match(following) and not _MONTH.match(following):
            place = True
            taken.append(plain)
            continue
        if place and not _NAME.match(plain):
            break
        # "The lunar plan" and "the plans for space" are things; what "the council plans to build" is not.
        joins = taken and (
            plain.lower() == "of"
            or (_PLAN.match(plain) and _OF.match(following))
            or (_PLAN.match(taken[-1]) and _OF.match(plain))
        )
        if not joins and (_STOP.match(plain) or (plain.endswith("ed") and plain.islower() and taken)):
            break
        taken.append(plain)
        if word[-1:] in ",;:":
            break
    while taken and taken[-1].lower() in _SMALL:
        taken.pop()
    content = [word for word in taken if word.lower() not in _SMALL]
    if not content or (len(taken) == 1 and taken[0].islower() and taken[0].endswith("ed")):
        return None
    return " ".join(taken)


# Korean ----------------------------------------------------------------------------------------------

_HANGUL = re.compile(r"[가-힣]")
_KOREAN_STARTER = re.compile(r"(?:그럼|그러면|그리고|그런데|근데|그렇다면|또|또한|아니|음|네|예)[\s,]+")
_KOREAN_ANAPHOR = re.compile(
    r"(?<![가-힣])(?:그것|그거|이것|이거|그건|그게|이건|이게|거기|여기|그곳|그때|그분|그 사람|그들|해당 \S+|그 (?=[가-힣]))(?P<particle>은|는|이|가|을|를|의|에서|에|도)?"
)
_KOREAN_TIME = re.compile(r"(?:19|20|21)\d\d\s*년|내년|올해|작년|지난해|다음 달|이번 달")
_KOREAN_BARE = re.compile(
    r"(?:왜|언제|어디서?|누가|누구|얼마나?|몇\s?\S{1,3}|어떻게|언제부터|언제까지|무엇|뭐)(?:야|예요|에요|이에요|인가요|인가|인데요?|요|죠|지|나요|니|냐|까지|부터|이지|입니까)?"
)
_KOREAN_TOPIC = re.compile(r"(?P<noun>[^\s?]+?)(?:에서|에게|에는|에선|은|는|이|가|의|도|엔)(?:요)?")
_KOREAN_ASKING = re.compile(
    r"(?:왜|언제|어디|누가|누구|얼마|몇|어떻게|무엇|뭐|무슨|어떤|어느)\S*|\S*(?:나요|까요|습니까|ㅂ니까|인가요|인가|예요|에요|이에요|했어|하나|되나|되죠|하죠)$"
)


def _korean(text: str, before: Exchange) -> str | None:
    begun = _KOREAN_STARTER.match(text)
    body = (text[begun.end() :] if begun else text).strip()
    words = body.rstrip(" ?.!").split()
    if _KOREAN_BARE.fullmatch(body.rstrip(" ?.!")):
        return f"{_korean_subject(before.question)} {body}"
    if len(words) <= 2 and re.search(r"(?:은|는|엔|도)(?:요)?$", words[-1] if words else ""):
        return _korean_continue(before.question, body.rstrip(" ?.!"))
    anaphor = _KOREAN_ANAPHOR.search(body)
    if anaphor:
        particle = anaphor["particle"] or ""
        gap = " " if anaphor[0].endswith(" ") else ""
        subject = _korean_subject(before.question)
        return f"{body[: anaphor.start()]}{subject}{particle}{gap}{body[anaphor.end() :]}".strip()
    if words and len(words) <= 2 and _KOREAN_BARE.match(words[-1]):
        return f"{_korean_subject(before.question)} {body}"
    return None


def _korean_continue(question: str, part: str) -> str:
    """The question again, with another year, or another name in the place of its topic."""
    when, place = _KOREAN_TIME.search(part), _KOREAN_TIME.search(question)
    if when and place:
        return question[: place.start()] + when[0] + question[place.end() :]
    if when:
        return f"{part} {question}"
    noun = re.sub(r"(?:에서는|에는|은|는|엔|도)(?:요)?$", "", part)
    first = _KOREAN_TOPIC.match(question)
    if first and len(question.split()) > 1:
        return noun + _agreeing(noun, question[first.end("noun") :])
    return f"{noun} {question}"


def _agreeing(noun: str, rest: str) -> str:
    """``rest`` with its leading particle in the form that follows ``noun``'s final sound."""
    closed = "가" <= noun[-1] <= "힣" and (ord(noun[-1]) - ord("가")) % 28 != 0
    for after_consonant, after_vowel in ("은는", "이가", "을를"):
        if re.match(rf"[{after_consonant}{after_vowel}](?=\s)", rest):
            return (after_consonant if closed else after_vowel) + rest[1:]
    return rest


def _korean_subject(question: str) -> str:
    """The words of a question without its question words and its ending."""
    words = question.rstrip(" ?.!").split()
    kept = [word for word in words if not _KOREAN_ASKING.match(word) and not _KOREAN_ASKING.search(word)]
    subject = " ".join(kept) or question.rstrip(" ?.!")
    return re.sub(r"(?:은|는|이|가|을|를)$", "", subject)
