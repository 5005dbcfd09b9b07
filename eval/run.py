"""A run: the cases, every answer, and the versions of whatever took part; and the folder that keeps it.

::

    RUN/
      run.json        what was under test, and every version
      cases.jsonl     the cases as they were asked
      answers.jsonl   one line a case, in the order of the cases
      report.html     for people; junit.xml and others as asked for

While a run goes on, what has come so far is in ``answers.partial.jsonl``, in the order in which it
came. A run that was interrupted is taken up from there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.case import Case, adapter, fingerprint, written
from eval.errors import RunUnusable
from eval.judge import Judgement
from eval.response import Failure, Response, Result, response_adapter
from indexer.durable import write_file

FORMAT = 1
MANIFEST, CASES, ANSWERS, PARTIAL = "run.json", "cases.jsonl", "answers.jsonl", "answers.partial.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What took part in a run. ``started`` and ``finished`` are ISO 8601, in UTC."""

    name: str
    target: Mapping[str, Any]
    cases: str
    """The fingerprint of the cases."""
    judge: Mapping[str, Any] | None = None
    code: Mapping[str, str | None] = field(default_factory=dict)
    started: str = ""
    finished: str | None = None
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of one case."""

    result: Result
    judgement: Judgement | None = None

    @property
    def failed(self) -> bool:
        """Whether the endpoint or the judge failed, so that asking again may help."""
        judged_badly = self.judgement is not None and self.judgement.error is not None
        return isinstance(self.result, Failure) or judged_badly


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run. ``entries`` stand in the order of ``cases``."""

    manifest: Manifest
    cases: tuple[Case, ...]
    entries: tuple[Entry, ...]


class RunFolder:
    """A folder in which a run is under way. ``add`` may be called from several threads at once."""

    def __init__(self, folder: Path, manifest: Manifest, cases: Sequence[Case]) -> None:
        """Begin a run, or take up one of the same cases and target.

        Raises RunUnusable where the folder holds something else.
        """
        self.folder = folder
        self._cases = tuple(cases)
        self._lock = Lock()
        self.known: dict[str, Entry] = {}
        if (folder / MANIFEST).exists():
            self.manifest = self._taken_up(manifest)
        elif folder.exists() and any(folder.iterdir()):
            raise RunUnusable(f"{folder} is not empty, and holds no run")
        else:
            self.manifest = replace(manifest, started=_now())
            folder.mkdir(parents=True, exist_ok=True)
            lines = (json.dumps(written(case), ensure_ascii=False) for case in cases)
            write_file(folder / CASES, "".join(f"{line}\n" for line in lines).encode())
            self._write_manifest()

    def _taken_up(self, manifest: Manifest) -> Manifest:
        found = _manifest(self.folder)
        for what in ("cases", "target", "judge"):
            if getattr(found, what) != getattr(manifest, what):
                raise RunUnusable(
                    f"{self.folder} holds a run with other {what} (begun {found.started}); take a new folder"
                )
        for name in (ANSWERS, PARTIAL):
            if (self.folder / name).exists():
                entries = dict(_entries(self.folder / name, may_be_cut=name == PARTIAL))
                self.known |= {id: entry for id, entry in entries.items() if not entry.failed}
        return replace(found, code=manifest.code)

    def add(self, case: Case, entry: Entry) -> None:
        """Keep an entry, so that an interruption does not lose it."""
        line = json.dumps(_recorded(case.id, entry), ensure_ascii=False, default=str) + "\n"
        with self._lock, (self.folder / PARTIAL).open("a", encoding="utf-8") as file:
            file.write(line)
            self.known[case.id] = entry

    def finish(self) -> Run:
        """Write the answers in the order of the cases, and close the run."""
        entries = tuple(self.known[case.id] for case in self._cases)
        records = (_recorded(case.id, entry) for case, entry in zip(self._cases, entries, strict=True))
        lines = (json.dumps(record, ensure_ascii=False, default=str) + "\n" for record in records)
        write_file(self.folder / ANSWERS, "".join(lines).encode())
        (self.folder / PARTIAL).unlink(missing_ok=True)
        self.manifest = replace(self.manifest, finished=_now())
        self._write_manifest()
        return Run(self.manifest, self._cases, entries)

    def _write_manifest(self) -> None:
        document = json.dumps(asdict(self.manifest), ensure_ascii=False, indent=2)
        write_file(self.folder / MANIFEST, f"{document}\n".encode())


def read_run(folder: Path) -> Run:
    """A finished run. Raises RunUnusable for a folder that is none, an unfinished run, or a damaged one."""
    manifest = _manifest(folder)
    if manifest.finished is None or not (folder / ANSWERS).exists():
        raise RunUnusable(
            f"{folder}: this run was interrupted; `herald eval … --out {folder}` goes on with it"
        )
    try:
        lines = (folder / CASES).read_text("utf-8").splitlines()
        cases = tuple(adapter().validate_json(line) for line in lines)
    except (OSError, ValueError) as error:
        raise RunUnusable(f"{folder / CASES} cannot be read: {error}") from error
    entries = dict(_entries(folder / ANSWERS, may_be_cut=False))
    if fingerprint(cases) != manifest.cases or entries.keys() != {case.id for case in cases}:
        raise RunUnusable(f"{folder}: its files do not belong together")
    return Run(manifest, cases, tuple(entries[case.id] for case in cases))


def _manifest(folder: Path) -> Manifest:
    try:
        found = TypeAdapter(Manifest).validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise RunUnusable(f"{folder} holds no run") from error
    except (OSError, ValidationError) as error:
        raise RunUnusable(f"{folder / MANIFEST} cannot be read: {error}") from error
    if found.format != FORMAT:
        raise RunUnusable(f"{folder} is of format {found.format}; this version reads {FORMAT}")
    return found


def _recorded(id: str, entry: Entry) -> dict[str, Any]:
    record: dict[str, Any] = {"id": id}
    if isinstance(entry.result, Response):
        record["response"] = response_adapter().dump_python(entry.result, mode="json", exclude_defaults=True)
    else:
        record["failure"] = entry.result.error
    if entry.judgement is not None:
        record["judgement"] = asdict(entry.judgement)
    return record


def _entries(path: Path, *, may_be_cut: bool) -> Iterator[tuple[str, Entry]]:
    """The entries of a file by id. ``may_be_cut``: the last line may lack its end, and is then left out."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise RunUnusable(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            response, judged = record.get("response"), record.get("judgement")
            yield (
                record["id"],
                Entry(
                    Failure(record["failure"])
                    if response is None
                    else response_adapter().validate_python(response),
                    None if judged is None else Judgement(tuple(judged["votes"]), judged["error"]),
                ),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if may_be_cut and number == len(lines):
                return
            raise RunUnusable(f"{path}:{number}: no answer: {error}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
