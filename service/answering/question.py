"""What a question asks for: the kind of answer, what it is about, and what it takes for granted.

English and Korean by their question words; of a question in another language the names, years and
figures are read, and its kind of answer stays open. Everything is decided by the wording alone.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from indexer.lexicon import STOP_WORDS
from service.answering.request import without_request
from service.quantity import Quantity, quantities

Span = tuple[int, int]
"""Half-open character offsets."""


class Expectation(StrEnum):
    """The kind of thing that would answer."""

    PERSON = "person"
    PLACE = "place"
    DATE = "date"
    DURATION = "duration"
    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    MEASURE = "measure"
    """A length, weight, age, speed, or whatever else "how" asks before an adjective."""
    AMOUNT = "amount"
    """Money, a share or a quantity: "how much" alone does not tell which."""
    CONTACT = "contact"
    """A telephone number, an address of a page or a mailbox."""
    REASON = "reason"
    MANNER = "manner"
    DECISION = "decision"
    """Yes or no."""
    STATEMENT = "statement"
    """What somebody said."""
    THING = "thing"
    """Anything else that a "what" or "which" asks for."""
    SUMMARY = "summary"
    MENTION = "mention"
    """Whatever the text says about something: that is the question's focus."""
    OPEN = "open"
    """The wording does not tell."""


FIGURES = frozenset(
    {
        Expectation.DATE,
        Expectation.DURATION,
        Expectation.MONEY,
        Expectation.PERCENT,
        Expectation.COUNT,
        Expectation.MEASURE,
        Expectation.AMOUNT,
    }
)
"""The kinds of answer that contain a figure or a date."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question. ``content`` is false for those that carry the grammar or the asking alone."""

    text: str
    start: int
    end: int
    content: bool
    name: bool
    """Capitalised, or a code such as BT2207: it names something."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what its wording tells.

    ``focus`` is the noun that "which", "what" or "how many" asks about ("regions" in "Which regions
    get what?"). ``listing`` says that several things may be wanted. ``years`` are those that the
    question names, ``relative_years`` how far from the present are those that it counts from there ("last year" is -1);
    ``quantities`` its other figures and dates.
    """

    text: str
    language: str
    expects: Expectation
    focus: Span | None
    words: tuple[Word, ...]
    years: tuple[int, ...]
    quantities: tuple[Quantity, ...]
    listing: bool
    relative_years: tuple[int, ...] = ()

    @property
    def content(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.content)

    @property
    def names(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.name)


_WORD = re.compile(r"[^\W_]+(?:['’.\-&/][^\W_]+)*")
_YEAR = re.compile(r"(?<![\d,.])(?:1[0-9]|20|21)\d\d(?![\d]|,\d|\.\d)")
_HANGUL = re.compile(r"[가-힣]")
_RELATIVE_YEARS = tuple(
    (offset, re.compile(pattern, re.IGNORECASE))
    for offset, pattern in (
        (
            -1,
            r"\b(?:last|previous) year\b|\bthe year before\b|\ba year (?:ago|earlier)\b|(?<!재)작년|지난해|전년",
        ),
        (0, r"\bthis year\b|올해|금년"),
        (1, r"\b(?:next|coming) year\b|내년|이듬해"),
    )
)

