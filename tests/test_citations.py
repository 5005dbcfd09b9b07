"""Both ends of every citation hold, in every form that a reply takes, whatever characters a source is made of."""

import json
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from indexer.builder import build
from service import wire
from service.answer import Answer, Citation, Mode, Quote
from service.answering.assistant import Assistant, Event, VerifiedSentence
from service.channels.completion import annotations
from service.channels.marked import mark
from service.checking import check_answer
from service.conversation import Turn
from service.langchain import message
from service.settings import Settings
from service.wiring import open_assistant

WORDS = (
    "harbour", "budget", "ferry", "opens", "minister", "fünf", "naïve", "Ünïcode", "ﬁnance", "İstanbul", "ß", "ẞ", "𝒜udit",
    "e\u0301te\u0301", "cafe\u0301", "a\u0300\u0316\u0488", "\u0301lone", "\u200dlone", "Z\u0351\u0343\u036ba\u0334lgo",
    "👩‍👩‍👧‍👦", "🏴\U000e0067\U000e0062\U000e007f", "🇰🇷", "👍🏽", "1️⃣", "☃\ufe0f", "🎉",
    "مرحبا", "مِينَاء", "שָׁלוֹם", "\u202eevil\u202c", "\u200frtl\u200e", "\u2067isolated\u2069",
    "예산은", "9조", "9천억", "\u1112\u1161\u11ab\u1100\u1173\u11af", "\u1112\u1161", "\u11ab", "ㅎㅏㄴ", "도서관이", "문을", "엽니다",
    "予算", "ﾊﾝｶｸ", "４２", "नमस्ते", "ไทย", "9.9", "trillion", "won", "3.5%p", "$1,200", "[1]", "［2］", "12\u00a0May",
    "soft\u00adhyphen", "\ufeff", "zero\u200bwidth", "\u2060", "\ufffd", "“quoted”", "it’s", "<b>", "</script>", "\\u0041", "𐏿",
)  # fmt: skip
SPACES = (
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\r\n\r\n",
    "\t",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u2029",
    "\x85",
    "\x0b",
    "\x0c",
    " \u200b",
    "",
)
ENDS = (". ", "! ", "? ", ".\n", ".\r\n", "。", "다. ", "… ", ".” ", "؟ ", "\n\n- ", "\r\n1) ", "\n## ")

hostile = st.lists(
    st.tuples(
        st.sampled_from(WORDS),
        st.one_of(st.sampled_from((" ",)), st.sampled_from(SPACES), st.sampled_from(ENDS)),
    ),
    min_size=4,
    max_size=60,
).map(lambda pieces: "".join(word + gap for word, gap in pieces))

anything = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=120
)
sources = st.lists(
    st.one_of(hostile, anything).filter(lambda text: text.strip(string.whitespace)), min_size=1, max_size=4
)
"""Texts of announcements."""


def words_of(texts: list[str]) -> list[str]:
    """Questions made of a text's own words, so that something in it answers."""
    spoken = [" ".join(text.split()[at : at + 6]) for text in texts for at in (0, 9)]
    return [f"What of {words}?" for words in spoken if words] + ["What is this about?", "예산은 얼마입니까?"]


Asking = Callable[[list[str]], Iterator[tuple[Assistant, list[Event]]]]


@pytest.fixture(scope="module")
def ask_of(make_index_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Asking:
    """Indexes texts in place of those before, and asks of them; each assistant answers whatever the evidence."""
    home = tmp_path_factory.mktemp("hostile")
    folder, source = make_index_folder(home / "index"), home / "texts.jsonl"

    def ask(texts: list[str]) -> Iterator[tuple[Assistant, list[Event]]]:
        lines = [
            json.dumps({"id": f"t{n}", "title": text[:20].strip() or "t", "text": text})
            for n, text in enumerate(texts)
        ]
        source.write_text("\n".join(lines), encoding="utf-8")
        assert not build([source], folder).errors
        with open_assistant(Settings(index=folder, threshold=0.0)) as (assistant, _):
            for question in words_of(texts):
                yield assistant, list(assistant.stream(question))

    return ask


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=sources)
@example(
    texts=[
        "e\u0301te\u0301 opens.\r\nThe 👩‍👩‍👧‍👦 ferry costs 9.9 trillion won.\r\n\u0301\u200d\r\nمرحبا \u202eevil\u202c budget."
    ]
)
@example(
    texts=[
        "\u1112\u1161\u11ab\u1100\u1173\u11af 예산은 9조 9천억 원입니다. 도서관이 문을 엽니다.",
        "\ufeffBOM first. Then \x85 a break\u2028.",
    ]
)
def test_every_citation_of_every_reply_holds(ask_of: Asking, texts: list[str]) -> None:
    for assistant, events in ask_of(texts):
        turn = events[-1]
        assert isinstance(turn, Turn)
        holds(assistant, turn)
        holds_while_streaming(assistant, turn, events)


