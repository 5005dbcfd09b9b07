"""The chat on somebody else's page, in a real browser: hostile styles, a strict policy, and every state it can be in."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browsing import PATIENCE, Site, Watched, ask, chromium, settled, violations
from fake_service import COST, DOCUMENTS, HARBOUR, QUAY, FakeService, serve
from playwright.sync_api import Browser, BrowserContext, Page, expect

from service.channels.page import FOLDER

WIDGET = (FOLDER / "widget.js").read_text("utf-8")
SCRIPT = '<script src="{herald}/widget.js"{more}></script>'
INLINE = (
    SCRIPT.replace("{more}", "")
    + "<h1>Port of Orrin</h1><herald-chat contact='press@port.example'{more}></herald-chat>"
)


def paragraphs(text: str) -> str:
    """An announcement as its publisher's page shows it: marked up, and broken into lines elsewhere."""
    blocks = [block for block in text.split("\n\n") if "<" not in block]
    html = "".join(
        f"<p>{' '.join(block.removeprefix('## ').split())}</p><p class=gap>.</p>" for block in blocks
    )
    return html.replace("184.5 million", "<b>184.5</b>&nbsp;million")


PAGES = {
    "/button": SCRIPT.replace("{more}", ' data-contact="https://port.example/press"')
    + "<h1>Port of Orrin</h1><p>The harbour.</p>",
    "/bare": "<h1>Port of Orrin</h1><p>The harbour.</p>",
    "/box": INLINE.replace("{more}", ""),
    "/korean": INLINE.replace("{more}", " lang='ko'"),
    "/arabic": f"<div dir='rtl' lang='ar'>{INLINE.replace('{more}', '')}</div>",
    "/dark": INLINE.replace("{more}", " theme='dark' heading='Fragen an den Hafen' lang='en-GB'"),
    "/announcement": SCRIPT.replace("{more}", "") + f"<div class='tall'></div>{paragraphs(HARBOUR)}",
}
STYLES = {
    "tall": ".tall { height: 3000px } .gap { margin: 20vh 0 }",
    "themed": "herald-chat { --herald-accent: rgb(120, 0, 60); --herald-radius: 0px }",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[FakeService, str, str]]:
    """The service, its address, and that of a site which embeds it."""
    service = FakeService()
    with serve(service.application()) as herald:
        site = Site(herald, PAGES)
        site.stylesheets = {**site.stylesheets, **STYLES}
        with serve(site.application()) as address:
            service.origins = [address]
            yield service, herald, address


@pytest.fixture
def service(services: tuple[FakeService, str, str]) -> FakeService:
    services[0].reset()
    return services[0]


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, service: FakeService, services: tuple[FakeService, str, str]) -> Iterator[Visit]:
    """Open a page of the site in a browser that has never been there."""
    contexts: list[BrowserContext] = []

    def visit(path: str, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.watched = Watched.over(page)  # type: ignore[attr-defined]
        page.goto(services[2] + path)
        return page

    yield visit
    for context in contexts:
        context.close()


def watched(page: Page) -> Watched:
    found: Watched = page.watched  # type: ignore[attr-defined]
    return found


def chip(page: Page, number: int = 1) -> Any:
    return page.get_by_role("button", name=re.compile(rf"^(Source|출처) {number}\b"))


def look(page: Page) -> list[Any]:
    """How each element of the chat is drawn: its size and every style that its browser computed."""
    drawn: list[Any] = page.evaluate(
        """() => [...document.querySelector('herald-chat').shadowRoot.querySelectorAll('*')].map((node) => {
             const { width, height } = node.getBoundingClientRect(), style = getComputedStyle(node);
             return [node.tagName + '.' + node.className, Math.round(width), Math.round(height), Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]))];
           })"""
    )
    return drawn


# ---------------------------------------------------------------- one file


def test_is_one_small_file_that_loads_nothing() -> None:
    assert len(gzip.compress(WIDGET.encode(), 9)) <= 25_000
    assert not re.search(r"^\s*import\b|\bimport\(|\brequire\(", WIDGET, re.MULTILINE)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", WIDGET
    )
    assert not re.search(r"document\.cookie|localStorage|url\(", WIDGET)