# fmt: off
FUNCTION_WORDS = STOP_WORDS | {
    "nor", "else", "off", "onto", "out", "per", "up", "upon", "via", "within", "without", "above",
    "across", "after", "against", "along", "among", "around", "before", "behind", "below", "beneath",
    "beside", "besides", "between", "beyond", "during", "except", "inside", "near", "since", "through",
    "throughout", "till", "toward", "towards", "under", "until", "mine", "ours", "yours", "hers",
    "theirs", "one", "ones", "am", "doing", "done", "having", "shall", "ought", "need", "yes", "too",
    "also", "just", "only", "very", "much", "many", "more", "most", "less", "least", "few", "some",
    "any", "each", "every", "either", "neither", "both", "all", "here", "it's", "what's", "who's",
    "where's", "when's", "how's", "i'm", "don't", "doesn't", "didn't", "isn't", "aren't", "wasn't",
    "weren't", "can't", "won't", "there's", "that's", "let's", "please", "ok", "okay", "well",
    "actually", "exactly", "ever", "still", "yet", "already", "again", "'s", "s", "t", "re", "ve", "ll",
    "d", "m",
}
# fmt: on
# fmt: off
_ASKING_WORDS = frozenset({
    "tell", "say", "said", "says", "name", "names", "named", "called", "list", "mention", "mentioned",
    "according", "kind", "kinds", "type", "types", "sort", "sorts", "thing", "things", "give", "given",
    "know", "want", "wanted", "happen", "happens", "happened", "get", "gets", "got", "go", "goes",
    "going", "mean", "means", "planned", "plan",
})
# fmt: on
"""Words that ask rather than describe; they are matched, but their absence means little."""

