"""Measures against answers known from pencil and paper, and what the page says of them."""

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks import (
    bm25,
    document,
    giveaway,
    intervals,
    korquad,
    near_miss,
    own,
    plot,
    quality,
    questions,
    squad,
    table,
)
from eval.benchmarks.comparison import Cells, compared
from eval.benchmarks.confidence import at_threshold, refused_at, risk_area, separation
from eval.benchmarks.graded import Graded
from eval.benchmarks.herald import Workshop
from eval.benchmarks.method import Document, Finding, Piece, sentences_of
from eval.benchmarks.mtrag import answerability, read_mtrag, recall
from eval.benchmarks.split import fitted_articles, held_out_articles
from eval.benchmarks.summary import summary
from eval.case import Case, Expectation
from indexer.encoder import EncoderCard
from service.answer import Answer, Citation, Mode, Quote, Reason, Refusal

FAIR = "The fair opens on 3 May. Entry costs 4 crowns.  Dogs stay out."
FAIR_SENTENCES = ((0, 24), (25, 46), (48, 62))


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def test_an_interval_holds_the_figure_and_narrows_with_more_questions() -> None:
    few, many = intervals.share([True, False] * 10), intervals.share([True, False] * 1000)
    assert few is not None
    assert many is not None
    assert few.low < few.value == many.value == 0.5 < few.high
    # The standard error of a share of one half over n questions is 0.5 / sqrt(n).
    assert few.high - few.low == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(20), rel=0.15)
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(2000), rel=0.15)


def test_the_same_figures_get_the_same_interval_in_every_run() -> None:
    one, other = intervals.share([True, False, True]), intervals.share([True, False, True])
    assert one is not None
    assert other is not None
    assert one.resampled.tolist() == other.resampled.tolist()


def test_differences_are_paired() -> None:
    worse = [True, False, False, True] * 25
    better = [True, True, False, True] * 25
    ours, theirs = intervals.share(better), intervals.share(worse)
    assert ours is not None
    assert theirs is not None
    lead = intervals.difference(ours, theirs)
    assert lead.value == 0.25
    # Ours is never worse on any question, so no draw may show it behind, which unpaired draws would.
    assert lead.resampled.min() >= 0
    assert lead.high - lead.low < (ours.high - ours.low) + (theirs.high - theirs.low)


def test_figures_over_other_questions_have_no_difference() -> None:
    ours, theirs = intervals.share([True]), intervals.share([True, False])
    assert ours is not None
    assert theirs is not None
    with pytest.raises(ValueError, match="not paired"):
        intervals.difference(ours, theirs)


def test_no_question_gives_no_figure() -> None:
    assert intervals.share([]) is None
    assert intervals.estimate(lambda _, __: 1.0, [3, 0]) is None


def test_confidences_that_separate() -> None:
    answerable, near_miss = array(0.9, 0.8, 0.3), array(0.5, 0.3)
    # Of six pairs, four are in order and one is tied.
    assert separation(answerable, near_miss) == pytest.approx(4.5 / 6)
    assert separation(near_miss, answerable) == pytest.approx(1.5 / 6)


def test_near_misses_refused_when_some_answerable_are() -> None:
    answerable = np.linspace(0.5, 1.0, 100)
    assert refused_at(answerable, array(0.1, 0.2, 0.9, 1.0)) == 0.5
    # One answerable question of three would be a third of them: more than is allowed.
    assert refused_at(array(0.2, 0.8, 0.9), array(0.1, 0.3)) == 0.5


def test_the_best_risk_over_one_half_of_near_misses_is_what_the_page_says() -> None:
    best = risk_area(np.linspace(0.6, 1, 2000), np.ones(2000, bool), np.linspace(0, 0.4, 2000))
    assert best == pytest.approx(0.5 - 0.5 * math.log(2), abs=1e-3)
    assert f"{best:.3f}" in document.DEFINITIONS


def test_a_wrong_answer_is_a_risk_too() -> None:
    assert risk_area(array(0.9, 0.8), np.array([False, True]), array(0.1)) == pytest.approx(
        (1 + 1 / 2 + 2 / 3) / 3
    )