def test_keeps_to_a_strict_policy_its_own_server_and_no_cookie(
    visit: Visit, services: tuple[FakeService, str, str]
) -> None:
    _, herald, site = services
    page = visit("/button")
    page.get_by_role("button", name="Ask").click()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    chip(page).click()
    expect(page.locator("figure")).to_be_visible()
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.locator(".note", has_text="Your rating is saved")).to_be_visible()
    assert watched(page).errors == []
    assert {re.match(r"https?://[^/]+", url)[0] for url in watched(page).requests} == {herald, site}  # type: ignore[index]
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0


# ---------------------------------------------------------------- styles


@pytest.mark.parametrize("path", ["/button", "/box"])
def test_the_styles_of_a_page_do_not_reach_it(visit: Visit, path: str) -> None:
    looks = []
    for style in ("plain", "hostile"):
        page = visit(f"{path}?style={style}", reduced_motion="reduce")
        if path == "/button":
            page.get_by_role("button", name="Ask").click()
        else:  # How large its box is, is the page's affair.
            page.evaluate("""() => { const sheet = new CSSStyleSheet();
                sheet.replaceSync('herald-chat { width: 600px !important; height: 600px !important; margin: 0 !important; padding: 0 !important; border: 0 !important }');
                document.adoptedStyleSheets.push(sheet); }""")
        ask(page, "What did the rebuilding cost?")
        settled(page)
        chip(page).click()
        expect(page.locator("figure")).to_be_visible()
        page.evaluate("document.querySelector('herald-chat').shadowRoot.activeElement.blur()")
        page.mouse.move(0, 0)
        looks.append(look(page))
    plain, hostile = looks
    assert [node[:3] for node in hostile] == [node[:3] for node in plain]
    for one, other in zip(plain, hostile, strict=True):
        differing = {
            name: (one[3][name], other[3].get(name)) for name in one[3] if one[3][name] != other[3].get(name)
        }
        differing = {n: d for n, d in differing.items() if not n.startswith("--")}
        assert differing == {}, one[0]


def test_its_styles_do_not_reach_the_page(visit: Visit) -> None:
    script = """() => [...document.body.querySelectorAll('h1, p')].map((node) => {
        const style = getComputedStyle(node), { x, y, width, height } = node.getBoundingClientRect();
        return [x, y, width, height, [...style].map((name) => style.getPropertyValue(name))]; })"""
    bare, page = visit("/bare"), visit("/button")
    page.get_by_role("button", name="Ask").click()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    assert page.evaluate(script) == bare.evaluate(script)


def test_attributes_and_custom_properties_theme_it(visit: Visit) -> None:
    page = visit("/dark")
    expect(page.get_by_role("region", name="Fragen an den Hafen")).to_be_visible()
    background = page.locator(".root").evaluate("(node) => getComputedStyle(node).backgroundColor")
    assert background == "rgb(23, 28, 35)"
    page = visit("/box?style=themed")
    ask(page, "What did the rebuilding cost?")
    settled(page)
    assert chip(page).locator("span").evaluate("(node) => getComputedStyle(node).color") == "rgb(120, 0, 60)"
    assert page.locator(".root").evaluate("(node) => getComputedStyle(node).borderRadius") == "0px"


# ---------------------------------------------------------------- answers


def test_an_answer_arrives_sentence_by_sentence(visit: Visit, service: FakeService) -> None:
    service.pace = 0.4
    page = visit("/box")
    ask(page, "What did the rebuilding cost?")
    expect(page.get_by_text("Checking every sentence")).to_be_visible()
    expect(page.locator(".sentence")).to_have_count(1)
    expect(page.locator(".sentence")).to_have_text(COST)
    expect(chip(page)).to_be_visible()
    settled(page)
    expect(page.locator(".sentence")).to_have_count(2)
    expect(page.get_by_text("In the announcement’s own words")).to_be_visible()