_TEXT = r"(?:(?:the|this|these) (?:[\w-]+ )?(?:announcement|text|release|statement|article|document|notice|report|page|briefing)s?)"
_SUMMARY = re.compile(
    r"\bsummar(?:y|i[sz]e|ies)\b|\bsum(?:med)? (?:\w+ )?up\b|\btl;?dr\b|\boverview\b|\bin (?:short|brief|a nutshell)\b"
    r"|\b(?:main|key) (?:points?|takeaways?|messages?)\b"
    r"|\bgist\b|^\W*what(?:'s| is| are| does| do| was)\b[^?]{0,60}\b(?:announcement|notice|release"
    r"|text|article|document|statement"
    r"|report|this|it|all this|page|message)(?:'s)?(?: all)? (?:about|say|deal with|cover)(?: in general| overall)?\W*$"
    rf"|\btell (?:me|us)(?: more)? about (?:this|it|{_TEXT})\W*$"
    r"|^\W*what(?:'s| is| was) (?:this|it|that|all this|(?:the|this(?: [\w-]+){0,2}) (?:new )?(?:plan|programme|program"
    r"|project|scheme|law|bill|act|policy|budget|decision|agreement|deal|news|story|briefing|measure|initiative"
    r"|strategy|package|update|bulletin|newsletter))"
    r" (?:all )?about\W*$"
    r"|^\W*what(?:'s| is| was| has been| [\w' ]{1,40} (?:is|was|are)) (?:being )?announc(?:ed|ing)(?: here)?\W*$"
    r"|요약|간추려|간단히 (?:말|정리|설명)|무슨 내용|어떤 내용(?:이|인|의 (?:발표|공고))|핵심(?:은|만|이)|주요 내용"
    r"|^(?:이|본) ?(?:발표|공고|보도자료|자료|글|문서|기사)(?:에 대해서?|를|을)? ?(?:좀 )?(?:알려|설명)",
    re.IGNORECASE,
)
_OF = r"(?:about|on|regarding|concerning)"
_MENTION = tuple(
    re.compile(
        rf"^\W*{pattern}(?: (?:here|at all|anywhere|in (?:it|this(?: \w+)?|{_TEXT})))*\W*$", re.IGNORECASE
    )
    for pattern in (
        rf"what(?:'s| is| was| has been| are| were) (?:being )?(?:said|written|stated|mentioned|reported|announced|known"
        rf"|new)(?: here| in {_TEXT})? {_OF} (?P<topic>.+?)",
        rf"what (?:does|do|did) (?:it|this|they|you|we|{_TEXT}) (?:say|tell(?: us| me)?|state|mention|report|know) {_OF}"
        r" (?P<topic>.+?)",
        rf"(?:does|do|did) (?:it|this|they|{_TEXT}) (?:mention|say (?:any|some)thing {_OF}|talk about|tell (?:us|me)"
        rf" (?:any|some)thing {_OF}|refer to) (?:also )?(?P<topic>.+?)",
        r"(?:is|are|was|were) (?P<topic>(?:(?!\bto be\b).)+?) (?:also )?(?:mentioned|talked about|referred to)",
        r"(?:please )?(?:(?:can|could|would) you )?(?:please )?tell (?:me|us)(?: (?:more|something|everything|all|a bit))*"
        r" about (?P<topic>.+?)",
        rf"(?:is there |are there |do you have )?(?:anything|something|any (?:news|word|information|info|details?)|details"
        rf"|information|news)(?: new| said)? {_OF} (?P<topic>.+?)",
        r"what about (?P<topic>.+?)",
        r"(?P<topic>[^은는이가]+?)\s?(?:에 대해서?|에 관해서?|에 대한|에 관한)(?:는|도)? (?:(?:뭐라고|무슨|어떤|다른|나온) )*"
        r"(?:(?:말|내용|언급|얘기|이야기|정보|소식)\S* ?)?(?:있|나와|나오|적혀|쓰여|되어 ?있|돼 ?있|알려|설명해|뭐)\S*(?: ?(?:줘|주세요|줄래|있)\S*)?",
    )
)
"""Whatever there is on something is wanted. A question within ("does it say when …") is no topic."""
_NO_TOPIC = re.compile(
    r"^(?:(?:who|what|which|when|where|why|how|whether|if)\b|(?:it|this|that|them)$)"
    rf"|^{_TEXT}$|^(?:이|그|본) ?\S*$|{_SUMMARY.pattern}",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"(?:^|[,;:.!?] |\b(?:and|so|but|or) )(?:is|are|was|were|am|do|does|did|will|would|can|could"
    r"|can't|isn't|aren't|won't|don't"
    r"|doesn't|didn't|has|have|had|shall|should|may|might|must)\b(?=[^?]*\?|[^?.!]*$)",
    re.IGNORECASE,
)
_MONEY_NOUN = (
    r"(?:budgets?|prices?|costs?|fees?|fares?|tolls?|fines?|penalt(?:y|ies)|revenues?|sales"
    r"|turnover|profits?|loss(?:es)?|incomes?|"
    r"earnings|salar(?:y|ies)|wages?|pay|rents?|grants?|subsid(?:y|ies)|funds?|funding|money"
    r"|investments?|spending|expenditures?|"
    r"deposits?|loans?|debts?|allowances?|premiums?|compensation|refunds?|dividends?|market value"
    r"|net worth|tuition|charges?|tax(?:es)?)"
)
_PERSON_NOUN = (
    r"(?:person|people|man|woman|men|women|president|minister|mayor|governor|king|queen|emperor"
    r"|ruler|leader|chair(?:man|woman|person)?"
    r"|director|manager|chief|head|ceo|cfo|officer|official|secretary|spokes(?:man|woman|person)"
    r"|scientist|researcher|doctor|professor"
    r"|author|writer|poet|artist|singer|actor|actress|player|coach|quarterback|engineer|inventor"
    r"|founder|economist|historian|philosopher"
    r"|general|commander|explorer|judge|lawyer|politician|architect|composer|speaker|expert)s?"
)
_PLACE_NOUN = (
    r"(?:place|cit(?:y|ie)|town|village|countr(?:y|ie)|nation|state|province|region|district"
    r"|count(?:y|ie)|borough|area|location|site"
    r"|venue|address|street|road|building|hall|room|stadium|arena|station|port|harbou?r|airport"
    r"|island|continent|river|sea|ocean|lake"
    r"|mountain|neighbou?rhood|part of (?:the )?\w+|territor(?:y|ie)|capital)s?"
)
_DATE_NOUN = (
    r"(?:year|month|date|day|time|century|decade|deadline|quarter|week|hour|weekday|season|period|era|age)s?"
)

