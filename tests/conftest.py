"""What several tests need: the real encoder, exported once, and an index folder that already holds it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import serving

from indexer.builder import build
from indexer.encoder import DEFAULT_ENCODER, EncoderCard, export_encoder

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
ANNOUNCEMENTS = Path(__file__).parent / "announcements"


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, EncoderCard]:
    """The folder of the exported default encoder, and its card."""
    folder = tmp_path_factory.mktemp("encoder") / "exported"
    return folder, export_encoder(DEFAULT_ENCODER, folder)


@pytest.fixture
def index_folder(exported: tuple[Path, EncoderCard], tmp_path: Path) -> Path:
    """An empty index folder that need not export the encoder again."""
    return new_index_folder(exported, tmp_path / "index")


@pytest.fixture(scope="session")
def make_index_folder(exported: tuple[Path, EncoderCard]) -> Callable[[Path], Path]:
    """Makes folders like ``index_folder`` elsewhere, for fixtures that outlive one test."""
    return lambda folder: new_index_folder(exported, folder)


@pytest.fixture(scope="session")
def announcements_folder(
    make_index_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An index over announcements in English and Korean, which tests read and do not change."""
    folder = make_index_folder(tmp_path_factory.mktemp("announcements") / "index")
    build([ANNOUNCEMENTS], folder)
    return folder


@pytest.fixture(scope="session")
def address(announcements_folder: Path) -> Iterator[str]:
    """The address of a server over these announcements."""
    with serving(announcements_folder) as (address, _):
        yield address


@pytest.fixture
def shared() -> Path:
    """The folder of real texts and benchmarks; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED.name} data is absent")
    return SHARED


def new_index_folder(exported: tuple[Path, EncoderCard], folder: Path) -> Path:
    """``folder`` with the exported encoder in it: links, since a hundred megabytes for each test fill a disk."""
    source, card = exported
    shutil.copytree(source, folder / "encoder" / card.fingerprint, copy_function=os.link)
    return folder