def test_a_screen_reader_hears_the_answer_once_and_whole(visit: Visit) -> None:
    page = visit("/box")
    page.evaluate("""() => { window.heard = [];
        const live = document.querySelector('herald-chat').shadowRoot.querySelector('[aria-live]');
        new MutationObserver(() => heard.push(live.textContent)).observe(live, { childList: true, characterData: true, subtree: true }); }""")
    ask(page, "What did the rebuilding cost?")
    settled(page)
    heard = page.evaluate("heard")
    assert len(heard) == 2
    assert heard[0] == "Searching the announcements…"
    assert heard[1].startswith(f"Answer: {COST} The city paid 60 million crowns")
    assert heard[1].endswith("2 sources")
    assert page.locator("[aria-live] [aria-live], .turns[aria-live], .body[aria-live]").count() == 0


def test_a_number_opens_its_quote(visit: Visit) -> None:
    page = visit("/box")
    ask(page, "What did the rebuilding cost?")
    settled(page)
    expect(chip(page)).to_have_attribute("aria-expanded", "false")
    chip(page).click()
    card = page.get_by_role("figure", name="Quote 1")
    expect(card.locator("blockquote")).to_have_text(COST)
    expect(card.locator("mark")).to_have_text("184.5 million crowns")
    expect(card.locator("cite")).to_have_text(QUAY.title)
    expect(card).to_contain_text("April 20, 2027")
    link = card.get_by_role("link", name="Open the announcement")
    assert link.get_attribute("href") == f"{QUAY.url}#:~:text=The%20rebuilding"
    assert link.get_attribute("rel") == "noopener"
    chip(page, 2).click()
    expect(page.locator("figure")).to_have_count(1)
    expect(page.get_by_role("figure", name="Quote 2")).to_be_visible()
    page.get_by_role("button", name="Close the quote").click()
    expect(page.locator("figure")).to_have_count(0)
    expect(chip(page, 2)).to_be_focused()


def test_on_the_announcements_own_page_a_number_leads_to_the_sentence(visit: Visit) -> None:
    page = visit("/announcement?style=tall")
    html = page.locator("body > p").first.evaluate(
        "(node) => node.parentElement.innerHTML.replace(/<herald-chat.*/s, '')"
    )
    page.get_by_role("button", name="Ask").click()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    chip(page).click()
    page.wait_for_function("CSS.highlights.has('herald-quote')")
    quote, figure = page.evaluate(
        "['herald-quote', 'herald-figure'].map((name) => [...CSS.highlights.get(name)].map(String).join())"
    )
    assert quote.replace("\u00a0", " ") == COST
    assert figure.replace("\u00a0", " ") == "184.5 million crowns"
    inside = "() => { const box = [...CSS.highlights.get('herald-quote')][0].getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }"
    page.wait_for_function(inside)
    after = page.locator("body > p").first.evaluate(
        "(node) => node.parentElement.innerHTML.replace(/<herald-chat.*/s, '')"
    )
    assert after == html, "the page's own elements stay as they are"
    # Elsewhere the same quote has a link; here it has none.
    expect(page.get_by_role("link", name="Open the announcement")).to_have_count(0)
    page.get_by_role("button", name="Close the quote").click()
    assert not page.evaluate("CSS.highlights.has('herald-quote')")


def test_a_page_that_says_something_else_is_not_highlighted(visit: Visit) -> None:
    page = visit("/announcement")
    page.evaluate("() => { document.querySelector('b').textContent = '194.5'; }")
    page.get_by_role("button", name="Ask").click()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    chip(page).click()
    expect(page.get_by_role("link", name="Open the announcement")).to_be_visible()
    assert not page.evaluate("CSS.highlights.has('herald-quote')")


def test_a_refusal_offers_the_nearest_passages_and_a_person(visit: Visit) -> None:
    page = visit("/box")
    ask(page, "What does parking cost?")
    settled(page)
    expect(page.get_by_text("Not in the announcements", exact=True)).to_be_visible()
    expect(page.locator(".said")).to_contain_text("do not say what parking at the quay costs")
    expect(page.locator("figure blockquote")).to_have_text(
        [
            "Lorries reach the quay by the new ring road only.",
            "Fishing boats moor free of charge until the end of 2028.",
        ]
    )
    assert (
        page.get_by_role("link", name="press@port.example").get_attribute("href")
        == "mailto:press@port.example"
    )
    ask(page, "How is the weather?")
    settled(page, 2)
    expect(page.get_by_text("Not a question for the announcements")).to_be_visible()


