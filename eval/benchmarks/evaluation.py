"""How long evaluation itself takes: 1,000 cases in process, and a report of 500 cases opened in Chromium.

``make bench-eval`` prints both. The bars are 60 seconds on two cores and 2 seconds.
"""

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.case_file import read_cases
from eval.report.page import report_html
from eval.run import read_run
from eval.runner import run_cases
from eval.summary import scored, summarise
from eval.targets.opening import open_sources
from service.settings import Settings

CASES = Path(__file__).parents[1] / "cases"
SAMPLES = Path(__file__).parents[2] / "indexer" / "samples"
ASKED, SHOWN = 1000, 500
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
OPENED = 5
"""Times that the report is opened; the slowest counts."""


def main() -> int:
    """Print the measurements; 1 where one misses its bar."""
    folders = [CASES / "development", CASES / "test"]
    cases = read_cases([CASES / "work-plan-2026.jsonl", *folders])[:ASKED]
    sources = [SAMPLES, *(path for folder in folders for path in sorted(folder.glob("*.[mt][dx]*")))]
    with TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        with open_sources(sources, Settings(), alone=False, threads=os.cpu_count() or 1) as target:
            started = time.perf_counter()
            run_cases(cases, target, run, concurrency=2)
            scores = scored(read_run(run))
            summarise(read_run(run), scores)
            asked = time.perf_counter() - started
        _say(f"{len(cases)} cases asked, graded and summed up in {asked:.1f} s (bar: 60 s)")
        few = Path(folder) / "few"
        with open_sources(sources, Settings(), alone=False, threads=os.cpu_count() or 1) as target:
            shown = run_cases(cases[:SHOWN], target, few, concurrency=2)
        page = Path(folder) / "report.html"
        scores = scored(shown)
        page.write_text(report_html(shown, scores, summarise(shown, scores)), "utf-8")
        opened = _opened(page)
        size = page.stat().st_size / 1e6
        _say(f"a report of {SHOWN} cases ({size:.1f} MB) opened in {opened:.2f} s at the slowest (bar: 2 s)")
    return int(len(cases) < ASKED or asked > 60 or opened > 2)


def _opened(page: Path) -> float:
    """Seconds until Chromium has loaded a page and drawn it."""
    from playwright.sync_api import sync_playwright

    slowest = 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        for _ in range(OPENED):
            tab = browser.new_page()
            started = time.perf_counter()
            tab.goto(page.as_uri())
            tab.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
            slowest = max(slowest, time.perf_counter() - started)
            tab.close()
        browser.close()
    return slowest


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