def test_what_is_refused_at_a_threshold_and_how_calibrated_it_is() -> None:
    cells = at_threshold(array(0.95, 0.95, 0.25), array(0.25, 0.95), 0.5)
    shown = {key: cell.value for key, cell in cells.items() if isinstance(cell, intervals.Estimate)}
    # Three at 0.95 of which two are answerable, two at 0.25 of which one is.
    error = 3 / 5 * abs(0.95 - 2 / 3) + 2 / 5 * abs(0.25 - 1 / 2)
    assert shown == pytest.approx(
        {"near_miss_refused": 0.5, "answerable_refused": 1 / 3, "calibration_error": error}
    )


def squad_file(folder: Path, start: int = 17) -> Path:
    asked = [
        {
            "id": "q1",
            "question": " When does it open? ",
            "answers": [{"text": "3 May", "answer_start": start}],
        },
        {"id": "q2", "question": "What is the price?", "answers": [{"text": "4 crowns", "answer_start": 37}]},
        {"id": "q3", "question": "Which day?", "answers": [{"text": "3 May", "answer_start": 18}]},
    ]
    path = folder / "squad.json"
    data = [{"title": "Fairs", "paragraphs": [{"context": FAIR, "qas": asked}]}]
    path.write_text(json.dumps({"data": data}), "utf-8")
    return path


def read_fair(folder: Path) -> tuple[list[Document], list[squad.Question]]:
    documents, asked = squad.read_squad(squad_file(folder, 18), "en")
    return [replace(documents[0], sentences=FAIR_SENTENCES)], asked


def test_questions_are_read_with_the_places_of_their_answers(tmp_path: Path) -> None:
    _, asked = read_fair(tmp_path)
    assert [(q.text, q.paragraph, q.wanted) for q in asked[:2]] == [
        ("When does it open?", "paragraph-0001", ("3 May",)),
        ("What is the price?", "paragraph-0001", ("4 crowns",)),
    ]


def test_an_answer_that_is_not_at_its_place_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not where they should be"):
        squad.read_squad(squad_file(tmp_path, 17), "en")


def test_a_sentence_from_elsewhere_holds_the_answer_but_is_not_the_annotated_one(tmp_path: Path) -> None:
    _, (question, *_) = read_fair(tmp_path)
    here = Piece("paragraph-0001", 0, FAIR[:24])
    there = Piece("paragraph-0002", 0, "It rained on 3 May.")
    neither = Piece("paragraph-0001", 25, FAIR[25:46])
    pieces = (here, there, neither, None)
    assert [squad.holds_answer(piece, question) for piece in pieces] == [True, True, False, False]
    assert [squad.is_annotated(piece, question) for piece in pieces] == [True, False, False, False]


def test_the_place_of_the_right_paragraph(tmp_path: Path) -> None:
    _, (question, *_) = read_fair(tmp_path)
    assert squad.rank_of(Finding(("paragraph-0007", "paragraph-0001"), None, 0.0), question) == 2
    assert squad.rank_of(Finding(("paragraph-0007",), None, 0.0), question) > 5


def test_the_answering_sentence_is_taken_out_and_the_rest_stays(tmp_path: Path) -> None:
    documents, asked = read_fair(tmp_path)
    first, second = near_miss.rounds(documents, asked)
    # The first and the third question have the same answering sentence: one corpus serves both.
    assert first.questions == (0, 2)
    assert second.questions == (1,)
    assert first.documents[0].text == "Entry costs 4 crowns.  Dogs stay out."
    assert second.documents[0].text == "The fair opens on 3 May. Dogs stay out."
    assert [piece.text for piece in sentences_of(second.documents[0])] == [
        "The fair opens on 3 May.",
        "Dogs stay out.",
    ]


def test_a_paragraph_that_is_nothing_but_the_answer_goes_altogether(tmp_path: Path) -> None:
    documents, asked = read_fair(tmp_path)
    whole = [replace(documents[0], sentences=((0, len(FAIR)),)), Document("other", "Else.", "en", ((0, 5),))]
    (only,) = near_miss.rounds(whole, asked)
    assert [each.id for each in only.documents] == ["other"]


