"""Whether a claim keeps who said what: no speaker's words become a fact, or another's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.answering.verification.clause import Reading
from service.answering.verification.word import Word, words

_SAYS = (
    r"sa(?:id|ys?)|t(?:old|ells?)|promise[sd]|warn(?:s|ed)|caution(?:s|ed)|complain(?:s|ed)|critici[sz]e[sd]|call(?:s|ed)(?! for a tender)(?! [A-Z])|describe[sd]|"
    r"belie(?:ves|ved)|fear(?:s|ed)|argue[sd]|claim(?:s|ed)|insist(?:s|ed)|doubt(?:s|ed)|demand(?:s|ed)|praise[sd]|note[sd]|explain(?:s|ed)|stress(?:es|ed)|"
    r"acknowledge[sd]|admit(?:s|ted)|den(?:ies|ied)|assert(?:s|ed)|predict(?:s|ed)|estimate[sd]|expect(?:s|ed)|hope[sd]|think[s]?|thought|contend(?:s|ed)|"
    r"emphasi[sz]e[sd]|pledge[sd]|vow(?:s|ed)|object(?:s|ed)|suggest(?:s|ed)|urge[sd]|welcome[sd]|accuse[sd]|dismisse[sd]|reckons?|remark(?:s|ed)|add(?:s|ed)(?= that|,)|"
    r"put(?:s)? the|announce[sd]|report(?:s|ed)|declare[sd]|conclude[sd]|examin(?:es|ed|ing)|oppose[sd]|reject(?:s|ed)"
)
_VERB = re.compile(
    rf"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )(?<!\bbeen )(?<!\bthan )(?<!\bas )(?<!\bto )(?<!\bcan )\b(?P<verb>{_SAYS})\b",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"(?:announce[sd]|report(?:s|ed)|declare[sd]|expect(?:s|ed)|estimate[sd]|predict(?:s|ed)|hope[sd]|put|puts|put the|puts the|conclude[sd]|examin\w+|oppose[sd]|reject\w*|propose[sd]|welcome[sd]|describe[sd])$",
    re.IGNORECASE,
)
"""Verbs whose speaker may go unsaid where the hedge stays, or that say what one did."""
_OPINION = re.compile(
    r"\b(?:expect|estimat|predict|forecast|hope|believe|put(?:s)? (?:the|it)|project|anticipat|think|thought)"
    r"|전망|예상|추산|추정|기대|내다",
    re.IGNORECASE,
)
_ACCORDING = re.compile(
    r"\baccording to (?P<who>[^.;\"]{2,80}?)(?=,(?! (?:who|which|chair|head|director|president))|[.;\"]|$)",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    rf"(?:,|\"|\")\s*(?P<verb>{_SAYS}) (?!that\b|it\b|the plan\b|\d)(?P<who>[^.;\"]{{2,80}})", re.IGNORECASE
)
_KOREAN_ACCORDING = re.compile(r"(?P<who>[가-힣A-Za-z\d ]{2,40}?)에 따르면")
_KOREAN_VERB = re.compile(
    r"(?:다고|라고|라며|다며|자고|냐고|것이라며|\"고|\"라고|\"이라고|\"라며|\"며|로|을|를|으로)? ?"
    r"(?P<verb>말했|말한|밝혔|밝힌|강조했|전망했|설명했|우려했|우려한|지적했|비판했|반대했|반대한|내다봤|주장했|촉구했|약속했|덧붙였|평가했|고 했|예상한|전망한|내다본|환영했|호소했|경고했|기대했|예상했|요구했|전했|당부했|반발했|발표했|공시했|공개했|추산했|제안했)"
)
_KOREAN_SOFT = re.compile(r"(?:발표|공시|공개|밝|추산|예상|제안|전망했)")
_KOREAN_PERSON = re.compile(
    r"지사|시장|교육감|군수|장관|차관|총리|대통령|사장|회장|대표|청장|감독|박사|교수|책임자|위원장|원장|총재|의원|대변인|본부장|국장|실장|부사장|연구원|총장|소장|기자|변호사|위원|팀장|단장|관장|센터장"
)
_TOPIC = re.compile(r"(?:은|는|이|가)(?= |$)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who speaks in a sentence, by content words (none for "he said"), and the verb.

    ``soft`` marks a verb whose subject is not a source of hearsay.
    """

    speaker: tuple[Word, ...]
    verb: str
    soft: bool


