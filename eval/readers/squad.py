"""Cases from SQuAD 1.1 and 2.0 files, and from what follows their form (XQuAD, KorQuAD).

Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text", and 2018,
"Know What You Don't Know". The source of a case is the paragraph that it was asked on,
``FILE-ARTICLE-PARAGRAPH``, both counted from 1.
"""

from collections.abc import Iterator
from typing import Any


def recognises(record: dict[str, Any]) -> bool:
    data = record.get("data")
    return isinstance(data, list) and bool(data) and isinstance(data[0], dict) and "paragraphs" in data[0]


def cases(record: dict[str, Any], stem: str) -> Iterator[dict[str, Any]]:
    """One case a question, in the file's order; an impossible one expects a refusal."""
    for a, article in enumerate(record["data"], 1):
        for p, paragraph in enumerate(article.get("paragraphs", ()), 1):
            for question in paragraph.get("qas", ()):
                texts = list(dict.fromkeys(answer["text"] for answer in question.get("answers", ())))
                refused = question.get("is_impossible", False) or not texts
                yield {
                    "id": str(question["id"]),
                    "source": f"{stem}-{a}-{p}",
                    "question": question["question"].strip(),
                    "expect": {"refusal": True} if refused else {"any_of": texts, "answers": texts},
                    "tags": ["unanswerable" if refused else "answerable"],
                }