def holds(assistant: Assistant, turn: Turn) -> None:
    reply = wire.read_chat_reply(wire.chat_reply(turn).model_dump_json())
    for citation in (*reply.citations, *(reply.refusal.nearest if reply.refusal else ())):
        source = wire.source_text(assistant.source(citation.source_id))
        assert source.text[citation.quote_start : citation.quote_end] == citation.quote
        assert source.sha256 == citation.source_sha256
    for citation in reply.citations:
        assert reply.text[citation.answer_start : citation.answer_end] == citation.quote
    if isinstance(turn.reply, Answer):
        assert wire.reply_of(reply) == turn.reply
        found = check_answer(turn.reply, lambda id, _: assistant.source(id))
        assert not found


def holds_while_streaming(assistant: Assistant, turn: Turn, events: list[Event]) -> None:
    """The sentences as they are streamed, as OpenAI's clients see them and as LangChain's do."""
    reply = wire.chat_reply(turn)
    marked = mark(reply.text, reply.citations)
    proven = [(reply.text[c.answer_start : c.answer_end], c.quote) for c in reply.citations]
    spans = [a["url_citation"] for a in annotations(reply.citations, marked)]
    assert [marked.text[s["start_index"] : s["end_index"]] for s in spans] == [
        sentence for sentence, _ in proven
    ]
    streamed = [event for event in events if isinstance(event, VerifiedSentence)]
    assert [(e.text, c.quote.text) for e in streamed for c in e.citations] == proven
    assert "".join(e.before + e.text for e in streamed) == (reply.text if proven else "")
    said = message(turn)
    assert said.text == reply.text
    assert [
        (block["text"][a["start_index"] : a["end_index"]], a["cited_text"])
        for block in said.content
        if isinstance(block, dict)
        for a in block.get("annotations", ())
    ] == proven


@st.composite
def answers(draw: Any) -> Answer:
    """Answers whose sentences may have several citations, share a quote's marker and stand without a gap."""
    text, citations = "", []
    for _ in range(draw(st.integers(1, 5))):
        text += draw(st.sampled_from(("", " ", "\n", "\r\n", "  "))) if text else ""
        sentence = draw(st.sampled_from(WORDS)) + draw(st.sampled_from((".", " [1]", " \u0301", "다.", "")))
        start, end = len(text), len(text) + len(sentence)
        text += sentence
        quote = Quote("s", "h", sentence, 0, len(sentence), "t")
        markers = draw(st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True))
        citations += [Citation(marker, start, end, quote) for marker in markers]
    return Answer(text, tuple(draw(st.permutations(citations))), Mode.VERBATIM, 1.0)


@given(answer=answers())
def test_markers_move_no_sentence(answer: Answer) -> None:
    marked = mark(answer.text, answer.citations)
    for citation, (start, end) in zip(answer.citations, marked.spans, strict=True):
        assert marked.text[start:end] == answer.text[citation.answer_start : citation.answer_end]
        behind = marked.text[end:]
        own = sorted({c.marker for c in answer.citations if c.answer_end == citation.answer_end})
        assert behind.startswith("".join(f" [{marker}]" for marker in own))
    shown = {(citation.answer_end, citation.marker) for citation in answer.citations}
    assert len(marked.text) == len(answer.text) + sum(len(f" [{marker}]") for _, marker in shown)
