"""A model server that can be told what to do next, and a real Herald that has its answers written by it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fake_model import ModelServer, Script, Step, says, user_text
from running import serving

COST = "What did the rebuilding of the east quay cost?"
FIGURE = "184.5 million crowns"
TRUE = "The east quay's rebuilding cost 184.5 million crowns."
"""In other words than the announcement's, so that a test can tell it from the verbatim answer."""
SECONDS = 4.0
"""How long an answer may take to write here."""


class WritingModel:
    """What the model does is what ``script`` says at the moment; ``{cite}`` in a text cites what holds ``cites``."""

    def __init__(self) -> None:
        self.cites = FIGURE
        self.script: Script = says(f"{TRUE} {{cite}}\n")

    def __call__(self, request: dict[str, Any]) -> Iterable[Step]:
        marker = cited(user_text(request), self.cites)
        for step in self.script(request):
            yield step.replace("{cite}", marker) if isinstance(step, str) else step

    def does(self, *steps: Step, stop: str = "stop") -> None:
        """From now on, each call is answered by these steps."""
        self.script = says(*steps, stop=stop)

    def writes_well(self) -> None:
        """From now on, each call is answered by a sentence that is proven."""
        self.does(f"{TRUE} {{cite}}\n")


def cited(prompt: str, words: str) -> str:
    """The marker of the numbered sentence that holds these words; one that nothing has where none does."""
    for line in prompt.splitlines():
        match = re.match(r"\[(\d+)\]", line)
        if match and words in line:
            return match.group()
    return "[99]"


@contextmanager
def writing(folder: Path, **settings: str) -> Iterator[tuple[str, WritingModel, ModelServer]]:
    """A Herald over an index folder whose model is scripted: its address, the script, the model's server."""
    model = WritingModel()
    with ModelServer(model) as server:
        named = {
            "HERALD_LLM": "openai:scripted",
            "HERALD_LLM_URL": server.url,
            "HERALD_LLM_DEADLINE_SECONDS": str(SECONDS),
            "HERALD_LLM_SILENCE_SECONDS": "1",
            "HERALD_LLM_RETRIES": "1",
            **settings,
        }
        with serving(folder, **named) as (address, _):
            yield address, model, server
