"""The command line: what it prints, its exit codes, and errors that help."""

import io
import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from service.cli import main

SAMPLE = Path(__file__).resolve().parents[1] / "indexer" / "samples"
QUESTION = "How large will the AI budget be?"


@pytest.fixture(scope="module")
def folder(make_index_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = make_index_folder(tmp_path_factory.mktemp("cli") / "index")
    assert main(["index", str(SAMPLE), "--index", str(index)]) == 0
    return index


def test_indexes_and_says_what_it_did(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(SAMPLE), "--index", str(folder)]) == 0
    assert "1 unchanged" in capsys.readouterr().out


def test_names_what_it_cannot_read_and_goes_on(
    make_index_folder: Callable[[Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "good.txt").write_text("The bridge opens in May.", encoding="utf-8")
    (sources / "bad.txt").write_bytes(b"caf\xe9 \xff")
    (sources / "sheet.xlsx").write_bytes(b"PK")
    index = make_index_folder(tmp_path / "index")
    assert main(["index", str(sources), "--index", str(index), "--json"]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["added"] == ["good"]
    assert "bad.txt" in said.err
    assert "sheet.xlsx" in said.err


def test_missing_source_and_missing_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(tmp_path / "none.txt"), "--index", str(tmp_path / "i")]) == 2
    assert "none.txt" in capsys.readouterr().err
    assert main(["ask", QUESTION, "--index", str(tmp_path / "nowhere")]) == 2
    assert "herald index" in capsys.readouterr().err


def test_asks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION, "--index", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "9.9 trillion won. [1]" in said
    assert "msit-work-plan-2026" in said


@pytest.mark.parametrize("question", ["", "  ", "a\0b"])
def test_refuses_what_is_no_question(folder: Path, question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", question, "--index", str(folder)]) == 2
    assert "message" in capsys.readouterr().err


def test_searches(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", QUESTION, "--index", str(folder), "-k", "2", "--json"]) == 0
    passages = json.loads(capsys.readouterr().out)["passages"]
    assert len(passages) == 2
    assert "9.9 trillion won" in passages[0]["text"]


def answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert main(["ask", QUESTION, "--index", str(folder), "--json"]) == 0
    reply: dict[str, object] = json.loads(capsys.readouterr().out)
    return reply


def verify(folder: Path, reply: object, tmp_path: Path) -> int:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(reply), encoding="utf-8")
    return main(["verify", str(path), "--index", str(folder), "--json"])


def test_verifies_its_own_answer(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, answer(folder, capsys), tmp_path) == 0
    assert json.loads(capsys.readouterr().out) == {"holds": True, "citations": 1, "findings": []}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda r: r.update(text=r["text"].replace("9.9", "8.9")), "8.9"),
        (lambda r: r["citations"][0].update(quote=r["citations"][0]["quote"].replace("9.9", "8.9")), "not at"),
        (lambda r: r["citations"][0].update(quote_start=r["citations"][0]["quote_start"] + 1,
                                            quote_end=r["citations"][0]["quote_end"] + 1), "not at"),
        (lambda r: r["citations"][0].update(source_sha256="0" * 64), "no source"),
        (lambda r: r["citations"][0].update(source_id="other"), "no source"),
        (lambda r: r.update(text=r["text"] + " The moon is next."), "no citation proves"),
    ],
)  # fmt: skip
def test_notices_an_answer_that_does_not_hold(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[object], None],
    problem: str,
) -> None:
    reply = answer(folder, capsys)
    change(reply)
    assert verify(folder, reply, tmp_path) == 1
    assert problem in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", "{", '{"text": 5}', "\udc00"])
def test_what_is_no_answer_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert main(["verify", str(path), "--index", str(folder)]) == 2
    assert capsys.readouterr().err.startswith("herald: ")


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("index", "ask", "search", "serve", "verify"))


