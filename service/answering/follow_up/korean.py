"""Korean follow-ups."""

import re

from service.answering.follow_up.exchange import Exchange

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


def resolve(text: str, before: Exchange) -> str | None:
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