def test_a_question_back_has_a_button_for_each_reading(visit: Visit, service: FakeService) -> None:
    page = visit("/box")
    ask(page, "When is it?")
    settled(page)
    expect(page.get_by_text("More than one answer is possible")).to_be_visible()
    page.get_by_role("button", name="When does the east quay open?").click()
    settled(page, 2)
    expect(page.locator(".answer")).to_contain_text("on 3 May 2027")
    assert service.asked[1]["conversation_id"] == "cnv_0"


def test_a_follow_up_says_how_it_was_understood(visit: Visit) -> None:
    page = visit("/box")
    ask(page, "What did the rebuilding cost?")
    settled(page)
    ask(page, "And cranes?")
    settled(page, 2)
    expect(page.get_by_text("Understood as: How many cranes has the east quay?")).to_be_visible()


def test_what_a_model_worded_and_what_was_withdrawn_is_said(visit: Visit) -> None:
    page = visit("/box")
    ask(page, "generated, please")
    settled(page)
    expect(page.get_by_text("Worded by a language model; each sentence checked")).to_be_visible()
    expect(page.get_by_text("1 sentence withdrawn: no source proves it")).to_be_visible()
    expect(chip(page, 2)).to_be_visible()


def test_scripts_in_announcements_answers_and_questions_stay_inert(visit: Visit) -> None:
    page = visit("/box")
    question = "<script>alert('question')</script> <img src=x onerror=alert(1)>"
    ask(page, question)
    settled(page)
    expect(page.locator(".question")).to_have_text(f"You asked: {question}")
    expect(page.locator(".answer .sentence")).to_have_text(
        re.compile(r"^<b>Bold</b> <script>alert\('answer'\)</script>")
    )
    chip(page).click()
    expect(page.locator("cite")).to_have_text("<i>Title</i> <script>alert(1)</script>")
    expect(page.locator("figure a")).to_have_count(0)
    made = page.evaluate(
        "document.querySelector('herald-chat').shadowRoot.querySelectorAll('script, img, b, i:not(:empty), iframe').length"
    )
    assert made == 0
    assert watched(page).dialogs == []
    assert watched(page).errors == []


# ---------------------------------------------------------------- what a reader does with an answer


def test_suggested_questions_are_asked_by_a_click(visit: Visit, service: FakeService) -> None:
    page = visit("/box")
    page.get_by_role("button", name="How many cranes are there?").click()
    settled(page)
    assert service.asked[0]["message"] == "How many cranes are there?"
    expect(page.get_by_role("button", name="What did the rebuilding cost?")).to_have_count(0)


def test_without_suggestions_there_is_no_empty_heading(visit: Visit, service: FakeService) -> None:
    service.suggestions = []
    page = visit("/box")
    expect(page.get_by_text("What would you like to know?")).to_be_visible()
    expect(page.get_by_text("You could ask")).to_be_hidden()


def test_a_rating_and_a_comment_are_stored(visit: Visit, service: FakeService) -> None:
    page = visit("/box")
    ask(page, "What did the rebuilding cost?")
    settled(page)
    page.get_by_role("button", name="Not helpful").click()
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    comment = page.get_by_role("textbox", name="What should we know?")
    comment.fill("flaky")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator(".note", has_text="could not be saved")).to_be_visible()
    expect(comment).to_have_value("flaky")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator(".note", has_text="Your comment is saved")).to_be_visible()
    assert service.feedback == [
        ("ans_1", {"value": "down", "comment": None}),
        ("ans_1", {"value": "down", "comment": "flaky"}),
    ]


