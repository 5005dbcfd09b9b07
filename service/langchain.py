"""Herald as LangChain sees it: the index as a retriever, the assistant as a chat model, both Runnables.

A chain or a graph stands on them as on any other retriever and model::

    with open_assistant(read_settings(index=Path("my-index"))) as (assistant, _):
        retriever = HeraldRetriever(assistant=assistant, k=5)
        message = ChatHerald(assistant=assistant).invoke("How large will the budget be?")

What a message holds is what every other channel sends: each sentence is a text block of its own whose
``annotations`` are the citations that prove it, and ``response_metadata["herald"]`` is the whole reply in
the shape of the wire contract. A refusal's text has no annotations, and the reply says why.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, SkipValidation

from indexer.announcement import Announcement
from indexer.errors import IndexBusy
from service import wire
from service.answer import Answer, Mode
from service.answering.assistant import AssistantLike, Hit, Message, VerifiedSentence, sentences_of
from service.conversation import Turn, new_turn_id
from service.errors import NotFound, QuestionInvalid
from service.fragment import fragment_url
from service.uri import source_uri

Block = dict[str, Any]

ATTEMPTS = 3
"""How often a search is repeated where new text was published between finding a passage and reading it."""


class HeraldRetriever(BaseRetriever):
    """The k passages that come nearest to a question, best first.

    A Document's ``page_content`` is ``source.text[start:end]``. Its metadata has these offsets (code
    points, half open), the ``source_id``, the ``source_sha256`` of that text, ``title``, ``issuer``,
    ``published``, ``url``, ``score`` (higher is better), and ``source``, an address of the passage.
    """

    assistant: SkipValidation[AssistantLike] = Field(exclude=True, repr=False)
    k: int = Field(default=5, ge=1, le=wire.MOST_PASSAGES)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        for _ in range(ATTEMPTS):
            hits = self.assistant.search([Message("user", query)], self.k)
            try:
                sources = {
                    id: self.assistant.source(id) for id in dict.fromkeys(hit.source_id for hit in hits)
                }
            except NotFound:
                continue
            found = [(hit, sources[hit.source_id]) for hit in hits]
            if all(source.text[hit.start : hit.end] == hit.text for hit, source in found):
                return [document(hit, source) for hit, source in found]
        raise IndexBusy("the announcements changed while they were being searched")


class ChatHerald(BaseChatModel):
    """The assistant as a chat model: ``invoke``, ``batch``, ``stream``, and their asynchronous twins.

    The last message is the question; the user's messages before it resolve what that one leaves out,
    and nothing else in the history counts. A stream brings each sentence as soon as it is verified.
    Raises QuestionInvalid where the last message is not the user's, or is more than text.
    """

    assistant: SkipValidation[AssistantLike] = Field(exclude=True, repr=False)
    mode: Mode | None = None

    @property
    def _llm_type(self) -> str:
        return "herald"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        question, history = asked_of(messages)
        turn = self.assistant.ask(question, mode=self.mode, history=history)
        return ChatResult(generations=[ChatGeneration(message=message(turn))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        question, history = asked_of(messages)
        id = new_turn_id()
        for event in self.assistant.stream(question, mode=self.mode, turn_id=id, history=history):
            match event:
                case VerifiedSentence():
                    chunk = AIMessageChunk(content=[sentence_block(event)], id=id)
                case Turn():
                    # An answer's sentences are with the reader already.
                    rest = [] if isinstance(event.reply, Answer) else blocks(event)
                    chunk = AIMessageChunk(content=rest, id=id, response_metadata=metadata(event))
                case _:
                    continue
            generation = ChatGenerationChunk(message=chunk)
            if run_manager is not None:
                run_manager.on_llm_new_token(generation.text, chunk=generation)
            yield generation


def asked_of(messages: Sequence[BaseMessage]) -> tuple[str, tuple[Message, ...]]:
    """The question, and the user's messages before it."""
    if not messages or not isinstance(messages[-1], HumanMessage):
        raise QuestionInvalid("the last message must be the user's")
    if any(isinstance(part, dict) and part.get("type") != "text" for part in messages[-1].content):
        raise QuestionInvalid("the message holds more than text")
    earlier = (m.text for m in messages[:-1] if isinstance(m, HumanMessage))
    return messages[-1].text, tuple(Message("user", text) for text in earlier if text.strip())


def message(turn: Turn) -> AIMessage:
    """A turn as a message."""
    return AIMessage(content=blocks(turn), id=turn.id, response_metadata=metadata(turn))


def blocks(turn: Turn) -> list[str | Block]:
    """A reply's text, an answer's sentences each in a block of its own."""
    if isinstance(turn.reply, Answer):
        return [sentence_block(sentence) for sentence in sentences_of(turn.reply)]
    return [{"type": "text", "text": turn.reply.text}]


def metadata(turn: Turn) -> dict[str, Any]:
    """The whole reply, as the wire contract has it."""
    return {"herald": wire.chat_reply(turn).model_dump(mode="json")}


def sentence_block(sentence: VerifiedSentence) -> Block:
    """A sentence and its proofs. A citation's indices count within the block's own text."""
    start, end = len(sentence.before), len(sentence.before) + len(sentence.text)
    annotations = [
        {
            "type": "citation",
            "id": f"{cited.source_id}:{cited.quote_start}-{cited.quote_end}",
            "title": cited.title,
            "url": cited.url or source_uri(cited.source_id, cited.quote_start, cited.quote_end),
            "cited_text": cited.quote,
            "start_index": start,
            "end_index": end,
            "extras": cited.model_dump(
                mode="json",
                include={
                    *("marker", "source_id", "source_sha256", "quote_start", "quote_end"),
                    *("published", "derived"),
                },
            ),
        }
        for cited in wire.sentence_event(sentence).citations
    ]
    return {"type": "text", "text": sentence.before + sentence.text, "annotations": annotations}


def document(hit: Hit, source: Announcement) -> Document:
    """A passage found, as LangChain has it."""
    url = fragment_url(source.url, hit.text)
    return Document(
        id=f"{hit.source_id}:{hit.start}-{hit.end}",
        page_content=hit.text,
        metadata={
            "source": url or source_uri(hit.source_id, hit.start, hit.end),
            "source_id": hit.source_id,
            "source_sha256": source.sha256,
            "start": hit.start,
            "end": hit.end,
            "score": hit.score,
            "title": source.title,
            "issuer": source.issuer,
            "published": source.published.isoformat() if source.published else None,
            "url": url,
            "language": source.language,
        },
    )
