"""False claims made from true ones, one class of falsehood at a time, by a seeded generator.

Each mutation changes one thing and is checked to change the meaning: a figure that only changes its
writing is no mutation, nor is a name that the quotes also support. The word lists here are the
benchmark's own and are not the verifier's.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.quantity import quantities


class Falsehood(StrEnum):
    """How a false claim differs from the true one."""

    FIGURE = "figure"
    UNIT = "unit"
    POINT = "percent against point"
    DATE = "date"
    DIRECTION = "direction"
    NEGATION = "negation"
    NAME = "name"
    SPEAKER = "speaker"
    STRENGTH = "strength"
    SPLICED = "spliced quotes"
    CITATION = "citation swapped"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim with the sentences it cites, by their place in ``sentences``, its announcement's text."""

    announcement: str
    language: str
    published: date
    sentences: tuple[str, ...]
    claim: str
    cites: tuple[int, ...]
    form: str = ""

    @property
    def quotes(self) -> tuple[str, ...]:
        return tuple(self.sentences[index] for index in self.cites)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A pair whose claim its quotes do not support, and why."""

    pair: Pair
    falsehood: Falsehood
    written: bool = False
    """Written by hand, not generated."""


Mutate = Callable[[Pair, random.Random, Sequence[Pair]], Iterator[str]]


def mutations(pair: Pair, pool: Sequence[Pair], seed: int, most: int = 2) -> list[Mutation]:
    """Up to ``most`` false claims of each class that applies to ``pair``; names come from ``pool``."""
    made: list[Mutation] = []
    for falsehood, mutate in _MUTATE.items():
        chance = random.Random(f"{seed}:{falsehood}:{pair.announcement}:{pair.claim}")  # noqa: S311
        claims = list(dict.fromkeys(mutate(pair, chance, pool)))
        chance.shuffle(claims)
        kept = [claim for claim in claims if claim != pair.claim and claim not in pair.quotes]
        made += [Mutation(_with(pair, claim), falsehood) for claim in kept[:most]]
    made += _citations(pair, seed, most)
    return made


def _with(pair: Pair, claim: str, cites: tuple[int, ...] | None = None) -> Pair:
    return Pair(
        pair.announcement,
        pair.language,
        pair.published,
        pair.sentences,
        claim,
        pair.cites if cites is None else cites,
        pair.form,
    )


def _really_other(pair: Pair, claim: str) -> bool:
    """Whether some figure of the claim is neither in the true claim nor in its quotes."""
    known = {quantity for text in (pair.claim, *pair.quotes) for quantity in quantities(text, pair.published)}
    return any(quantity not in known for quantity in quantities(claim, pair.published))


# Figures ----------------------------------------------------------------------------------------

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w]*-\d)")
_NUMBER_WORDS = str.split(
    "two three four five six seven eight nine ten eleven twelve fourteen fifteen twenty"
)


def _figure(pair: Pair, chance: random.Random, _: Sequence[Pair]) -> Iterator[str]:
    for match in _NUMBER.finditer(pair.claim):
        if _is_date(pair, match.start()):
            continue
        written = match.group()
        factor = chance.choice([2, 3, 5, 10])
        for new in (_digit_changed(written, chance), _rescaled(written, factor)):
            claim = pair.claim[: match.start()] + new + pair.claim[match.end() :]
            if _really_other(pair, claim):
                yield claim
    for match in re.finditer(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b", pair.claim, re.IGNORECASE):
        new = chance.choice([word for word in _NUMBER_WORDS if word != match.group().lower()])
        new = new.capitalize() if match.group()[0].isupper() else new
        claim = pair.claim[: match.start()] + new + pair.claim[match.end() :]
        if _really_other(pair, claim):
            yield claim


def _is_date(pair: Pair, position: int) -> bool:
    return any(q.date and q.start <= position < q.end for q in quantities(pair.claim, pair.published))


def _digit_changed(written: str, chance: random.Random) -> str:
    places = [place for place, character in enumerate(written) if character.isdigit()]
    place = chance.choice(places[:2])
    return written[:place] + chance.choice("123456789") + written[place + 1 :]


def _rescaled(written: str, factor: int) -> str:
    if "." in written:
        return f"{float(written.replace(',', '')) * factor:,.1f}"
    return f"{int(written.replace(',', '')) * factor:,}"


_UNITS = (
    ("million", "billion"), ("billion", "million"), ("billion", "trillion"), ("억", "조"), ("조", "억"),
    ("천만", "천억"), ("만 원", "억 원"), ("천 원", "만 원"), ("dollars", "euros"), ("euros", "dollars"),
    ("$", "€"), ("€", "$"), ("£", "$"), ("francs", "euros"), ("crowns", "dollars"), ("pounds", "dollars"),
    ("억 원", "억 달러"), ("조 원", "조 달러"), ("조원", "조달러"), ("억원", "억달러"), ("만 원", "만 달러"),
    ("years", "months"), ("months", "years"), ("minutes", "hours"), ("hours", "minutes"), ("days", "weeks"),
    ("kilograms", "tonnes"), ("tonnes", "kilograms"), ("hectares", "acres"), ("metres", "kilometres"),
    ("gigawatts", "megawatts"), ("GW", "MW"), ("megawatts", "gigawatts"), ("km", "m"), ("kg", "톤"),
    ("개월", "년"), ("분에서", "시간에서"), ("시간", "분"), ("Celsius", "Fahrenheit"), ("percent", "million"),
    ("년이다", "개월이다"), ("하루 4시간", "하루 4분"), ("cents", "dollars"), ("가구", "명"), ("곳", "명"),
)  # fmt: skip


def _unit(pair: Pair, _: random.Random, __: Sequence[Pair]) -> Iterator[str]:
    for old, new in _UNITS:
        for match in re.finditer(
            rf"(?<=[\d가-힣] ){re.escape(old)}|(?<=\d){re.escape(old)}|{re.escape(old)}(?=\d)", pair.claim
        ):
            claim = pair.claim[: match.start()] + new + pair.claim[match.end() :]
            if _really_other(pair, claim) or (old in {"가구", "곳"} and claim != pair.claim):
                yield claim


def _point(pair: Pair, _: random.Random, __: Sequence[Pair]) -> Iterator[str]:
    swaps = (
        (r"(?<=\d)%포인트", "%"), (r"(?<=\d)%(?!포인트|p)", "%포인트" if pair.language == "ko" else " percentage points"),
        (r"percentage points?", "percent"), (r"(?<=\d )percent(?!age)", "percentage points"),
        (r"(?<=\d )basis points", "percent"),
    )  # fmt: skip
    for pattern, new in swaps:
        for match in re.finditer(pattern, pair.claim):
            claim = pair.claim[: match.start()] + new + pair.claim[match.end() :]
            if _really_other(pair, claim):
                yield claim


# Dates ------------------------------------------------------------------------------------------

_MONTHS = str.split("January February March April May June July August September October November December")
_DAYS = str.split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_PERIODS = (
    ("상반기", "하반기"), ("하반기", "상반기"), ("second half", "first half"), ("first half", "second half"),
    ("next year", "this year"), ("this year", "next year"), ("last year", "this year"), ("내년", "올해"),
    ("올해", "내년"), ("지난해", "올해"), ("spring", "autumn"), ("autumn", "spring"), ("early", "late"),
    ("third quarter", "second quarter"), ("fourth quarter", "third quarter"), ("Q3", "Q4"), ("end of", "start of"),
    ("midnight", "noon"), ("오후", "오전"), ("p.m.", "a.m."), ("여름", "겨울"), ("Easter", "Christmas"), ("연말", "연초"),
)  # fmt: skip


def _date(pair: Pair, chance: random.Random, _: Sequence[Pair]) -> Iterator[str]:
    for match in re.finditer(
        r"(?<![\d$€£,.])(?:1[39]|20)\d\d(?![\d,.]\d|\d)(?! ?(?:TEU|won|rooms|families))", pair.claim
    ):
        if _is_date(pair, match.start()):
            new = str(int(match.group()) + chance.choice([-4, -3, -2, -1, 1, 2, 3, 4]))
            yield from _replaced(pair, match, new)
    for match in re.finditer(rf"\b(?:{'|'.join(_MONTHS)})\b", pair.claim):
        yield from _replaced(
            pair, match, chance.choice([month for month in _MONTHS if month != match.group()])
        )
    for match in re.finditer(rf"\b(?:{'|'.join(_DAYS)})\b", pair.claim):
        yield from _replaced(pair, match, chance.choice([day for day in _DAYS if day != match.group()]))
    for match in re.finditer(
        r"(?<=\d)?(?:1[0-2]|[1-9])(?=월)|(?<=월 )\d{1,2}(?=일)|(?<=^)\d{1,2}(?=일)|[1-4](?=분기)", pair.claim
    ):
        top = 4 if pair.claim[match.end() : match.end() + 2] == "분기" else 12
        yield from _replaced(
            pair, match, str(chance.choice([n for n in range(1, top + 1) if str(n) != match.group()]))
        )
    for match in re.finditer(
        rf"(?:(?<=(?:{'|'.join(m[:3] for m in _MONTHS)}) )|(?<=July )|(?<=June )|(?<=March )|(?<=April )|(?<=September )|(?<=October )|(?<=January )|(?<=December )|(?<=November )|(?<=February ))[1-3]?\d(?!\d)",
        pair.claim,
    ):
        yield from _replaced(
            pair, match, str(chance.choice([n for n in range(1, 29) if str(n) != match.group()]))
        )
    for old, new in _PERIODS:
        for match in re.finditer(rf"(?<![A-Za-z]){re.escape(old)}(?![A-Za-z])", pair.claim):
            yield pair.claim[: match.start()] + new + pair.claim[match.end() :]


def _replaced(pair: Pair, match: re.Match[str], new: str) -> Iterator[str]:
    claim = pair.claim[: match.start()] + new + pair.claim[match.end() :]
    if _really_other(pair, claim):
        yield claim


# Words ------------------------------------------------------------------------------------------

_DIRECTIONS = (
    ("rose", "fell"), ("rises", "falls"), ("rise", "fall"), ("grew", "shrank"), ("fell", "rose"), ("fall", "rise"),
    ("falls", "rises"), ("declined", "grew"), ("decreased", "increased"), ("increased", "decreased"), ("increase", "decrease"),
    ("dropped", "climbed"), ("drop", "climb"), ("slowed", "accelerated"), ("widened", "narrowed"), ("lowered", "raised"),
    ("raised", "lowered"), ("raise", "lower"), ("reduce", "increase"), ("reduced", "increased"), ("up", "down"),
    ("more", "less"), ("less", "more"), ("cheaper", "more expensive"), ("cut", "increased"), ("shrink", "grow"), ("grow", "shrink"),
    ("triple", "fall to a third"), ("extended", "shortened"), ("extend", "shorten"), ("below", "above"),
    ("증가했", "감소했"), ("감소했", "증가했"), ("늘었", "줄었"), ("줄었", "늘었"), ("늘어난", "줄어든"), ("줄어든", "늘어난"),
    ("오르", "내리"), ("오른다", "내린다"), ("인상", "인하"), ("확대", "축소"), ("높이", "낮추"), ("낮아", "높아"), ("증가한", "감소한"),
    ("감소한다", "증가한다"), ("단축", "연장"), ("많다", "적다"), ("적은", "많은"), ("상승", "하락"), ("넘는", "못 미치는"),
    ("넘어설", "밑돌"), ("이상", "이하"), ("이내", "이상"), ("흑자", "적자"), ("회복", "악화"), ("줄어들", "늘어날"),
)  # fmt: skip
_NEGATED = (
    ("will not", "will"), ("is not", "is"), ("are not", "are"), ("does not", "does"), ("was not", "was"), ("has not", "has"),
    ("not ", ""), ("No ", "Some "), ("nobody", "somebody"), ("no longer", "still"), ("no ", "a "), ("nothing", "much"),
    ("none of which", "all of which"), ("만들지 않", "만들"), ("지 않는다", "는다"), ("하지 않는다", "한다"), ("지 않기로", "기로"),
    ("하지 않고", "하고"), ("고 있지 않다", "고 있다"), ("할 수 없다", "할 수 있다"), ("이 아니다", "이다"), ("들어 있지 않다", "들어 있다"),
    ("되지 않는다", "된다"), ("계획은 없다", "계획이 있다"), ("지 않았다", "았다"), ("없이", "있어야"),
)  # fmt: skip
_AFFIRMED = (
    (" will be ", " will not be "), (" will ", " will not "), (" is ", " is not "), (" are ", " are not "), (" was ", " was not "),
    (" were ", " were not "), (" can ", " cannot "), (" must ", " need not "), (" has ", " does not have "), (" plans to ", " does not plan to "),
    (" receive ", " do not receive "), (" receives ", " does not receive "), (" rose ", " did not rise "), (" fell ", " did not fall "),
    (" begins ", " does not begin "), (" pays ", " does not pay "), (" goes ", " does not go "), (" opens ", " does not open "),
    (" reduced ", " did not reduce "), (" costs ", " does not cost "), (" paid ", " not paid "), (" takes place ", " does not take place "),
    ("한다.", "하지 않는다."), ("된다.", "되지 않는다."), ("했다.", "하지 않았다."), ("됐다.", "되지 않았다."), ("할 수 있다", "할 수 없다"),
    ("받는다.", "받지 않는다."), ("늘었다.", "늘지 않았다."), ("늘어난다.", "늘어나지 않는다."), ("시작된다", "시작되지 않는다"),
    ("이다.", "이 아니다."), ("낸다.", "내지 않는다."), ("맡는다", "맡지 않는다"), ("할 수 있", "할 수 없"), ("금지된", "금지되지 않는"),
)  # fmt: skip
_STRENGTHS = (
    ("is considering", "has decided on"), ("could fall", "will fall"), ("could ", "will "), ("may ", "will "), ("plans to ", "will "),
    ("aims to ", "will "), ("hopes to ", "will "), ("intends to ", "will "), ("wants to ", "will "), ("expects", "guarantees"),
    ("is expected", "is guaranteed"), ("are expected to", "will"), ("is to ", "will certainly "), ("can ", "must "), ("proposes to", "decided to"),
    ("should ", "must "), ("up to ", ""), ("Up to ", ""), ("at least ", ""), ("about ", "exactly "), ("About ", "Exactly "), ("around ", "exactly "),
    ("Roughly ", "Exactly "), ("Some ", "Exactly "), ("is being discussed", "was agreed"), ("fears", "confirmed"),
    ("estimates", "guarantees"), ("doubts", "denies"), ("believes", "proved"), ("planned", "completed"), ("is planned", "is certain"),
    ("수 있다", "것이 확실하다"), ("검토하고 있다", "확정했다"), ("검토 중이다", "확정했다"), ("전망이다", "것이 확정됐다"),
    ("예정돼 있다", "완료됐다"), ("계획이다", "것이 확정됐다"), ("목표로 한다", "확정했다"), ("목표로 하고 있다", "확정했다"), ("최대 ", ""),
    ("약 ", "정확히 "), ("우려했다", "확인했다"), ("기대한다", "보장한다"), ("예상했다", "보장했다"), ("내다봤다", "보장했다"), ("적어도 ", ""),
    ("이르면 ", ""), ("될 수 있다", "된다"), ("할 수 있다", "해야 한다"), ("추산된다", "확정됐다"), ("지적했다", "입증했다"),
    ("유력하나", "확정됐고"),
)  # fmt: skip
_SCOPES = (
    ("Two of the", "All of the"), ("two of the", "all of the"), ("Part of the", "All of the"), ("primary schools", "all schools"), ("only ", ""),
    ("Only ", ""), ("first-time buyers", "all buyers"), ("First-time buyers", "All buyers"), ("electric cars", "all cars"), ("in Europe", "worldwide"),
    ("in the harbour district", "nationwide"), ("in the northern district", "nationwide"), ("adults over 60", "adults of all ages"),
    ("serious reactions", "reactions"), ("Serious reactions", "Reactions"), ("domestic students", "all students"), ("International students", "All students"),
    ("Private forest owners", "All forest owners"), ("for children under ten", "for everyone"), ("children under ten", "all children"),
    ("quiet aircraft", "all aircraft"), ("the loudest aircraft", "all aircraft"), ("about ", "more than "), ("for the first time", "every year"),
    ("at peak times", "at all times"), ("At peak times", "At all times"), ("below 600 metres", "anywhere"), ("in the three worst affected districts", "everywhere"),
    ("most economists", "all economists"), ("in 2025", "every year"), ("the next four years", "the next forty years"), ("in Argentina", "abroad"),
    ("above 50 megawatts", "of any size"), ("under 12 metres", "of every size"), ("in the centre", "everywhere"), ("daily", "only on Sundays"),
    ("초등학교 120곳", "모든 초등학교"), ("시범 운영", "전면 운영"), ("시범적으로 운영", "전면 운영"), ("70세 이상 주민", "모든 주민"), ("일부 의원", "모든 의원"),
    ("소형 어선", "모든 어선"), ("농어촌 학교", "전국 모든 학교"), ("기숙사 거주 학생", "모든 학생"), ("북구와 동구의", "시 전체의"), ("정상 구간", "전 구간"),
    ("남쪽 능선", "모든 능선"), ("야외 상영", "모든 상영"), ("일반 상영", "모든 상영"), ("서버용 D램", "모든 반도체"), ("공사 기간", "1년 내내"),
    ("여름방학에", "매주"), ("국산 ", ""), ("유럽 매출", "전체 매출"), ("북미 매출", "전체 매출"), ("이 중 절반", "이 중 전부"), ("절반 이상", "전원"),
    ("위험물 화물", "모든 화물"), ("학부모 동의가 없는 학생", "모든 학생"), ("저소득", "모든"), ("어민 피해", "모든 피해"), ("전원 고용", "일부 고용"),
)  # fmt: skip


def _swapped(table: Sequence[tuple[str, str]], first: bool = True) -> Mutate:
    def mutate(pair: Pair, _: random.Random, __: Sequence[Pair]) -> Iterator[str]:
        for old, new in table:
            border = r"(?<![A-Za-z])" if old[0].isascii() and old[0].isalpha() else ""
            after = r"(?![A-Za-z])" if old[-1].isascii() and old[-1].isalpha() else ""
            for match in list(re.finditer(border + re.escape(old) + after, pair.claim))[: 1 if first else 3]:
                claim = pair.claim[: match.start()] + new + pair.claim[match.end() :]
                yield claim[:1].upper() + claim[1:]

    return mutate


def _negation(pair: Pair, chance: random.Random, pool: Sequence[Pair]) -> Iterator[str]:
    """A negation taken out where there is one, put in where there is none."""
    removed = [
        claim for claim in _swapped(_NEGATED)(pair, chance, pool) if _quoted(claim) == _quoted(pair.claim)
    ]
    if removed:
        yield removed[0]
        return
    for claim in _swapped(_AFFIRMED)(pair, chance, pool):
        if _quoted(claim) == _quoted(pair.claim):
            yield claim


def _quoted(text: str) -> list[str]:
    return re.findall(r"\"[^\"]*\"", text)


def _outside_quotation(mutate: Mutate) -> Mutate:
    def outside(pair: Pair, chance: random.Random, pool: Sequence[Pair]) -> Iterator[str]:
        for claim in mutate(pair, chance, pool):
            if _quoted(claim) == _quoted(pair.claim):
                yield claim

    return outside


# Names and speakers -----------------------------------------------------------------------------

_NAME = re.compile(r"(?<![.!?] )(?<!^)(?<![A-Za-z])[A-Z][a-z]+(?:[- ][A-Z][a-z]+)*(?![A-Za-z])")
_PERSON = re.compile(r"\b[A-Z][a-z]+(?:-[A-Z][a-z]+)? [A-Z][a-z]+\b")
_KOREAN_PERSON = re.compile(
    r"(?<![가-힣])([가-힣]{3}) (?=지사|시장|교육감|사장|군수|청장|박사|부사장|감독|집행위원장|최고재무책임자)"
)
_KOREAN_PLACE = re.compile(
    r"(?<![가-힣])(?:해솔도|가람|미래시|한빛배터리|헝가리|유럽|북미|다래교육청|나루항만공사|초록군|별빛우주청|누리온|한별 2호|일본|캐나다|호주|"
    r"소래시|북구|동구|은하영화제|새벽항|페루|밤의 등대|소금길|구름반도체|온샘|산마루국립공원|반달가슴곰|문가영|국립생태원)"
)
_MORE_KOREAN = ("누리시", "푸른군", "칠레", "베트남", "인도", "새별전자", "달빛도", "서구", "남구")
_MORE_NAMES = (
    "Arvenholm",
    "Castellane",
    "Port Ellery",
    "Jonas Wetherby",
    "Mireille Sanz",
    "Dunmore",
    "Kenwick",
    "Brazil",
    "Iceland",
)


def _name(pair: Pair, chance: random.Random, _: Sequence[Pair]) -> Iterator[str]:
    pattern, others = (_KOREAN_PLACE, _MORE_KOREAN) if pair.language == "ko" else (_NAME, _MORE_NAMES)
    inside = " ".join(pair.quotes)
    for match in pattern.finditer(pair.claim):
        if match.group().split()[0] in (*_MONTHS, *_DAYS) or '"' in pair.claim[: match.start()]:
            continue
        new = chance.choice([name for name in others if name not in inside])
        yield pair.claim[: match.start()] + new + pair.claim[match.end() :]
    if pair.language == "ko":
        for match in _KOREAN_PERSON.finditer(pair.claim):
            yield (
                pair.claim[: match.start(1)]
                + chance.choice(["정해윤", "남궁현", "표지안"])
                + pair.claim[match.end(1) :]
            )


_SAID = (
    re.compile(r"^(?P<who>[^,\"]{3,60}?),? (?:said|promised|warned|complained|called|described|believes|cautioned|criticised|demanded|fears|expects|doubts)\b"),
    re.compile(r"(?:[Aa]ccording to|, said) (?P<who>[^,\"]{3,60}?)(?=[,.]|$)"),
    re.compile(r", (?P<who>[^,\"]{3,60}?) (?:said|promised|warned|complained|believes|criticised|fears|estimates|told parliament)[.]?$"),
    re.compile(r"^(?P<who>[가-힣]{2,6}(?: [가-힣]{2,8})?)(?=[은는이가] )(?=.*(?:말했다|밝혔다|강조했다|전망했다|설명했다|우려했다|지적했다|비판했다|반대했다|내다봤다)\.)"),
    re.compile(r"^(?P<who>[가-힣 ]{2,12})(?=에 따르면)"),
)  # fmt: skip
_DROPPED = (
    re.compile(r"^[^\"]{3,60}? said(?: that)? (?=[^\"]*$)"),
    re.compile(r"^According to [^,]{3,60}, (?=[^\"]*$)"),
    re.compile(r", (?:according to )?(?:[^,\"]{3,60})(?: said| promised| warned| believes| fears| criticised| estimates)?(?=[.]$)(?<![\d])"),
    re.compile(r"^[가-힣]{2,6} [가-힣]{2,8}[은는] \"(?=.*\"[이라]*고)"),
    re.compile(r"^[가-힣 ]{2,12}에 따르면 "),
)  # fmt: skip
_ANNOUNCERS = ("The ministry of transport", "Company secretary Nora Quist", "The government")
_KOREAN_ANNOUNCERS = ("국토부", "정부", "야당")


def _speaker(pair: Pair, chance: random.Random, _: Sequence[Pair]) -> Iterator[str]:
    """Another speaker, the announcer for the speaker, or none at all."""
    for pattern in _SAID:
        match = pattern.search(pair.claim)
        if match and not re.match(r"(?:The trial|It |In |On |At |If )", match["who"]):
            others = _KOREAN_ANNOUNCERS if pair.language == "ko" else _ANNOUNCERS
            for new in (chance.choice(others), *_people_elsewhere(pair)):
                if new not in " ".join(pair.quotes):
                    yield pair.claim[: match.start("who")] + new + pair.claim[match.end("who") :]
    for pattern in _DROPPED[:2]:
        match = pattern.search(pair.claim)
        if match:
            rest = pair.claim[: match.start()] + pair.claim[match.end() :]
            yield rest[:1].upper() + rest[1:]


def _people_elsewhere(pair: Pair) -> list[str]:
    """Who else is named in the announcement, outside the cited sentences."""
    pattern = _KOREAN_PERSON if pair.language == "ko" else _PERSON
    others = [text for index, text in enumerate(pair.sentences) if index not in pair.cites]
    return [match.group().strip() for text in others for match in pattern.finditer(text)][:2]


# Quotes -----------------------------------------------------------------------------------------


def _spliced(pair: Pair, _: random.Random, __: Sequence[Pair]) -> Iterator[str]:
    """Two things of one kind change places: figures, dates or names, within the claim or with the quote."""
    own = list(quantities(pair.claim, pair.published))
    for left in own:
        for right in own:
            if (
                left.end <= right.start
                and left.kind == right.kind
                and left != right
                and left.unit == right.unit
            ):
                middle = pair.claim[left.end : right.start]
                if _SYMMETRIC.fullmatch(middle):
                    continue
                yield pair.claim[: left.start] + right.text + middle + left.text + pair.claim[right.end :]
    elsewhere = [q for text in pair.quotes for q in quantities(text, pair.published)]
    for mine in own:
        for other in elsewhere:
            same = mine.kind == other.kind and mine.unit == other.unit and other not in own
            if same and bool(mine.date) == bool(other.date) and _alike(mine.date, other.date):
                claim = pair.claim[: mine.start] + other.text + pair.claim[mine.end :]
                if pair.form != "derived":
                    yield claim


_SYMMETRIC = re.compile(r"(?:,? (?:and|or) (?:the )?|, |·|와 |과 )")
"""Between two figures whose order says nothing: "on 3 and 5 May"."""


def _alike(mine: object, other: object) -> bool:
    def filled(value: object) -> list[bool]:
        return [getattr(value, name) is not None for name in ("year", "month", "day", "quarter", "half")]

    return (mine is None and other is None) or filled(mine) == filled(other)


def _citations(pair: Pair, seed: int, most: int) -> list[Mutation]:
    """The same claim, citing a neighbour of the sentence that supports it."""
    chance = random.Random(f"{seed}:{pair.announcement}:{pair.claim}")  # noqa: S311
    around = [place + step for place in pair.cites for step in (-1, 1)]
    free = [
        place
        for place in dict.fromkeys(around)
        if 0 <= place < len(pair.sentences)
        and place not in pair.cites
        and not borne_out(pair, pair.sentences[place])
    ]
    chance.shuffle(free)
    return [Mutation(_with(pair, pair.claim, (place,)), Falsehood.CITATION) for place in free[:most]]


_CONTENT = re.compile(r"[A-Za-z]{4,}|[가-힣]{2,}")


def borne_out(pair: Pair, sentence: str) -> bool:
    """Whether a sentence says much of the claim too: it may be as good a proof."""
    stems = {word[:5].lower() if word[0].isascii() else word[:2] for word in _CONTENT.findall(pair.claim)}
    lowered = sentence.lower()
    return sum(stem in lowered for stem in stems) * 3 >= len(stems) * 2


_MUTATE: dict[Falsehood, Mutate] = {
    Falsehood.FIGURE: _figure,
    Falsehood.UNIT: _unit,
    Falsehood.POINT: _point,
    Falsehood.DATE: _date,
    Falsehood.DIRECTION: _outside_quotation(_swapped(_DIRECTIONS)),
    Falsehood.NEGATION: _negation,
    Falsehood.NAME: _name,
    Falsehood.SPEAKER: _speaker,
    Falsehood.STRENGTH: _outside_quotation(_swapped(_STRENGTHS)),
    Falsehood.SPLICED: _spliced,
    Falsehood.SCOPE: _outside_quotation(_swapped(_SCOPES)),
}