_ENGLISH = tuple(
    (expectation, re.compile(pattern, re.IGNORECASE))
    for expectation, pattern in (
        (Expectation.COUNT, r"\bhow many (?P<focus>[\w-]+(?: [\w-]+)?)"),
        (Expectation.MONEY, r"\bhow much (?P<focus>money)\b"),
        (Expectation.MONEY,
            rf"\bhow (?:much|high|large|big)\b[^?]*\b(?P<focus>{_MONEY_NOUN})\b|\bhow expensive\b"),
        (Expectation.MONEY,
            r"\bhow much\b[^?]*\b(?:cost|pay|paid|spend|spent|invest(?:ed)?|worth|charged?|earn(?:ed)?"
            r"|raised?)\b"),
        (Expectation.PERCENT, r"\bhow much (?:percent|of)\b"),
        (Expectation.AMOUNT, r"\bhow much\b(?: (?P<focus>[\w-]+))?"),
        (Expectation.DURATION,
            r"\bhow long\b(?! is the \w+(?:bridge|tunnel|road|track|line|route))|\bhow soon\b"
            r"|\bhow (?:quickly|fast) (?:will|do|does|must|should|can)\b"),
        (Expectation.DURATION, r"\bhow often\b|\bhow frequently\b|\bfor how long\b"),
        (
            Expectation.MEASURE,

                r"\bhow (?:far|high|tall|deep|wide|large|big|small|heavy|fast|old|young|hot|cold|thick"
                r"|broad|strong|powerful|loud|steep|warm|low|close|near|late|early)\b",
        ),
        (Expectation.REASON,
            r"\bwhy\b|\b(?:what|which)(?:'s| is| are| was| were)? (?:the |a |an "
            r"|one )?(?:\w+ )?(?P<focus>reasons?|causes?|motives?|purpose|rationale)\b|\bwhat (?:caused"
            r"|led to|prompted|triggered)\b|\bhow come\b|\bfor what (?:reason|purpose)\b|\bwhat(?:'s"
            r"| is| are| was)\b[^?]*\b(?:point of|for)\W*$"),
        (Expectation.PERCENT,
            r"\b(?:what|which|by what) (?P<focus>percent(?:age)?|share|proportion|fraction|ratio"
            r"|rate)\b|\bwhat(?:'s| is| was| were| are"
            r"| will be)? the (?:[\w-]+ ){0,3}(?P<focus2>percentage|share|proportion|fraction|rate"
            r"|margin)\b"),
        (Expectation.CONTACT,
            r"\b(?:phone|telephone|hotline|fax|e-?mail|mail|web|website)\b[^?]*\b(?:number|address|site"
            r"|page)?\b(?=.*\?|$)(?<=number)|\b(?:phone|telephone|hotline)(?: number)?\b|\be-?mail\b"
            r"|\bwebsite\b|\bweb ?page\b|\burl\b|\bhow (?:can|do|could) (?:i|we|one|people) (?:reach"
            r"|contact|call|get in touch)\b|\bwho(?:m)? (?:can|do|should|could) (?:i|we|one) (?:call"
            r"|contact|ask|phone|write|turn)\b"),
        (Expectation.DATE,
            rf"(?:^\W*(?:\w+ ){0,2}|, )when\b(?!.*, *(?:what|which|who|how|where)\b)|\bwhen (?:is|are"
            rf"|was|were|will|do|does|did|can|could|should|has|have|must)\b|\b(?:what|which)(?:'s| is"
            rf"| was| will be)? (?:the )?(?:\w+ ){{0,2}}?(?P<focus>{_DATE_NOUN})\b|\bhow (?:late"
            rf"|early)\b|\bwhat time\b|\b(?P<focus2>deadline|due date|launch date|start date"
            rf"|opening hours?)\b"),
        (Expectation.MONEY,
            rf"\b(?:what|which)(?:'s| is| was| were| are| will be| would be)? (?:the |a |an |this |its "
            rf"|their |\w+'s )?(?:[\w-]+ ){{0,3}}?(?P<focus>{_MONEY_NOUN})\b|\bwhat (?:does|do|did|will"
            rf"|would) [^?]* cost\b|\bwhat is [^?]* worth\b|\bwhat (?:should|does|do|did"
            rf"|will) [^?]*\bcosts?\b"),
        (Expectation.COUNT,
            r"\b(?:what|which)(?:'s| is| was| were)? (?:the )?(?:total |exact |approximate |estimated "
            r"|average |maximum |minimum )?(?P<focus>number|population|count|score|attendance|capacity"
            r"|headcount)\b"),
        (Expectation.MEASURE,
            r"\bwhat(?:'s| is| was)? the (?:[\w-]+ ){0,2}(?P<focus>length|height|depth|width|weight"
            r"|size|speed|distance|temperature|age|area|volume|range|power|output|limit|level)\b"),
        (Expectation.DURATION,
            r"\bwhat(?:'s| is| was)? the (?:[\w-]+ ){0,2}(?P<focus>duration|length of time|term"
            r"|timeframe|warranty)\b"),
        (Expectation.STATEMENT,
            r"\bwhat (?:did|does|do|has|have|had|was|is|are)\b[^?]*\b(?:say|says|said|ask|asked|explain"
            r"|explained|emphasi[sz]e|emphasi[sz]ed|promise|promised|claim|claimed|argue|argued|think"
            r"|thinks|comment|commented|state|stated|respond|responded|reply|replied|advise|advises"
            r"|advised|warn|warned|call|announce|announced|recommend|recommended|suggest|suggested"
            r"|quoted)\b"),
        (Expectation.PERSON,
            r"\b(?:what|which)(?:'s| is| are| was| were)? (?:the )?(?P<focus>names?)\b(?! (?:for"
            r"|given))"),
        (Expectation.PERSON,
            rf"\bwho(?:'s|m|se)?\b|\b(?:what|which)(?:'s| is| was"
            rf"| were)? (?:the )?(?:name of the )?(?:[\w-]+ )?(?P<focus>{_PERSON_NOUN})\b"),
        (Expectation.PLACE,
            rf"\bwhere\b|\b(?:what|which)(?:'s| is| was"
            rf"| are)? (?:the )?(?:[\w-]+ )?(?P<focus>{_PLACE_NOUN})\b"),
        (Expectation.THING,
            r"\b(?:what|which)(?:'s)?\b(?: (?:is|are|was|were|will be|would be|does|do|did|has|have|had"
            r"|will|can|could|should|must|might|may|would|kinds? of|types? of|sorts? of|other|of the|of"
            r"|the|a|an|its|their|\w+'s)\b)* ?(?P<focus>[\w-]+)?"),
        (Expectation.DATE, r"\bwhen\b"),
        (Expectation.MANNER, r"\bhow\b|\bin what way\b|\bby what means\b"),
    )
)  # fmt: skip