def test_an_answer_is_copied_with_its_sources(visit: Visit, services: tuple[FakeService, str, str]) -> None:
    page = visit("/box")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=services[2])
    ask(page, "What did the rebuilding cost?")
    settled(page)
    page.get_by_role("button", name="Copy with sources").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{COST} [1] The city paid 60 million crowns of it;")
    assert f"[1] “{COST}”\n    {QUAY.title}, 2027-04-20\n    {QUAY.url}#:~:text=The%20rebuilding" in copied


def test_the_conversation_lasts_for_the_visit_and_no_longer(visit: Visit, service: FakeService) -> None:
    page = visit("/box")
    ask(page, "What did the rebuilding cost?")
    settled(page)
    page.reload()
    settled(page)
    expect(chip(page)).to_be_visible()
    ask(page, "And cranes?")
    settled(page, 2)
    assert service.asked[1]["conversation_id"] == "cnv_0"
    expect(visit("/box").locator(".turn")).to_have_count(0)
    service.conversations.clear()
    ask(page, "What did the rebuilding cost?")
    settled(page, 3)
    expect(page.get_by_text("The earlier conversation has expired")).to_be_visible()


def test_a_new_conversation_begins_empty(visit: Visit, service: FakeService) -> None:
    page = visit("/box")
    ask(page, "What did the rebuilding cost?")
    settled(page)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Your question")).to_be_focused()
    expect(page.get_by_role("button", name="When does the quay open?")).to_be_visible()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    assert service.asked[1]["conversation_id"] is None
    page.reload()
    settled(page)


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("question", "says"),
    [("broken cost?", "broke before the answer was complete"), ("failing cost?", "The answering service has a problem"),
     ("busy cost?", "Too many questions at once")],
)  # fmt: skip
def test_what_fails_can_be_tried_again(visit: Visit, question: str, says: str) -> None:
    page = visit("/box")
    ask(page, question)
    settled(page)
    expect(page.locator(".problem")).to_contain_text(says)
    page.get_by_role("button", name="Try again", exact=True).click()
    expect(page.get_by_text("In the announcement’s own words")).to_be_visible()
    expect(page.locator(".problem")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)


def test_a_question_that_is_too_long_is_given_back(visit: Visit) -> None:
    page = visit("/box")
    ask(page, "cost " * 401)
    settled(page)
    expect(page.locator(".problem")).to_contain_text("2000 are allowed")
    assert page.get_by_role("textbox", name="Your question").input_value().startswith("cost cost")


def test_being_offline_is_said_and_survived(visit: Visit) -> None:
    page = visit("/box")
    page.context.set_offline(True)
    expect(page.get_by_text("Your question can be sent when the connection is back")).to_be_visible()
    ask(page, "What did the rebuilding cost?")
    settled(page)
    expect(page.locator(".problem")).to_contain_text("Check the connection")
    page.context.set_offline(False)
    expect(page.get_by_text("Your question can be sent when the connection is back")).to_be_hidden()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".sentence").first).to_have_text(COST)


def test_an_answer_can_be_stopped(visit: Visit) -> None:
    page = visit("/box")
    ask(page, "slow cost?")
    page.get_by_role("button", name="Stop").click()
    settled(page)
    expect(page.locator(".problem")).to_contain_text("Stopped")


def test_a_token_that_ran_out_is_renewed(visit: Visit, service: FakeService) -> None:
    page = visit("/box")
    ask(page, "What did the rebuilding cost?")
    settled(page)
    service.tokens.clear()
    ask(page, "And cranes?")
    settled(page, 2)
    expect(page.locator(".problem")).to_have_count(0)
    assert service.tokens_issued == 2


def test_a_site_that_is_not_listed_is_told_so(visit: Visit, service: FakeService) -> None:
    listed, service.origins = service.origins, []
    try:
        page = visit("/box")
        ask(page, "What did the rebuilding cost?")
        settled(page)
        expect(page.locator(".problem")).to_contain_text("This site is not allowed to ask this service")
        expect(page.get_by_role("button", name="Try again")).to_have_count(0)
        assert service.asked == []
    finally:
        service.origins = listed


# ---------------------------------------------------------------- everybody can use it


