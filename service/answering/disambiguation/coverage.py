"""How much of a question's words an announcement has."""

from collections.abc import Iterable, Mapping
from itertools import takewhile

from indexer import lexicon
from indexer.announcement import Announcement
from service.answering.question import is_year
from service.answering.scoring import Inquiry


def coverage(inquiry: Inquiry, announcements: Iterable[Announcement]) -> Mapping[str, float]:
    """For each announcement by its id how much it has of the question's words beside its years, by their rarity."""
    language = inquiry.question.language
    words = [word.text.lower() for word in inquiry.question.content if not is_year(word.text)]
    asked = {term: beginning(word, term) for word in words for term in lexicon.terms(word, language)}
    weights = [(letters, inquiry.rarity.get(term, 1.0)) for term, letters in asked.items()]
    return {
        each.id: sum(weight for letters, weight in weights if letters in text)
        for each in announcements
        for text in (whole_text(each),)
    }


def whole_text(announcement: Announcement) -> str:
    """All that an announcement says, in small letters."""
    return f"{announcement.title}\n{announcement.text}".lower()


def beginning(word: str, term: str) -> str:
    """What of a word stands in a text that has it in another form: "librar" of "library", whose term is "librari"."""
    if term in word:
        return term
    same = takewhile(lambda pair: pair[0] == pair[1], zip(word, term, strict=False))
    return "".join(letter for letter, _ in same) or term