_KOREAN = tuple(
    (expectation, re.compile(pattern))
    for expectation, pattern in (
        (Expectation.REASON, r"왜|이유|원인|까닭|때문인가|무엇 때문|목적"),
        (Expectation.CONTACT, r"전화번호|연락처|이메일|홈페이지|문의처|누리집|어디(?:로|에) (?:문의|연락)"),
        (Expectation.PERCENT, r"몇 ?(?:%|퍼센트|프로)|(?P<focus>비율|퍼센트|지분율|점유율|[가-힣]+률|[가-힣]+율)(?:은|는|이|가)"),
        (Expectation.DURATION,
            r"얼마 ?동안|얼마나 (?:오래|걸)|며칠 ?(?:동안|간)|몇 ?(?:년|개월|달|주|시간|분|일) ?(?:동안|간|이나|만에)|(?P<focus>기간)(?:은"
            r"|이|는)"),
        (Expectation.DATE,
            r"언제|몇 ?년|몇 ?월|며칠|몇 ?시|몇 ?일|(?P<focus>날짜|연도|년도|시기|일시|기한|마감일?|시점|요일)|(?<=[가-힣] )(?P<focus2>날"
            r"|해|때)(?:는|은|가)|어느 ?(?:해|날|달)"),
        (Expectation.MONEY,
            r"(?:얼마|몇 ?(?:원|달러|억|조))[^?]*|(?P<focus>예산|금액|비용|가격|요금|매출액?|수수료|과징금|벌금|보증금|투자액|지원금|사업비|임대료"
            r"|연봉|월급)(?:은|는|이|가|의)[^?]*(?:얼마|어느 정도|규모)"),
        (Expectation.MEASURE,
            r"몇 ?(?:킬로|미터|㎞|km|㎡|톤|층|도|살|세)|(?P<focus>길이|높이|넓이|면적|무게|거리|크기|속도|온도)(?:는|은|가|이)"),
        (Expectation.COUNT,
            r"몇 ?(?P<focus>명|개|대|곳|가구|차례|번|회|건|가지|종|마리|편|권|석|[가-힣])|모두 몇|(?P<focus2>인원|인구|개수|횟수|숫자)"),
        (Expectation.PLACE,
            r"어디|(?P<focus>장소|지역|도시|나라|국가|위치|주소|동네|행사장)|어느 ?(?P<focus2>지역|도시|나라|곳|구|시)|(?<=[가-힣] )곳(?:은"
            r"|는)"),
        (Expectation.PERSON, r"누구|누가|누굴|(?P<focus>인물|사람|이름|장관|시장|대표|감독|대통령|위원장|저자|작가)(?:은|는|의 이름|이 누)"),
        (Expectation.STATEMENT, r"(?:뭐라고|무엇이라고|무슨 말|어떤 말|어떻게 (?:말|설명|답|밝))"),
        (Expectation.MANNER, r"어떻게|어떤 (?:방법|방식|식)|방법(?:은|이|을)|방식(?:은|이)|절차"),
        (Expectation.THING,
            r"무엇|무슨|뭐|뭘|어떤 ?(?P<focus>[가-힣]+)?|어느 ?(?P<focus2>[가-힣]+)?|(?P<focus3>[가-힣]+)(?:은|는)\?*$"),
    )
)  # fmt: skip
_KOREAN_DECISION = re.compile(
    r"(?:나요|까요?|가요|습니까|니까|는지|지요|죠|니|냐|어요|아요|해요|돼요|되요|대요)\W*$"
)
_LISTING = re.compile(
    r"\b(?:which|what|name|list)(?: (?:are|were))?(?: the| all| other| two| three| four| five"
    r"| six)*(?: (?:\w+est|top|main))? (?:[\w-]+ )?(?:[\w-]*[^s\W]s|people|children)\b(?! (?:is|was)\b)"
    r"|\b(?:divided|split|shared|spread|distributed|broken down|break-?down)\b.{0,40}?"
    r"\b(?:between|among|over|across|by)\b"
    r"|\bby (?:segment|region|division|district|country|department|sector|category|phase|area|age group)\b"
    r"|^\W*(?!(?:who|what|which|how|where|when|why|is|are|does|do)\b)(?:the )?(?:[\w-]+ )?[\w-]*[^s\W]s(?: needed| required| available)?\W*$"
    r"|\bhow (?:much|many|long|often|large)(?: (?:for|of|in|to))? each\b"
    r"|\b(?:list|all of|each of|everything|both)\b|\bwho (?:are|were)\b|\bwho gets? what\b|모두|무엇무엇|뭐뭐"
    r"|각각|어떤 것들|들(?:은|이|을) (?:무엇|누구|어디)|(?-i:[가-힣]별로|(?<![가-힣])[가-힣]{1,4}(?<![특개구])별 (?!로))|마다 (?:어떤|무슨|무엇|얼마|어떻게)|(?<![가-힣])다 알려",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"[QH][1-4]", re.IGNORECASE)
