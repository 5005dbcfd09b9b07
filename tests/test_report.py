"""The report: one file that needs no network, escapes what it shows, filters, and can be read by everybody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from eval.case import Case, Expectation
from eval.comparison import compare
from eval.gate import Gate
from eval.report.page import report_html
from eval.run import Run, read_run
from eval.runner import run_cases
from eval.summary import scored, summarise
from tests.fake_target import FakeTarget, cases, mixed, perfect, wrong

HOSTILE = Case(
    "<script>alert(1)</script>/ü?&#",
    Expectation(any_of=("</details>",)),
    turns=("\u202eevil", "<img src=x onerror=alert(1)> {{ 7*7 }}"),
    tags=("<b>",),
    source="fair",
    note="</main>",
)
GATES = (Gate("pass_rate at least 0.9", False, "it is 0.800"), Gate("errors at most 0", True, "it is 0"))


def page_of(folder: Path, each: int) -> str:
    """The report of a run with every kind of reply, compared with another."""
    asked = [*cases(each), HOSTILE]

    def reply(case: Case) -> object:
        return wrong(case) if case is HOSTILE else mixed(case)

    def former(case: Case) -> object:
        return perfect(case) if case is not HOSTILE and not case.id.endswith("8") else wrong(case)

    runs: list[Run] = []
    for name, replies in (("before", former), ("after", reply)):
        run_cases(asked, FakeTarget(replies), folder / name, name=name)
        runs.append(read_run(folder / name))
    before, after = (scored(run) for run in runs)
    return report_html(runs[1], after, summarise(runs[1], after), GATES, {"before": compare(before, after)})


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    path = folder / "report.html"
    path.write_text(page_of(folder, 250), "utf-8")
    return path


@pytest.fixture(scope="module")
def page(report: Path) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: pytest.fail(f"a script of a case ran: {dialog.message}"))
        page.goto(report.as_uri())
        yield page
        assert asked[0] == report.as_uri()
        assert all(url == report.as_uri() or url.startswith(f"{report.as_uri()}#") for url in asked)
        browser.close()


def test_nothing_in_it_comes_from_elsewhere(report: Path) -> None:
    text = report.read_text("utf-8")
    assert not re.search(r'(?:src|href)=(?!"#)', re.sub(r"&lt;.*?&gt;", "", text))
    assert "url(" not in text
    assert "<script>alert(1)" not in text
    assert "{{ 7*7 }}" in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing(page: Page, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("for (const c of [...document.querySelectorAll('.case')].slice(0, 30)) c.open = true")
    found = Axe().run(page)
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_case_is_there_and_can_be_found(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    shown = page.locator(".case:not([hidden])")
    expect(shown).to_have_count(501)
    page.get_by_label("Search").fill("YES-004")
    expect(shown).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 of 501 cases")
    page.get_by_label("Search").fill("")
    page.get_by_role("combobox", name="Tag").select_option("near-miss")
    expect(shown).to_have_count(250)
    page.get_by_label("answered, though unanswerable").check()
    wrongly = shown.count()
    assert 0 < wrongly < 250
    expect(page.locator(".case:not([hidden]) .badge").first).to_have_text("answered, though unanswerable")
    page.get_by_label("answered, though unanswerable").uncheck()
    page.get_by_role("combobox", name="Tag").select_option("")
    page.get_by_label("changed").check()
    assert shown.count() == page.locator(".moves li").count() > 0
    page.get_by_label("changed").uncheck()
    page.get_by_role("button", name="odd", exact=True).click()
    expect(shown).to_have_count(125)
    page.get_by_role("combobox", name="Tag").select_option("")


def test_a_case_shows_its_answer_its_quotes_in_context_and_why(page: Page) -> None:
    case = page.locator("[id='case-yes-003']")
    case.evaluate("c => { c.open = true }")
    expect(case.locator(".reasons")).to_contain_text("the quotes lack “3 May 2027”")
    expect(case.locator("mark")).to_have_text("It is held in Orrin.")
    expect(case.locator("blockquote")).to_contain_text("not in the source at this place")
    expect(case).to_contain_text("In before: correct")


def test_the_address_of_a_changed_case_opens_it(page: Page) -> None:
    link = page.locator(".moves a").first
    link.click()
    expect(page.locator(".case:target")).to_have_attribute("open", "")


def test_the_headline_and_the_gates(page: Page) -> None:
    expect(page.locator(".gates")).to_contain_text("1 of 2 gates failed")
    expect(page.locator(".tile")).to_have_count(6)
    expect(page.locator("svg.chart")).to_have_count(3)


def test_a_run_of_refusals_alone_has_a_report_too(tmp_path: Path) -> None:
    case = Case("c", Expectation(refusal=True), "?")
    run = run_cases([case], FakeTarget(perfect), tmp_path / "one")
    assert "1 case" in report_html(run, scored(run), summarise(run, scored(run)))
    failed = run_cases([case], FakeTarget(lambda _: "down"), tmp_path / "failed")
    assert "down" in report_html(failed, scored(failed), summarise(failed, scored(failed)))