def test_says_in_json_what_was_indexed(
    make_index_folder: Callable[[Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, index = tmp_path / "a.txt", make_index_folder(tmp_path / "index")
    source.write_text("The bridge opens in May.", encoding="utf-8")
    assert main(["index", str(source), "--index", str(index), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["added"], report["errors"], report["announcements"], report["generation"]) == (
        ["a"],
        [],
        1,
        1,
    )
    source.write_bytes(b"\xff")
    assert main(["index", str(source), "--index", str(index), "--json"]) == 1
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert error["where"] == str(source)
    assert "UTF-8" in error["why"]


def test_asks_in_json_with_the_contracts_fields(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reply = answer(folder, capsys)
    assert reply["status"] == "answered"
    assert list(reply)[:6] == ["id", "conversation_id", "status", "text", "mode", "confidence"]
    assert reply["citations"][0]["quote"] in reply["text"]  # type: ignore[index, operator]


def test_a_refusal_is_an_answer_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is the capital of France?", "--index", str(folder), "--json"]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert reply["status"] == "refused"
    assert reply["citations"] == []
    assert verify_text(folder, reply) == 0


def verify_text(folder: Path, reply: object) -> int:
    path = folder.parent / "refusal.json"
    path.write_text(json.dumps(reply), encoding="utf-8")
    return main(["verify", str(path), "--index", str(folder)])


def test_goes_on_with_a_conversation(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", "How large will the regional R&D budget be in 2030?", "--index", str(folder), "--json"])
    id = json.loads(capsys.readouterr().out)["conversation_id"]
    assert main(["ask", "And in 2026?", "--conversation", id, "--index", str(folder), "--json"]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert (reply["conversation_id"], "2026" in reply["standalone_question"]) == (id, True)
    assert main(["ask", "And?", "--conversation", "cnv_none", "--index", str(folder)]) == 2
    assert "'cnv_none'" in capsys.readouterr().err


def test_an_answer_can_come_from_another_program(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = json.dumps(answer(folder, capsys)).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(document), encoding="utf-8"))
    assert main(["verify", "-", "--index", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("holds: 1 citation")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify", "/none/answer.json"], "No such file"),
        (["index"], "no index here"),
        (["index", "x" * 5_000], "no such file"),
        (["search", "x"], "herald index"),
        (["verify", str(SAMPLE / "work-plan-2026.md")], "document"),
        (["serve"], "herald index"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main([*arguments, "--index", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("herald: ")
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [[], ["answer"], ["ask"], ["search", "x", "-k", "0"], ["search", "x", "-k", "51"], ["search", "x", "-k", "many"],
     ["serve", "--port", "http"], ["ask", "a", "b"], ["index", "--threads", "x"]],
)  # fmt: skip
def test_a_command_that_is_none_shows_how_it_is_used(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: herald" in capsys.readouterr().err


def test_a_setting_that_cannot_be_used(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERALD_THRESHOLD", "often")
    assert main(["ask", QUESTION, "--index", str(folder)]) == 2
    assert "HERALD_THRESHOLD" in capsys.readouterr().err


def test_another_encoder_than_the_indexs(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["index", str(SAMPLE), "--index", str(folder), "--encoder", "another/model"]) == 2
    assert "--rebuild" in capsys.readouterr().err
    monkeypatch.setenv("HERALD_ENCODER", "another/model")
    assert main(["ask", QUESTION, "--index", str(folder)]) == 2
    assert "another/model" in capsys.readouterr().err


def test_a_damaged_index_is_named_and_repaired(
    make_index_folder: Callable[[Path], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = make_index_folder(tmp_path / "index")
    assert main(["index", str(SAMPLE), "--index", str(index)]) == 0
    (index / "generations" / "1" / "rows.npy").write_bytes(b"")
    assert main(["ask", QUESTION, "--index", str(index)]) == 2
    assert "rows.npy" in capsys.readouterr().err
    assert main(["index", "--index", str(index)]) == 0
    assert main(["ask", QUESTION, "--index", str(index)]) == 0
    assert "9.9 trillion won" in capsys.readouterr().out


def test_a_port_that_is_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--index", str(folder), "--port", str(port)]) == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err
