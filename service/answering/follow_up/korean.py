"""Korean follow-ups. What was named before is left out where an English question has "it"."""

import re

from service.answering.follow_up.exchange import Exchange

_STARTER = re.compile(r"(?:그럼|그러면|그리고|그런데|근데|그렇다면|또|또한|아니|음|네|예)[\s,]+")
_ANAPHOR = re.compile(
    r"(?<![가-힣])(?:그것|그거|이것|이거|그건|그게|이건|이게|거기|여기|그곳|그때|그분|그 사람|그들|해당 \S+|그 (?=[가-힣]))(?P<particle>은|는|이|가|을|를|의|에서|에|도)?"
)
_TIME = re.compile(r"(?:19|20|21)\d\d\s*년|재작년|내후년|내년|올해|작년|지난해|다음 달|이번 달")
_BARE = re.compile(
    r"(?:왜|언제|어디(?:서|로|에서|까지)?|누가|누구|얼마나?|몇\s?\S{1,3}|어떻게|언제부터|언제까지|무엇|뭐)(?:야|예요|에요|이에요|인가요|인가|인데요?|요|죠|지|나요|니|냐|까지|부터|이지|입니까)?"
)
_PLACE = r"에서는|에서도|에게는|에서|에게|에는|에선|까지는|부터는"
_TOPIC = re.compile(rf"(?P<noun>[^\s?]+?)(?:{_PLACE}|은|는|이|가|의|도|엔)(?:요)?(?=[\s?]|$)")
_ASKING = re.compile(
    r"(?:왜|언제|어디|누가|누구|얼마|몇|어떻게|무엇|뭐|뭘|무슨|어떤|어느)\S*"
    r"|\S*(?:나요|까요|습니까|ㅂ니까|인가요|인가|예요|에요|이에요|했어|하나|되나|되죠|하죠)$"
)
_ASKING_FIRST = re.compile(r"(?:왜|언제|어디|누가|누구|얼마|몇|어떻게)")
_MARKED = re.compile(rf"(?P<noun>\S{{2,}}?)(?:{_PLACE}|은|는|이|가|을|를|엔)(?:요)?")
_UNMARKED = re.compile(
    r"(?:어린|나|차|종|높|길|넓|깊|놀|먹|국|물|평|휴|작|추|증|인|허|참|주|단|원|\S*전문|\S*건축|\S*예술|\S*놀|마|가)(?:이|가|을)|\S*[되하있없]는"
)
"""Words that end as if a particle followed them."""
_PROPERTY = re.compile(
    r"\S*(?:신청|접수|예약|환불|교환|보상|지급|부작용|효과|결과|비용|비|요금|료|가격|값|대상|자격|조건|기간|기한|마감일?|(?:출시|발표|개통|시행|개막|시작|종료)일|일정|날짜|방법|절차|서류"
    r"|제한|기준|시간|나이|연령|요일|날|정원|준비물|혜택|할인|과태료|벌금|수수료|상금|면적|높이|길이|무게|크기|종류"
    r"|이유|원인|매출액?|이익|수요|규모|장소|위치|인원|예산|재원|지분|연봉|월급|급여|이자|금리|한도|담당자|책임자|전화번호|연락처|홈페이지)"
)
"""What a thing has, or what is done about it: named alone, it is that of what was named before."""
_DOING = re.compile(r"(?<=[가-힣]{2})(?:해|해요|합니다|돼|돼요|됩니다)$")
_PREDICATE = re.compile(r"\S*(?:[가-힣]요|니다|[해어아]도|하면|려면|으면|는데)$")
_ABLE = re.compile(r"(?: \S*[할을갈볼될낼줄쓸살])? 수$")
"""What is left of "can" and "cannot" without their last word: "살 수" of "살 수 있나요"."""
_CODE = re.compile(r"(?<!\S)[A-Za-z]*\d+[가-힣]{1,2}(?=\s)")
"""One of several things that a number tells apart: "N7번", "3호"."""
_PERSON_ASKED = re.compile(r"누구|누가")


def resolve(text: str, before: Exchange) -> str | None:
    """The follow-up as a question of its own; None where it stands on its own."""
    begun = _STARTER.match(text)
    body = (text[begun.end() :] if begun else text).strip()
    words = body.rstrip(" ?.!").split()
    if _BARE.fullmatch(body.rstrip(" ?.!")):
        return f"{_subject(before.question)} {body}"
    if words and len(words) <= 2 and re.search(r"(?:은|는|엔|도)(?:요)?$", words[-1]):
        return _continue(before.question, body.rstrip(" ?.!"))
    anaphor = _ANAPHOR.search(body)
    if anaphor:
        particle = anaphor["particle"] or ""
        gap = " " if anaphor[0].endswith(" ") else ""
        subject = _subject(before.question)
        return f"{body[: anaphor.start()]}{subject}{particle}{gap}{body[anaphor.end() :]}".strip()
    left_out = _left_out(words, before.question) if words else None
    return f"{left_out} {body}" if left_out else None


