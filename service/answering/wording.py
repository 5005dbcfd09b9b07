"""What Herald says in its own words: refusals, courtesies and questions back, in English and Korean.

Nothing here states a fact from an announcement.
"""

from collections.abc import Sequence

from service.answering.answerability import Missing
from service.answering.rewriter import Courtesy


def refusal(language: str, announcements: int, missing: Sequence[Missing]) -> str:
    """That the announcements do not say, and what of the question they lack."""
    named = [gap for gap in missing if gap.kind in {"year", "date", "place", "name", "figure"}]
    what = "”, “".join(dict.fromkeys(gap.text for gap in named))
    if language == "ko":
        text = "발표문에는 이 질문에 대한 답이 없습니다."
        return f"{text} 이 내용과 관련해 “{what}”에 대한 언급이 없습니다." if what else text
    text = "The announcement does not say." if announcements == 1 else "The announcements do not say."
    return f"{text} Nothing in it says this of “{what}”." if what else text


def out_of_scope(language: str, announcements: int) -> str:
    """That the question is about something else altogether."""
    if language == "ko":
        return "발표문에서 다루지 않는 내용입니다."
    if announcements == 1:
        return "That is not something the announcement deals with."
    return "That is not something the announcements deal with."


def nothing_indexed(language: str) -> str:
    if language == "ko":
        return "아직 등록된 발표문이 없습니다."
    return "There are no announcements to answer from yet."


def courteous(kind: Courtesy, language: str) -> str:
    """A line back for a greeting, thanks or a farewell."""
    if language == "ko":
        return {
            Courtesy.GREETING: "안녕하세요. 발표 내용에 대해 무엇이 궁금하신가요?",
            Courtesy.THANKS: "천만에요. 더 궁금한 점이 있으신가요?",
            Courtesy.FAREWELL: "안녕히 가세요. 궁금한 점이 있으면 언제든 물어보세요.",
        }[kind]
    return {
        Courtesy.GREETING: "Hello. What would you like to know about the announcements?",
        Courtesy.THANKS: "You are welcome. Is there anything else you would like to know?",
        Courtesy.FAREWELL: "Goodbye. Come back whenever you have a question about the announcements.",
    }[kind]


def which_reading(language: str) -> str:
    """A question back; the readings follow it."""
    return "어느 것을 물으시는 건가요?" if language == "ko" else "Which of these do you mean?"


def about_title(title: str, language: str) -> str:
    """The question what an announcement is about."""
    return f"“{title}”은(는) 무슨 내용인가요?" if language == "ko" else f"What is “{title}” about?"


def reading(question: str, scope: str) -> str:
    """A question narrowed to one title or section."""
    return question.rstrip(" ?.!") + meaning(scope)


def meaning(scope: str) -> str:
    """How a question ends that says what it means."""
    return f" ({scope})?"


def about_this(language: str) -> str:
    """The question what the only announcement is about."""
    return "이 발표는 무슨 내용인가요?" if language == "ko" else "What is this announcement about?"


def about_topic(topic: str, language: str) -> str:
    """The question what is said under a heading."""
    return (
        f"{topic}에 대해 무엇을 발표했나요?" if language == "ko" else f"What is said about {_lowered(topic)}?"
    )


def _lowered(topic: str) -> str:
    """A heading as it reads inside a sentence: a first capital goes, unless it belongs to a name."""
    first = topic.split(maxsplit=1)[0]
    return topic if not first[1:].islower() else first.lower() + topic[len(first) :]
