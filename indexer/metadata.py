"""What a source says of an announcement beside its text, checked before it may reach a reader."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from indexer import segmenter
from indexer.announcement import Announcement, Kind
from indexer.errors import SourceUnreadable
from indexer.language import detect

LONGEST_ID = 200
LONGEST_FIELD = 2_000
"""Characters of any other field."""
LONGEST_TITLE = 120
"""Characters of a title that is taken from the text itself."""
_SHOWN = 60
_LANGUAGE = re.compile(r"(?P<code>[a-zA-Z]{2,3})(?:[-_][A-Za-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_TEXT = re.compile(r"[\x00\ud800-\udfff]")


def announce(
    text: str, fields: Mapping[str, object], *, where: str, origin: str, id: str | None = None
) -> Announcement:
    """The announcement with this text and the fields ``id``, ``title``, ``issuer``, ``published``, ``url``,
    ``language``; others are left aside, and a blank one counts as missing.

    A missing title is the text's first sentence, a missing language is detected, ``id`` stands in for
    a missing one. Raises SourceUnreadable, naming ``where`` and the field, for what cannot be used: no
    date is guessed, and no address but of the web is linked to.
    """
    if not text.strip():
        raise SourceUnreadable(where, "holds no text")
    if _NOT_TEXT.search(text):
        raise SourceUnreadable(where, "holds NUL bytes or halves of surrogate pairs, so it is no text")
    language = _language(_given(fields, "language", where), where) or detect(text)
    return Announcement(
        id=_id(fields.get("id", id), where),
        text=text,
        title=_words(fields, "title", where) or title_of(text, language),
        language=language,
        issuer=_words(fields, "issuer", where),
        published=_published(_given(fields, "published", where), where),
        url=_url(_given(fields, "url", where), where),
        origin=origin,
    )


def title_of(text: str, language: str) -> str:
    """The first heading or sentence of a text that is not page chrome, cut to LONGEST_TITLE characters."""
    found = segmenter.sentences(text, language)
    first = next((s for s in found if s.kind is not Kind.CHROME), found[0])
    title = " ".join(_CONTROL.sub(" ", text[first.start : first.end]).split())
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def _given(fields: Mapping[str, object], name: str, where: str) -> object:
    """A field's value; None where it is missing or blank."""
    value = fields.get(name)
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST_FIELD:
        raise SourceUnreadable(where, f"{name}: over {LONGEST_FIELD} characters long")
    return value.strip() or None


def _id(value: object, where: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise SourceUnreadable(where, "id: missing or empty")
    value = value.strip()
    if len(value) > LONGEST_ID or _CONTROL.search(value):
        raise SourceUnreadable(where, f"id: over {LONGEST_ID} characters long, or with control characters")
    return value


def _words(fields: Mapping[str, object], name: str, where: str) -> str | None:
    value = _given(fields, name, where)
    if value is None:
        return None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise SourceUnreadable(where, f"{name}: {_shown(value)} is not a line of text")
    return " ".join(_CONTROL.sub(" ", str(value)).split()) or None


def _language(value: object, where: str) -> str | None:
    if value is None:
        return None
    match = _LANGUAGE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise SourceUnreadable(where, f"language: {_shown(value)} is not a code such as en or ko")
    return match["code"].lower()


def _published(value: object, where: str) -> date | None:
    match value:
        case None:
            return None
        case str():
            try:
                return datetime.fromisoformat(value).date()
            except ValueError:
                pass
    raise SourceUnreadable(where, f"published: {_shown(value)} is not a date such as 2026-05-31")


def _url(value: object, where: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not is_web_address(value):
        raise SourceUnreadable(where, f"url: {_shown(value)} is not an address on the web")
    return value


def is_web_address(value: str) -> bool:
    """Whether this is an address that a reader may be linked to."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and value.isprintable()
        and " " not in value
    )


def _shown(value: object) -> str:
    """A value as a complaint names it. Of a list only the kind: written out, aliases in YAML may fill any memory."""
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
    return repr(value) if isinstance(value, bool | float) else f"a {type(value).__name__}"
