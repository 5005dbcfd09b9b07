"""Reading Word documents: what is kept of their form, and damage, locks and bombs."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable
from indexer.formats import docx as docx_format
from indexer.reader import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(*fill: Callable[[Document], object]) -> bytes:
    made = docx.Document()
    for each in fill:
        each(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def found(path: Path, content: bytes) -> Announcement:
    path.write_bytes(content)
    (announcement,) = read(path)
    assert isinstance(announcement, Announcement), announcement
    return announcement


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    (error,) = read(path)
    assert isinstance(error, SourceUnreadable)
    assert error.where == str(path)
    return error.why


def notice(made: Document) -> None:
    made.add_heading("The new quay", 0)
    made.add_heading("Costs", 2)
    made.add_paragraph("It cost 40 million crowns 🎉.")
    made.add_paragraph("fourteen berths", style="List Bullet")
    made.add_paragraph("five cranes", style="List Number")
    table = made.add_table(2, 2)
    for cell, text in zip(table._cells, ("Year", "Budget", "2027", "9.9\ntrillion"), strict=True):
        cell.text = text
    made.add_paragraph("가나다. 끝.")


def test_reads_headings_lists_and_tables_in_order(tmp_path: Path) -> None:
    announcement = found(tmp_path / "quay.docx", document(notice))
    assert announcement.id == "quay"
    assert announcement.title == "The new quay"
    assert announcement.text.split("\n\n") == [
        "# The new quay",
        "## Costs",
        "It cost 40 million crowns 🎉.",
        "- fourteen berths",
        "- five cranes",
        "| Year | Budget |\n| 2027 | 9.9 trillion |",
        "가나다. 끝.",
    ]


def test_the_documents_own_title(tmp_path: Path) -> None:
    content = document(notice, lambda d: setattr(d.core_properties, "title", " Quay\n2027 "))
    assert found(tmp_path / "a.docx", content).title == "Quay 2027"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:r><w:t>a</w:t></w:r><w:ins><w:r><w:t>b</w:t></w:r></w:ins>", "ab"),
        ("<w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>b</w:delText></w:r></w:del>", "a"),
        ("<w:r><w:t>a</w:t></w:r><w:moveFrom><w:r><w:t>b</w:t></w:r></w:moveFrom>", "a"),
        ("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink><w:r><w:t xml:space='preserve'> on</w:t></w:r>", "link on"),
        ("<w:sdt><w:sdtContent><w:r><w:t>field</w:t></w:r></w:sdtContent></w:sdt>", "field"),
        ("<w:smartTag><w:r><w:t>tag</w:t></w:r></w:smartTag>", "tag"),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t><w:noBreakHyphen/></w:r>", "a\nb\tc-"),
        ("<w:r><w:t>1</w:t></w:r><w:r><w:t>2</w:t></w:r>", "12"),
    ],
)  # fmt: skip
def test_no_word_is_lost_or_kept_against_a_tracked_change(tmp_path: Path, inside: str, text: str) -> None:
    paragraph = parse_xml(f"<w:p {W}>{inside}</w:p>")
    assert found(tmp_path / "a.docx", document(lambda d: d.element.body.insert(0, paragraph))).text == text


def test_paragraphs_inside_a_form_are_read(tmp_path: Path) -> None:
    form = parse_xml(
        f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>In a form.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert found(tmp_path / "a.docx", document(lambda d: d.element.body.insert(0, form))).text == "In a form."


def test_a_cell_over_two_columns_counts_once(tmp_path: Path) -> None:
    def merged(made: Document) -> None:
        table = made.add_table(1, 3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
        table.cell(0, 2).text = "narrow"

    assert found(tmp_path / "a.docx", document(merged)).text == "| wide | narrow |"


def test_an_empty_document_holds_no_text(tmp_path: Path) -> None:
    assert "no text" in refusal(tmp_path / "a.docx", document())


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.99])
def test_a_file_cut_short_is_named(tmp_path: Path, kept: float) -> None:
    content = document(notice)
    assert "Word document" in refusal(tmp_path / "a.docx", content[: int(kept * len(content))])


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return {name: made.read(name) for name in made.namelist()}


@pytest.mark.parametrize(
    "name", ["word/document.xml", "[Content_Types].xml", "_rels/.rels", "word/styles.xml"]
)
@pytest.mark.parametrize("broken", [b"", b"<", b"<a/>", b"\0" * 100])
def test_damage_inside_is_named(tmp_path: Path, name: str, broken: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(archive(parts(document(notice)) | {name: broken}))
    (each,) = read(path)
    assert isinstance(each, SourceUnreadable), each


def test_another_archive_is_no_document(tmp_path: Path) -> None:
    assert "Word document" in refusal(tmp_path / "a.docx", archive({"a.txt": b"a"}))


def test_an_old_or_locked_document_is_named(tmp_path: Path) -> None:
    assert "password" in refusal(tmp_path / "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


def test_a_bomb_is_named_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_format, "LARGEST", 20 * 2**20)
    bomb = archive(parts(document(notice)) | {"word/media/a.png": bytes(21 * 2**20)})
    assert len(bomb) < 100_000
    assert "unpacks to" in refusal(tmp_path / "a.docx", bomb)


def test_entities_are_not_unfolded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
    xml = f"{head}<w:document {W}><w:body><w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>"
    path = tmp_path / "a.docx"
    path.write_bytes(archive(parts(document()) | {"word/document.xml": xml.encode()}))
    (each,) = read(path)
    assert isinstance(each, SourceUnreadable)
