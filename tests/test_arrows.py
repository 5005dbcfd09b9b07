"""The direction of the house: who may import whom, what importing may not do, and which libraries stay where."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = {"indexer", "prompts", "service", "eval"}
MAY_IMPORT = {
    "indexer": {"indexer"},
    "prompts": {"prompts"},
    "service": {"indexer", "prompts", "service"},
    "eval": {"indexer", "prompts", "service", "eval"},
}
STAGES = {"rewriter", "retriever", "extractor", "writer", "verifier"}
ONLY_IN = {
    "faiss": {"indexer/dense.py"},
    "tantivy": {"indexer/lexical.py"},
    "onnxruntime": {"indexer/encoder.py", "indexer/network.py"},
    "sentence_transformers": {"indexer/encoder.py", "service/answering/entailment.py"},
    "torch": {"indexer/encoder.py"},
}
WIRES = "service/cli.py"


def modules() -> list[Path]:
    return [path for package in sorted(OURS) for path in sorted((ROOT / package).rglob("*.py"))]


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Each imported module's full name, and whether it is imported when the file is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, id(node) not in inner
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports by relative path"
            yield str(node.module), id(node) not in inner
            for name in node.names:
                yield f"{node.module}.{name.name}", id(node) not in inner


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_only_what_lies_below(path: Path) -> None:
    relative = path.relative_to(ROOT).as_posix()
    package = relative.split("/")[0]
    for name, _ in imports(path):
        top = name.split(".")[0]
        if top in OURS and not (relative == WIRES and top == "eval"):
            assert top in MAY_IMPORT[package], f"{relative} imports {name}"
        if top in ONLY_IN and not relative.startswith(("eval/benchmarks/", "eval/training/")):
            assert relative in ONLY_IN[top], f"{relative} imports {name}"


def test_stages_do_not_import_each_other() -> None:
    for stage in STAGES:
        path = ROOT / "service" / "answering" / f"{stage}.py"
        if not path.exists():
            continue
        others = {f"service.answering.{other}" for other in STAGES - {stage}}
        found = {name for name, _ in imports(path)} & others
        assert not found, f"{stage} imports {found}"


def test_nothing_imports_what_wires() -> None:
    for path in modules():
        assert "service.cli" not in {name for name, _ in imports(path)}, path


def test_no_cycles() -> None:
    def name_of(path: Path) -> str:
        return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")

    names = {name_of(path) for path in modules()}
    graph = {
        name_of(path): {name for name, at_once in imports(path) if at_once and name in names}
        for path in modules()
    }
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*way, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


TRAINS = {"network.py", "further.py"}
"""Programs of ``eval/training`` that are torch through and through."""
IMPORT_ALL = """
import os, socket, sys, builtins
def refuse(*_): raise AssertionError("a socket was opened while importing")
socket.socket.connect = refuse
before = dict(os.environ)
for name in sys.argv[1:]:
    __import__(name)
assert dict(os.environ) == before, "the environment was changed while importing"
heavy = {"torch", "sentence_transformers", "transformers", "onnxruntime"} & set(sys.modules)
assert not heavy, f"importing loads {heavy}"
"""


def test_importing_loads_no_model_and_opens_no_socket() -> None:
    names = [
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for path in modules()
        if "benchmarks" not in path.parts and not (path.parent.name == "training" and path.name in TRAINS)
    ]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORT_ALL, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
