"""A target: whatever answers questions and is under test."""

from collections.abc import Mapping
from typing import Any, Protocol

from eval.case import Case
from eval.response import Response


class Target(Protocol):
    """What every endpoint looks like to a run. It may be asked from several threads at once."""

    def ask(self, case: Case) -> Response:
        """The reply to the last message of a case, those before it asked first. Raises TargetFailed."""
        ...

    def description(self) -> Mapping[str, Any]:
        """What is under test, as JSON has it: kind, place, and every version that can be told.

        Two runs of one description may be mixed. Raises TargetFailed where it cannot be reached.
        """
        ...
