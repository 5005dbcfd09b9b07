"""A question that several announcements answer equally well is answered with a question back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.builder import build
from indexer.index import LiveIndex
from service.answer import Answer, Clarification
from service.answering.assistant import Assistant
from service.answering.grounds import grounds
from service.answering.question import analyse
from service.answering.retriever import retrieve
from service.settings import EMBEDDED, Settings
from service.wiring import load_weights, open_assistant

COSTS = {"Melby": "9.2", "Norham": "7.5", "Calby": "31.4"}


@pytest.fixture
def arenas(index_folder: Path, tmp_path: Path) -> Path:
    """An index of three announcements of an arena each, and one of a ferry."""
    texts = {
        f"Sports arena for {place}": (
            f"The Housing Fund will build a sports arena in {place} to draw visitors in winter."
            f" The sports arena will cost {cost} million euros, 62 percent of it from regional funds."
        )
        for place, cost in COSTS.items()
    }
    texts["New ferry"] = "The ferry to the island sails every hour from May. A ticket costs 4 euros."
    sources = []
    for number, (title, text) in enumerate(texts.items()):
        sources.append(tmp_path / f"{number}.md")
        sources[-1].write_text(f"# {title}\n\n{text}\n", "utf-8")
    build(sources, index_folder)
    return index_folder


@pytest.fixture
def assistant(arenas: Path, tmp_path: Path) -> Iterator[Assistant]:
    with open_assistant(Settings(index=arenas, store=f"{EMBEDDED}{tmp_path}/store.db")) as (opened, _):
        yield opened


def test_which_announcement_is_meant_is_asked_and_each_choice_answers(assistant: Assistant) -> None:
    reply = assistant.ask("How much will the sports arena cost?").reply
    assert isinstance(reply, Clarification)
    assert len(reply.readings) == len(COSTS)
    for reading in reply.readings:
        (place,) = [place for place in COSTS if place in reading]
        chosen = assistant.ask(reading).reply
        assert isinstance(chosen, Answer)
        assert f"{COSTS[place]} million euros" in chosen.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How much will the sports arena in Norham cost?", "7.5 million"),
        ("What does a ferry ticket cost?", "4 euros"),
    ],
)
def test_what_one_announcement_alone_answers_is_not_asked_back(
    assistant: Assistant, question: str, said: str
) -> None:
    reply = assistant.ask(question).reply
    assert isinstance(reply, Answer)
    assert said in reply.text
    assert len({citation.quote.source_id for citation in reply.citations}) == 1


def test_the_announcement_that_a_summary_is_asked_of_is_known_by_its_names(assistant: Assistant) -> None:
    summary = assistant.ask("Summarise the announcement on Melby").reply
    assert isinstance(summary, Answer)
    assert "Norham" not in summary.text
    assert "Melby" in summary.text
    assert isinstance(assistant.ask("Summarise it").reply, Clarification)


def test_a_follow_up_stays_with_the_place_that_was_named(assistant: Assistant) -> None:
    first = assistant.ask("When does the sports arena in Calby open?")
    reply = assistant.ask("What does it cost?", conversation_id=first.conversation_id).reply
    assert isinstance(reply, Answer)
    assert "31.4 million" in reply.text


def test_a_question_that_may_mean_several_means_what_was_just_spoken_of(assistant: Assistant) -> None:
    first = assistant.ask("What does the Housing Fund build in Norham?")
    assert isinstance(first.reply, Answer)
    turn = assistant.ask("How much will the sports arena cost?", conversation_id=first.conversation_id)
    assert isinstance(turn.reply, Answer)
    assert "7.5 million" in turn.reply.text
    assert turn.standalone_question == "How much will the sports arena cost (Sports arena for Norham)?"
    turn = assistant.ask("What does a ferry ticket cost?", conversation_id=first.conversation_id)
    assert isinstance(turn.reply, Answer)
    turn = assistant.ask("How much will the sports arena cost?", conversation_id=first.conversation_id)
    assert isinstance(turn.reply, Clarification)


def test_a_language_model_is_shown_nothing_of_another_place(arenas: Path) -> None:
    question = analyse("How much will the sports arena in Norham cost?")
    found = retrieve(LiveIndex(arenas).current(), question, load_weights().scoring)
    assert (
        len({found.passages[each.candidate].revision.announcement.id for each in found.ranking.sentences}) > 1
    )
    assert {quote.title for quote in grounds(found, ())} == {"Sports arena for Norham"}
