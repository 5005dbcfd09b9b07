"""A real browser, and a site of somebody else's on which the chat stands, for tests of the page and the widget."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 10_000
"""Milliseconds after which what should appear on a page has not."""

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

STRICT = (
    "default-src 'none'; script-src {herald}; connect-src {herald}; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""A policy that allows Herald's script and calls, and no inline style, script or HTML from a string."""

HOSTILE = """
body * { color: lime !important; background: purple !important; font: 700 40px/3 fantasy !important;
  letter-spacing: 9px !important; word-spacing: 40px !important; text-transform: uppercase !important;
  text-align: right !important; text-indent: 50px !important; white-space: nowrap !important;
  border: 9px dotted red !important; margin: 33px !important; padding: 33px !important; direction: rtl !important;
  opacity: .2 !important; visibility: hidden !important; pointer-events: none !important; cursor: wait !important;
  transform: rotate(9deg) !important; filter: blur(9px) !important; animation: spin 1s infinite !important;
  float: right !important; user-select: none !important; clip-path: circle(5px) !important; }
@keyframes spin { to { rotate: 360deg; } }
button, textarea, dialog, p, div, figure, section, herald-chat { display: none !important; }
:root { --background: red; --text: red; --accent: red; --muted: red; --line: red; --radius: 99px; --sans: fantasy; }
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; the test is skipped, saying so, where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()


@dataclass
class Site:
    """A site that embeds Herald: ``pages`` are the contents of its bodies, by path."""

    herald: str
    pages: Mapping[str, str]
    stylesheets: Mapping[str, str] = field(default_factory=lambda: {"hostile": HOSTILE, "plain": ""})

    def application(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self.show)])

    async def show(self, request: Request) -> Response:
        """The page, in the style that ``?style=`` names."""
        path = request.url.path
        if path.endswith(".css"):
            return Response(self.stylesheets[path[1:-4]], media_type="text/css")
        if path not in self.pages:
            return Response(status_code=404)
        style = request.query_params.get("style", "plain")
        html = (
            f'<!doctype html><html lang="{request.query_params.get("lang", "en")}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Port of Orrin</title>'
            f'<link rel="stylesheet" href="/{style}.css"></head><body>{self.pages[path]}</body></html>'
        ).replace("{herald}", self.herald)
        policy = STRICT.replace("{herald}", self.herald)
        return Response(html, media_type="text/html", headers={"content-security-policy": policy})


@dataclass
class Watched:
    """What a page did that its reader does not see."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @classmethod
    def over(cls, page: Page) -> "Watched":
        watched = cls()
        page.on("request", lambda request: watched.requests.append(request.url))
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        # Chromium reports what a policy forbids, and what answers with an error status, in the console.
        page.on("console", lambda m: watched.errors.append(m.text) if m.type == "error" else None)

        def dismiss(dialog: Any) -> None:
            watched.dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        return watched


SETTLED = """(turns) => {
  const chat = document.querySelector('herald-chat').shadowRoot;
  return chat.querySelectorAll('.turn').length === turns && chat.querySelector('.body').ariaBusy === 'false';
}"""


def ask(page: Page, question: str, label: str = "Your question") -> None:
    """Type a question and send it."""
    page.get_by_role("textbox", name=label).fill(question)
    page.keyboard.press("Enter")


def settled(page: Page, turns: int = 1) -> None:
    """Wait until so many questions have been answered, refused, or have failed."""
    page.wait_for_function(SETTLED, arg=turns, timeout=PATIENCE)


def violations(page: Page, within: str = "html") -> list[str]:
    """What axe-core finds wrong in an element: WCAG 2.2 A and AA, and its best practices."""
    page.evaluate(AXE)
    found = page.evaluate(
        "async ([within, tags]) => (await axe.run(within, { runOnly: tags })).violations", [within, TAGS]
    )
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