"""A quarter or a half of a year, which is no name."""
_NOT_PLURAL = re.compile(
    r"(?:ss|us|is|does|was|has|\b(?:as|gas)|what's|who's|goes|news|always|this|\b(?:happens|comes|begins|starts|ends|follows|costs"
    r"|means|remains|stays|applies|counts|becomes|makes|takes|gets|needs|opens|closes))$",
    re.IGNORECASE,
)


def analyse(text: str, language: str = "en") -> Question:
    """Read a standalone question. Any text is accepted; the time is linear in its length."""
    korean = language == "ko" or (language != "en" and _HANGUL.search(text) is not None)
    if _SUMMARY.search(text) is None and _topic(text) is None:
        text = without_request(text, korean=korean)
    expects, focus = _asked(text, korean=korean)
    figures = quantities(text)
    return Question(
        text=text,
        language="ko" if korean else language,
        expects=expects,
        focus=focus,
        words=_words(text),
        years=tuple(dict.fromkeys(int(match.group()) for match in _YEAR.finditer(text))),
        quantities=figures,
        listing=_lists(text),
        relative_years=tuple(relative_years(text)),
    )


def _asked(text: str, *, korean: bool) -> tuple[Expectation, Span | None]:
    topic = _topic(text)
    if topic is not None:
        return Expectation.MENTION, topic
    return _korean(text) if korean else _english(text)


