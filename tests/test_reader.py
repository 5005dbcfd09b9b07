"""Reading files, folders, Markdown and JSONL: what becomes an announcement, and what each bad file is told."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from indexer.announcement import Announcement
from indexer.errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported
from indexer.reader import FORMATS, read

TEXT = "The quay opens in May. It cost 40 million crowns."


def announcements(source: Path) -> dict[str, Announcement]:
    found = list(read(source))
    assert not [each for each in found if isinstance(each, SourceError)]
    return {each.id: each for each in found if isinstance(each, Announcement)}


def only(source: Path) -> Announcement:
    (found,) = announcements(source).values()
    return found


def refusals(source: Path) -> list[str]:
    """What is said of each source that cannot be read; nothing else may be found."""
    found = list(read(source))
    assert all(isinstance(each, SourceError) for each in found), found
    return [str(each) for each in found]


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return path


def test_plain_text_is_taken_as_it_is(tmp_path: Path) -> None:
    text = "  Title\r\n\r\nFirst line.\tTab.\r\nSecond: 가나다 e\u0301 👩‍👩‍👧 שלום.\n\n\n"
    found = only(written(tmp_path / "quay.txt", text))
    assert (found.id, found.text, found.origin) == ("quay", text, str(tmp_path / "quay.txt"))
    assert (found.title, found.published, found.url) == ("Title", None, None)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert only(written(tmp_path / "bom.txt", "\ufeff" + TEXT)).text == TEXT
    markdown = only(written(tmp_path / "bom.md", "\ufeff---\nid: quay\n---\n" + TEXT))
    assert (markdown.id, markdown.text) == ("quay", TEXT)
    assert (
        only(written(tmp_path / "bom.jsonl", "\ufeff" + json.dumps({"id": "q", "text": TEXT}))).text == TEXT
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (TEXT, "en"),
        ("부두는 5월에 문을 연다.", "ko"),
        ("과학기술정보통신부는 NVIDIA GPU 26만 장을 확보한다.", "ko"),
        (
            "The Ministry of Science and ICT (과기정통부) presented its work plan for the coming year to the press. "
            * 3,
            "en",
        ),
    ],
)
def test_the_language_is_told_from_the_text(tmp_path: Path, text: str, language: str) -> None:
    assert only(written(tmp_path / "a.txt", text)).language == language


FRONT = """---
id: quay-2027
title: "East quay: open"
issuer: Port of Orrin
published: 2027-05-03
url: https://port.example/news?id=7
language: en-GB
unknown: [ignored, too]
---

"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_describes_and_is_not_quoted(tmp_path: Path, end: str) -> None:
    body = f"# The quay{end}{end}It opens in May.{end}"
    found = only(written(tmp_path / "any.md", FRONT.replace("\n", end) + body))
    assert found == Announcement(
        id="quay-2027",
        text=body,
        title="East quay: open",
        language="en",
        issuer="Port of Orrin",
        published=date(2027, 5, 3),
        url="https://port.example/news?id=7",
        origin=str(tmp_path / "any.md"),
    )


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (TEXT, TEXT),
        (f"---\n---\n{TEXT}", TEXT),
        (f"---\n# a comment alone\n---\n{TEXT}", TEXT),
        (f"---\nnever closed: yes\n\n{TEXT}", f"---\nnever closed: yes\n\n{TEXT}"),
        (f"{TEXT}\n\n---\nid: x\n---\n", f"{TEXT}\n\n---\nid: x\n---\n"),
    ],
)
def test_markdown_needs_no_front_matter(tmp_path: Path, text: str, body: str) -> None:
    found = only(written(tmp_path / "quay.md", text))
    assert (found.id, found.text) == ("quay", body)


def test_front_matter_is_taken_as_it_is_written(tmp_path: Path) -> None:
    text = f"---\nid: 0123\ntitle: 1.10\nissuer: yes\nlanguage: no\nurl: null\npublished:\n---\n{TEXT}"
    found = only(written(tmp_path / "a.md", text))
    assert (found.id, found.title, found.issuer, found.language) == ("0123", "1.10", "yes", "no")
    assert (found.url, found.published) == (None, None)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ("title: [unclosed", "not YAML"),
        ("title: a\n  bad: indent", "line 3"),
        ("- a\n- list", "name: value"),
        ("just words", "name: value"),
        ("title: &a [*a]", "title"),
        (BOMB + "title: *m", "title"),
        (BOMB + "published: *m", "published"),
        (BOMB + "id: *m", "id"),
        (BOMB + "url: *m", "url"),
        ("title: !!python/object/apply:os.system [id]", "not YAML"),
        ("title: " + "[" * 20_000, "not YAML"),
        ("title: x\n" + "# long\n" * 20_000, "front matter: over"),
        ("title: " + "x" * 3_000, "title: over"),
        ("id: ''", "id"),
        ("id: " + "x" * 201, "id"),
        ('id: "a\\u0007b"', "id"),
        ("published: 2027-02-30", "published"),
        ("published: yesterday", "published"),
        ("published: 03/05/2027", "published"),
        ("published: [2027-05-03]", "published"),
        ("url: javascript:alert(1)", "url"),
        ("url: data:text/html,x", "url"),
        ("url: //port.example/a", "url"),
        ("url: https://", "url"),
        ("url: https://[::1", "url"),
        ("url: https://port.example/a b", "url"),
        ('url: "https://port.example/\\u202Eb"', "url"),
        ("language: English language", "language"),
        ("title: {a: b}", "title"),
    ],
)
def test_front_matter_that_cannot_be_used_is_named(tmp_path: Path, front: str, why: str) -> None:
    (said,) = refusals(written(tmp_path / "a.md", f"---\n{front}\n---\n{TEXT}"))
    assert said.startswith(str(tmp_path / "a.md"))
    assert why in said
    assert len(said) < 600


