"""What a question is about."""

import re
from itertools import pairwise

from service.answering.interrogative import AUXILIARY, WH

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
TIME = re.compile(
    rf"\b(?:(?:in|by|for|since|until|till|during|from|after|before|on|of)\s+)?(?:the\s+)?(?:(?:{_MONTHS})\s+(?:\d{{1,2}},?\s+)?(?=\d)|q[1-4]\s+|(?:fiscal|financial)\s+(?:year\s+)?)?(?:19|20|21)\d\d\b"
    r"|\b(?:in|by|for|during|from|since|until)?\s*(?:this|next|last)\s+(?:year|month|week|quarter|spring|summer|autumn|fall|winter)\b",
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
NAME = re.compile(r"\b[A-Z]")
_MONTH = re.compile(rf"(?:{_MONTHS})\b", re.IGNORECASE)
_PLAN = re.compile(r"plans?$", re.IGNORECASE)
_OF = re.compile(r"(?:for|of|on|in|about)$", re.IGNORECASE)
_STOP = re.compile(
    r"^(?:be|been|being|get|gets|got|become|go|goes|receive|receives|cost|costs|need|needs|have|has|had|make|makes|take|takes|mean|start|starts|begin|begins|end|ends|happen|happens|"
    r"say|says|said|plan|plans|want|wants|pay|pays|apply|applies|open|opens|close|closes|grow|grows|rise|rises|fall|falls|run|runs|use|do|does|done|in|on|at|by|for|from|to|with|about|"
    r"during|since|until|after|before|into|under|over|between|and|or|that|which|who|when|where|if|as|than|not|first|next|last|be\w*|will|would|can|could|should|may|is|are|was|were|did|going|still|also|ever|now|currently|per|each|there"
    r"|free|shut|available|included|allowed|compulsory|mandatory|necessary|possible)$",
    re.IGNORECASE,
)
_ASKING = re.compile(
    rf"\W*(?:(?:by|since|until|from|at|in|for|to|with|on)\s+)?(?P<wh>{WH})?\s*(?P<noun>(?:(?!{AUXILIARY}\b)[\w'’-]+\s+){{0,3}}?)(?:{AUXILIARY}\b|$)\s*",
    re.IGNORECASE,
)
_PUT_FIRST = re.compile(
    rf"\W*(?:(?:and|but|so) )?(?P<thing>(?:the|an?|my|our) [^,?]{{2,40}}), (?={WH}\b|{AUXILIARY}\b)",
    re.IGNORECASE,
)
"""A thing that is named before anything is asked of it: "the old scheme, how long did it run"."""
_WH_FIRST = re.compile(rf"\W*{WH}\b", re.IGNORECASE)
_KNOWN = re.compile(
    r"(?<=\w )(?:(?:(?i:to|into|for|at|in|on|from|of|with|by|about|against)) )?"
    r"(?P<thing>(?:(?i:the|an?|this|these|its|their) |[A-Z]|(?<=\bto )|(?<=\binto )|(?<=\bfor )|(?<=\bat )|(?<=\bfrom )).+)"
)
_DOES = re.compile(r"\b(?:will|would|do|does|did|can|could|should|shall|may|might|must)\s*$", re.IGNORECASE)
PREPOSITION = re.compile(
    r"(?:in|on|at|by|for|from|to|with|about|during|since|until|till|after|before|into|under|over|between|against|among"
    r"|and|or|when|where|if|as|than)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"(?:[Ii]|we|you|one|people|anyone|everyone|he|she|they)\s+(?:(?:have|need|want|get|am|are) to\s+)?[\w-]+\s+"
    r"(?:(?:to|for|in|at|on|with|about)\s+)?"
)
"""Who does something, if that is nobody to speak of, and the verb: "the centre" is what "can I visit the centre" is about."""
_NOTHING = frozenset({"i", "we", "you", "he", "she", "it", "they", "there", "this", "that", "these", "those"})
"""Words that name nothing by themselves."""
_NAMING = re.compile(r"(?:the|an?|this|these|its|their|my|our|your)\b|(?!I\b)[A-Z]")
_DETERMINERS = frozenset({"the", "a", "an", "this", "its", "their"})
# fmt: off
_SMALL = frozenset({
    "a", "an", "the", "of", "for", "in", "on", "at", "by", "to", "from", "with", "and", "or", "s", "is",
    "are", "was", "were", "be", "do", "does", "did", "will",
})
# fmt: on


def topic_of(question: str) -> str | None:
    """The thing that a question is about: its first noun phrase after the asking; None where it has none."""
    stem = TIME.sub(" ", question).strip(" ?.!")
    request = _REQUEST.match(stem)
    stem = stem[request.end() :] if request else stem
    if put_first := _PUT_FIRST.match(stem):
        return _noun_phrase(put_first["thing"])
    asking = _ASKING.match(stem)
    if asking is None:
        # "Who leads the project": what is asked for comes first, and what is known of it behind the verb.
        known = _KNOWN.search(stem) if _WH_FIRST.match(stem) else None
        return _noun_phrase(known["thing"] if known else stem)
    rest = re.sub(r"^there\s+", "", stem[asking.end() :], flags=re.IGNORECASE)
    phrase = _acting(rest) if _DOES.search(asking[0]) else _noun_phrase(rest)
    noun = asking["noun"].strip()
    if noun and (phrase is None or not _NAMING.match(rest)):
        phrase = f"the {noun}" if noun.islower() and noun.split()[0] not in _SMALL else noun
    if phrase is None:
        found = re.search(r"\b(?:the|a|an)\s+.+", rest)
        phrase = _noun_phrase(found[0]) if found else None
    return phrase


def _acting(rest: str) -> str | None:
    """Who does something, in what follows "does": "the dockers" in "the dockers earn in May"."""
    somebody = _SOMEBODY.match(rest)
    if somebody:
        return _noun_phrase(rest[somebody.end() :])
    phrase = _noun_phrase(rest)
    if phrase is None or not rest.startswith(phrase):
        return phrase
    following = rest[len(phrase) :].split()
    if following and following[0].islower() and not PREPOSITION.match(following[0]):
        return phrase
    # There must be a verb: the last bare word behind the noun, or before its place.
    taken = phrase.split()
    least = 2 if taken[0].lower() in _SMALL else 1
    bare = [at for at, word in enumerate(taken) if at >= least and word.islower() and word not in _SMALL]
    return " ".join(taken[: bare[-1]]) if bare else phrase


def _noun_phrase(text: str) -> str | None:
    words = text.split()
    taken: list[str] = []
    place = False
    for word, following in pairwise([*words, "of"]):
        plain = word.strip(",;:\"'()")
        # "The arena in Melby" is one of several arenas; in what follows the place nothing belongs to it.
        if taken and _WHERE.match(plain) and NAME.match(following) and not _MONTH.match(following):
            place = True
            taken.append(plain)
            continue
        if place and not NAME.match(plain):
            break
        # "The lunar plan" and "the plans for space" are things; what "the council plans to build" is not.
        joins = taken and (
            plain.lower() == "of"
            or (plain.lower() == "for" and taken[0].lower() in _DETERMINERS)
            or (_PLAN.match(plain) and _OF.match(following))
            or (_PLAN.match(taken[-1]) and _OF.match(plain))
        )
        # "The planned bridge" is a thing, "the bridge opened" is not.
        named = any(word.lower() not in _DETERMINERS for word in taken)
        if not joins and (_STOP.match(plain) or (plain.endswith("ed") and plain.islower() and named)):
            break
        taken.append(plain)
        if word[-1:] in ",;:":
            break
    while taken and taken[-1].lower() in _SMALL:
        taken.pop()
    content = [word for word in taken if word.lower() not in _SMALL | _NOTHING]
    if not content or (len(taken) == 1 and taken[0].islower() and taken[0].endswith("ed")):
        return None
    return " ".join(taken)
