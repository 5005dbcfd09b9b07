"""What an installation holds: every package, and every file beside the code that the code reads."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
OURS = ("indexer", "prompts", "service", "eval")


def packages() -> set[Path]:
    return {path.parent for name in OURS for path in (ROOT / name).rglob("__init__.py")}


def test_every_package_is_installed() -> None:
    found = {path.relative_to(ROOT).as_posix().replace("/", ".") for path in packages()}
    assert sorted(SETUPTOOLS["packages"]) == sorted(found)


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for name in OURS for path in (ROOT / name).rglob("*.py")}
    assert folders == packages()


def test_every_file_that_the_service_reads_is_installed() -> None:
    patterns = SETUPTOOLS["package-data"]
    for name in ("indexer", "prompts", "service"):
        for path in (ROOT / name).rglob("*"):
            if not path.is_file() or path.suffix in {".py", ".pyc"}:
                continue
            package = next(parent for parent in path.parents if parent in packages())
            dotted = package.relative_to(ROOT).as_posix().replace("/", ".")
            inside = path.relative_to(package).as_posix()
            assert any(fnmatch(inside, pattern) for pattern in patterns.get(dotted, ())), path