def _topic(text: str) -> Span | None:
    """What everything is wanted on that there is; None where something more is asked."""
    asked = next((match for pattern in _MENTION if (match := pattern.search(text))), None)
    if asked is None or _NO_TOPIC.search(asked["topic"]):
        return None
    return asked.span("topic")


def _english(text: str) -> tuple[Expectation, Span | None]:
    if _SUMMARY.search(text):
        return Expectation.SUMMARY, None
    decision = _AUXILIARY.search(text)
    for expectation, pattern in _ENGLISH:
        match = pattern.search(text)
        if match and not (
            decision and decision.start() == 0 and match.start() > 0 and not _joined(text, match.start())
        ):
            return expectation, _focus(match)
    return (Expectation.DECISION if decision else Expectation.OPEN), None


def _joined(text: str, position: int) -> bool:
    """Whether a question word behind a leading "did" begins a second question: "…, and which batch?"."""
    return re.search(r"(?:, and|[.?!]) $", text[:position]) is not None


def _korean(text: str) -> tuple[Expectation, Span | None]:
    if _SUMMARY.search(text):
        return Expectation.SUMMARY, None
    asks = [(e, match) for e, pattern in _KOREAN if (match := pattern.search(text))]
    certain = re.search(r"누구|누가|언제|어디|왜|얼마|몇|며칠|무엇|무슨|뭐|뭘|어떤|어떻게|어느", text)
    if _KOREAN_DECISION.search(text) and not certain:
        return Expectation.DECISION, None
    return (asks[0][0], _focus(asks[0][1])) if asks else (Expectation.OPEN, None)


def relative_years(text: str) -> dict[int, str]:
    """The years that a text counts from the present, by how far they are from there: "last year" as -1."""
    return {offset: match[0] for offset, pattern in _RELATIVE_YEARS if (match := pattern.search(text))}


def is_year(word: str) -> bool:
    """Whether a word tells of a year: 2026, 작년에."""
    return _YEAR.search(word) is not None or bool(relative_years(word))


def without_years(question: Question) -> Question:
    """The same, as if it named no year."""
    return replace(question, years=(), relative_years=())


def _focus(match: re.Match[str]) -> Span | None:
    for name in match.re.groupindex:
        if match[name]:
            return match.span(name)
    return None


def _lists(text: str) -> bool:
    return any(_NOT_PLURAL.search(match.group()) is None for match in _LISTING.finditer(text))


def _words(text: str) -> tuple[Word, ...]:
    words = []
    shouted = text.isupper()
    for match in _WORD.finditer(text):
        word = match.group()
        plain = word.lower().replace("’", "'")
        start = not text[: match.start()].strip(" \"'“‘(") or text[: match.start()].rstrip()[-1:] in ".?!"
        content = plain not in FUNCTION_WORDS and plain not in _ASKING_WORDS
        capital = word[0].isupper() and not (start and not word[1:].isupper()) and not shouted
        coded = any(c.isdigit() for c in word) and any(c.isalpha() and c.isascii() for c in word)
        words.append(
            Word(
                word,
                match.start(),
                match.end(),
                content,
                (content and (capital or coded) and _PERIOD.fullmatch(word) is None)
                or (not shouted and _initial_name(word, content, start)),
            )
        )
    return tuple(words)


def _initial_name(word: str, content: bool, start: bool) -> bool:
    """Whether the first word of the text names something: a capital there proves nothing, two do."""
    return start and content and sum(character.isupper() for character in word) > 1
