"""A language model as judge: asked several times about one answer, its agreement with itself stated.

A judge that fails, or says neither yes nor no, gives an error and never a score. Zheng et al. 2023,
"Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", on why one asking is not enough.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from eval.case import Case
from eval.errors import JudgeFailed
from eval.fact import described
from eval.response import Response
from prompts.prompt import Prompt, parse

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

FOLDER = Path(__file__).parent / "prompts"
TIMES = 3
_VERDICT = re.compile(r"\W*(yes|no)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge said of one answer, each time that it was asked; or why it said nothing."""

    votes: tuple[bool, ...] = ()
    error: str | None = None

    @property
    def score(self) -> float | None:
        """The share of yes; None for a judge that failed."""
        return sum(self.votes) / len(self.votes) if self.votes and self.error is None else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a judge agrees with itself, over ``cases`` that it judged more than once.

    ``observed`` is the mean share of pairs of its votes on a case that agree, 0 to 1. ``kappa`` is
    Fleiss' (1971), 1 for full agreement and 0 for what chance would give; None where every vote is
    the same, since chance would then give full agreement too.
    """

    cases: int
    observed: float
    kappa: float | None


class Judge:
    """A LangChain chat model with the judge's prompt, asked ``times`` about each answer."""

    def __init__(self, model: "BaseChatModel", name: str, times: int = TIMES, prompt: Prompt | None = None):
        if times < 1:
            raise ValueError("a judge is asked at least once")
        self._model, self.name, self.times = model, name, times
        self._prompt = prompt or shipped("judge")

    def description(self) -> dict[str, object]:
        return {"model": self.name, "times": self.times, "prompt": self._prompt.version}

    def judge(self, case: Case, response: Response) -> Judgement:
        """Every vote on an answer, or the first failure."""
        try:
            return Judgement(tuple(self._vote(case, response) for _ in range(self.times)))
        except JudgeFailed as error:
            return Judgement(error=str(error))

    def _vote(self, case: Case, response: Response) -> bool:
        request = self._prompt.fill(
            question=" / ".join(case.messages), expected=expected(case), answer=response.text
        )
        try:
            said = self._model.invoke([("system", request.system), ("human", request.user)]).text
        except Exception as error:
            # Each provider raises its own kind; what they have in common is that there is no verdict.
            raise JudgeFailed(f"{self.name}: {type(error).__name__}: {error}") from error
        verdict = _VERDICT.fullmatch(str(said))
        if verdict is None:
            raise JudgeFailed(f"{self.name} says neither YES nor NO: {str(said)[:100]!r}")
        return verdict[1].lower() == "yes"


def open_judge(name: str, times: int) -> Judge:
    """The judge by a LangChain name, such as ``openai:gpt-5-mini``. Raises JudgeFailed for an unknown one."""
    from langchain.chat_models import init_chat_model

    try:
        return Judge(init_chat_model(name), name, times)
    except (ImportError, ValueError) as error:
        raise JudgeFailed(f"{name}: {error}") from error


def agreement(judgements: Sequence[Judgement]) -> Agreement | None:
    """How far the votes on each case agree; None where no case was judged twice."""
    votes = [j.votes for j in judgements if j.error is None and len(j.votes) > 1]
    if not votes:
        return None
    observed = sum(_alike(v) for v in votes) / len(votes)
    yes = sum(map(sum, votes)) / sum(map(len, votes))
    chance = yes**2 + (1 - yes) ** 2
    kappa = None if chance == 1 else (observed - chance) / (1 - chance)
    return Agreement(len(votes), observed, kappa)


def expected(case: Case) -> str:
    """What a case expects, in words."""
    expect = case.expect
    parts = []
    if expect.any_of:
        parts.append("one of: " + "; ".join(map(described, expect.any_of)))
    if expect.all_of:
        parts.append("all of: " + "; ".join(map(described, expect.all_of)))
    if expect.quotes:
        parts.append("quoted: " + "; ".join(f"“{text}”" for text in expect.quotes))
    if expect.answers:
        parts.append("an answer such as: " + "; ".join(expect.answers))
    if expect.refusal:
        reason = "" if expect.refusal is True else f" ({expect.refusal.value})"
        parts.append(("or " if parts else "") + "a refusal" + reason)
    if expect.courtesy:
        parts.append("a courteous line that claims nothing")
    if expect.forbidden:
        parts.append("never: " + "; ".join(map(described, expect.forbidden)))
    return "; ".join(parts)


@cache
def shipped(name: str) -> Prompt:
    """A prompt that ships with evaluation."""
    return parse(name, (FOLDER / f"{name}.txt").read_text("utf-8"))


def _alike(votes: Sequence[bool]) -> float:
    yes, count = sum(votes), len(votes)
    no = count - yes
    return (yes * (yes - 1) + no * (no - 1)) / (count * (count - 1))