def _left_out(words: list[str], question: str) -> str | None:
    """What these words are about without naming it; None where they name it."""
    subject, owner = _subject(question, said=False), _owner(question)
    if _PROPERTY.fullmatch(_noun(words[0])):
        return None if _PERSON_ASKED.search(question) and owner == subject else owner
    named = any(_MARKED.fullmatch(word) and not _ASKING.match(word) for word in words)
    asks = _ASKING_FIRST.match(words[0]) is not None
    return subject if asks and not named and not _PERSON_ASKED.search(question) else None


def _noun(word: str) -> str:
    match = None if _UNMARKED.fullmatch(word) else _MARKED.fullmatch(word)
    return match["noun"] if match else word


def _continue(question: str, part: str) -> str:
    """The question again, with another year, or another name in the place of its topic; or what its topic has."""
    when, place = _TIME.search(part), _TIME.search(question)
    if when and place:
        return question[: place.start()] + when[0] + question[place.end() :]
    if when:
        return f"{part} {question}"
    noun = re.sub(r"(?:에서는|에는|은|는|엔|도)(?:요)?$", "", part)
    if _PROPERTY.fullmatch(_last(noun)) and not _PROPERTY.fullmatch(_last(_subject(question))):
        return f"{_subject(question)} {part.removesuffix('요')}?"
    return _instead(noun, question)


def _last(words: str) -> str:
    return words.rsplit(" ", 1)[-1]


def _instead(noun: str, question: str) -> str:
    """The question of another name; before the question where it is not told what that stands for."""
    if _CODE.match(f"{noun} ") and (code := _CODE.search(question)):
        return question[: code.start()] + noun + question[code.end() :]
    first = _TOPIC.search(question)
    if first is None or first.end() >= len(question.rstrip(" ?.!")):
        words = question.split()
        asks_of_first = len(words) > 1 and _ASKING_FIRST.match(words[1]) is not None
        return " ".join([noun, *words[1:]]) if asks_of_first else f"{noun} {question}"
    before = question[: first.start()].split()
    kept = [word for word in before if _TIME.match(word)]
    told = len(before) - len(kept)
    if told > 1:
        return f"{noun} {question}"
    if told and _PROPERTY.fullmatch(first["noun"]):
        owned = _PROPERTY.fullmatch(noun) is not None
        return (
            f"{' '.join([*before, noun])}?" if owned else " ".join([*kept, noun, question[first.start() :]])
        )
    return " ".join([*kept, noun + _agreeing(noun, question[first.end("noun") :])])


def _agreeing(noun: str, rest: str) -> str:
    """``rest`` with its leading particle in the form that follows ``noun``'s final sound."""
    closed = "가" <= noun[-1] <= "힣" and (ord(noun[-1]) - ord("가")) % 28 != 0
    for after_consonant, after_vowel in ("은는", "이가", "을를"):
        if re.match(rf"[{after_consonant}{after_vowel}](?=\s)", rest):
            return (after_consonant if closed else after_vowel) + rest[1:]
    return rest


def _owner(question: str) -> str:
    """What a question is about, or if that is what another thing has, the other: "접종" of "접종 대상"."""
    subject = _subject(question, said=False)
    owner, _, last = subject.rpartition(" ")
    return owner if owner and _PROPERTY.fullmatch(last) else subject


def _subject(question: str, *, said: bool = True) -> str:
    """What a question is about: its words up to the first that a particle marks; else all but those that ask, and what
    it says of that unless the follow-up says something else."""
    words = [word for word in question.rstrip(" ?.!").split() if not _ASKING.match(word)]
    for particles in (rf"{_PLACE}|은|는", "이|가|을|를"):
        for at, word in enumerate(words):
            if _UNMARKED.fullmatch(word):
                continue
            if marked := re.fullmatch(rf"(?P<noun>\S{{2,}}?)(?:{particles})", word):
                return " ".join([*words[:at], marked["noun"]])
    kept = [word for word in words if not _ASKING.search(word)]
    if not said:
        kept = _ABLE.sub("", " ".join(kept)).split()
        while len(kept) > 1 and _PREDICATE.fullmatch(kept[-1]):
            kept.pop()
    return _DOING.sub("", " ".join(kept)) or question.rstrip(" ?.!")
