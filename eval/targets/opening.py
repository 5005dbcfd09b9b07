"""Opens targets and closes them again."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.benchmarks.herald import Workshop, build_index, open_workshop
from eval.errors import TargetFailed
from eval.targets.herald import EachAlone, HeraldTarget
from eval.targets.target import Target
from indexer.announcement import Announcement
from indexer.errors import SourceError
from indexer.reader import read
from prompts.prompt import STAGES, load
from service.answer import Mode
from service.client import LocalClient, ServiceClient
from service.settings import Settings
from service.wiring import WEIGHTS, open_assistant

TOGETHER, ALONE = "sources, together", "sources, each alone"


@contextmanager
def open_index(settings: Settings, *, mode: Mode | None = None, where: str | None = None) -> Iterator[Target]:
    """Herald over an index folder in this process, without its cache. What is asked is kept nowhere."""
    with TemporaryDirectory(prefix="herald-eval-") as folder:
        apart = settings.model_copy(update={"store": f"sqlite:///{folder}/conversations.db", "cache": 0})
        with open_assistant(apart) as (assistant, _):
            client = LocalClient(assistant)
            yield HeraldTarget(client, where or str(settings.index), mode=mode, versions=versions(settings))


@contextmanager
def open_sources(
    paths: Sequence[Path], settings: Settings, *, alone: bool, threads: int, mode: Mode | None = None
) -> Iterator[Target]:
    """Herald over announcements that are indexed for this run: together, or each in an index of its own.

    Raises TargetFailed for a source that cannot be read, and SourceNotFound.
    """
    with TemporaryDirectory(prefix="herald-eval-") as folder, ExitStack() as stack:
        workshop = open_workshop(Path(folder), threads)
        if not alone:
            index = workshop.new_folder()
            build_index(paths, index, threads)
            yield stack.enter_context(_indexed(settings, index, TOGETHER, mode))
            return
        targets = {}
        for announcement in announcements(paths):
            index = _index_alone(announcement, workshop)
            targets[announcement.id] = stack.enter_context(_indexed(settings, index, ALONE, mode))
        if not targets:
            raise TargetFailed(f"no announcement in {', '.join(map(str, paths))}")
        yield EachAlone(targets)


def _indexed(settings: Settings, index: Path, where: str, mode: Mode | None) -> Any:
    return open_index(settings.model_copy(update={"index": index}), where=where, mode=mode)


def _index_alone(announcement: Announcement, workshop: Workshop) -> Path:
    index = workshop.new_folder()
    source = index / "source.jsonl"
    fields = {
        "id": announcement.id,
        "title": announcement.title,
        "text": announcement.text,
        "language": announcement.language,
        "issuer": announcement.issuer,
        "published": announcement.published.isoformat() if announcement.published else None,
        "url": announcement.url,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    source.write_text(json.dumps(given, ensure_ascii=False) + "\n", "utf-8")
    build_index([source], index, workshop.threads)
    return index


@contextmanager
def open_service(url: str, api_key: str | None, *, mode: Mode | None = None) -> Iterator[Target]:
    """Herald at a URL."""
    with ServiceClient(url, api_key=api_key) as client:
        yield HeraldTarget(client, url, mode=mode)


def announcements(paths: Sequence[Path]) -> list[Announcement]:
    """The announcements in some files and folders. Raises TargetFailed for one that cannot be read."""
    found = []
    for path in paths:
        for each in read(path):
            if isinstance(each, SourceError):
                raise TargetFailed(str(each)) from each
            found.append(each)
    return found


def versions(settings: Settings) -> dict[str, Any]:
    """What answers in this process: settings that change answers, weights and prompts."""
    weights = sha256(b"".join(path.read_bytes() for path in sorted(WEIGHTS.iterdir())))
    return {
        "encoder": settings.encoder,
        "threshold": settings.threshold,
        "model": settings.llm,
        "model_judges": settings.llm_judge,
        "weights": weights.hexdigest()[:12],
        "prompts": {stage: load(stage).version for stage in STAGES},
    }