def test_a_question_whose_answer_is_in_no_sentence_has_no_near_miss(tmp_path: Path) -> None:
    documents, asked = read_fair(tmp_path)
    headless = [replace(documents[0], sentences=FAIR_SENTENCES[1:])]
    assert [each.questions for each in near_miss.rounds(headless, asked)] == [(1,)]


def test_terms_are_stems_and_bigrams_of_hangul() -> None:
    assert bm25.terms("Opening 3 fairs: 과학기술부는 AI를 본다, 왜?") == [
        *("open", "3", "fair"),
        *("과학", "학기", "기술", "술부", "부는"),
        *("ai", "를", "본다", "왜"),
    ]


def test_bm25_is_the_formula() -> None:
    method = bm25.Bm25("BM25", bm25.whole, finds_sentences=False)
    method.index(
        [
            Document("a", "red red fox", "en"),
            Document("b", "red dog sleeps here", "en"),
            Document("c", "cat", "en"),
        ]
    )
    found = method.find(["red fox"])[0]
    assert found.documents[:2] == ("a", "b")
    norm = 1.2 * (0.25 + 0.75 * 3 / (8 / 3))
    red, fox = math.log(1 + 1.5 / 2.5), math.log(1 + 2.5 / 1.5)
    assert found.confidence == pytest.approx(red * 2 * 2.2 / (2 + norm) + fox * 2.2 / (1 + norm))
    assert method.find(["zebra"])[0].confidence == 0


