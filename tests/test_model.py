"""A language model at the boundary: deadlines, retries, the breaker, and one kind of error."""

import threading
import time
from typing import Any

import pytest
from fake_model import FakeChat, FakeModel

from prompts.prompt import Request
from service.breaker import Breaker
from service.deadline import Deadline
from service.errors import (
    ModelBusy,
    ModelCalledOff,
    ModelError,
    ModelIncoherent,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)
from service.model import LONGEST_TEXT, LanguageModel, complete, translated

REQUEST = Request("Do.", "This?")


def model(*script: Any, ending: str | None = "stop", **more: Any) -> tuple[LanguageModel, FakeChat]:
    chat = FakeChat(script=list(script), ending=ending)
    return LanguageModel(chat, "fake:model", **more), chat


def read(model: LanguageModel, seconds: float = 10.0) -> str:
    return "".join(model.stream(REQUEST, Deadline.after(seconds)))


class WithStatus(Exception):
    def __init__(self, status_code: int) -> None:
        super().__init__("no")
        self.status_code = status_code


def test_a_text_that_the_model_ended_ends_with_a_line_break() -> None:
    assert read(model("It grows. [1]")[0]) == "It grows. [1] \n"


@pytest.mark.parametrize("ending", ["length", None])
def test_a_text_that_was_cut_off_does_not(ending: str | None) -> None:
    assert read(model("It gro", ending=ending)[0]) == "It gro "


def test_tries_again_what_may_pass() -> None:
    asked, chat = model(WithStatus(503), WithStatus(429), "It grows.")
    assert read(asked).strip() == "It grows."
    assert chat.calls == 3


def test_does_not_try_again_what_will_not_pass() -> None:
    asked, chat = model(WithStatus(401), "It grows.")
    with pytest.raises(ModelRefused):
        read(asked)
    assert chat.calls == 1


def test_gives_up_after_the_retries() -> None:
    asked, chat = model(WithStatus(500), retries=1)
    with pytest.raises(ModelUnavailable):
        read(asked)
    assert chat.calls == 2


def test_no_retry_outlasts_the_deadline() -> None:
    deadline = Deadline.after(10)
    deadline.call_off()
    asked, _ = model(WithStatus(500), retries=10)
    with pytest.raises(ModelError):
        "".join(asked.stream(REQUEST, deadline))


def test_a_text_without_an_end_is_stopped() -> None:
    with pytest.raises(ModelIncoherent, match="no end"):
        read(model("word " * LONGEST_TEXT)[0])


def test_a_silent_model_is_given_up() -> None:
    class Silent(FakeChat):
        async def _astream(self, *_: Any, **__: Any) -> Any:
            import asyncio

            await asyncio.sleep(60)
            yield

    silent = LanguageModel(Silent(script=[""]), "fake:model", silence=0.1)
    with pytest.raises(ModelTimeout, match="silent"):
        read(silent)
    with pytest.raises(ModelTimeout, match="deadline"):
        read(LanguageModel(Silent(script=[""]), "fake:model", silence=60), 0.1)


def test_a_call_that_is_called_off_ends() -> None:
    class Endless(FakeChat):
        async def _astream(self, *_: Any, **__: Any) -> Any:
            import asyncio

            await asyncio.sleep(60)
            yield

    deadline = Deadline.after(60)
    threading.Timer(0.1, deadline.call_off).start()
    with pytest.raises(ModelCalledOff):
        "".join(LanguageModel(Endless(script=[""]), "fake:model").stream(REQUEST, deadline))


def test_complete_bounds_the_text() -> None:
    assert complete(FakeModel(" yes "), REQUEST, Deadline.after(5), 10) == "yes"
    with pytest.raises(ModelIncoherent):
        complete(FakeModel("y" * 11), REQUEST, Deadline.after(5), 10)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (WithStatus(400), ModelRefused), (WithStatus(404), ModelRefused), (WithStatus(408), ModelTimeout), (WithStatus(429), ModelBusy),
        (WithStatus(500), ModelUnavailable), (WithStatus(504), ModelTimeout), (WithStatus(529), ModelUnavailable),
        (TimeoutError(), ModelTimeout), (ConnectionResetError(), ModelUnavailable), (OSError(), ModelUnavailable),
        (ValueError("not JSON"), ModelIncoherent), (RuntimeError(), ModelIncoherent), (KeyError("choices"), ModelIncoherent),
    ],
)  # fmt: skip
def test_every_error_is_one_of_ours(error: Exception, kind: type[ModelError]) -> None:
    assert type(translated(error)) is kind


def test_the_breaker_leaves_alone_what_keeps_failing_and_tries_again_later() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, seconds=10, clock=lambda: now[0])

    def call(error: Exception | None = None) -> None:
        with breaker.watch():
            if error is not None:
                raise error

    for _ in range(2):
        with pytest.raises(ModelTimeout):
            call(ModelTimeout())
    with pytest.raises(ModelUnavailable, match="left alone"):
        call()
    now[0] = 11.0
    with pytest.raises(ModelTimeout):
        call(ModelTimeout())
    with pytest.raises(ModelUnavailable, match="left alone"):
        call()
    now[0] = 22.0
    call()
    call()


def test_the_breaker_lets_one_try_at_a_time() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, seconds=10, clock=lambda: now[0])
    with pytest.raises(ModelBusy), breaker.watch():
        raise ModelBusy
    now[0] = 11.0
    with breaker.watch(), pytest.raises(ModelUnavailable), breaker.watch():
        pass


def test_a_reader_that_leaves_is_no_failure_of_the_model() -> None:
    breaker = Breaker(failures=1)
    with pytest.raises(ModelCalledOff), breaker.watch():
        raise ModelCalledOff
    with breaker.watch():
        pass


def test_deadlines_end_and_are_called_off_together() -> None:
    deadline = Deadline.after(60)
    part = deadline.sooner(30)
    assert 0 < part.left() <= 30
    assert deadline.sooner(1000).at == deadline.at
    deadline.call_off()
    assert part.left() == 0
    assert part.called_off
    assert not deadline.sleep(60)
    assert Deadline(time.monotonic() - 1).left() == 0