@pytest.mark.parametrize("ending", sorted(FORMATS))
@pytest.mark.parametrize(
    ("content", "of"),
    [
        (b"", None),
        (b" \r\n\t\n", None),
        (b"caf\xe9 au lait", None),
        ("\ufeffUTF-16".encode("utf-16-le"), (".txt", ".md", ".markdown", ".pdf", ".docx", ".jsonl")),
        (b"a\0b", (".txt", ".md", ".markdown", ".pdf", ".docx", ".jsonl")),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), (".txt", ".md", ".markdown", ".pdf", ".docx", ".jsonl")),
        ("half \ud800".encode("utf-8", "surrogatepass"), None),
    ],
)  # fmt: skip
def test_what_is_no_text_is_no_announcement(
    tmp_path: Path, ending: str, content: bytes, of: tuple[str, ...] | None
) -> None:
    if of is not None and ending not in of:
        pytest.skip("browsers and pages are more lenient")
    said = list(read(written(tmp_path / f"a{ending}", content)))
    if ending == ".jsonl" and not content.strip():
        assert said == []
        return
    assert said
    for error in said:
        assert isinstance(error, SourceUnreadable)
        assert str(tmp_path / f"a{ending}") in error.where
        assert error.why


def test_ten_megabytes_in_one_line(tmp_path: Path) -> None:
    text = TEXT * (10 * 2**20 // len(TEXT))
    assert only(written(tmp_path / "long.txt", text)).text == text
    found = only(written(tmp_path / "long.jsonl", json.dumps({"id": "long", "text": text})))
    assert found.text == text
    assert len(found.title) <= 120


def test_jsonl_has_an_announcement_a_line(tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": TEXT, "title": "A", "issuer": "Port", "published": "2027-05-03T08:00:00+02:00",
         "url": "https://port.example", "language": "en", "other": [1]},
        {"id": 7, "text": "부두는 5월에 문을 연다.", "title": None, "published": "", "url": ""},
    ]  # fmt: skip
    path = written(tmp_path / "n.jsonl", "\r\n".join(map(json.dumps, lines)) + "\n\n  \n")
    found = announcements(path)
    assert found["a"].published == date(2027, 5, 3)
    assert (found["a"].issuer, found["a"].url) == ("Port", "https://port.example")
    assert (found["7"].language, found["7"].title) == ("ko", "부두는 5월에 문을 연다.")
    assert found["a"].origin == f"{path}#a"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"a":' * 100_000, "not JSON"),
        ('{"id": "a"}', "text: missing"),
        ('{"id": "a", "text": null}', "text: missing"),
        ('{"id": "a", "text": 5}', "text: missing"),
        ('{"id": "a", "text": " \\n"}', "no text"),
        ('{"id": "a", "text": "x\\u0000y"}', "NUL"),
        ('{"id": "a", "text": "x\\ud800y"}', "surrogate"),
        ('{"text": "x"}', "id"),
        ('{"id": "", "text": "x"}', "id"),
        ('{"id": true, "text": "x"}', "id"),
        ('{"id": ["a"], "text": "x"}', "id"),
        ('{"id": "a\\nb", "text": "x"}', "id"),
        ('{"id": "a\\u2028b", "text": "x"}', "id"),
        ('{"id": "\\ud800", "text": "x"}', "id"),
        (f'{{"id": "{"x" * 201}", "text": "x"}}', "id"),
        (f'{{"id": {"9" * 5000}, "text": "x"}}', "not JSON"),
        ('{"id": "a", "text": "x", "published": 1767225600}', "published"),
        ('{"id": "a", "text": "x", "published": "2026-13-01"}', "published"),
        ('{"id": "a", "text": "x", "url": "javascript:alert(1)"}', "url"),
        ('{"id": "a", "text": "x", "url": {"href": "https://a.example"}}', "url"),
        ('{"id": "a", "text": "x", "title": ["a"]}', "title"),
        ('{"id": "a", "text": "x", "language": "??"}', "language"),
        (b'{"id": "a", "text": "caf\xe9"}', "not UTF-8"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: str | bytes, why: str) -> None:
    bad = line.encode() if isinstance(line, str) else line
    good = json.dumps({"id": "good", "text": TEXT}).encode()
    found = list(read(written(tmp_path / "n.jsonl", bad + b"\n" + good)))
    error, announcement = found
    assert isinstance(error, SourceUnreadable)
    assert error.where.endswith("n.jsonl: line 1")
    assert why in error.why
    assert len(error.why) < 300
    assert isinstance(announcement, Announcement)
    assert announcement.id == "good"


