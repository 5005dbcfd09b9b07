"""Announcements of one body, asked together: editions, grants that are alike, a notice and its correction."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.builder import build
from service.answer import Answer, Clarification, Refusal, Reply
from service.answering.assistant import Assistant
from service.settings import EMBEDDED, Settings
from service.wiring import open_assistant

VISITORS = "what tells of last year's visitors is taken to say when it was"
TEXTS = {
    "fair-2025": """# Lantern Fair returns to the harbour

Ellery, 3 May 2025. Ellery City Council will hold the Lantern Fair at the harbour from 11 to 13 July 2025.

A day ticket costs 14 crowns. Dogs are not allowed on the site. The lantern parade starts at the Old Gate on Saturday.
""",
    "fair-2026": """# Lantern Fair moves to the park

Ellery, 6 May 2026. Ellery City Council will hold the Lantern Fair in Marram Park from 10 to 12 July 2026.

A day ticket costs 16 crowns. Dogs are welcome on a lead. The lantern parade starts at the Lighthouse on Saturday.
Last year the fair had 27,500 visitors.
""",
    "warm-walls": """# Warm Walls: a grant for homeowners who insulate

Ellery, 2 February 2026. Homeowners in Ellery can apply for the Warm Walls grant from 1 March.

The grant is worth up to 6,000 crowns. New windows are not covered. Applications close on 31 October.
""",
    "snug-lets": """# Snug Lets: a grant for landlords who insulate

Ellery, 16 February 2026. Landlords in Ellery can apply for the Snug Lets grant from 1 April.

The grant is worth up to 4,000 crowns. New windows are covered too. Applications close on 15 December.
""",
    "permits": """# Fishing permits in Ellery from June

Ellery, 4 May 2026. Anglers need a fishing permit from 1 June 2026.

A fishing permit costs 30 crowns a year. Anglers must apply for the fishing permit by 20 May.
""",
    "permits-corrected": """# Correction: fishing permits in Ellery

Ellery, 11 May 2026. Our announcement of 4 May on fishing permits contained a mistake.

