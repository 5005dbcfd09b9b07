"""Page chrome is known by its words; what merely resembles it is not."""

import pytest

from indexer.chrome import is_chrome, is_control, is_menu, opens_footer, opens_links


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content", "본문 바로가기", "주메뉴 바로가기", "Zum Inhalt", "本文へスキップ",
        "This site uses cookies to improve your experience", "Accept all cookies", "Cookie policy", "Wir verwenden Cookies",
        "Advertisement", "광고", "Share this article", "Share on Facebook", "Follow us on social media", "Join us on social!",
        "Subscribe to our newsletter", "Was this page helpful?", "Leave a comment",
        "© The Daily. All rights reserved.", "Copyright 2026 The Daily", "<저작권자 ⓒ 신문, 무단 전재 및 재배포 금지>",
        "Related articles", "Most read", "많이 본 뉴스", "관련 기사", "You may also like",
        "홍길동 기자 gildong@example.kr",
    ],
)  # fmt: skip
def test_is_chrome_wherever_it_stands(line: str) -> None:
    assert is_chrome(line)


@pytest.mark.parametrize(
    "line",
    [
        "The AI budget grows to 9.9 trillion won.", "We use cookies as bait in the study.", "Share prices rose by 3%.",
        "Copyright law is amended in May.", "Follow-up talks begin in June.", "The advertisement ban takes effect on 1 May.",
        "Related costs amount to 40 million crowns.", "예산은 9조 9천억 원이다.", "기자 회견은 3월 2일에 열린다.",
        "Comments may be sent to the ministry until 5 June.", "Jane Doe, chief economist, presented the plan.",
        "Top 10 AI projects", "Join the programme by 1 May.", "All rights to the vaccine are reserved for the state.", "",
        "Subscribe by 1 May to take part in the public offering.",
    ],
)  # fmt: skip
def test_what_an_announcement_says_is_not(line: str) -> None:
    assert not is_chrome(line)


@pytest.mark.parametrize(
    "line",
    ["Top", "Close", "Text Size", "Login", "Home | News | Contact", "Home > News > Press", "공유", "글자 크기", "A+",
     "Print", "Comments (3)", "bar_progress", "share-btn", "EN", "Facebook · X · LinkedIn", "◀ 이전글"],
)  # fmt: skip
def test_buttons_and_trails_are_controls(line: str) -> None:
    assert is_control(line)


@pytest.mark.parametrize(
    "line", ["Budget", "Top 10 projects", "Costs | Dates", "9.9 trillion won", "Closed on Monday", "예산"]
)
def test_a_short_line_is_no_control(line: str) -> None:
    assert not is_control(line)


def test_a_menu_is_mostly_what_menus_have() -> None:
    assert is_menu(["Politics", "Economy", "Society", "Gardening"])
    assert not is_menu(["Costs", "Dates", "Society"])
    assert not is_menu(["Home", "News"])
    assert not is_menu(["Home", "News", "The council decided on the new quay today"])


def test_what_stands_over_links_and_over_footers() -> None:
    assert opens_links("Related articles")
    assert opens_footer("© 2026 The Daily. All rights reserved.")
    assert not opens_links("The related articles of the law are amended.")
    assert not opens_footer("The right to copy is reserved.")


def test_a_paragraph_is_never_chrome() -> None:
    assert not is_chrome("Copyright 2026 " + "word " * 100)
    assert not opens_footer("© " + "word " * 100)
    assert not is_control("Home " * 100)