def test_everything_works_by_keyboard(visit: Visit, service: FakeService) -> None:
    page = visit("/button")
    keyboard = page.keyboard

    def tab_to(name: str, role: str = "button") -> None:
        goal = page.get_by_role(role, name=name)  # type: ignore[arg-type]
        for _ in range(25):
            keyboard.press("Tab")
            if goal.count() and goal.first.evaluate("(node) => node === node.getRootNode().activeElement"):
                return
        pytest.fail(f"Tab does not reach {name!r}")

    tab_to("Ask")
    keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your question")).to_be_focused()
    keyboard.type("What did the")
    keyboard.press("Shift+Enter")
    keyboard.type("rebuilding cost?")
    keyboard.press("Enter")
    settled(page)
    assert service.asked[0]["message"] == "What did the\nrebuilding cost?"
    tab_to("Source 1")
    keyboard.press("Enter")
    expect(page.get_by_role("figure", name="Quote 1")).to_be_visible()
    tab_to("Open the announcement (new tab)", "link")
    keyboard.press("Escape")
    expect(page.locator("figure")).to_have_count(0)
    expect(chip(page)).to_be_focused()
    tab_to("Helpful")
    keyboard.press("Space")
    expect(page.get_by_role("textbox", name="What should we know?")).to_be_visible()
    tab_to("What should we know?", "textbox")
    keyboard.type("Clear.")
    tab_to("Send comment")
    keyboard.press("Enter")
    expect(page.locator(".note", has_text="Your comment is saved")).to_be_visible()
    tab_to("New conversation")
    keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(0)
    keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask")).to_be_focused()


@pytest.mark.parametrize(
    ("path", "scheme"),
    [("/button", "light"), ("/box", "dark"), ("/korean", "light"), ("/arabic", "dark")],
)
def test_axe_finds_nothing(visit: Visit, path: str, scheme: str) -> None:
    page = visit(path, color_scheme=scheme, reduced_motion="reduce")
    if path == "/button":
        assert violations(page, "herald-chat") == []
        page.get_by_role("button", name="Ask").click()
    expect(page.locator(".suggestions button").first).to_be_visible()
    assert violations(page, "herald-chat") == []
    label = "질문" if path == "/korean" else "Your question"
    for number, question in enumerate(("cost?", "parking?", "when?", "busy?"), 1):
        ask(page, question, label)
        settled(page, number)
    chip(page).first.click()
    page.locator("[data-key=down-1]").click()
    expect(page.locator("form.comment")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator(".offline")).to_be_visible()
    assert violations(page, "herald-chat") == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/button", "/korean"])
