"""Reading PDF, from files written byte by byte: pages, running lines, locks and damage."""

import io
from pathlib import Path

import pypdf
import pytest

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable
from indexer.reader import read

PAGE = ("The quay opens in May.", "It cost 40 million crowns.")


def pdf(*pages: tuple[str, ...], title: str | None = None) -> bytes:
    """A PDF with these lines on its pages."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    info = ""
    if title is not None:
        objects.append(f"<< /Title ({title}) >>")
        info = f" /Info {len(objects)} 0 R"
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252"))
    table = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    out.write(
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R{info} >>\nstartxref\n{table}\n%%EOF\n".encode()
    )
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


def test_reads_the_text_of_all_pages(tmp_path: Path) -> None:
    announcement = found(tmp_path / "quay.pdf", pdf(PAGE, ("A caf\xe9 opens, too.",), title="The new quay"))
    assert announcement.id == "quay"
    assert announcement.title == "The new quay"
    assert announcement.text == "The quay opens in May.\nIt cost 40 million crowns.\n\nA café opens, too."


@pytest.mark.parametrize(
    "title", ["Microsoft Word - final2.doc", "untitled", "press_0503.hwp", "", "Notice.PDF"]
)
def test_a_title_that_a_program_made_up_is_none(tmp_path: Path, title: str) -> None:
    assert found(tmp_path / "quay.pdf", pdf(PAGE, title=title)).title == "The quay opens in May."


def test_running_lines_and_page_numbers_are_no_text(tmp_path: Path) -> None:
    pages = [("Port of Orrin", f"Berth {n} is dredged this year.", f"- {n} -") for n in range(1, 5)]
    text = found(tmp_path / "a.pdf", pdf(*pages)).text
    assert text == "\n\n".join(f"Berth {n} is dredged this year." for n in range(1, 5))


def test_a_line_of_two_pages_is_text(tmp_path: Path) -> None:
    text = found(tmp_path / "a.pdf", pdf(("Berth 1 is closed.", "1"), ("Berth 2 is closed.", "2"))).text
    assert text == "Berth 1 is closed.\n\nBerth 2 is closed."


def test_a_figure_alone_on_the_only_page_is_text(tmp_path: Path) -> None:
    assert found(tmp_path / "a.pdf", pdf(("Berths:", "14"))).text == "Berths:\n14"


def test_a_sentence_that_goes_on_overleaf_stays_one(tmp_path: Path) -> None:
    text = found(tmp_path / "a.pdf", pdf(("The quay opens", "1"), ("in May.", "2"))).text
    assert text == "The quay opens\nin May."


def encrypted(content: bytes, user: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(user, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_lock_without_a_password_may_be_opened(tmp_path: Path, algorithm: str) -> None:
    """Many offices forbid printing or copying; everybody may read."""
    assert found(tmp_path / "a.pdf", encrypted(pdf(PAGE), "", algorithm)).text.startswith("The quay")


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_password_is_named(tmp_path: Path, algorithm: str) -> None:
    assert "password" in refusal(tmp_path / "a.pdf", encrypted(pdf(PAGE), "secret", algorithm))


def test_pictures_alone_are_named(tmp_path: Path) -> None:
    assert "no text" in refusal(tmp_path / "a.pdf", pdf(()))


@pytest.mark.parametrize("kept", [0.0, 0.05, 0.3, 0.6, 0.9])
def test_a_file_cut_short_is_named_or_read(tmp_path: Path, kept: float) -> None:
    """pypdf can mend a lost table; what it returns is the page's text or nothing."""
    content = pdf(PAGE)
    (tmp_path / "a.pdf").write_bytes(content[: int(kept * len(content))])
    (each,) = read(tmp_path / "a.pdf")
    if isinstance(each, Announcement):
        assert each.text in "\n".join(PAGE)
    else:
        assert isinstance(each, SourceUnreadable)


def test_damage_inside_is_named_or_read(tmp_path: Path) -> None:
    content = pdf(PAGE)
    for place in range(0, len(content), 7):
        damaged = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        (tmp_path / "a.pdf").write_bytes(damaged)
        (each,) = read(tmp_path / "a.pdf")
        assert isinstance(each, Announcement | SourceUnreadable)


def test_pages_that_hold_themselves(tmp_path: Path) -> None:
    loop = pdf(PAGE).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    (tmp_path / "a.pdf").write_bytes(loop)
    (each,) = read(tmp_path / "a.pdf")
    assert isinstance(each, SourceUnreadable)
