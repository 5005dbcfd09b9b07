"""Draws the pictures in docs/images: `make pictures`. With ``--all FOLDER``, every state that should be looked at.

The page is drawn over the shipped announcement; the widget over the announcements of the tests' own service,
on a page of another site.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browsing import PATIENCE, ask, chromium, settled
from fake_service import DOCUMENTS, HARBOUR, FakeService, serve
from playwright.sync_api import Browser, Page
from running import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from indexer.builder import build

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
BUDGET = "How large will the AI budget be?"
COST = "What did the rebuilding cost?"
CHIP = re.compile(r"^(Source|출처) 1\b")

SITE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>Port of Orrin</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root {{ color-scheme: light dark }} body {{ font: 17px/1.6 Georgia, serif; margin: 0; color: light-dark(#222, #ddd); background: light-dark(#fff, #14181d) }}
header {{ padding: 18px 8%; background: #16324a; color: #fff; font: 600 20px sans-serif }} main {{ max-width: 40em; margin: 0 8%; padding: 24px 0 }}
h1 {{ line-height: 1.2 }}</style></head><body><header>Port of Orrin</header><main><h1>East quay of the Port of Orrin opens</h1>{text}</main>
<script src="{herald}/widget.js" data-contact="press@port.example"></script></body></html>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="draw every state, into this folder")
    options = parser.parse_args()
    folder = options.all or IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        with _shipped() as address:
            page_over_the_shipped_announcement(browser, address, folder / "page.png")
        with _site() as (service, herald, site):
            widget_on_another_site(browser, site, folder / "widget.png")
            if options.all:
                every_state(browser, service, herald, site, folder)


def page_over_the_shipped_announcement(browser: Browser, address: str, path: Path) -> None:
    page = opened(browser, address, 1280, 800)
    ask(page, BUDGET)
    settled(page)
    page.locator("mark.active").first.wait_for()
    drawn(page, path)


def widget_on_another_site(browser: Browser, site: str, path: Path) -> None:
    page = opened(browser, site, 1280, 800)
    page.get_by_role("button", name="Ask", exact=True).click()
    ask(page, COST)
    settled(page)
    page.get_by_role("button", name=CHIP).click()
    page.wait_for_function("CSS.highlights.has('herald-quote')")
    drawn(page, path)


def every_state(browser: Browser, service: FakeService, herald: str, site: str, folder: Path) -> None:
    """The page and the widget, wide and narrow, light and dark, in both languages, and when things go wrong."""
    service.documents = list(DOCUMENTS)
    for scheme in ("light", "dark"):
        for width, height in ((1280, 800), (375, 720), (320, 640)):
            for locale, questions in (
                ("en-US", (COST, "parking?", "when?", "busy?")),
                ("ko-KR", ("좌석은?", "주차 요금은?")),
            ):
                for place, address in (("page", herald), ("widget", f"{site}?lang={locale[:2]}")):
                    name = f"{place}-{scheme}-{width}-{locale[:2]}"
                    page = opened(browser, address, width, height, color_scheme=scheme, locale=locale)
                    if place == "widget":
                        drawn(page, folder / f"{name}-closed.png", close=False)
                        page.locator("herald-chat .launch").click()
                    page.locator(".suggestions button").first.wait_for()
                    drawn(page, folder / f"{name}-welcome.png", close=False)
                    service.fail_once = {"busy"}
                    for number, question in enumerate(questions, 1):
                        ask(page, question, "질문" if locale == "ko-KR" else "Your question")
                        settled(page, number)
                        if number == 1 and (place == "widget" or width > 860):
                            page.get_by_role("button", name=CHIP).click()
                        drawn(page, folder / f"{name}-{number}.png", close=False)
                    if place == "page" and width < 860:
                        page.get_by_role("button", name=CHIP).first.click()
                        page.wait_for_timeout(200)
                        drawn(page, folder / f"{name}-sheet.png", close=False)
                    page.context.set_offline(True)
                    page.locator(".offline").wait_for()
                    drawn(page, folder / f"{name}-offline.png")
    page = opened(browser, f"{site}?dir=rtl", 1280, 800)
    page.locator("herald-chat .launch").click()
    ask(page, COST)
    settled(page)
    drawn(page, folder / "widget-rtl.png")


def opened(browser: Browser, address: str, width: int, height: int, **options: Any) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        device_scale_factor=1.5,
        **options,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    return page


def drawn(page: Page, path: Path, *, close: bool = True) -> None:
    page.screenshot(path=path)
    if close:
        page.context.close()


@contextmanager
def _shipped() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        build([ROOT / "indexer" / "samples"], Path(folder))
        with serving(Path(folder)) as (address, _):
            yield address


@contextmanager
def _site() -> Iterator[tuple[FakeService, str, str]]:
    service = FakeService()
    text = "".join(
        f"<p>{block}</p>" for block in HARBOUR.split("\n\n") if "<" not in block and "##" not in block
    )

    async def show(request: Request) -> HTMLResponse:
        given = request.query_params
        return HTMLResponse(
            SITE.format(lang=given.get("lang", "en"), dir=given.get("dir", "ltr"), text=text, herald=herald)
        )

    with serve(service.application()) as herald, serve(Starlette(routes=[Route("/", show)])) as site:
        service.origins = [site]
        yield service, herald, site


if __name__ == "__main__":
    main()
