"""The same answer everywhere: whichever channel a question comes by, the same sentences and the same citations.

A channel is one adapter, listed in ``CHANNELS``: it asks as a user of that channel would and says what
that user was shown.
"""

import asyncio
import contextlib
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import CHROMIUM, chromium
from mcp import Client
from openai import OpenAI
from playwright.sync_api import Page

from service import wire
from service.answering.assistant import Assistant, VerifiedSentence
from service.channels.blocks import closing_blocks, message_of, sentence_block
from service.channels.mrkdwn import JOINER
from service.cli import main
from service.langchain import ChatHerald
from service.settings import Settings
from service.wiring import open_assistant

QUESTIONS = {
    "one sentence": "What did the rebuilding of the east quay cost?",
    "several sentences": "What does the rebuilt quay have?",
    "refused": "What did the rebuilding of the east quay cost in 2019?",
    "out of scope": "What is the capital of Peru?",
    "clarify": "What is this about?",
    "a courtesy": "hello",
    "Korean": "도서관은 언제 다시 문을 여나요?",
    "Korean, refused": "새 도서관의 공사비는 2019년에 얼마였나요?",
}


@dataclass(frozen=True)
class Cited:
    """One sentence and one of the quotes that prove it."""

    sentence: str
    quote: str


@dataclass(frozen=True)
class Heard:
    """What a reader was told: the text, and for each citation its sentence and its quote, in order."""

    text: str
    citations: tuple[Cited, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cited.sentence for cited in self.citations))


@dataclass(frozen=True)
class House:
    """One index, and what answers from it: a server, an assistant in this process, the folder itself."""

    folder: Path
    address: str
    assistant: Assistant
    page: Page | None


def heard_in(reply: dict[str, Any]) -> Heard:
    """What a reply of the contract tells."""
    read = wire.ChatReply.model_validate(reply)
    cited = tuple(Cited(read.text[c.answer_start : c.answer_end], c.quote) for c in read.citations)
    return Heard(read.text, cited)


def over_json(house: House, question: str) -> Heard:
    return heard_in(httpx.post(f"{house.address}/v1/chat", json={"message": question}).json())


def over_events(house: House, question: str) -> Heard:
    """The sentences as they come; a text that comes without any is that of the last event."""
    text, cited = "", []
    body = {"message": question, "stream": True}
    for block in httpx.post(f"{house.address}/v1/chat", json=body).text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields.get("event") == "sentence":
            event = wire.SentenceEvent.model_validate_json(fields["data"])
            text = text.ljust(event.answer_start) + event.text
            cited += [Cited(event.text, citation.quote) for citation in event.citations]
        elif fields.get("event") == "done":
            done = heard_in(json.loads(fields["data"]))
    assert "".join(text.split()) == ("".join(done.text.split()) if cited else "")
    return Heard(done.text, tuple(cited))


def through_openai(house: House, question: str, *, stream: bool) -> Heard:
    """The sentences where the annotations say, the text without its markers."""
    with OpenAI(base_url=f"{house.address}/v1", api_key="none is needed", max_retries=0) as client:
        messages: Any = [{"role": "user", "content": question}]
        completion: Any = client.chat.completions.create(model="herald", messages=messages, stream=stream)
        if stream:
            deltas = [chunk.choices[0].delta for chunk in completion]
            content = "".join(delta.content or "" for delta in deltas)
            spans = [a["url_citation"] for a in deltas[-1].annotations]
            citations = deltas[-1].herald["citations"]
        else:
            message = completion.choices[0].message
            content = message.content
            spans = [a.url_citation.model_dump() for a in message.annotations]
            citations = message.herald["citations"]
    cited = tuple(
        Cited(content[span["start_index"] : span["end_index"]], citation["quote"])
        for span, citation in zip(spans, citations, strict=True)
    )
    text = content
    for marker in {citation["marker"] for citation in citations}:
        text = text.replace(f" [{marker}]", "")
    return Heard(text, cited)


def through_mcp(house: House, question: str) -> Heard:
    async def ask() -> Any:
        async with Client(f"{house.address}/mcp") as client:
            return await client.call_tool("ask", {"question": question})

    # In a thread of its own: in this one, the browser's event loop is running.
    with ThreadPoolExecutor(1) as thread:
        return heard_in(thread.submit(asyncio.run, ask()).result().structured_content)


def through_langchain(house: House, question: str, *, stream: bool) -> Heard:
    chat = ChatHerald(assistant=house.assistant)
    pieces: list[Any] = list(chat.stream(question)) if stream else [chat.invoke(question)]
    blocks: list[Any] = [block for piece in pieces for block in piece.content]
    cited = tuple(
        Cited(block["text"][a["start_index"] : a["end_index"]], a["cited_text"])
        for block in blocks
        for a in block.get("annotations", ())
    )
    return Heard("".join(block["text"] for block in blocks), cited)


def at_the_terminal(house: House, question: str) -> Heard:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert main(["ask", question, "--index", str(house.folder), "--json"]) == 0
    return heard_in(json.loads(printed.getvalue()))


