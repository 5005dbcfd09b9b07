"""The values that the indexer produces: an announcement and the passages and sentences cut from it.

Offsets count Unicode code points and are half open: ``text[start:end]``. They always refer to the
whole text of the announcement, never to a part of it.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of an announcement's text is."""

    BODY = "body"
    """Running text or a list item: may answer a question."""
    HEADING = "heading"
    """A headline, subheading or caption: is searched, but answers only what the body does not."""
    CHROME = "chrome"
    """Navigation, share buttons, copyright lines: is neither searched nor cited."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement as its issuer published it.

    ``id`` is unique within an index. ``text`` is what every citation's offsets refer to.
    ``language`` is an ISO 639-1 code. ``origin`` is where the announcement was read from: a file's
    absolute path, or that path, ``#`` and the id for a line of a JSONL file.
    """

    id: str
    text: str
    title: str
    language: str
    issuer: str | None = None
    published: date | None = None
    url: str | None = None
    origin: str | None = None

    @property
    def sha256(self) -> str:
        """The hash, in hexadecimal, of the text's UTF-8 form."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, heading or list item: the smallest piece that is quoted."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring sentences that are encoded in one pass, so that each is understood in its context.

    ``sentences`` are in the text's order, lie within ``start`` and ``end`` and do not overlap. None
    of them is chrome.
    """

    start: int
    end: int
    sentences: tuple[Sentence, ...]