def test_fits(visit: Visit, path: str, width: int) -> None:
    page = visit(path, width=width, height=640)
    label = "질문" if path == "/korean" else "Your question"
    if path == "/button":
        page.get_by_role("button", name="Ask").click()
    for number, question in enumerate(("cost?", "parking?", "when?", "x" * 300), 1):
        ask(page, question, label)
        settled(page, number)
    page.locator(".chip").first.click()
    expect(page.locator(".answer figure")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = page.evaluate("""() => [...document.querySelector('herald-chat').shadowRoot.querySelectorAll('*')]
        .filter((n) => n.getClientRects().length && !n.closest('.quiet') && (n.getBoundingClientRect().right > innerWidth + .5 || n.getBoundingClientRect().left < -.5 || (n.scrollWidth > n.clientWidth + 1 && getComputedStyle(n).display !== 'inline')))
        .map((n) => n.tagName + '.' + n.className)""")
    assert wide == []
    small = page.evaluate("""() => [...document.querySelector('herald-chat').shadowRoot.querySelectorAll('button, a, textarea')]
        .filter((n) => n.getClientRects().length && !n.closest('.quiet')).map((n) => [n.className, n.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24).map(([name, box]) => [name, box.width, box.height])""")
    assert small == [], "targets are at least 24 pixels wide and high (WCAG 2.5.8)"


def test_speaks_korean(visit: Visit, service: FakeService) -> None:
    service.documents = list(DOCUMENTS)
    service.suggestions = ["공사비는 얼마인가요?"]
    page = visit("/korean")
    expect(page.get_by_text("무엇이 궁금하신가요?")).to_be_visible()
    ask(page, "좌석은 몇 석인가요?", "질문")
    settled(page)
    expect(page.locator(".answer")).to_contain_text("모두 640석이며")
    assert page.locator(".answer").get_attribute("lang") == "ko"
    page.get_by_role("button", name="출처 1: 시립도서관, 3월 2일 재개관").click()
    expect(page.locator("figure mark")).to_have_text("640석")
    expect(page.locator("figcaption")).to_contain_text("2027년 2월 11일")
    ask(page, "주차 요금은?", "질문")
    settled(page, 2)
    expect(page.get_by_text("발표 자료에 없는 내용입니다")).to_be_visible()
    english = page.evaluate("""() => { const walker = document.createTreeWalker(document.querySelector('herald-chat').shadowRoot, NodeFilter.SHOW_TEXT), found = [];
        while (walker.nextNode()) if (/[A-Za-z]{3}/.test(walker.currentNode.data)) found.push(walker.currentNode.data); return found; }""")
    assert [text for text in english if text != "press@port.example"] == []


def test_enter_that_ends_a_syllable_does_not_send(visit: Visit, service: FakeService) -> None:
    page = visit("/korean")
    page.get_by_role("textbox", name="질문").fill("좌석은")
    page.get_by_role("textbox", name="질문").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(page.locator(".turn")).to_have_count(0)
    assert service.asked == []


def test_is_mirrored_where_the_page_is_written_from_right_to_left(visit: Visit) -> None:
    page = visit("/arabic")
    ask(page, "cost?")
    settled(page)
    box, send = page.locator(".root").bounding_box(), page.locator(".send").bounding_box()
    question, answer = page.locator(".question").bounding_box(), page.locator(".answer").bounding_box()
    assert box
    assert send
    assert question
    assert answer
    assert send["x"] < box["x"] + box["width"] / 2, "the button that sends is on the left"
    assert question["x"] < answer["x"] + answer["width"] / 2
    assert page.locator(".answer").evaluate("(node) => getComputedStyle(node).direction") == "ltr", (
        "English stays English"
    )


def test_moves_nothing_for_readers_who_asked_for_stillness(visit: Visit) -> None:
    page = visit("/button", reduced_motion="reduce")
    page.get_by_role("button", name="Ask").click()
    ask(page, "slow cost?")
    expect(page.locator(".waiting")).to_be_visible()
    assert page.evaluate("document.getAnimations().filter((a) => a instanceof CSSAnimation).length") == 0
    settled(page)


# ---------------------------------------------------------------- what a page may do with it


def test_a_page_hears_of_answers_and_citations_and_may_ask(visit: Visit) -> None:
    page = visit("/box")
    page.evaluate("""() => { window.heard = [];
        for (const name of ['herald-answer', 'herald-cite', 'herald-clear']) addEventListener(name, (e) => heard.push([name, e.detail])); }""")
    page.evaluate("document.querySelector('herald-chat').ask('What did the rebuilding cost?')")
    settled(page)
    chip(page).click()
    page.evaluate("document.querySelector('herald-chat').clear()")
    names = [name for name, _ in page.evaluate("heard")]
    assert names == ["herald-answer", "herald-cite", "herald-clear"]
    detail = page.evaluate("heard[0][1]")
    assert detail["answer"]["citations"][0]["quote"] == COST
    assert json.dumps(detail["answer"]) == json.dumps(page.evaluate("heard[1][1].answer"))


def test_attributes_may_change_while_a_conversation_goes_on(visit: Visit) -> None:
    page = visit("/box")
    ask(page, "cost?")
    settled(page)
    page.get_by_role("textbox", name="Your question").fill("half a question")
    page.evaluate("document.querySelector('herald-chat').setAttribute('lang', 'ko')")
    expect(page.get_by_role("textbox", name="질문")).to_have_value("half a question")
    expect(page.locator(".turn")).to_have_count(1)
