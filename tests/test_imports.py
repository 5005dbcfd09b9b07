"""What answering does not load: no command that answers imports torch, and serving imports no channel's extra."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "sklearn",
    "langchain",
    "langchain_core",
    "langgraph",
}
EXTRAS = {"mcp", "mcp_types", "openai", "slack_bolt", "slack_sdk"}

IN_A_PROCESS = """
import json, sys
{code}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})), file=sys.stderr)
"""

COMMAND = """
from service.cli import main
assert main(sys.argv[1:]) == 0
"""

SERVER = """
from pathlib import Path
from starlette.testclient import TestClient
from service.app import create_app
from service.settings import read_settings
from service.wiring import open_assistant

settings = read_settings(index=Path(sys.argv[1]))
with open_assistant(settings) as (assistant, conversations):
    with TestClient(create_app(assistant, conversations, settings)) as client:
        for path, body in (
            ("/v1/chat", {"message": "What did the east quay cost?"}),
            ("/v1/chat", {"message": "What did the east quay cost?", "stream": True}),
            ("/v1/chat/completions", {"model": "herald", "messages": [{"role": "user", "content": "hello"}]}),
            ("/v1/search", {"messages": [{"role": "user", "content": "quay"}]}),
        ):
            assert client.post(path, json=body).status_code == 200, path
        assert client.get("/").status_code == 200
"""


def loaded(code: str, *arguments: str) -> set[str]:
    """The top-level modules that a process has imported when ``code`` has run."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS.format(code=code), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("json_option", [[], ["--json"]])
def test_a_command_that_answers_loads_nothing_heavy(
    announcements_folder: Path, command: str, json_option: list[str]
) -> None:
    modules = loaded(
        COMMAND, command, "What did the east quay cost?", "--index", str(announcements_folder), *json_option
    )
    assert not modules & (HEAVY | EXTRAS | {"fastapi", "uvicorn"})


def test_serving_loads_nothing_heavy(announcements_folder: Path) -> None:
    assert not loaded(SERVER, str(announcements_folder)) & (HEAVY | EXTRAS)
