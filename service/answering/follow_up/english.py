"""English follow-ups."""

import re

from service.answering.follow_up.exchange import Exchange
from service.answering.follow_up.topic import NAME, PREPOSITION, TIME, topic_of
from service.answering.interrogative import AUXILIARY, WH
from service.quantity import Kind, quantities

_TIMES = frozenset({Kind.DATE, Kind.TIME, Kind.DURATION})
_STARTER = re.compile(r"(?:(?:and|but|so|ok(?:ay)?|then|also|well|now)\b[\s,]*)+", re.IGNORECASE)
MORE = re.compile(r"(?:and|also)\b", re.IGNORECASE)
_ABOUT = re.compile(r"(?:what|how) about\s+(?P<rest>.+?)\W*$|what of\s+(?P<of>.+?)\W*$", re.IGNORECASE)
_BARE = re.compile(
    rf"(?P<wh>(?:(?:by|since|until|till|from|at|in|for|to|with|on)\s+)?{WH}(?:\s+(?:exactly|else|more|so|not|then|year|date|day|month|time|region|people|percent|money))*)\W*$",
    re.IGNORECASE,
)
_OWNED = re.compile(r"(?:its|their|his|her)\s+(?P<thing>[\w-]+(?:\s+[\w-]+)?)\W*", re.IGNORECASE)
_TIME_ONLY = re.compile(rf"\W*(?:{TIME.pattern})\W*", re.IGNORECASE)
_DAY = re.compile(
    r"(?:on |at )?(?P<day>(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekday|weekend)s?|today|tomorrow|tonight)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
THING = re.compile(
    r"\b(?:it|they|them|this|that|these|those|its|their|theirs|there|one|ones)\b", re.IGNORECASE
)
_DOING = re.compile(r"\b(?P<who>they|he|she)\b.*?\b(?P<what>it|them)\b", re.IGNORECASE)
_WHO = re.compile(r"\W*(?:(?:to|for|by|with) )?whom?\b", re.IGNORECASE)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|will|would) (?:it|there|this|that) (?:be )?(?:true|possible|planned|likely|certain|clear|correct|right|a|an|any|some|the|no)\b"
    r"|\b(?:is|are|was|were|will|has|have) there\b|\bit (?:is|was) (?:true|planned|possible|said)\b|\bthis (?:year|month|week|announcement|document|text|statement|notice|release|plan|programme|program)\b"
    r"|\b(?:that|which|those|these|this)\s+(?!is\b|are\b|was\b|were\b|will\b|cost\b|mean\b|happen\b|work\b|start\b|begin\b|end\b|apply\b|take\b|include\b|for\b|in\b|by\b|about\b|be\b|and\b|or\b|to\b)[a-z]{3,}"
    r"|\b(?:the|this|that|which|each|any|no|every|only) ones?\b(?=\s+(?:that|who|which|with|in|of|for))|\bone (?:of|in|person|million|billion|hundred|day|year)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(r" (?:in|at) [A-Z]")
_PLACED_THING = re.compile(r"\b(?:the|an?) (?:[\w'’-]+ ){1,5}?(?:in|at) [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*")
_QUESTION = re.compile(rf"(?:{PREPOSITION.pattern}\s+)?{WH}\b|{AUXILIARY}\b", re.IGNORECASE)
_CHOICE = re.compile(rf"which (?!{AUXILIARY}\b)", re.IGNORECASE)
"""What asks for one of several things, and says what it does: "which division shrank"."""
_INSTEAD = re.compile(r".*\binstead\W*$", re.IGNORECASE)
_YES_OR_NO = re.compile(rf"{AUXILIARY}\b", re.IGNORECASE)
_OTHER_ONE = re.compile(r"(?:the |an? )?(?P<kind>[a-z][\w-]*) ones?", re.IGNORECASE)
_KIND = re.compile(r"\b(?:the|an?) (?P<kind>[a-z][\w-]*) [a-z][\w-]*")
"""What kind of thing a question names: "the grey bin"."""
_SUBJECT = re.compile(
    r"(?:is|are|was|were|do|does|did|will|can) (?P<subject>the [a-z][\w-]*|(?:(?:all|any) )?[a-z][\w-]*s)"
    r" (?:[a-z]+(?:ed|en|ing)|shut|open|free|run|cancelled|available)\b",
    re.IGNORECASE,
)
"""What a question for yes or no is about: "are schools shut on Friday"."""
_GROUP = re.compile(
    r"\b(?:can|do|does|did|will|would|must|should) (?P<subject>[a-z]+(?: [a-z]+)?s|people|children)"
    r" (?:get|pay|receive|apply|need|have|earn|claim|go)\b",
    re.IGNORECASE,
)
"""Who does something, if that is a group of people: "how much can pensioners get"."""
_PLURAL = re.compile(r"[a-z-]+(?: [a-z-]+)?s|people|children", re.IGNORECASE)
_MEASURED = re.compile(rf"\bhow (?:much|many) (?P<subject>[a-z][\w-]*) (?={AUXILIARY}\b)", re.IGNORECASE)
"""What there is so much of: "how much revenue did they make"."""
_MEASURED_BY = re.compile(
    r"(?P<amount>[a-z][\w' -]*?) (?P<asked>(?:did|does|do|has|have|had|will|would|can|could|should) .+)",
    re.IGNORECASE,
)
"""The rest of "how much more than planned did it cost"."""
_SHORT = 5
"""Words of what is no question, up to which it goes on with the one before."""


