"""Reading pages: the main text out of page chrome, what the page says of itself, and pages that are none."""

from datetime import date
from pathlib import Path

import pytest

from indexer.announcement import Announcement
from indexer.errors import SourceUnreadable
from indexer.reader import read

SENTENCES = (
    "The Port of Orrin opens its rebuilt east quay on 3 May 2027, after four years of work.",
    "The rebuilding cost 184.5 million crowns, which is 6% less than had been planned.",
    "Fishing boats moor free of charge until the end of 2028, said the harbour master.",
    "The west quay follows in 2029, if the council agrees to the plan this autumn.",
)
CHROME = (
    "Skip to content",
    "Newsroom",
    "Share on Facebook",
    "Most read",
    "All rights reserved",
    "We use cookies",
    "alert(",
)
PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="{charset}"><title>East quay opens | Port of Orrin</title>
<meta property="og:title" content="East quay opens"><meta property="og:site_name" content="Port of Orrin">
{head}
<style>p {{ color: red }}</style><script>alert("x")</script></head>
<body><a href="#main">Skip to content</a>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">Newsroom</a></li><li><a href="/jobs">Careers</a></li></ul></nav>
<main id="main"><article><h1>East quay opens</h1>{text}</article></main>
<div class="share"><a href="#">Share on Facebook</a></div>
<aside><h2>Most read</h2><ul><li><a href="/1">Ferry timetable</a></li></ul></aside>
<footer><p>Copyright 2027 Port of Orrin. All rights reserved.</p></footer>
<div id="cookie-banner">We use cookies on this site.</div></body></html>
"""


def page(
    head: str = "", sentences: tuple[str, ...] = SENTENCES, lang: str = "en", charset: str = "utf-8"
) -> str:
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return PAGE.format(head=head, text=text, lang=lang, charset=charset)


def found(path: Path, content: str | bytes) -> Announcement:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (announcement,) = read(path)
    assert isinstance(announcement, Announcement), announcement
    return announcement


@pytest.mark.parametrize("ending", ["html", "htm", "HTML"])
def test_reads_the_text_without_the_page_around_it(tmp_path: Path, ending: str) -> None:
    announcement = found(tmp_path / f"quay.{ending}", page())
    assert announcement.id == "quay"
    assert all(sentence in announcement.text for sentence in SENTENCES)
    assert not [words for words in CHROME if words in announcement.text]


HEAD = """<link rel="canonical" href="https://port.example/news/quay">
<meta property="article:published_time" content="2027-04-30T09:00:00+02:00">"""


def test_takes_what_the_page_says_of_itself(tmp_path: Path) -> None:
    announcement = found(tmp_path / "quay.html", page(HEAD, lang="de-CH"))
    assert announcement.title == "East quay opens"
    assert announcement.issuer == "Port of Orrin"
    assert announcement.published == date(2027, 4, 30)
    assert announcement.url == "https://port.example/news/quay"
    assert announcement.language == "de"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="DC.date.issued" content="2027-04-30">',
        '<meta itemprop="datePublished" content="2027-04-30T09:00:00Z">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2027-04-30T23:00:00+09:00"}</script>',
        '<meta name="date" content="30 April"><meta name="pubdate" content="2027-04-30">',
    ],
)
def test_a_date_in_the_metadata_is_the_pages_date(tmp_path: Path, head: str) -> None:
    assert found(tmp_path / "quay.html", page(head)).published == date(2027, 4, 30)


@pytest.mark.parametrize(
    "head",
    ["", '<meta name="date" content="2027-02-30">', '<meta name="description" content="2027-04-30">',
     '<meta name="revised" content="2027-04-30">', "<title>News of 2026-01-05</title>"],
)  # fmt: skip
def test_no_other_date_is_taken_for_it(tmp_path: Path, head: str) -> None:
    assert found(tmp_path / "quay.html", page(head)).published is None


def test_characters_that_do_not_fit_are_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(page().encode().replace(b"Orrin", b"Orr\xeen"))
    (error,) = read(path)
    assert isinstance(error, SourceUnreadable)
    assert "UTF-8" in error.why


def test_an_address_that_is_none_is_left_out(tmp_path: Path) -> None:
    head = (
        '<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="data:text/html,x">'
    )
    assert found(tmp_path / "quay.html", page(head)).url is None


@pytest.mark.parametrize("lang", ["", "   ", "{{lang}}", "english"])
def test_a_language_that_is_none_is_left_out(tmp_path: Path, lang: str) -> None:
    assert found(tmp_path / "quay.html", page().replace('lang="en"', f'lang="{lang}"')).language == "en"


KOREAN = (
    "오린항은 4년의 공사 끝에 2027년 5월 3일 새로 지은 동쪽 부두의 문을 연다고 밝혔다.",
    "공사비는 1억 8,450만 크라운으로, 계획했던 것보다 6% 적게 들었다고 항만청은 설명했다.",
    "어선은 2028년 말까지 무료로 배를 댈 수 있으며, 서쪽 부두는 2029년에 문을 연다.",
)


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr", "utf-16"])
def test_reads_pages_in_the_encoding_that_they_name(tmp_path: Path, charset: str) -> None:
    content = page(sentences=KOREAN, lang="ko", charset=charset).encode(charset)
    announcement = found(tmp_path / "quay.html", content)
    assert announcement.language == "ko"
    assert all(sentence in announcement.text for sentence in KOREAN)


@pytest.mark.parametrize(
    "content",
    [
        b"<",
        b"<html></html>",
        b"<html><body><script>var a = 'The quay opens in May.'</script></body></html>",
        b"\0" * 1000,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        b"<!--" + b"x" * 1000,
    ],
)
def test_a_page_without_text_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(content)
    (error,) = read(path)
    assert isinstance(error, SourceUnreadable)
    assert error.where == str(path)


@pytest.mark.parametrize(
    "content",
    [
        page(sentences=("<div>" * 5_000, *SENTENCES)),
        page().replace("</p>", ""),
        page(sentences=("&lt;script&gt;alert(1)&lt;/script&gt;", *SENTENCES)),
        page(sentences=("\ud800".encode("utf-8", "replace").decode(), *SENTENCES)),
        page(sentences=("x\0y", *SENTENCES)),
        page(sentences=SENTENCES * 2_000),
    ],
    ids=["deep", "unclosed", "escaped", "surrogate", "nul", "long"],
)
def test_a_hostile_page_is_read_or_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(content.encode())
    (each,) = read(path)
    if isinstance(each, Announcement):
        assert SENTENCES[1] in each.text
        assert "\0" not in each.text
    else:
        assert isinstance(each, SourceUnreadable)