def attributions(sentence: str) -> tuple[Attribution, ...]:
    """Who says something in a plain sentence, quotation marks' contents aside."""
    bare = re.sub(r"\"[^\"]*\"", lambda match: '"' + " " * (len(match.group()) - 2) + '"', sentence)
    bare = re.sub(r"(?<=[가-힣])\([^()]*\)", "", bare)
    return _korean(bare) if re.search("[가-힣]", bare) else _english(bare)


def _english(text: str) -> tuple[Attribution, ...]:
    found = [Attribution(words(m["who"]), "according to", False) for m in _ACCORDING.finditer(text)]
    inverted = None if _APPOSED.match(text) else _INVERTED.search(text)
    if inverted and not re.match(r"(?:that|it|he|she|they|no|there)\b", inverted["who"]):
        found.append(
            Attribution(words(inverted["who"]), inverted["verb"], bool(_SOFT.match(inverted["verb"])))
        )
        return tuple(found)
    for match in _VERB.finditer(text):
        before = text[: match.start()]
        if re.fullmatch(r"[.\s\"]*", text[match.end() :]) and "," in before:
            before = before[before.rindex(",") + 1 :]
        subject = _subject(before)
        found.append(Attribution(words(subject), match["verb"], bool(_SOFT.match(match["verb"]))))
    return tuple(found)


_APPOSED = re.compile(r"[A-Z][^,\";]{2,60}, [^,\";]{3,80}, (?:also |then )?\w+ ")
"""A speaker with an apposition: "Amara Diallo, president of the union, said"."""
_OPENS = re.compile(
    r"(?:^|[\";:]|, (?=(?:the|a|an|[A-Z]\w*|transport|finance|prime|chief|project|mayor|governor)\b)|\b(?:but|and|while|as|that|because|whereas)\b)"
)


def _subject(before: str) -> str:
    """What stands before a verb of saying, back to where its clause begins; relative clauses aside."""
    without = re.sub(r", (?:who|which|whose|chair|head|director|president)\b[^,]*,", "", before)
    edges = [match.end() for match in _OPENS.finditer(without)]
    stretch = without[max(edges, default=0) :].strip()
    if not stretch or re.fullmatch(r"[\W_]*(?:but|and)?[\W_]*", stretch):
        return without
    return stretch


def _korean(text: str) -> tuple[Attribution, ...]:
    found = [Attribution(words(m["who"]), "따르면", False) for m in _KOREAN_ACCORDING.finditer(text)]
    for match in _KOREAN_VERB.finditer(text):
        who = _topic(text[: match.start()])
        person = _KOREAN_PERSON.search(who) is not None
        soft = _KOREAN_SOFT.match(match["verb"]) is not None and not person
        if match["verb"].startswith("반대") and not person and not _BODY.search(who):
            continue
        found.append(Attribution(words(who), match["verb"], soft))
    return tuple(found)


_BODY = re.compile(
    r"회사|정부|시|도|군|부|청|처|원|협회|노조|당|위|은행|공사|공단|그룹|측|업계|단체|교육청|당국"
)


def _topic(before: str) -> str:
    """Who speaks, of the subjects before a verb of saying: a person or body where one is named, else the first."""
    found = []
    for match in _TOPIC.finditer(before):
        stretch = re.split(r'[",]|[고며면] ', before[: match.end()])[-1].split()
        found.append(" ".join(stretch[-3:]))
    speaking = [one for one in found if _KOREAN_PERSON.search(one) or _BODY.search(one.split()[-1][:-1])]
    return (speaking[-1:] or found[:1] or [""])[0]