def resolve(text: str, before: Exchange) -> str | None:
    """The follow-up as a question of its own; None where it stands on its own."""
    begun = _STARTER.match(text)
    body = text[begun.end() :] if begun else text
    leans = begun is not None or text.endswith("?")
    rewritten = _asked_again(body, before, leans=leans) or _named(body, before)
    if rewritten is None and _INSTEAD.match(body) and (topic := topic_of(before.question)):
        return f"{body.rstrip(' ?.!')} of {topic}?"
    if rewritten is None and begun and MORE.match(begun[0]) and not _names_something(body):
        return _on_the_same(body, before)
    return rewritten


def _asked_again(body: str, before: Exchange, *, leans: bool) -> str | None:
    """The earlier question with what is new in this one; None where this one is a question itself."""
    if about := _ABOUT.fullmatch(body):
        return _continue(before.question, about["rest"] or about["of"])
    if _TIME_ONLY.fullmatch(body):
        return _continue(before.question, body.strip(" ?.!,"))
    if (owned := _OWNED.fullmatch(body)) and (owner := topic_of(before.question)):
        return f"What is {owner.rsplit(' of ', 1)[-1]}'s {owned['thing']}?"
    if bare := _BARE.fullmatch(body):
        return _with_question_word(before.question, bare["wh"])
    if leans and len(body.split()) <= _SHORT and not _QUESTION.match(body):
        return _continue(before.question, body.strip(" ?.!,"))
    return None


def _continue(question: str, part: str) -> str:
    """The question again with ``part`` in the place of what it corresponds to."""
    part = part.strip(" ?.!,")
    stem = question.rstrip(" ?.!")
    if _TIME_ONLY.fullmatch(part):
        place = TIME.search(stem)
        if place:
            lead = re.match(
                r"\s*(?:in|by|for|since|until|till|during|from|after|before|on|of)\s+",
                place[0],
                re.IGNORECASE,
            )
            own = re.match(
                r"(?:in|by|for|since|until|till|during|from|after|before|on)\s", part, re.IGNORECASE
            )
            before = stem[: place.start()].rstrip()
            instead = f"{lead[0].strip()} {part}" if lead and not own else part
            return f"{before} {instead}{stem[place.end() :]}?".lstrip()
        return f"{stem} {part if re.match(r'[a-z]+ ', part, re.IGNORECASE) else 'in ' + part}?"
    if (day := _DAY.fullmatch(part)) and (place := _DAY.search(stem)):
        return f"{stem[: place.start('day')]}{day['day']}{stem[place.end('day') :]}?"
    if (other := _OTHER_ONE.fullmatch(part)) and (kinds := list(_KIND.finditer(stem))):
        return f"{stem[: kinds[-1].start('kind')]}{other['kind']}{stem[kinds[-1].end('kind') :]}?"
    alike = _corresponding(stem, part)
    if alike is not None:
        return f"{stem[: alike[0]]}{part}{stem[alike[1] :]}?"
    return f"{stem} {part}?" if PREPOSITION.match(part) else f"{stem}, {part}?"


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
    return _noun_for(bare, stem)


