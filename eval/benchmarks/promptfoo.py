"""promptfoo asks a running Herald the shipped cases, and its verdicts are held against Herald's own.

``make bench-promptfoo`` installs promptfoo from npm and runs this. The configuration is that of
README.md: the answer's quotes are what a fact is looked for in, and a refusal is a status.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn

from eval.case import Case
from eval.case_file import read_cases
from eval.targets.opening import open_service
from eval.verdict import judge
from indexer.builder import build
from service.app import create_app
from service.settings import Settings
from service.wiring import open_assistant

ROOT = Path(__file__).parents[2]
QUOTES = "json.status + ': ' + json.citations.map(c => c.quote).join(' ')"
"""What an assertion looks at, by promptfoo's ``transformResponse``."""


def main(promptfoo: str) -> int:
    """Print how many verdicts agree; 1 unless all do."""
    cases = [c for c in read_cases([ROOT / "eval/cases/work-plan-2026.jsonl"]) if _can_be_told(c)]
    with TemporaryDirectory() as name, _served(Path(name)) as url:
        theirs = _promptfoo(promptfoo, cases, url, Path(name))
        with open_service(url, None) as target:
            ours = {case.id: judge(case, target.ask(case)).passed for case in cases}
    differing = [id for id in ours if ours[id] != theirs.get(id)]
    for id in differing:
        sys.stdout.write(f"{id}: promptfoo {theirs.get(id)}, herald eval {ours[id]}\n")
    agreed = len(ours) - len(differing)
    sys.stdout.write(f"{agreed} of {len(ours)} verdicts agree; {sum(ours.values())} cases pass\n")
    return int(bool(differing))


def configuration(cases: Sequence[Case], url: str) -> dict[str, Any]:
    """promptfoo's configuration for some cases of one message."""
    provider = {
        "id": "http",
        "config": {
            "url": f"{url}/v1/chat",
            "method": "POST",
            "headers": {"content-type": "application/json"},
            "body": {"message": "{{prompt}}"},
            "transformResponse": QUOTES,
        },
    }
    return {
        "prompts": ["{{question}}"],
        "providers": [provider],
        "tests": [
            {
                "vars": {"question": case.question},
                "metadata": {"id": case.id, "tags": list(case.tags)},
                "assert": _assertions(case),
            }
            for case in cases
        ],
    }


def _can_be_told(case: Case) -> bool:
    """Whether promptfoo's plain assertions can say what the case expects."""
    expect = case.expect
    facts = (*expect.any_of, *expect.all_of)
    plain = all(isinstance(fact, str) for fact in facts) and (bool(facts) or expect.refusal is True)
    return case.question is not None and plain and case.answerable is not None


def _assertions(case: Case) -> list[dict[str, Any]]:
    if case.answerable is False:
        return [{"type": "regex", "value": "^(refused|clarify)"}]
    found: list[dict[str, Any]] = [{"type": "starts-with", "value": "answered"}]
    if case.expect.any_of:
        found.append({"type": "icontains-any", "value": list(case.expect.any_of)})
    if case.expect.all_of:
        found.append({"type": "icontains-all", "value": list(case.expect.all_of)})
    return found


def _promptfoo(program: str, cases: Sequence[Case], url: str, folder: Path) -> dict[str, bool]:
    """promptfoo's verdicts by case."""
    config, results = folder / "promptfooconfig.json", folder / "results.json"
    config.write_text(json.dumps(configuration(cases, url), ensure_ascii=False), "utf-8")
    done = subprocess.run(
        [str(Path(program).absolute()), "eval", "-c", config, "-o", results, "--no-cache", "--no-table"],
        cwd=folder,
        env=os.environ
        | {
            "PROMPTFOO_CONFIG_DIR": str(folder / "state"),
            "PROMPTFOO_DISABLE_TELEMETRY": "1",
            "PROMPTFOO_DISABLE_UPDATE": "1",
            "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if not results.exists():
        raise RuntimeError(f"promptfoo gave no results: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    rows = json.loads(results.read_text("utf-8"))["results"]["results"]
    return {row["testCase"]["metadata"]["id"]: bool(row["success"]) for row in rows}


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Herald over the shipped announcement, on a free port of this machine."""
    settings = Settings(index=folder / "index", rate_limit=0.0)
    build([ROOT / "indexer" / "samples"], settings.index, threads=os.cpu_count() or 1)
    with open_assistant(settings) as (assistant, conversations):
        app = create_app(assistant, conversations, settings)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