@pytest.mark.filterwarnings("ignore")
def test_the_quickstart_finds_the_chunk_and_its_place() -> None:
    pytest.importorskip("langchain_community")
    pytest.importorskip("langchain_text_splitters")
    from langchain_core.embeddings import Embeddings

    from eval.benchmarks.quickstart import Quickstart, chunks

    class Letters(Embeddings):
        """Counts letters: enough to tell these texts apart."""

        def embed_query(self, text: str) -> list[float]:
            counts = np.array([text.lower().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"], float)
            return [float(value) for value in counts / np.linalg.norm(counts)]

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [self.embed_query(text) for text in texts]

    long = "aaa bbb. " * 150 + "zzz."
    method = Quickstart("quickstart", chunks, Letters(), finds_sentences=False)
    method.index([Document("long", long, "en"), Document("short", "xyxy", "en")])
    found = method.find(["xxyy"])[0]
    assert found.documents == ("short", "long")
    assert found.confidence == pytest.approx(1.0, abs=1e-5)
    pieces = chunks(Document("long", long, "en"))
    assert len(pieces) > 1
    assert all(long[piece.start : piece.end] == piece.text and len(piece.text) <= 1000 for piece in pieces)


def test_tasks_of_conversations_are_read(tmp_path: Path) -> None:
    said = [
        {"speaker": "user", "text": "Where is it?"},
        {"speaker": "agent", "text": "In Ashby."},
        {"speaker": "user", "text": "When?"},
    ]
    tasks = [{"input": said, "contexts": [{"document_id": "d1"}], "Answerability": ["ANSWERABLE"]}]
    path = tmp_path / "mtrag.json"
    path.write_text(
        json.dumps({"documents": [{"document_id": "d1", "text": "In May."}], "tasks": tasks}), "utf-8"
    )
    documents, (task,) = read_mtrag(path)
    assert documents == [Document("d1", "In May.", "en")]
    assert [message.role for message in task.messages] == ["user", "assistant", "user"]
    assert task.asked == ["Where is it?", "When?"]


def test_recall_is_the_share_of_what_is_relevant() -> None:
    found = ["a", "b", "c", "d", "e", "f"]
    assert recall(found, frozenset({"b", "f"}), 5) == 0.5
    assert recall(found, frozenset({"f"}), 5) == 0
    assert recall(found[:1], frozenset({"a"}), 5) == 1


def answer(quoted: str) -> Answer:
    quote = Quote("fair", "0" * 64, quoted, 0, len(quoted), "Fair")
    return Answer(quoted, (Citation(1, 0, len(quoted), quote),), Mode.VERBATIM, 0.9)


REFUSAL = Refusal("The announcement does not say.", Reason.NOT_IN_ANNOUNCEMENTS, (), 0.8)


def test_a_refusal_is_confident_that_nothing_answers() -> None:
    assert answerability(answer(FAIR[:24])) == 0.9
    assert answerability(REFUSAL) == pytest.approx(0.2)


def test_expected_words_must_be_in_the_quotes() -> None:
    some, every = {"expected_any": ["4 May", "3 May"]}, {"expected_all": ["fair", "4 crowns"]}
    assert questions.is_right(some, answer(FAIR[:24]))
    assert not questions.is_right(every, answer(FAIR[:24]))
    assert questions.is_right(every, answer(FAIR))
    assert not questions.is_right(some, REFUSAL)
    assert questions.is_right({"expected_refusal": True}, REFUSAL)
    assert not questions.is_right({"expected_refusal": True}, answer(FAIR))


def graded(verdict: str, *tags: str, answered: bool, right: bool = False, probability: float = 0.5) -> Graded:
    expect = Expectation(any_of=("3 May",)) if verdict == "answerable" else Expectation(refusal=True)
    case = Case("case", expect, question="When?", source="fair", tags=(verdict, *tags))
    return Graded(case, answered, False, right, probability, "en")


OUTCOMES = [
    graded("answerable", "date", answered=True, right=True, probability=0.95),
    graded("answerable", "date", answered=True, probability=0.65),
    graded("answerable", "figure", answered=False, probability=0.35),
    graded("answerable", "date", "cross-language", answered=False, probability=0.05),
    graded("near-miss", "other-date", answered=False, probability=0.15),
    graded("near-miss", "other-date", answered=True, probability=0.75),
    graded("out-of-scope", "weather", answered=False, probability=0.05),
]


def test_cases_are_counted_by_what_they_expect() -> None:
    cells = own.figures(OUTCOMES, calibrated=True)
    shown = {key: cell.value for key, cell in cells.items() if isinstance(cell, intervals.Estimate)}
    assert shown["right"] == pytest.approx(1 / 3)
    assert shown["answerable_refused"] == pytest.approx(1 / 3)
    assert shown["near_miss_refused"] == 0.5
    assert shown["out_of_scope_refused"] == 1
    assert shown["auroc"] == pytest.approx(4 / 6)
    # One case in each bin, each as far off as its probability is from what happened.
    assert shown["calibration_error"] == pytest.approx((0.05 + 0.35 + 0.65 + 0.15 + 0.75) / 5)


def test_a_method_that_never_refuses_has_no_share_of_refusals() -> None:
    cells = own.figures(OUTCOMES, calibrated=False)
    assert cells.keys() == {"right", "auroc", "refused_at_6"}


def test_the_wording_alone_is_a_row_beside_what_is_read() -> None:
    """Near misses that ask for a reason, and answerable ones that do not, are told apart without any text."""
    outcomes = [
        replace(outcome, case=replace(outcome.case, question=question, source=f"fair {place}"))
        for place in range(16)
        for outcome, question in (
            (OUTCOMES[0], "When does the fair open?"),
            (OUTCOMES[5], "Why does the fair open?"),
        )
    ]
    removed = [replace(outcome, probability=0.95) for outcome in outcomes[::2]]
    shown = {
        row.label: [row.cells["auroc"].value, row.cells["questions"]]  # type: ignore[union-attr]
        for row in giveaway.table("fair", outcomes, removed).rows
    }
    assert list(shown.values()) == [[1.0, 16], [1.0, 16], [0.5, 16]]


def test_an_answer_is_taken_out_of_its_announcement(
    exported: tuple[Path, EncoderCard], tmp_path: Path
) -> None:
    source = tmp_path / "fair.md"
    source.write_text(f"# The fair\n\n{FAIR}\n", "utf-8")
    workshop = Workshop(tmp_path, 1, exported[1].fingerprint)
    shutil.copytree(exported[0], tmp_path / "exported")
    case = Case(
        "a", Expectation(any_of=("4 crowns",)), question="What does entry cost?", source="fair",
        sentences=("Entry costs 4 crowns.",), tags=("answerable",),
    )  # fmt: skip
    (asked,) = giveaway.ask_taken_out({"fair": source}, [case], workshop)
    assert not asked.right
    lost = replace(case, sentences=("Entry costs 5 crowns.",))
    with pytest.raises(ValueError, match="Entry costs 5 crowns"):
        giveaway.ask_taken_out({"fair": source}, [lost], workshop)


COLUMNS = (table.Column("right", "right"), table.Column("auroc", "AUROC", percent=False))


def tables() -> tuple[table.Table, table.Table]:
    ours: Cells = {"right": intervals.share([True, True, False, True]), "auroc": intervals.share([0.5, 1.0])}
    theirs: Cells = {"right": intervals.share([True] * 4)}
    return compared("t", "Four", COLUMNS, {"Herald": ours, "other": theirs})


def test_a_table_for_each_reader() -> None:
    figures, lead = tables()
    assert "| Herald | 75.0% (25.0 to 100.0) | 0.750 (0.500 to 1.000) |" in table.markdown(figures)
    assert "| other | 100.0% (100.0 to 100.0) | – |" in table.markdown(figures)
    assert "| less other | -25.0% (-75.0 to 0.0) | – |" in table.markdown(lead)
    assert "Herald  75.0% (25.0 to 100.0)" in table.plain(figures)
    assert table.record(figures)["rows"]["Herald"]["right"] == {
        "value": 0.75,
        "low": 0.25,
        "high": 1.0,
        "questions": 4,
    }


def test_the_page_has_every_figure_and_says_what_is_left_out(tmp_path: Path) -> None:
    curves = {"Herald": [(0.5, 0.0), (1.0, 0.5)]}
    parts = [
        table.Part("t", "Measured", "Words.", tables(), curves=curves),
        table.Part("m", "Absent", skipped="m.json is not there"),
    ]
    pytest.importorskip("matplotlib")
    document.write(parts, tmp_path)
    page = (tmp_path / "quality.md").read_text("utf-8")
    assert "75.0% (25.0 to 100.0)" in page
    assert "## Absent\n\nSkipped: m.json is not there." in page
    assert f"]({document.PLOT})" in page
    figures = json.loads((tmp_path / "quality.json").read_text("utf-8"))
    assert figures["tables"]["t"]["rows"]["Herald"]["right"]["value"] == 0.75
    assert figures["skipped"] == {"m": "m.json is not there"}
    drawn = (tmp_path / document.PLOT).read_bytes()
    plot.draw(curves, tmp_path / document.PLOT)
    assert (tmp_path / document.PLOT).read_bytes() == drawn


def test_the_summary_shows_each_method_by_the_row_that_has_the_figure() -> None:
    rows: dict[str, Cells] = {
        "Herald": {"r_at_1": intervals.share([True]), "sentence_holds_answer": intervals.share([True])},
        "LangChain quickstart": {"r_at_1": intervals.share([False])},
        "LangChain quickstart, on sentences": {"sentence_holds_answer": intervals.share([False])},
    }
    part = table.Part("k", "K", tables=compared("korquad", "K", korquad.COLUMNS, rows))
    assert [(row.label, list(row.cells.values())) for row in summary([part]).rows] == [
        (
            f"KorQuAD sample: {heading}",
            ["100.0% (100.0 to 100.0)", "0.0% (0.0 to 0.0)", "–"],
        )
        for heading in ("paragraph R@1", "best sentence holds the answer")
    ]


@pytest.mark.parametrize("name", ["xquad", "korquad", "mtrag", "announcement_questions"])
def test_a_part_without_its_data_is_skipped_aloud(name: str, tmp_path: Path) -> None:
    said: list[str] = []
    (part,) = quality.measure(name, tmp_path, None, [], said.append)  # type: ignore[arg-type]
    assert part.skipped is not None
    assert "is not there" in part.skipped
    assert "skipped" in said[0]


def test_half_of_the_articles_are_held_out_always_the_same() -> None:
    held_out, fitted = held_out_articles(48), fitted_articles(48)
    assert len(held_out) == len(fitted) == 24
    assert held_out | fitted == set(range(48))
    # The weights were fitted on this very half; another draw would report fitted articles as held out.
    assert {number for number in range(10) if number in held_out} == {2, 5, 8}