def test_a_title_is_one_line(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "text": TEXT, "title": " a\n\x1b[31m b\u2028c "})
    assert only(written(tmp_path / "n.jsonl", line)).title == "a [31m b c"


def test_page_chrome_is_no_title(tmp_path: Path) -> None:
    text = "Skip to main content\nHome\nLogin\n\nThe quay opens\n\n" + TEXT
    assert only(written(tmp_path / "a.txt", text)).title == "The quay opens"


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.TXT", "a/b.md", "A.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")
    origins = [Path(str(found.origin)) for found in read(tmp_path) if isinstance(found, Announcement)]
    assert [path.relative_to(tmp_path).as_posix() for path in origins] == [
        "A.txt",
        "a/b.md",
        "a/c.TXT",
        "b.txt",
    ]


def test_hidden_files_and_lock_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".hidden.txt", ".git/config.txt", "~$report.docx", "seen.txt"):
        written(tmp_path / name, TEXT)
    assert list(announcements(tmp_path)) == ["seen"]


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert list(read(tmp_path)) == []


@pytest.mark.parametrize("name", ["sheet.xlsx", "README", "archive.tar.gz", "a.json", "page.php"])
def test_an_unsupported_ending_is_named_with_those_that_are_known(tmp_path: Path, name: str) -> None:
    (error,) = read(written(tmp_path / name, TEXT))
    assert isinstance(error, SourceUnsupported)
    assert name in error.where
    assert all(ending in error.why for ending in FORMATS)


def test_bad_files_do_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    written(tmp_path / "a.txt", b"\xff\xfe")
    written(tmp_path / "b.pdf", b"%PDF-1.7 cut short")
    written(tmp_path / "c.docx", b"PK\x03\x04 cut short")
    written(tmp_path / "d.jsonl", b"{\n")
    written(tmp_path / "e.xyz", b"x")
    written(tmp_path / "f.txt", TEXT)
    written(tmp_path / "g.md", b"---\nid: [\n---\n")
    found = list(read(tmp_path))
    assert [each.id for each in found if isinstance(each, Announcement)] == ["f"]
    named = [Path(each.where.partition(": ")[0]).name for each in found if isinstance(each, SourceError)]
    assert named == ["a.txt", "b.pdf", "c.docx", "d.jsonl", "e.xyz", "g.md"]


@pytest.mark.parametrize("name", ["none.txt", "none/at/all", "nul\0byte", "x" * 5_000])
def test_a_source_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceNotFound, match="no such file"):
        read(tmp_path / name)


def test_links_are_followed_to_files_and_never_in_circles(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    written(tmp_path / "elsewhere.txt", TEXT)
    (folder / "linked.txt").symlink_to(tmp_path / "elsewhere.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "gone.txt").symlink_to(folder / "none.txt")
    (folder / "around").symlink_to(folder, target_is_directory=True)
    found = list(read(folder))
    assert [each.id for each in found if isinstance(each, Announcement)] == ["linked"]
    assert [Path(each.where).name for each in found if isinstance(each, SourceError)] == [
        "gone.txt",
        "loop.txt",
    ]
    with pytest.raises(SourceNotFound):
        read(folder / "loop.txt")


def test_a_link_in_a_folder_is_of_that_folder(tmp_path: Path) -> None:
    """So that its announcement goes when the link goes."""
    folder = tmp_path / "folder"
    folder.mkdir()
    written(tmp_path / "v1.txt", TEXT)
    (folder / "quay.txt").symlink_to(tmp_path / "v1.txt")
    found = only(folder)
    assert (found.id, found.origin) == ("quay", str(folder / "quay.txt"))


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a file" in refusals(tmp_path)[0]


def test_a_file_whose_name_is_not_utf8_is_named(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(name)).write_text(TEXT, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    (said,) = refusals(tmp_path)
    assert "caf" in said
    assert "name is not UTF-8" in said
    said.encode("utf-8")


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    written(tmp_path / "open.txt", TEXT)
    listed = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refusing)
    error, announcement = read(tmp_path)
    assert isinstance(error, SourceUnreadable)
    assert error.where.endswith("closed")
    assert isinstance(announcement, Announcement)
