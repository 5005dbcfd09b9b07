"""The page at ``/`` in a real browser: the main path over the shipped announcement, and every state over a fake service."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import PATIENCE, Watched, ask, chromium, settled, violations
from fake_service import COST, DOCUMENTS, QUAY, FakeService, serve
from playwright.sync_api import Browser, BrowserContext, Page, expect
from running import serving

from indexer.builder import build

SAMPLES = Path(__file__).resolve().parents[1] / "indexer" / "samples"
BUDGET = "How large will the AI budget be?"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def fake() -> Iterator[tuple[FakeService, str]]:
    service = FakeService()
    with serve(service.application()) as address:
        yield service, address


@pytest.fixture
def service(fake: tuple[FakeService, str]) -> FakeService:
    fake[0].reset()
    return fake[0]


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, fake: tuple[FakeService, str], service: FakeService) -> Iterator[Visit]:
    """Open the page, by default the fake service's, in a browser that has never been there."""
    contexts: list[BrowserContext] = []

    def visit(address: str = fake[1], width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.watched = Watched.over(page)  # type: ignore[attr-defined]
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()


def chip(page: Page, number: int = 1) -> Any:
    return page.get_by_role("button", name=re.compile(rf"^(Source|출처) {number}\b"))


def in_view(page: Page, selector: str) -> bool:
    """Whether the pane of the source shows the element."""
    found: bool = page.evaluate(
        """(selector) => { const body = document.getElementById('source-body').getBoundingClientRect(), box = document.querySelector(selector).getBoundingClientRect();
             return box.top >= body.top && box.bottom <= body.bottom; }""",
        selector,
    )
    return found


# ---------------------------------------------------------------- the real service


@pytest.fixture(scope="module")
def real(
    make_index_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A server over the shipped announcement, and its index folder."""
    folder = make_index_folder(tmp_path_factory.mktemp("page") / "index")
    build([SAMPLES], folder)
    with serving(folder) as (address, _):
        yield address, folder


def test_the_main_path_over_the_shipped_announcement(visit: Visit, real: tuple[str, Path]) -> None:
    address, folder = real
    page = visit(address)
    expect(page.get_by_role("heading", name=re.compile("2026 work plan"))).to_be_visible()
    expect(page.locator(".suggestions button").first).to_be_visible()

    ask(page, BUDGET)
    settled(page)
    expect(page.locator(".answer")).to_contain_text("AI budget to 9.9 trillion won")
    expect(page.locator("mark.active")).to_have_text(
        ["The government is raising its AI budget to ", "9.9 trillion won", "."]
    )
    expect(page.locator("mark.active.figure")).to_contain_text("9.9 trillion won")
    assert in_view(page, "mark.active")

    ask(page, "How large was the AI budget in 2023?")
    settled(page, 2)
    refusal = page.locator(".turn").last
    expect(refusal).to_contain_text("Not in the announcements")
    expect(refusal.locator("figure").first).to_be_visible()

    ask(page, "How many GPUs will Korea secure?")
    settled(page, 3)
    expect(page.locator(".answer").last).to_contain_text("260,000")
    page.locator(".turn").last.get_by_role("button", name="Helpful", exact=True).click()
    page.get_by_role("textbox", name="What should we know?").fill("Exactly.")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator(".note", has_text="Your comment is saved")).to_be_visible()
    with sqlite3.connect(folder / "herald.db") as database:
        assert database.execute("SELECT vote, comment FROM feedback").fetchall() == [("up", "Exactly.")]
        assert database.execute("SELECT count(DISTINCT conversation_id), count(*) FROM turns").fetchone() == (
            1,
            3,
        )
    database.close()
    assert page.watched.errors == []  # type: ignore[attr-defined]
    assert all(url.startswith(address) for url in page.watched.requests)  # type: ignore[attr-defined]
    assert page.context.cookies() == []
    assert violations(page) == []


# ---------------------------------------------------------------- the source beside the conversation


def test_the_cited_sentence_is_highlighted_when_pointed_at_and_when_chosen(visit: Visit) -> None:
    page = visit()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    expect(page.locator("mark.active.figure")).to_have_text("184.5 million crowns")
    expect(page.locator("mark[data-marker='2']")).to_be_visible()
    chip(page, 2).hover()
    expect(page.locator("mark.pointed.figure")).to_have_text("60 million crowns")
    page.mouse.move(1, 1)
    expect(page.locator("mark.pointed")).to_have_count(0)
    chip(page, 2).click()
    expect(page.locator("mark.active.figure")).to_have_text("60 million crowns")
    expect(chip(page, 2)).to_have_attribute("aria-current", "true")
    expect(chip(page, 1)).not_to_have_attribute("aria-current", "true")
    assert in_view(page, "mark.active")


def test_several_announcements_are_listed_and_the_cited_one_is_shown(
    visit: Visit, service: FakeService
) -> None:
    service.documents = list(DOCUMENTS)
    page = visit()
    expect(page.locator(".entry strong")).to_have_text([d.title for d in DOCUMENTS])
    page.get_by_role("button", name="Lindholm bridge").click()
    expect(page.get_by_role("heading", name="Lindholm bridge closed in June")).to_be_focused()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    expect(page.get_by_role("heading", name=QUAY.title)).to_be_visible()
    expect(page.locator("mark.active.figure")).to_have_text("184.5 million crowns")
    page.get_by_role("button", name="All announcements").click()
    expect(page.locator(".entry")).to_have_count(3)


def test_a_nearest_passage_is_shown_in_its_announcement(visit: Visit) -> None:
    page = visit()
    ask(page, "What does parking cost?")
    settled(page)
    page.get_by_role("button", name="Show in the text").first.click()
    expect(page.locator("mark.active")).to_have_text("Lorries reach the quay by the new ring road only.")
    assert in_view(page, "mark.active")


def test_an_announcement_that_has_changed_since_is_said_to_have(visit: Visit, service: FakeService) -> None:
    page = visit()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    document = service.documents[0]
    service.documents = [type(document)(document.id, document.title, document.text.replace("184.5", "190.1"))]
    page.reload()
    expect(page.get_by_text("has changed since the answer was given")).to_be_visible()
    expect(page.locator(".notice blockquote")).to_have_text(COST)
    expect(page.locator("mark.active")).to_have_count(0)


def test_scripts_in_announcements_and_answers_stay_inert(visit: Visit) -> None:
    page = visit()
    expect(page.locator("#source-body")).to_contain_text("<script>alert('announcement')</script> <img src=x")
    ask(page, "<script>alert('question')</script>")
    settled(page)
    expect(page.locator("mark.active")).to_contain_text("""<img src=x onerror="alert('announcement')">""")
    assert page.locator("#source-body :is(script, img)").count() == 0
    assert page.watched.dialogs == []  # type: ignore[attr-defined]
    assert page.watched.errors == []  # type: ignore[attr-defined]


def test_a_service_without_announcements_says_how_to_add_one(visit: Visit, service: FakeService) -> None:
    service.documents = []
    expect(visit().get_by_text("There is no announcement yet")).to_be_visible()


# ---------------------------------------------------------------- everybody can use it


def test_everything_works_by_keyboard(visit: Visit, service: FakeService) -> None:
    service.documents = list(DOCUMENTS)
    page = visit()
    expect(page.locator(".entry").first).to_be_visible()

    def tab_to(target: Any) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            if target.count() and target.first.evaluate(
                "(node) => node === node.getRootNode().activeElement"
            ):
                return
        pytest.fail("Tab does not reach it")

    tab_to(page.get_by_role("button", name="Dark colours"))
    tab_to(page.get_by_role("textbox", name="Your question"))
    page.keyboard.type("What did the rebuilding cost?")
    page.keyboard.press("Enter")
    settled(page)
    for _ in range(8):
        if chip(page, 2).evaluate("(node) => node === node.getRootNode().activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(page.locator("mark.pointed.figure")).to_have_text("60 million crowns")
    page.keyboard.press("Enter")
    expect(page.locator("mark.active.figure")).to_have_text("60 million crowns")
    tab_to(page.get_by_role("button", name="All announcements"))
    page.keyboard.press("Enter")
    expect(page.locator(".entry")).to_have_count(3)


def test_on_a_phone_the_source_is_a_sheet(visit: Visit, service: FakeService) -> None:
    service.documents = list(DOCUMENTS)
    page = visit(width=320, height=640, has_touch=True, is_mobile=True)
    ask(page, "What did the rebuilding cost?")
    settled(page)
    sheet = page.locator("#source")
    expect(sheet).to_be_hidden()
    chip(page).click()
    expect(page.get_by_role("dialog", name=QUAY.title)).to_be_visible()
    expect(page.locator("mark.active.figure")).to_have_text("184.5 million crowns")
    assert in_view(page, "mark.active.figure")
    assert page.evaluate(
        "[...document.querySelectorAll('#source *')].every((n) => n.getBoundingClientRect().right <= innerWidth)"
    )
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(chip(page)).to_be_focused()
    page.get_by_role("button", name="Announcements").click()
    expect(sheet).to_be_visible()
    page.get_by_role("button", name="Back to the conversation").click()
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_fits(visit: Visit, service: FakeService, width: int, locale: str) -> None:
    service.documents = list(DOCUMENTS)
    page = visit(width=width, height=640, locale=locale)
    for number, question in enumerate(("cost?", "좌석", "parking?", "when?", "x" * 300), 1):
        ask(page, question, "질문" if locale == "ko-KR" else "Your question")
        settled(page, number)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
    )
    assert page.locator(".brand").evaluate("(node) => node.getBoundingClientRect().height") < 40, (
        "on one line"
    )
    wide = page.evaluate("""() => [...document.querySelectorAll('.top *, #source *'), ...document.querySelector('herald-chat').shadowRoot.querySelectorAll('*')]
        .filter((n) => n.getClientRects().length && !n.closest('.quiet') && (n.getBoundingClientRect().right > innerWidth + .5 || n.getBoundingClientRect().left < -.5))
        .map((n) => n.tagName + '.' + n.className)""")
    assert wide == []


def test_speaks_korean(visit: Visit, service: FakeService) -> None:
    service.documents = list(DOCUMENTS)
    page = visit(locale="ko-KR")
    expect(page.get_by_text("발표 자료에서 찾은 답, 문장마다 근거와 함께")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "ko"
    ask(page, "좌석은 몇 석인가요?", "질문")
    settled(page)
    expect(page.locator("mark.active.figure")).to_have_text("640석")
    expect(page.locator("#source-meta")).to_contain_text("2027년 2월 11일")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()


def test_is_light_or_dark_as_the_reader_likes(visit: Visit) -> None:
    colour = "() => [document.body, document.querySelector('herald-chat').shadowRoot.querySelector('.root')].map((n) => getComputedStyle(n).backgroundColor)"
    light = visit(color_scheme="light").evaluate(colour)
    page = visit(color_scheme="dark")
    dark = page.evaluate(colour)
    assert light == ["rgb(244, 242, 236)", "rgb(255, 255, 255)"]
    assert dark == ["rgb(16, 20, 26)", "rgb(23, 28, 35)"]
    page.get_by_role("button", name="Dark colours").click()
    assert page.evaluate(colour) == light
    page.reload()
    assert page.evaluate(colour) == light


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Visit, service: FakeService, scheme: str) -> None:
    service.documents = list(DOCUMENTS)
    page = visit(color_scheme=scheme)
    expect(page.locator(".entry").first).to_be_visible()
    expect(page.locator(".suggestions button").first).to_be_visible()
    assert violations(page) == []
    for number, question in enumerate(("cost?", "parking?", "when?", "busy?"), 1):
        ask(page, question)
        settled(page, number)
    chip(page).first.click()
    expect(page.locator("mark.active").first).to_be_visible()
    assert violations(page) == []
