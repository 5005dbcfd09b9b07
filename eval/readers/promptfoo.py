"""Cases from promptfoo configurations: what their assertions can say that ours can say too.

``contains`` and ``icontains`` become facts, ``contains-any`` and ``contains-all`` lists of them,
``equals`` and ``regex`` patterns, ``not-…`` what is forbidden; upper and lower case play no part, as
in every fact. An assertion of another type (a script, a model's judgement) has no counterpart: the
case says so and is refused rather than weakened.
"""

import re
from collections.abc import Iterator
from typing import Any

REFUSAL = "refusal"
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def recognises(record: dict[str, Any]) -> bool:
    return isinstance(record.get("tests"), list) and ("prompts" in record or "providers" in record)


def cases(record: dict[str, Any], stem: str) -> Iterator[dict[str, Any]]:
    """One case a test. The question is the first prompt with the test's variables put in."""
    default = record.get("defaultTest") or {}
    prompts = record.get("prompts") or ["{{question}}"]
    prompt = prompts[0] if isinstance(prompts[0], str) else str(prompts[0].get("raw", "{{question}}"))
    for number, test in enumerate(record["tests"], 1):
        variables = {**default.get("vars", {}), **test.get("vars", {})}
        meta = test.get("metadata") or {}
        yield {
            "id": str(meta.get("id") or f"{stem}-{number:03}"),
            "question": _filled(prompt, variables),
            "expect": _expect([*default.get("assert", ()), *test.get("assert", ())]),
            "tags": [str(tag) for tag in meta.get("tags", ())],
            **({"note": test["description"]} if test.get("description") else {}),
            **({"source": str(meta["source"])} if meta.get("source") else {}),
        }


def _filled(prompt: str, variables: dict[str, Any]) -> str:
    return VARIABLE.sub(lambda found: str(variables.get(found[1], found[0])), prompt)


def _expect(assertions: list[dict[str, Any]]) -> dict[str, Any]:
    expect: dict[str, Any] = {}
    for assertion in assertions:
        kind, value = str(assertion.get("type")), assertion.get("value")
        values = value if isinstance(value, list) else [value]
        negated = kind.startswith("not-")
        match kind.removeprefix("not-"):
            case "contains" | "icontains" | "contains-all" | "icontains-all" if not negated:
                expect.setdefault("all_of", []).extend(values)
            case "equals" if not negated:
                expect.setdefault("all_of", []).append({"regex": rf"\A\s*{re.escape(str(value))}\s*\Z"})
            case "contains-any" | "icontains-any" if not negated:
                expect.setdefault("any_of", []).extend(values)
            case "regex" if not negated:
                expect.setdefault("all_of", []).append({"regex": value})
            case "contains" | "icontains" | "contains-any" | "icontains-any":
                expect.setdefault("forbidden", []).extend(values)
            case "regex":
                expect.setdefault("forbidden", []).append({"regex": value})
            case "is-refusal" if not negated:
                expect[REFUSAL] = True
            case _:
                # An unknown field, so that the flaw names the assertion that has no counterpart.
                expect[f"assertion of type {kind}"] = value
    return expect