def in_slack(house: House, question: str, *, stream: bool) -> Heard:
    """The rich text between the numbers, and behind each number the quote of the context block that bears it."""
    if stream:
        *events, turn = house.assistant.stream(question)
        sentences = [event for event in events if isinstance(event, VerifiedSentence)]
        said = [sentence_block(sentence) for sentence in sentences] or message_of(turn).blocks[:1]  # type: ignore[arg-type]
        blocks = said + closing_blocks(turn)  # type: ignore[arg-type]
    else:
        blocks = message_of(house.assistant.ask(question)).blocks
    contexts = [block["elements"][0]["text"] for block in blocks if block["type"] == "context"]
    quotes = dict(found.groups() for text in contexts if (found := SLACK_QUOTE.match(text)))
    text, cited = "", []
    for block in (block for block in blocks if block["type"] == "rich_text"):
        sentence = ""
        for element in block["elements"][0]["elements"]:
            if marker := SLACK_NUMBER.fullmatch(element["text"]):
                sentence = sentence or text.rpartition("\0")[2]
                cited.append(Cited(sentence.strip(), unescaped(quotes[marker[1]])))
            elif element["text"] != " ":
                text, sentence = f"{text}\0{element['text']}", ""
    text = text.replace("\0", "")
    if stream:
        # Each sentence is a block of its own there, which begins a line: white space does not count.
        whole = wire.chat_reply(turn).text  # type: ignore[arg-type]
        assert "".join(text.split()) == "".join(whole.split())
        text = whole
    return Heard(text, tuple(cited))


SLACK_NUMBER = re.compile(r"\[(\d+)\]")
SLACK_QUOTE = re.compile(r"(?:<[^|>]*\|)?\[(\d+)\]>? “(.*)” — ")


def unescaped(mrkdwn: str) -> str:
    return html.unescape(mrkdwn).replace(JOINER, "")


def in_the_widget(house: House, question: str) -> Heard:
    """What stands in the element's document: sentences, and the quote that a click on each number opens."""
    if house.page is None:
        pytest.skip(f"{CHROMIUM} is not installed")
    text, cited = house.page.evaluate(READ_WIDGET, question)
    return Heard(text, tuple(Cited(*pair) for pair in cited))


READ_WIDGET = """
async (question) => {
  sessionStorage.clear();
  const chat = document.createElement('herald-chat');
  document.body.replaceChildren(chat);
  await chat.ask(question);
  const said = chat.shadowRoot.querySelector('.said');
  if (said) return [said.textContent, []];
  const shown = () => chat.shadowRoot.querySelector('.answer');
  const text = shown().cloneNode(true);
  text.querySelectorAll('.chips').forEach((chips) => chips.remove());
  const cited = [];
  for (let at = 0; at < shown().querySelectorAll('.chip').length; at++) {
    const chip = () => shown().querySelectorAll('.chip')[at];
    const sentence = chip().closest('.chips').previousElementSibling.textContent;
    chip().click();
    cited.push([sentence, shown().querySelector('.card blockquote').textContent]);
    chip().click();
  }
  return [text.textContent, cited];
}
"""

Channel = Callable[[House, str], Heard]

CHANNELS: dict[str, Channel] = {
    "events": over_events,
    "openai": lambda house, question: through_openai(house, question, stream=False),
    "openai, streaming": lambda house, question: through_openai(house, question, stream=True),
    "mcp": through_mcp,
    "langchain": lambda house, question: through_langchain(house, question, stream=False),
    "langchain, streaming": lambda house, question: through_langchain(house, question, stream=True),
    "terminal": at_the_terminal,
    "slack": lambda house, question: in_slack(house, question, stream=False),
    "slack, streaming": lambda house, question: in_slack(house, question, stream=True),
    "widget": in_the_widget,
}


@pytest.fixture(scope="module")
def house(announcements_folder: Path, address: str) -> Iterator[House]:
    with open_assistant(Settings(index=announcements_folder)) as (assistant, _), browsing(address) as page:
        yield House(announcements_folder, address, assistant, page)


@contextlib.contextmanager
def browsing(address: str) -> Iterator[Page | None]:
    """The service's own page in a browser, which has the widget's script; None where there is no browser."""
    if not CHROMIUM.exists():
        yield None
        return
    with chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        yield page


@pytest.fixture(scope="module")
def told(house: House) -> dict[str, Heard]:
    """What ``/v1/chat`` says to each question."""
    return {name: over_json(house, question) for name, question in QUESTIONS.items()}


def test_the_questions_are_of_every_kind(told: dict[str, Heard]) -> None:
    assert len(told["one sentence"].sentences) == len(told["Korean"].sentences) == 1
    assert len(told["several sentences"].sentences) > 1
    for name in ("refused", "out of scope", "clarify", "a courtesy", "Korean, refused"):
        assert told[name].text
        assert not told[name].citations


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_says_what_json_says(house: House, told: dict[str, Heard], channel: str, name: str) -> None:
    assert CHANNELS[channel](house, QUESTIONS[name]) == told[name]