def misattributed(
    claim: Reading, quotes: Sequence[Reading], cited: Sequence[str], clauses: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What may be wrong with who speaks in a claim: which check says so, and the words.

    ``cited`` are the sentences of the quotes that the claim goes back to, ``clauses`` the clauses.
    """
    said = [one for sentence in claim.sentences for one in attributions(sentence)]
    told = [one for sentence in cited for one in attributions(sentence)]
    hard = [one for one in told if not one.soft]
    if hard and not said and not _is_about_speaker(claim, hard) and not _names_speaker(claim, hard):
        spoken = any(not one.soft for text in clauses for one in attributions(text))
        yield (
            "unattributed" if spoken else "unattributed clause",
            f"without {' '.join(word.text for word in hard[0].speaker) or hard[0].verb}",
        )
    opinions = [one.verb for text in clauses for one in attributions(text) if _OPINION.match(one.verb)]
    if opinions and not said and not _OPINION.search(claim.text):
        yield "opinion", f"without {opinions[0]}"
    everyone = [word for reading in quotes for word in reading.words]
    topics = [word for word in everyone if word.topic]
    leading = [word for sentence in cited for word in words(" ".join(sentence.split()[:5]))]
    for one in said:
        speakers = [word for other in told for word in other.speaker]
        known = [*speakers, *leading, *topics] if speakers else everyone
        if not told and not one.soft and not any(_SPOKEN.search(reading.text) for reading in quotes):
            yield "nobody", f"nobody {one.verb}"
        for word in one.speaker:
            if word.text in _CALENDAR or (one.soft and not word.korean and not _capital(word, claim)):
                continue
            if not any(
                word.stem == other.stem
                or (word.korean and (word.like(other) or word.stem in other.stem))
                or _title(word, other)
                for other in known
            ):
                anywhere = any(word.like(other) for other in everyone)
                yield "speaker" if anywhere else "foreign speaker", word.text


_SPOKEN = re.compile(
    r"\b(?:grumbl|confirm|remind|count(?:s|ed)?\b|adding\b|saying\b|noting\b|warning\b|spoke\b|speaks\b|point(?:s|ed) (?:to|out)\b"
    r"|attribut|credit|blam|recommend|wrote\b|writes\b|stat(?:es|ed)\b|repl(?:y|ied)|answer|trac(?:es|ed)\b|accounts\b|at the (?:demand|request)"
    r"|puts? (?:this|it|that)\b|call(?:s|ed)\b|attest|conced|testif)",
    re.IGNORECASE,
)
"""That somebody speaks in a quote, in whatever verb: more than what ``attributions`` can tell the speaker of."""
_CALENDAR = frozenset(
    str.split(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
        "september october november december"
    )
)


def _capital(word: Word, claim: Reading) -> bool:
    return re.search(rf"(?<=\w ){re.escape(word.text.capitalize())}\b", claim.text) is not None


def _title(word: Word, other: Word) -> bool:
    return word.text[0].islower() and word.like(other)


def _is_about_speaker(claim: Reading, told: Sequence[Attribution]) -> bool:
    known = [word for one in told for word in one.speaker]
    return all(any(word.stem == other.stem for other in known) for word in claim.words)


def _names_speaker(claim: Reading, told: Sequence[Attribution]) -> bool:
    """Whether a claim names its speaker, in whatever verb it ends: "in the opposition's view"."""
    known = [word for one in told for word in one.speaker]
    if any(word.korean for word in known):
        return any(word.topic and any(word.like(other) for other in known) for word in claim.words)
    return any(
        one.speaker
        and all(any(word.stem == mine.stem for mine in claim.words) for word in _core(one.speaker))
        for one in told
    )


def _core(speaker: Sequence[Word]) -> Sequence[Word]:
    """The last two words of who speaks: a person's name, or a body."""
    return speaker[-2:]
