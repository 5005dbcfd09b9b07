"""Cases from files: JSONL or YAML of Herald's own form, and the forms of other harnesses.

A flaw names its file, its line and the field. All flaws of all files are reported together.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.case import Case, adapter
from eval.errors import CasesInvalid, ExtraMissing, Flaw
from eval.readers import mtrag, promptfoo, ragas, squad

SUFFIXES = frozenset({".jsonl", ".json", ".yaml", ".yml"})
FOREIGN = (squad, mtrag, promptfoo, ragas)
"""The readers of other harnesses' forms: each says whether a document is its own, and translates it."""
SCHEMA_FILE = "schema.json"

Record = tuple[int, Any]
"""The line on which something begins, and what it is."""


def read_cases(paths: Sequence[Path]) -> list[Case]:
    """The cases in some files and folders, in the order of the files' names and lines.

    Raises CasesInvalid for whatever cannot be read, for an id that occurs twice, and where there is
    no case at all.
    """
    flaws: list[Flaw] = []
    cases: dict[str, Case] = {}
    seen: dict[str, str] = {}
    for path in _files(paths, flaws):
        for line, found in _cases_of(path):
            if isinstance(found, Flaw):
                flaws.append(found)
            elif found.id in cases:
                flaws.append(Flaw(str(path), line, "id", f"{found.id!r} is the id of {seen[found.id]} too"))
            else:
                cases[found.id], seen[found.id] = found, f"{path}:{line}"
    if flaws:
        raise CasesInvalid(flaws)
    if not cases:
        raise CasesInvalid([Flaw(", ".join(map(str, paths)) or "no file", 1, "", "holds no case")])
    return list(cases.values())


def _files(paths: Sequence[Path], flaws: list[Flaw]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.name != SCHEMA_FILE)
            if not found:
                flaws.append(Flaw(str(path), 1, "", "no file of cases in this folder"))
            yield from found
        elif path.suffix not in SUFFIXES:
            flaws.append(Flaw(str(path), 1, "", f"not one of {', '.join(sorted(SUFFIXES))}"))
        else:
            yield path


def _cases_of(path: Path) -> Iterator[tuple[int, Case | Flaw]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield 1, Flaw(str(path), 1, "", f"cannot be read: {error}")
        return
    try:
        records = list(_records(path, text))
    except _Malformed as error:
        yield error.line, Flaw(str(path), error.line, "", error.why)
        return
    for line, record in records:
        reader = next((r for r in FOREIGN if isinstance(record, dict) and r.recognises(record)), None)
        if reader is None:
            yield line, _checked(path, line, record)
            continue
        try:
            translated = list(reader.cases(record, path.stem))
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            why = f"has the form of another harness, but not throughout: {type(error).__name__} {error}"
            yield line, Flaw(str(path), line, "", why)
        else:
            # All of them begin on the one line; their ids tell them apart.
            yield from ((line, _checked(path, line, case, f"case {case['id']}: ")) for case in translated)


def _checked(path: Path, line: int, record: Any, within: str = "") -> Case | Flaw:
    try:
        return adapter().validate_python(record)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        tags = {"text", "regex", "number", "date"}
        # The tags of the union stand in the path beside the fields; a person looks for the fields.
        parts = [str(p) for i, p in enumerate(first["loc"]) if not (p in tags and _is_item(first["loc"], i))]
        why = str(first["msg"]).removeprefix("Value error, ")
        return Flaw(str(path), line, within + ".".join(parts), why)


def _is_item(location: tuple[int | str, ...], position: int) -> bool:
    return position > 0 and isinstance(location[position - 1], int)


class _Malformed(Exception):
    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line, why


def _records(path: Path, text: str) -> Iterator[Record]:
    if path.suffix == ".jsonl":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield number, _json(line, number)
    elif path.suffix == ".json":
        document = _json(text, 1)
        if isinstance(document, list):
            yield from zip(_lines_of_items(text), document, strict=True)
        else:
            yield 1, document
    else:
        yield from _yaml(text)


def _json(text: str, line: int) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise _Malformed(line + error.lineno - 1, f"no JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise _Malformed(line, f"no JSON: {error or 'nested too deep'}") from error


def _lines_of_items(text: str) -> Iterator[int]:
    """The line on which each item of a JSON list begins."""
    decoder, line, counted = json.JSONDecoder(), 1, 0
    at = text.index("[") + 1
    while True:
        while text[at] in " \t\r\n,":
            at += 1
        if text[at] == "]":
            return
        line, counted = line + text.count("\n", counted, at), at
        yield line
        _, at = decoder.raw_decode(text, at)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)!r} is given twice")
    return record


def _yaml(text: str) -> Iterator[Record]:
    try:
        import yaml
    except ImportError as error:
        raise ExtraMissing("pyyaml") from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        document = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _Malformed(line, f"no YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _Malformed(1, f"no YAML: {error}") from error
    if isinstance(document, list) and isinstance(node, yaml.SequenceNode):
        yield from ((n.start_mark.line + 1, item) for n, item in zip(node.value, document, strict=True))
    elif document is not None:
        yield 1, document
