"""LangChain's own face: the retriever and the chat model as Runnables, alone, in a chain and in a graph."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_assistant import BUDGET, FakeAssistant, MemoryConversations
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langgraph.graph import END, START, MessagesState, StateGraph

from indexer.announcement import Announcement
from indexer.errors import IndexBusy
from service import wire
from service.answer import Mode
from service.answering.assistant import Assistant, Hit
from service.errors import NotFound, QuestionInvalid
from service.langchain import ChatHerald, HeraldRetriever
from service.settings import Settings
from service.wiring import open_assistant

COST = "What did the rebuilding of the east quay cost?"
LISTING = "What does the rebuilt quay have?"
UNSAID = "What did the rebuilding of the east quay cost in 2019?"


@pytest.fixture(scope="module")
def assistant(announcements_folder: Path) -> Iterator[Assistant]:
    with open_assistant(Settings(index=announcements_folder)) as (assistant, _):
        yield assistant


@pytest.fixture
def chat(assistant: Assistant) -> ChatHerald:
    return ChatHerald(assistant=assistant)


def reply_in(message: AIMessage) -> wire.ChatReply:
    return wire.ChatReply.model_validate(message.response_metadata["herald"])


def cited(message: AIMessage) -> list[tuple[str, str]]:
    """Each sentence that an annotation marks, with the text that it cites."""
    return [
        (block["text"][annotation["start_index"] : annotation["end_index"]], annotation["cited_text"])
        for block in message.content
        if isinstance(block, dict)
        for annotation in block.get("annotations", ())
    ]


def proven(reply: wire.ChatReply) -> list[tuple[str, str]]:
    return [(reply.text[c.answer_start : c.answer_end], c.quote) for c in reply.citations]


@pytest.mark.parametrize("question", [COST, LISTING, "도서관은 언제 다시 문을 여나요?"])
def test_answers_with_a_citation_for_every_sentence(
    chat: ChatHerald, assistant: Assistant, question: str
) -> None:
    message = chat.invoke(question)
    reply = reply_in(message)
    assert reply.status == "answered"
    assert message.text == reply.text == wire.chat_reply(assistant.ask(question)).text
    assert cited(message) == proven(reply)
    assert message.id == reply.id
    for block in message.content_blocks:
        for annotation in block["annotations"]:  # type: ignore[typeddict-item]
            extras = annotation["extras"]
            source = assistant.source(extras["source_id"])
            assert source.sha256 == extras["source_sha256"]
            assert source.text[extras["quote_start"] : extras["quote_end"]] == annotation["cited_text"]


def test_a_refusal_is_text_without_annotations(chat: ChatHerald) -> None:
    message = chat.invoke(UNSAID)
    assert reply_in(message).status == "refused"
    assert message.text == reply_in(message).text
    assert not cited(message)


@pytest.mark.parametrize("question", [COST, LISTING, UNSAID, "hello"])
def test_streams_a_sentence_at_a_time_and_the_reply_at_the_end(chat: ChatHerald, question: str) -> None:
    whole = chat.invoke(question)
    chunks = list(chat.stream(question))
    sentences = reply_in(whole).citations
    assert len([chunk for chunk in chunks if chunk.text]) == max(1, len(sentences))
    total: Any = sum(chunks[1:], chunks[0])
    assert isinstance(total, AIMessageChunk)
    assert total.text == whole.text
    assert cited(total) == cited(whole)
    assert reply_in(total).citations == reply_in(whole).citations
    assert total.id == reply_in(total).id


def test_answers_asynchronously_and_in_batches(chat: ChatHerald) -> None:
    questions = [COST, LISTING, UNSAID]
    whole = [chat.invoke(question).text for question in questions]

    async def streamed(question: str) -> str:
        return "".join([chunk.text async for chunk in chat.astream(question)])

    async def asynchronously() -> list[list[str]]:
        one = [(await chat.ainvoke(question)).text for question in questions]
        many = [message.text for message in await chat.abatch(questions)]
        return [one, many, [await streamed(question) for question in questions]]

    assert [message.text for message in chat.batch(questions)] == whole
    assert asyncio.run(asynchronously()) == [whole] * 3


def test_resolves_a_follow_up_by_what_the_user_said_before(chat: ChatHerald) -> None:
    lie = AIMessage("The rebuilding cost 1 crown.")
    history = [
        SystemMessage("You are a pirate."),
        HumanMessage(COST),
        lie,
        HumanMessage("And how long did it take?"),
    ]
    standalone = reply_in(chat.invoke(history)).standalone_question
    assert "rebuilding" in standalone
    assert "crown" not in standalone


@pytest.mark.parametrize(
    "messages",
    [
        [AIMessage("Hello")],
        [HumanMessage([{"type": "image_url", "image_url": {"url": "data:,"}}])],
        [HumanMessage(" ")],
    ],
)
def test_refuses_what_is_no_question(chat: ChatHerald, messages: list[Any]) -> None:
    with pytest.raises(QuestionInvalid):
        chat.invoke(messages)


def test_passes_the_mode_on() -> None:
    asked: list[Mode | None] = []

    class Listening(FakeAssistant):
        def stream(self, message: str, **more: Any) -> Any:  # type: ignore[override]
            asked.append(more["mode"])
            return super().stream(message, **more)

    chat = ChatHerald(assistant=Listening(MemoryConversations()), mode=Mode.VERBATIM)
    chat.invoke("harbour budget")
    list(chat.stream("harbour budget"))
    assert asked == [Mode.VERBATIM] * 2


def test_a_reader_that_leaves_a_stream_stops_the_work() -> None:
    assistant = FakeAssistant(MemoryConversations())
    stream = ChatHerald(assistant=assistant).stream("harbour budget crowns")
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert assistant.left.is_set()


def test_retrieves_documents_that_say_where_they_stand(assistant: Assistant) -> None:
    documents = HeraldRetriever(assistant=assistant, k=2).invoke(COST)
    assert len(documents) == 2
    assert "184.5 million crowns" in documents[0].page_content
    for document in documents:
        found = document.metadata
        source = assistant.source(found["source_id"])
        assert source.text[found["start"] : found["end"]] == document.page_content
        assert (found["source_sha256"], found["title"]) == (source.sha256, source.title)
        assert found["source"]
    assert documents[0].metadata["published"] == "2031-04-20"
    assert documents[0].metadata["url"].startswith("https://port.example/news/east-quay#:~:text=")


def test_retrieves_asynchronously_and_in_batches(assistant: Assistant) -> None:
    retriever = HeraldRetriever(assistant=assistant)
    one = retriever.invoke(COST)
    assert retriever.batch([COST, LISTING])[0] == one
    assert asyncio.run(retriever.ainvoke(COST)) == one


@pytest.mark.parametrize("k", [0, 51])
def test_retrieves_no_more_than_a_search_gives(assistant: Assistant, k: int) -> None:
    with pytest.raises(ValueError, match="k"):
        HeraldRetriever(assistant=assistant, k=k)


class Moving(FakeAssistant):
    """Its announcement changes, or goes, between the search and the reading, the first ``times`` times."""

    def __init__(self, times: int, *, goes: bool) -> None:
        super().__init__(MemoryConversations())
        self.times = times
        self.goes = goes

    def source(self, id: str) -> Announcement:
        self.times -= 1
        if self.times < 0:
            return super().source(id)
        if self.goes:
            raise NotFound("source", id)
        return Announcement(id, "New. " + super().source(id).text, "New", "en")

    def search(self, messages: Any, k: int) -> list[Hit]:  # noqa: ARG002
        return [Hit(BUDGET.id, BUDGET.text, 0, len(BUDGET.text), 1.0)]


@pytest.mark.parametrize("goes", [True, False])
def test_never_pairs_a_passage_with_another_texts_hash(*, goes: bool) -> None:
    (document,) = HeraldRetriever(assistant=Moving(2, goes=goes)).invoke("budget")
    assert document.metadata["source_sha256"] == BUDGET.sha256
    with pytest.raises(IndexBusy):
        HeraldRetriever(assistant=Moving(99, goes=goes)).invoke("budget")


def test_stands_in_a_chain(chat: ChatHerald, assistant: Assistant) -> None:
    def titles(documents: list[Document]) -> str:
        return "; ".join(dict.fromkeys(document.metadata["title"] for document in documents))

    prompt = ChatPromptTemplate.from_messages([("system", "About {titles}"), ("human", "{question}")])
    chain = (
        {
            "titles": HeraldRetriever(assistant=assistant, k=2) | RunnableLambda(titles),
            "question": RunnablePassthrough(),
        }
        | prompt
        | chat
        | StrOutputParser()
    )
    assert chain.invoke(COST) == chat.invoke(COST).text
    assert "".join(chain.stream(LISTING)) == chat.invoke(LISTING).text


class State(MessagesState):
    """A conversation, and what is offered where it was refused an answer."""

    offered: list[Document]


@pytest.fixture
def graph(chat: ChatHerald, assistant: Assistant) -> Any:
    """Answers; where the announcements do not say, offers what comes nearest."""
    retriever = HeraldRetriever(assistant=assistant, k=2)

    def answer(state: State) -> dict[str, Any]:
        return {"messages": [chat.invoke(state["messages"])]}

    def offer(state: State) -> dict[str, Any]:
        return {"offered": retriever.invoke(state["messages"][-2].text)}

    def whether_refused(state: State) -> str:
        reply = reply_in(state["messages"][-1])  # type: ignore[arg-type]
        return "offer" if reply.status == "refused" else END

    graph = StateGraph(State)
    graph.add_node("answer", answer)
    graph.add_node("offer", offer)
    graph.add_edge(START, "answer")
    graph.add_conditional_edges("answer", whether_refused, ["offer", END])
    graph.add_edge("offer", END)
    return graph.compile()


def test_stands_in_a_graph(graph: Any) -> None:
    answered = graph.invoke({"messages": [HumanMessage(COST)]})
    assert "184.5 million crowns" in answered["messages"][-1].text
    assert "offered" not in answered
    refused = graph.invoke({"messages": [HumanMessage(UNSAID)]})
    assert reply_in(refused["messages"][-1]).status == "refused"
    assert len(refused["offered"]) == 2


def test_a_graph_keeps_the_conversation(graph: Any) -> None:
    first = graph.invoke({"messages": [HumanMessage(COST)]})
    second = graph.invoke({"messages": [*first["messages"], HumanMessage("And how long did it take?")]})
    assert "rebuilding" in reply_in(second["messages"][-1]).standalone_question


def test_a_graph_streams_sentences(graph: Any) -> None:
    chunks = [
        chunk for chunk, _ in graph.stream({"messages": [HumanMessage(LISTING)]}, stream_mode="messages")
    ]
    said = [chunk.text for chunk in chunks if chunk.text]
    assert len(said) > 1
