"""The truth: every revision of every announcement, its passages, and which generation shows which.

A revision is one text under one id; it is never changed and never deleted, so that an old generation
goes on serving and an old answer can be verified. ``added_in`` and ``removed_in`` are the generations
between which it is live; both are empty while it is staged.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from indexer.announcement import Announcement, Kind, Passage, Sentence
from indexer.errors import IndexDamaged

SCHEMA = """
CREATE TABLE IF NOT EXISTS announcements (
    revision INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    text TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    issuer TEXT,
    published TEXT,
    url TEXT,
    origin TEXT,
    segmentation TEXT NOT NULL,
    added_in INTEGER,
    removed_in INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS announcements_id ON announcements (id);
CREATE INDEX IF NOT EXISTS announcements_added ON announcements (added_in, removed_in);
CREATE INDEX IF NOT EXISTS announcements_removed ON announcements (removed_in) WHERE removed_in NOT NULL;
CREATE INDEX IF NOT EXISTS announcements_origin ON announcements (origin);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES announcements (revision),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    sentences TEXT NOT NULL,
    encoder TEXT,
    segment TEXT,
    position INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS passages_revision ON passages (revision);
"""
COLUMNS = "revision, id, sha256, text, title, language, issuer, published, url, origin"
LIVE = "added_in <= :generation AND (removed_in IS NULL OR removed_in > :generation)"
KINDS = (Kind.BODY, Kind.HEADING)


@dataclass(frozen=True, slots=True)
class Revision:
    """An announcement's text at one time. ``number`` is unique in the catalogue, never used again."""

    number: int
    announcement: Announcement
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of a revision; ``id`` is unique in the catalogue, and ascends within a revision."""

    id: int
    revision: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Place:
    """Where an encoded passage's vectors are: row ``position`` of vector segment ``segment``."""

    passage: int
    segment: str
    position: int


class Catalogue:
    """The tables ``announcements`` and ``passages`` of ``herald.db``. One thread at a time.

    Every method raises IndexDamaged where the file cannot be read as the database that it should be.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._path = path
        if not create and not path.is_file():
            raise IndexDamaged(f"{path}: missing")
        with self._translated():
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            if create:
                self._db.executescript(SCHEMA)
            self._db.execute(f"SELECT {COLUMNS} FROM announcements LIMIT 0")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise IndexDamaged(f"{self._path}: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def revision(self, number: int) -> Revision:
        """One revision with its text, checked against its hash."""
        return self.revisions([number])[0]

    def revisions(self, numbers: Sequence[int]) -> list[Revision]:
        """Several revisions in one query, in the order asked for, checked likewise."""
        with self._translated():
            rows = self._db.execute(
                f"SELECT {COLUMNS} FROM announcements WHERE revision IN (SELECT value FROM json_each(?))",
                (json.dumps(list(numbers)),),
            ).fetchall()
        found = {row[0]: self._checked(row) for row in rows}
        missing = [number for number in numbers if number not in found]
        if missing:
            raise IndexDamaged(f"{self._path}: no revision {missing[0]}")
        return [found[number] for number in numbers]

    def _checked(self, row: tuple[object, ...]) -> Revision:
        revision = _revision(row)
        if revision.announcement.sha256 != revision.sha256:
            raise IndexDamaged(f"{self._path}: the text of {revision.announcement.id!r} was altered")
        return revision

    def find(self, id: str, sha256: str) -> Revision | None:
        """The latest revision with this id and text that was ever published; None if there is none."""
        with self._translated():
            row = self._db.execute(
                f"SELECT {COLUMNS} FROM announcements WHERE id = ? AND sha256 = ? AND added_in NOT NULL"
                " ORDER BY revision DESC LIMIT 1",
                (id, sha256),
            ).fetchone()
        return None if row is None else _revision(row)

    def live(self, generation: int) -> Iterator[Revision]:
        """What a generation shows, ordered by id, texts included."""
        with self._translated():
            cursor = self._db.execute(
                f"SELECT {COLUMNS} FROM announcements WHERE {LIVE} ORDER BY id",
                {"generation": generation},
            )
            for row in cursor:
                yield _revision(row)

    def live_numbers(self, generation: int) -> dict[str, int]:
        """The revision number of each announcement id that a generation shows."""
        with self._translated():
            return dict(
                self._db.execute(
                    f"SELECT id, revision FROM announcements WHERE {LIVE} ORDER BY id",
                    {"generation": generation},
                ).fetchall()
            )

    def shown(self, id: str, generation: int) -> tuple[int, str | None] | None:
        """The revision of an announcement that a generation shows, and its origin; None where it shows none."""
        with self._translated():
            row = self._db.execute(
                f"SELECT revision, origin FROM announcements WHERE {LIVE} AND id = :id",
                {"generation": generation, "id": id},
            ).fetchone()
        return None if row is None else (int(row[0]), row[1])

    def origins_below(self, root: Path, generation: int) -> list[tuple[str, str]]:
        """Id and origin of each announcement that a generation shows and that was read from ``root``:
        the file itself, a line of it, or a file anywhere below it. Ordered by id."""
        # A range of the index instead of LIKE: "." stands before "/" and "0" after it, "#" before "$".
        folder, lines = str(root).rstrip("/") + "/", f"{root}#"
        with self._translated():
            return self._db.execute(
                f"SELECT id, origin FROM announcements WHERE {LIVE} AND (origin = :root"
                " OR (origin >= :folder AND origin < :after_folder)"
                " OR (origin >= :lines AND origin < :after_lines)) ORDER BY id",
                {
                    "generation": generation,
                    "root": str(root),
                    "folder": folder,
                    "after_folder": folder[:-1] + "0",
                    "lines": lines,
                    "after_lines": lines[:-1] + "$",
                },
            ).fetchall()

    def stage(
        self, announcements: Sequence[tuple[Announcement, Sequence[Passage]]], segmentation: str
    ) -> list[int]:
        """Add revisions that no generation shows yet, in one transaction; their numbers.

        The same announcement staged before, by a run that was interrupted, is taken up again with
        what was already encoded. Passages of the same text under the same id keep their vectors.
        """
        with self._transaction():
            return [self._stage(each, segmentation, passages) for each, passages in announcements]

    def _stage(self, announcement: Announcement, segmentation: str, passages: Sequence[Passage]) -> int:
        sha256 = announcement.sha256
        values = (*_metadata(announcement), segmentation)
        # Not by the index of origins ("+"): any number of announcements may have the same one, or none.
        found = self._db.execute(
            "SELECT revision FROM announcements WHERE id = ? AND sha256 = ? AND title = ? AND"
            " language = ? AND issuer IS ? AND published IS ? AND url IS ? AND +origin IS ? AND"
            " segmentation = ? AND added_in IS NULL",
            (announcement.id, sha256, *values),
        ).fetchone()
        if found is not None:
            return int(found[0])
        cursor = self._db.execute(
            "INSERT INTO announcements (id, sha256, text, title, language, issuer, published, url,"
            " origin, segmentation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (announcement.id, sha256, announcement.text, *values),
        )
        number = int(cursor.lastrowid or 0)
        former = self._db.execute(
            "SELECT MAX(revision) FROM announcements WHERE id = ? AND sha256 = ? AND language = ?"
            " AND segmentation = ? AND revision < ?",
            (announcement.id, sha256, announcement.language, segmentation, number),
        ).fetchone()[0]
        if former is not None:
            self._db.execute(
                'INSERT INTO passages (revision, start, "end", sentences, encoder, segment, position)'
                ' SELECT ?, start, "end", sentences, encoder, segment, position FROM passages'
                " WHERE revision = ? ORDER BY id",
                (number, former),
            )
        else:
            self._db.executemany(
                'INSERT INTO passages (revision, start, "end", sentences) VALUES (?, ?, ?, ?)',
                [(number, p.start, p.end, _pack(p)) for p in passages],
            )
        return number

    def is_current(self, announcement: Announcement, segmentation: str, generation: int) -> bool:
        """Whether a generation already shows exactly this announcement, metadata included."""
        with self._translated():
            row = self._db.execute(
                f"SELECT 1 FROM announcements WHERE {LIVE} AND id = :id AND sha256 = :sha256 AND"
                " title = :title AND language = :language AND issuer IS :issuer AND"
                " published IS :published AND url IS :url AND +origin IS :origin AND"
                " segmentation = :segmentation",
                {
                    "generation": generation,
                    "id": announcement.id,
                    "sha256": announcement.sha256,
                    "segmentation": segmentation,
                    **dict(
                        zip(
                            ("title", "language", "issuer", "published", "url", "origin"),
                            _metadata(announcement),
                            strict=True,
                        )
                    ),
                },
            ).fetchone()
        return row is not None

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        """Passages by id, in the order asked for."""
        with self._translated():
            rows = self._db.execute(
                'SELECT id, revision, start, "end", sentences FROM passages'
                " WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            ).fetchall()
        found = {row[0]: _passage(row) for row in rows}
        missing = [id for id in ids if id not in found]
        if missing:
            raise IndexDamaged(f"{self._path}: no passage {missing[0]}")
        return [found[id] for id in ids]

    def passages_of(self, revisions: Iterable[int]) -> Iterator[StoredPassage]:
        """The passages of some revisions, ordered by passage id."""
        with self._translated():
            cursor = self._db.execute(
                'SELECT id, revision, start, "end", sentences FROM passages'
                " WHERE revision IN (SELECT value FROM json_each(?)) ORDER BY id",
                (json.dumps(list(revisions)),),
            )
            for row in cursor:
                yield _passage(row)

    def passage_ids_around(self, id: int, reach: int) -> list[int]:
        """The ids of a passage and of up to ``reach`` of its revision's before and after it, in order."""
        with self._translated():
            rows = self._db.execute(
                "WITH own AS (SELECT id FROM passages"
                "             WHERE revision = (SELECT revision FROM passages WHERE id = :id))"
                " SELECT id FROM (SELECT id FROM own WHERE id <= :id ORDER BY id DESC LIMIT :reach + 1)"
                " UNION SELECT id FROM (SELECT id FROM own WHERE id > :id ORDER BY id LIMIT :reach)"
                " ORDER BY id",
                {"id": id, "reach": reach},
            ).fetchall()
        return [row[0] for row in rows]

    def places(self, revisions: Iterable[int]) -> list[Place]:
        """Where those revisions' vectors are, ordered by passage id. All must be encoded."""
        with self._translated():
            rows = self._db.execute(
                "SELECT id, segment, position FROM passages"
                " WHERE revision IN (SELECT value FROM json_each(?)) ORDER BY id",
                (json.dumps(list(revisions)),),
            ).fetchall()
        unplaced = [id for id, segment, _ in rows if segment is None]
        if unplaced:
            raise IndexDamaged(f"{self._path}: passage {unplaced[0]} is not encoded")
        return [Place(*row) for row in rows]

    def unencoded(self, revisions: Iterable[int], encoder: str) -> list[int]:
        """The ids of those revisions' passages that this encoder has not encoded."""
        with self._translated():
            return [
                row[0]
                for row in self._db.execute(
                    "SELECT id FROM passages WHERE revision IN (SELECT value FROM json_each(?))"
                    " AND encoder IS NOT ? ORDER BY id",
                    (json.dumps(list(revisions)), encoder),
                )
            ]

    def place(self, encoder: str, segment: str, ids: Sequence[int]) -> None:
        """Record that passage ``ids[i]`` is row i of a vector segment, which is durable by now."""
        with self._transaction():
            self._db.executemany(
                "UPDATE passages SET encoder = ?, segment = ?, position = ? WHERE id = ?",
                [(encoder, segment, position, id) for position, id in enumerate(ids)],
            )

    def forget_segment(self, segment: str) -> None:
        """Record that a segment's vectors are lost; its passages are to be encoded again."""
        with self._transaction():
            self._db.execute(
                "UPDATE passages SET encoder = NULL, segment = NULL, position = NULL WHERE segment = ?",
                (segment,),
            )

    def segments(self) -> set[str]:
        """Every vector segment that some passage refers to."""
        with self._translated():
            rows = self._db.execute("SELECT DISTINCT segment FROM passages WHERE segment NOT NULL")
            return {row[0] for row in rows}

    def publish(self, generation: int, added: Iterable[int], removed: Iterable[int]) -> None:
        """From this generation on ``added`` revisions are shown and ``removed`` ones are not."""
        with self._transaction():
            self._db.executemany(
                "UPDATE announcements SET removed_in = ? WHERE revision = ?",
                [(generation, number) for number in removed],
            )
            self._db.executemany(
                "UPDATE announcements SET added_in = ? WHERE revision = ?",
                [(generation, number) for number in added],
            )

    def roll_back(self, generation: int) -> None:
        """Undo every ``publish`` of a later generation than this one."""
        with self._transaction():
            self._db.execute("UPDATE announcements SET removed_in = NULL WHERE removed_in > ?", (generation,))
            self._db.execute("UPDATE announcements SET added_in = NULL WHERE added_in > ?", (generation,))

    def latest_generation(self) -> int:
        """The highest generation ever published here; 0 where there is none."""
        with self._translated():
            row = self._db.execute(
                "SELECT MAX(COALESCE(MAX(added_in), 0), COALESCE(MAX(removed_in), 0)) FROM announcements"
            ).fetchone()
        return int(row[0])


def _metadata(announcement: Announcement) -> tuple[str | None, ...]:
    return (
        announcement.title,
        announcement.language,
        announcement.issuer,
        announcement.published.isoformat() if announcement.published else None,
        announcement.url,
        announcement.origin,
    )


def _revision(row: tuple[object, ...]) -> Revision:
    number, id, sha256, text, title, language, issuer, published, url, origin = row
    return Revision(
        int(str(number)),
        Announcement(
            id=str(id),
            text=str(text),
            title=str(title),
            language=str(language),
            issuer=None if issuer is None else str(issuer),
            published=None if published is None else date.fromisoformat(str(published)),
            url=None if url is None else str(url),
            origin=None if origin is None else str(origin),
        ),
        str(sha256),
    )


def _pack(passage: Passage) -> str:
    return json.dumps([[s.start, s.end, KINDS.index(s.kind)] for s in passage.sentences])


def _passage(row: tuple[int, int, int, int, str]) -> StoredPassage:
    id, revision, start, end, packed = row
    sentences = tuple(Sentence(first, last, KINDS[kind]) for first, last, kind in json.loads(packed))
    return StoredPassage(id, revision, Passage(start, end, sentences))
