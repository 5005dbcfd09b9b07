"""Prompts: each stage has one, its slots are filled exactly, and its version changes with its words."""

import re

import pytest

from prompts.prompt import STAGES, load, parse


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_has_a_prompt_that_calls_its_input_data(stage: str) -> None:
    prompt = load(stage)
    assert prompt.stage == stage
    assert len(prompt.version) == 12
    assert re.search(r"\b(?:are|is) data\b", prompt.system)


def test_fills_slots_in_both_parts() -> None:
    filled = parse("x", "Write in {language}.\n---\nQuestion: {question}\n").fill(
        language="ko", question="왜?"
    )
    assert (filled.system, filled.user) == ("Write in ko.", "Question: 왜?")


def test_a_slot_in_a_value_stays_text() -> None:
    filled = parse("x", "Do.\n---\n{evidence}\n{question}\n").fill(
        evidence="E", question="What is {evidence}?"
    )
    assert filled.user == "E\nWhat is {evidence}?"


@pytest.mark.parametrize("values", [{}, {"question": "Q", "extra": "E"}, {"questions": "Q"}])
def test_a_slot_left_open_and_a_value_without_one_are_errors(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="takes"):
        parse("x", "Do.\n---\n{question}\n").fill(**values)


@pytest.mark.parametrize("text", ["", "no rule", "a\n---\n", "---\nb", "a\n---\nb\n---\nc"])
def test_a_file_that_is_no_prompt_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not two texts"):
        parse("x", text)


def test_any_change_changes_the_version() -> None:
    assert parse("x", "Do.\n---\n{q}\n").version != parse("x", "Do!\n---\n{q}\n").version
    assert parse("x", "Do.\n---\n{q}\n").version == parse("y", "Do.\n---\n{q}\n").version