def _noun_for(bare: str, stem: str) -> tuple[int, int] | None:
    """Where in ``stem`` stands the thing that another one, without article and preposition, replaces."""
    head = re.escape(bare.rsplit(" ", 1)[-1])
    found = _SUBJECT.match(stem)
    if found is None and " " in bare:
        found = re.search(rf"\b(?P<subject>(?:the )?[a-z][\w-]* {head})\b", stem, re.IGNORECASE)
    if found is None and _PLURAL.fullmatch(bare):
        found = _GROUP.search(stem)
    if found is None and " " not in bare:
        found = _MEASURED.search(stem)
    found = found or re.search(r"\b(?:for|to|from)\s+(?P<subject>(?:[\w'’-]+\s*){1,3})$", stem, re.IGNORECASE)
    return None if found is None else found.span("subject")


def _with_question_word(question: str, wh: str) -> str:
    """The earlier question with another question word: "Why?" after "Who opened the port?"."""
    stem = question.rstrip(" ?.!")
    rest = re.sub(
        rf"^\W*(?:(?:by|since|until|from|at|in|for|to|with|on)\s+)?{WH}\b\s*", "", stem, flags=re.IGNORECASE
    )
    wh = wh[0].upper() + wh[1:]
    if _CHOICE.match(stem):
        return f"{wh} the {rest}?"
    if rest and rest != stem:
        measured = _MEASURED_BY.fullmatch(rest)
        return f"{wh} {measured['asked']} {measured['amount']}?" if measured else f"{wh} {rest}?"
    return f"{wh} {stem[0].lower()}{stem[1:]}?" if _YES_OR_NO.match(stem) else f"{wh}: {stem}?"


def _named(body: str, before: Exchange) -> str | None:
    """The question with what its pronoun stands for; None where it stands on its own."""
    free = _EXPLETIVE.sub(lambda match: "\0" * len(match[0]), body)
    person = _PERSON.search(free)
    pronoun = person or THING.search(free)
    if pronoun is None or _names_something(free[: pronoun.start()]):
        return None
    both = _DOING.search(free)
    if both and (doer := _doer(before)) and (thing := topic_of(before.question)):
        return f"{body[: both.start('who')]}{doer}{body[both.end('who') : both.start('what')]}{thing}{body[both.end('what') :]}"
    topic = _person(before) if person else None
    if topic is None:
        # Nobody is known whom "she" may stand for: what "it" stands for may tell enough.
        pronoun = THING.search(free) or pronoun
        topic = topic_of(before.question) or _thing_named(before)
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
    if topic is None or not _PLACED.search(topic) or NAME.search(body[1:]):
        return None
    return f"{body[0].upper()}{body[1:].rstrip(' ?.!')} for {topic}?"


def _names_something(text: str) -> bool:
    """Whether the words before a pronoun name a thing that it may stand for."""
    asking = rf"{WH}\s+(?:\w+\s+)?|(?:please )?(?:summari[sz]e|explain|describe|outline)\b"
    begun = rf"^\W*(?:{PREPOSITION.pattern}\s+)?(?:{asking})?(?:{AUXILIARY}\b)?"
    rest = re.sub(begun, "", text, flags=re.IGNORECASE)
    return re.search(r"\b(?:the|a|an)\s+\w{3,}|\b[A-Z]\w+", rest) is not None


def _thing_named(before: Exchange) -> str | None:
    """What stood out in the answer, if that may be a thing: no day and no length of time."""
    named = before.named
    when = named is not None and any(each.kind in _TIMES for each in quantities(named))
    return None if when else named


def _doer(before: Exchange) -> str | None:
    """Who does what a question asks the doer of: what answered "Who pays for the bridge?"."""
    return before.named if _WHO.match(before.question) else None


def _person(before: Exchange) -> str | None:
    if doer := _doer(before):
        return doer
    names = re.findall(r"(?<=[a-z,'’] )(?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)*", before.question)
    titled = re.findall(
        r"\b(?:[Tt]he )?(?i:president|minister|governor|mayor|director|chair\w*|secretary|chief\w*|spokes\w+|commissioner)\b(?: [A-Z][\w'’-]+)*",
        before.question,
    )
    found = [str(name) for name in titled or names]
    return found[-1] if found else before.named
