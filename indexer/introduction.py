"""How a sentence ends that says nothing without what follows it: a list or a table."""

import re

_ENDS = re.compile(
    r"[:：]$|\b(?:as follows|(?:in )?the following|(?:(?:table|list) )?below)\.$"
    r"|(?:다음|아래)(?: (?:표|목록|내용))?(?:과|와) 같(?:다|습니다|아요|이)[^.]{0,12}\.?$"
)


def introduces(sentence: str) -> bool:
    """Whether a sentence introduces what follows: "The new fees are as follows.", "제출할 서류는 다음과 같다."."""
    return _ENDS.search(sentence) is not None