Anglers must apply for the fishing permit by 29 May. A leaflet will be sent to all clubs.
""",
}  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("several")
    sources = []
    for name, text in TEXTS.items():
        sources.append(folder / f"{name}.md")
        sources[-1].write_text(text, "utf-8")
    build(sources, folder / "index")
    store = f"{EMBEDDED}{Path(folder)}/store.db"
    with open_assistant(Settings(index=folder / "index", store=store)) as (opened, _):
        yield opened


def quoted(reply: Reply) -> dict[str, list[str]]:
    """What an answer quotes of each announcement."""
    assert isinstance(reply, Answer), reply
    told: dict[str, list[str]] = {}
    for citation in reply.citations:
        told.setdefault(citation.quote.source_id, []).append(citation.quote.text)
    return told


@pytest.mark.parametrize(
    ("question", "source", "said"),
    [
        ("When is the Lantern Fair this year?", "fair-2026", "10 to 12 July"),
        ("When was the fair last year?", "fair-2025", "11 to 13 July"),
        pytest.param(
            *("When was the Lantern Fair last year?", "fair-2025", "11 to 13 July"),
            marks=pytest.mark.xfail(strict=True, reason=VISITORS),
        ),
        ("How many visitors did the fair have last year?", "fair-2026", "27,500"),
        ("Were dogs allowed at the fair in 2025?", "fair-2025", "not allowed"),
        ("What does a day ticket for the fair cost this year?", "fair-2026", "16 crowns"),
    ],
)
def test_a_year_tells_one_edition_from_another(
    assistant: Assistant, question: str, source: str, said: str
) -> None:
    ((told, quotes),) = quoted(assistant.ask(question).reply).items()
    assert told == source
    assert said in " ".join(quotes)


def test_what_only_another_year_is_told_of_is_refused(assistant: Assistant) -> None:
    assert isinstance(assistant.ask("What does a day ticket for the fair cost next year?").reply, Refusal)


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("Where does the lantern parade start?", ["Lantern Fair moves to the park", "Lantern Fair returns to the harbour"]),
        ("Are new windows covered?", ["Snug Lets: a grant", "Warm Walls: a grant"]),
        ("What does a day ticket cost?", ["Lantern Fair moves to the park", "Lantern Fair returns to the harbour"]),
    ],
)  # fmt: skip
def test_what_related_announcements_answer_alike_is_asked_back(
    assistant: Assistant, question: str, titles: list[str]
) -> None:
    reply = assistant.ask(question).reply
    assert isinstance(reply, Clarification)
    assert len(reply.readings) == len(titles)
    assert all(any(title in reading for reading in reply.readings) for title in titles)


def test_a_reading_that_is_chosen_is_answered_from_its_announcement(assistant: Assistant) -> None:
    reply = assistant.ask("Where does the lantern parade start?").reply
    assert isinstance(reply, Clarification)
    told = [quoted(assistant.ask(reading).reply) for reading in reply.readings]
    assert sorted(source for each in told for source in each) == ["fair-2025", "fair-2026"]


@pytest.mark.parametrize(
    "question",
    [
        "When was the fair last year?",
        pytest.param(
            "When was the Lantern Fair last year?", marks=pytest.mark.xfail(strict=True, reason=VISITORS)
        ),
    ],
)
def test_a_conversation_stays_with_its_announcement(assistant: Assistant, question: str) -> None:
    first = assistant.ask(question)
    turn = assistant.ask("Where does the lantern parade start?", conversation_id=first.conversation_id)
    assert quoted(turn.reply) == {"fair-2025": ["The lantern parade starts at the Old Gate on Saturday."]}
    assert "harbour" in turn.standalone_question


def test_a_name_in_the_question_chooses_among_related_announcements(assistant: Assistant) -> None:
    assert quoted(assistant.ask("does warm walls pay for new windows").reply) == {
        "warm-walls": ["New windows are not covered."]
    }


def test_a_correction_goes_before_what_it_corrects_unless_that_is_asked_for(assistant: Assistant) -> None:
    now = assistant.ask("By when must anglers apply for the fishing permit?").reply
    assert [*quoted(now)] == ["permits-corrected"]
    assert "by 29 May" in quoted(now)["permits-corrected"][0]
    before = assistant.ask("By when did anglers originally have to apply for the fishing permit?").reply
    assert quoted(before) == {"permits": ["Anglers must apply for the fishing permit by 20 May."]}
    unchanged = assistant.ask("What does a fishing permit cost?").reply
    assert quoted(unchanged) == {"permits": ["A fishing permit costs 30 crowns a year."]}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Which grant is bigger, Warm Walls or Snug Lets?", {"warm-walls": "6,000", "snug-lets": "4,000"}),
        ("What does a day ticket cost in 2026 compared with 2025?", {"fair-2025": "14", "fair-2026": "16"}),
        ("day ticket for the fair, last year versus this year", {"fair-2025": "14", "fair-2026": "16"}),
        (
            "Which of the two grants closes earlier, Warm Walls or Snug Lets?",
            {"warm-walls": "31 October", "snug-lets": "15 December"},
        ),
        (
            "where does the last lantern parade start, this year compared with last year",
            {"fair-2025": "Old Gate", "fair-2026": "Lighthouse"},
        ),
    ],
)
def test_what_is_compared_is_told_of_both(assistant: Assistant, question: str, told: dict[str, str]) -> None:
    reply = assistant.ask(question).reply
    quotes = quoted(reply)
    assert quotes.keys() == told.keys()
    assert all(figure in " ".join(quotes[source]) for source, figure in told.items())
    assert isinstance(reply, Answer)
    assert reply.text.count("\n") == 1


def test_a_comparison_of_which_one_side_is_not_told_is_no_answer_from_the_other(assistant: Assistant) -> None:
    reply = assistant.ask("Which grant had more applications, Warm Walls or Snug Lets?").reply
    assert isinstance(reply, Refusal)
