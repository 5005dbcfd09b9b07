"""Words of a question that only ask for it to be answered: "can you tell me", 알려주세요. They are in no text, and
the words that resemble them mislead."""

import re

_KOREAN = re.compile(
    r"(?:(?:[을를은는이가]|에 대해)?(?:\s{1,3}좀)?\s{0,3}(?:알려|가르쳐|말해|말씀해|설명해) ?(?:주세요|주십시오|주시겠어요|주실래요|줘요?|줄래요?)"
    r"|[이가은는]?\s{0,3}궁금(?:합니다|해요|하네요|한데요?)|[이가은는]\s{0,3}어떻게 (?:되나요|되죠|돼요|됩니까|될까요))[\s.!?~]*$"
)
_ENGLISH = re.compile(
    r"\W*(?:(?:hi|hello|hey|please|excuse me|sorry|ok(?:ay)?|so|um+|quick question)\b[\s,.!:;-]{0,3}){0,3}"
    r"(?:(?:(?:can|could|would|will) (?:you|anyone|someone|somebody) (?:please )?(?:tell me|say|explain|let me know)"
    r"|(?:please )?tell me|i(?:['’]?d| would) (?:like|love) to (?:know|hear)|i(?:['’]?m| am| was| wanted| want| need)? ?"
    r"(?:just )?(?:wondering|curious|to know)|just wondering|do you know|any idea)\b(?: about)?[\s,:]{1,3})?"
    r"(?=(?:(?:by|since|until|till|from|at|in|for|to|with|on) )?(?:what|which|who|whom|whose|when|where|why|how)(?:['’]?s)?\b"
    r"|(?:is|are|was|were|will|does|do|did|has|have|can|could|should|may|must)\b)",
    re.IGNORECASE,
)
_NO_APOSTROPHE = re.compile(r"^(what|who|where|when|why|how)s(?= )", re.IGNORECASE)
_ALL = re.compile(r"(?<![가-힣])(?:다|모두|전부)$")
"""Before a request: that a list is wanted."""


def without_request(text: str, *, korean: bool) -> str:
    """The question without them; all of it where a list is wanted, or nothing would be left."""
    if not korean:
        request = _ENGLISH.match(text)
        return _NO_APOSTROPHE.sub(r"\1's", text[request.end() :] if request else text)
    request = _KOREAN.search(text)
    bare = text if request is None else text[: request.start()]
    return text if len(bare.strip()) < 2 or _ALL.search(bare) else bare
