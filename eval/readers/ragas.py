"""Cases from ragas-style files: one object a line with ``user_input`` (or ``question``) and ``reference``.

Es et al. 2023, "Ragas: Automated Evaluation of Retrieval Augmented Generation". A reference that is
empty, or that says there is no answer, expects a refusal.
"""

import re
from collections.abc import Iterator
from typing import Any

NO_ANSWER = re.compile(
    r"\W*(?:(?:this )?(?:question )?(?:is )?(?:unanswerable|not answerable|no answer|n/?a))\W*", re.IGNORECASE
)
NAMES = (("user_input", "reference"), ("question", "ground_truth"), ("question", "ground_truths"))


def recognises(record: dict[str, Any]) -> bool:
    return "expect" not in record and any(asked in record and told in record for asked, told in NAMES)


def cases(record: dict[str, Any], stem: str) -> Iterator[dict[str, Any]]:
    """The one case of a record; its id is the record's own, or made from its question."""
    asked, told = next(pair for pair in NAMES if all(name in record for name in pair))
    turns = _turns(record[asked])
    given = record[told]
    answers = [a for a in (given if isinstance(given, list) else [given]) if a and not NO_ANSWER.fullmatch(a)]
    contexts = record.get("reference_contexts") or []
    yield {
        "id": str(record.get("id") or f"{stem}: {' / '.join(turns)}"),
        **({"turns": turns} if len(turns) > 1 else {"question": turns[0] if turns else ""}),
        "expect": {"answers": answers} if answers else {"refusal": True},
        "sentences": [c for c in contexts if c.strip()] if answers else [],
        "tags": [str(record["synthesizer_name"])] if record.get("synthesizer_name") else [],
    }


def _turns(asked: Any) -> list[str]:
    if isinstance(asked, str):
        return [asked]
    return [m["content"] for m in asked if m.get("type", m.get("role")) in {"human", "user"}]
