"""Puts the real parts together as the settings say."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.announcement import Announcement
from indexer.encoder import Encoder, Floats
from indexer.index import LiveIndex
from service.answering.answerability import load_answerability
from service.answering.assistant import Assistant
from service.answering.decision import Weights
from service.answering.reader import OnnxReader
from service.answering.scoring import load_scoring
from service.conversation import AskedQuestion, ConversationStore, SqliteConversations
from service.settings import Settings

if TYPE_CHECKING:
    from service.answering.author import Author
    from service.checking import FindSource
    from service.questions import Encode

ENCODED_AT_ONCE = 512
WEIGHTS = Path(__file__).parent / "answering" / "weights"


@contextmanager
def open_assistant(
    settings: Settings, encoder: Encoder | None = None
) -> Iterator[tuple[Assistant, ConversationStore]]:
    """The assistant over the index that the settings name, and the store of its conversations.

    ``encoder`` is used if it is the index's own; else that is opened. Raises IndexMissing, IndexDamaged,
    EncoderMismatch and StoreUnavailable.
    """
    # Both load a network, which takes a tenth of a second each.
    with ThreadPoolExecutor(1) as beside:
        # Only what a language model wrote has to be proven by what is understood.
        weights = beside.submit(load_weights, proving=settings.llm is not None)
        live = LiveIndex(settings.index, settings.encoder, encoder)
    conversations = SqliteConversations(settings.store_path)
    try:
        assistant = Assistant(
            live,
            conversations,
            weights.result(),
            settings.threshold,
            author=None if settings.llm is None else _author(settings.llm, settings),
            mode=settings.mode,
            seconds=settings.llm_deadline_seconds,
            cache=settings.cache,
        )
        yield assistant, conversations
    finally:
        conversations.close()


def _author(llm: str, settings: Settings) -> "Author":
    from service.answering.author import Author
    from service.answering.entailment import Entailment
    from service.provider import open_model

    entails = None if settings.nli is None else Entailment(settings.nli)
    return Author(open_model(llm, settings), judged=settings.llm_judge, entails=entails)


@contextmanager
def open_sources(settings: Settings) -> "Iterator[FindSource]":
    """A way to find a source by id and hash, replaced and removed revisions included. Loads no model."""
    live = LiveIndex(settings.index, settings.encoder)

    def find(id: str, sha256: str) -> Announcement | None:
        revision = live.current().find_revision(id, sha256)
        return None if revision is None else revision.announcement

    yield find


@contextmanager
def open_questions(
    settings: Settings,
) -> Iterator[tuple[Callable[[datetime | None], list[AskedQuestion]], "Encode"]]:
    """What was asked since some time, and the index's encoder to group it by."""
    encoder = LiveIndex(settings.index, settings.encoder).current().encoder

    def encode(texts: Sequence[str]) -> Floats:
        vectors = [np.zeros((0, encoder.card.dimensions), np.float32)]
        # A few at a time: the vectors of their tokens, which are not needed, are large.
        for start in range(0, len(texts), ENCODED_AT_ONCE):
            encodings = encoder.encode_passages(texts[start : start + ENCODED_AT_ONCE])
            vectors.append(np.stack([encoding.pooled for encoding in encodings]))
        return np.concatenate(vectors)

    conversations = SqliteConversations(settings.store_path)
    try:
        yield conversations.asked, encode
    finally:
        conversations.close()


def load_weights(*, proving: bool = True) -> Weights:
    """Everything fitted that ships; without ``proving`` less of the reader is opened (``OnnxReader``)."""
    return Weights(
        scoring=load_scoring(WEIGHTS / "scoring.npz"),
        answerability=load_answerability(WEIGHTS / "answerability.npz"),
        korean=load_answerability(WEIGHTS / "answerability-ko.npz"),
        reader=OnnxReader(WEIGHTS, proving=proving),
    )
