"""What the index folder holds, and the pointer that says which generation is served.

::

    DIR/herald.db                the truth (indexer.catalogue; the service keeps its tables there too)
    DIR/CURRENT                  the number of the generation being served; replaced atomically
    DIR/encoder/FINGERPRINT/     the exported encoder
    DIR/segments/NAME/           vectors of encoded passages
    DIR/generations/N/           manifest.json, lexical/, dense.faiss and what stands beside it (indexer.dense),
                                 rows.npy [N, 3] (passage id, segment, position, by ascending id),
                                 pieces.npy [V] (passages that hold a word piece)
    DIR/lock                     held while an index is built
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from indexer.durable import write_file
from indexer.errors import IndexDamaged, IndexMissing

FORMAT = 2
HASHED_UP_TO = 8 * 2**20
"""Bytes. Files up to this size are checked by hash when a generation is opened, larger ones by size."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in an index folder."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "herald.db"

    @property
    def pointer(self) -> Path:
        return self.folder / "CURRENT"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def segments(self) -> Path:
        return self.folder / "segments"

    @property
    def generations(self) -> Path:
        return self.folder / "generations"

    @property
    def encoders(self) -> Path:
        return self.folder / "encoder"

    def encoder(self, fingerprint: str) -> Path:
        return self.encoders / fingerprint

    def segment(self, name: str) -> Path:
        return self.segments / name

    def generation(self, number: int) -> Path:
        return self.generations / str(number)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of.

    ``dense`` is the kind of dense index; ``recall`` is its measured recall@10 against exact search on
    a sample of its own vectors, 1.0 for an exact one. ``files`` gives, by path relative to the
    generation's folder, the size in bytes and, for files up to HASHED_UP_TO, the SHA-256.
    """

    format: int
    generation: int
    encoder: str
    encoder_name: str
    dimensions: int
    announcements: int
    passages: int
    dense: str
    recall: float
    segments: tuple[str, ...]
    files: dict[str, tuple[int, str | None]]


def current_generation(layout: Layout) -> int:
    """The number in the pointer. Raises IndexMissing where there is none, IndexDamaged for nonsense."""
    try:
        return int(layout.pointer.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        if layout.database.is_file() and layout.generations.is_dir():
            raise IndexDamaged(
                f"{layout.pointer}: missing; `herald index --index {layout.folder}` repairs it"
            ) from error
        raise IndexMissing(
            f"{layout.folder}: no index here; build one with `herald index SOURCE --index {layout.folder}`"
        ) from error
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{layout.pointer}: {error}") from error


def point_to(layout: Layout, number: int) -> None:
    """Serve this generation from now on; durable when it returns."""
    write_file(layout.pointer, f"{number}\n".encode("ascii"))


def describe_files(folder: Path) -> dict[str, tuple[int, str | None]]:
    """Size and hash of every file below ``folder``, as a manifest records them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _describe(path) for path in paths}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into a generation's folder that is not yet published."""
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")


def read_manifest(layout: Layout, number: int) -> Manifest:
    """The manifest of a generation whose files are all there and unaltered.

    Raises IndexDamaged naming the first that is not.
    """
    manifest, folder = parse_manifest(layout, number), layout.generation(number)
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        try:
            found = _describe(path)
        except OSError as error:
            raise IndexDamaged(f"{path}: {error.strerror}") from error
        if found != (size, digest):
            raise IndexDamaged(f"{path}: cut short or altered")
    return manifest


def parse_manifest(layout: Layout, number: int) -> Manifest:
    """The manifest of a generation, whatever became of its files. Raises IndexDamaged."""
    folder = layout.generation(number)
    try:
        content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        content["segments"] = tuple(content["segments"])
        content["files"] = {name: (size, digest) for name, (size, digest) in content["files"].items()}
        manifest = Manifest(**content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamaged(f"{folder / 'manifest.json'}: {error!r}") from error
    if manifest.format != FORMAT:
        raise IndexDamaged(
            f"{folder}: written in format {manifest.format}, this version reads {FORMAT}; index anew"
        )
    return manifest


def _describe(path: Path) -> tuple[int, str | None]:
    size = path.stat().st_size
    return size, sha256(path.read_bytes()).hexdigest() if size <= HASHED_UP_TO else None
