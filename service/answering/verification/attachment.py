"""Whether the parts of a claim belong together in its quotes: no figure of another thing, no splice."""

import re
from collections.abc import Iterator, Sequence

from service.answering.verification.alignment import Aligned, Source, counts_otherwise, same_figure
from service.answering.verification.clause import Clause
from service.answering.verification.derivation import Derived
from service.answering.verification.pairing import dated
from service.answering.verification.role import Role, role
from service.answering.verification.word import Word, words
from service.quantity import Bound, Kind, Quantity

_SLIGHT = frozenset(
    str.split(
        "remain addit further new also other rest about total whole some 나머지 새 각각 평균 연간 총 약 최대 이상"
    )
)
"""Words that an elliptical clause may lose without changing whose figure it is."""


def misattached(
    aligned: Sequence[Aligned], sources: Sequence[Source], derived: Sequence[Derived]
) -> Iterator[tuple[str, str]]:
    """What of a claim may belong to another thing in the quotes: which check says so, and the words."""
    for one in aligned:
        for figure, places in one.figures:
            if places and all(_conflict(figure, place, one, sources) for place in places):
                yield "conflict", figure.text
        yield from _wrong_roles(one, sources)
        yield "order", _swapped(one, sources)
        yield "dated", _wrong_date(one, sources, derived)
        yield "counted", _wrong_noun(one, sources)
        yield "subject", _foreign_subject(one, sources, derived)
        yield "predicate", _foreign_predicate(one, sources)
        yield "named", _foreign_name(one, sources)
        for found in derived:
            yield "operand", _foreign_operand(one, found, sources)


# A figure of another clause ---------------------------------------------------------------------


def _conflict(figure: Quantity, place: int, one: Aligned, sources: Sequence[Source]) -> bool:
    """Whether the figure's clause lacks a part of the claim that another clause has with its own figure."""
    clause = sources[place].clause
    rivals = frozenset(
        other
        for other, source in enumerate(sources)
        if other != place and _has_rival(source, sources[place], figure, one)
    )
    borrowed = [(word, where) for word, where in one.words if where & rivals and place not in where]
    figures = [
        f
        for f, where in one.figures
        if where & rivals and place not in where and not _opens(f, where, sources)
    ]
    if _PRONOUN.search(clause.text):
        borrowed = [(word, where) for word, where in borrowed if _is_predicate(word, where, sources)]
    if not any(word.topic for word in clause.words):
        # A Korean subject holds on: the clauses behind its own leave it out.
        borrowed = [(word, where) for word, where in borrowed if not _is_topic(word, where, sources)]
    if not borrowed and not figures:
        return False
    if not (clause.elliptical or clause.relative):
        return True
    predicates = all(_is_predicate(word, where, sources) for word, where in borrowed)
    return bool(_left_out(clause, figure, one)) and not (predicates and not figures)


_PRONOUN = re.compile(r"(?<=\w )(?:it|them)\b")


def _opens(figure: Quantity, where: frozenset[int], sources: Sequence[Source]) -> bool:
    """Whether a date opens its sentence, so that it holds for all of it: "In 2025, …"."""
    if figure.date is None:
        return False
    for place in where:
        reading, clause = sources[place].reading, sources[place].clause
        begins = reading.text.find(reading.sentences[clause.sentence])
        if any(same_figure(figure, f) and f.start - begins < 12 for f in clause.figures):
            return True
    return False


def _has_rival(source: Source, own: Source, figure: Quantity, one: Aligned) -> bool:
    """Whether a clause has a figure that could stand where ``figure`` does, and the claim has not."""
    clause = source.clause
    return any(
        _comparable(figure, other)
        and not any(same_figure(mine, other) for mine, _ in one.figures)
        and not _counts_otherwise(figure, own, other)
        for other in clause.figures
    ) and not any(same_figure(figure, other) for other in clause.figures)


def _comparable(one: Quantity, other: Quantity) -> bool:
    if one.date is not None or other.date is not None:
        return one.date is not None and other.date is not None
    return one.kind is other.kind and one.unit == other.unit and not counts_otherwise(one, other)


def _counts_otherwise(figure: Quantity, own: Source, other: Quantity) -> bool:
    """Whether of two bare numbers one is a limit and the other a count: "under ten" and "700 students"."""
    if figure.kind is not Kind.NUMBER:
        return False
    firm = {Bound.EXACT, Bound.ABOUT}
    told = next((f for f in own.clause.figures if same_figure(figure, f)), figure)
    return (told.bound in firm) != (other.bound in firm)


def _left_out(clause: Clause, figure: Quantity, one: Aligned) -> list[str]:
    said = [word for word, _ in one.words]
    lacking = [
        word.text
        for word in clause.words
        if word.stem not in _SLIGHT and not any(word.like(other) or word.opposes(other) for other in said)
    ]
    figures = [
        other.text
        for other in clause.figures
        if other.kind is not figure.kind and not any(same_figure(mine, other) for mine, _ in one.figures)
    ]
    return lacking + figures


def _is_topic(word: Word, where: frozenset[int], sources: Sequence[Source]) -> bool:
    return any(other.topic and word.like(other) for place in where for other in sources[place].clause.words)


def _is_predicate(word: Word, where: frozenset[int], sources: Sequence[Source]) -> bool:
    for place in where:
        clause = sources[place].clause
        if clause.verb is not None and word.like(clause.verb):
            return True
    return False


# A figure in another part -----------------------------------------------------------------------


def _told(
    figure: Quantity, places: frozenset[int], sources: Sequence[Source]
) -> Iterator[tuple[Source, Quantity]]:
    for place in places:
        for other in sources[place].clause.figures:
            if same_figure(figure, other):
                yield sources[place], other


def _wrong_roles(one: Aligned, sources: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """Figures that are the old value, the change or a part in the quote and something else in the claim.

    "role" where both say what it is, "role unsaid" where one does not.
    """
    for figure, places in one.figures:
        if figure.date is not None:
            continue
        said = _role(figure, one.clause.text, one.clause.start)
        told = {_role(other, s.reading.text) for s, other in _told(figure, places, sources)}
        if figure.kind is Kind.NUMBER and said is Role.LEVEL and Role.CHANGE not in told:
            continue
        if told and not any(_may_stand_for(said, other, figure) for other in told):
            paired = said is Role.LEVEL and Role.OLD in told and _own_date(figure, places, one, sources)
            paired = paired or (Role.CHANGE in told and _GROWTH.search(one.clause.text) is not None)
            if not paired:
                marked = said in _MARKED and told <= _MARKED
                yield "role" if marked else "role unsaid", figure.text


_MARKED = frozenset({Role.OLD, Role.TO, Role.CHANGE})


def _may_stand_for(said: Role, told: Role, figure: Quantity) -> bool:
    if said is told or (said is Role.LEVEL and told is Role.TO) or (said is Role.TO and told is Role.LEVEL):
        return True
    if figure.kind is Kind.ORDINAL:
        return True
    return told is Role.LEVEL and said in {Role.OLD, Role.CHANGE}


_GROWTH = re.compile(
    r"\b(?:increase|rise|growth|gain|fall|drop|decline|decrease|cut|reduction|change)s?\b", re.IGNORECASE
)


def _own_date(figure: Quantity, places: frozenset[int], one: Aligned, sources: Sequence[Source]) -> bool:
    """Whether the claim gives the date that stands with this figure in the quote."""
    for source, other in _told(figure, places, sources):
        for date, partner in dated(source.clause):
            if partner is other and any(same_figure(mine, date) for mine, _ in one.figures if mine.date):
                return True
    return False


def _swapped(one: Aligned, sources: Sequence[Source]) -> str:
    """Two figures of one kind in the other order than in the quote, and nothing that says why."""
    text, offset = one.clause.text, one.clause.start
    for left, left_places in one.figures:
        for right, right_places in one.figures:
            both = left_places & right_places
            if left.end > right.start or not _comparable(left, right) or left == right or not both:
                continue
            if _chronological(left, right):
                continue
            opening = text[max(left.start - offset - 8, 0) : left.start - offset]
            if _chronological(right, left) and re.search(r"\b(?:from|between) $", opening, re.IGNORECASE):
                return f"{left.text} … {right.text}"
            if not any(_in_order(left, right, text, offset, sources[place]) for place in both):
                return f"{left.text} … {right.text}"
    return ""


def _chronological(left: Quantity, right: Quantity) -> bool:
    keys = [
        None
        if f.date is None
        else (
            f.date.year or 0,
            f.date.month or 3 * (f.date.quarter or 2 * (f.date.half or 0)),
            f.date.day or 0,
        )
        for f in (left, right)
    ]
    return keys[0] is not None and keys[1] is not None and keys[0] < keys[1]


def _role(figure: Quantity, text: str, offset: int = 0) -> Role:
    return role(text, figure.start - offset, figure.end - offset, counts=figure.kind is Kind.NUMBER)


def _in_order(left: Quantity, right: Quantity, text: str, offset: int, source: Source) -> bool:
    quote = source.reading.text
    a = next((f for f in source.clause.figures if same_figure(left, f)), None)
    b = next((f for f in reversed(source.clause.figures) if same_figure(right, f)), None)
    if a is None or b is None:
        # One of them is written otherwise there.
        return True
    if a.start < b.start:
        return True
    said = [_role(f, text, offset) for f in (left, right)]
    told = [_role(f, quote) for f in (a, b)]
    marked = {Role.OLD, Role.CHANGE, Role.PART}
    roles = set(said) & marked and all(_may_stand_for(s, t, left) for s, t in zip(said, told, strict=True))
    beside = all(
        _beside(text, f.start - offset, f.end - offset) & _beside(quote, g.start, g.end)
        for f, g in ((left, a), (right, b))
    )
    return bool(roles) or beside


def _beside(text: str, start: int, end: int) -> set[str]:
    """The nearest content word on either side of a figure: what it counts, or what has it."""
    before = [word.stem for word in words(text[max(start - 24, 0) : start])][-1:]
    after = [word.stem for word in words(text[end : end + 24])][:1]
    return {*before, *after}


def _wrong_date(one: Aligned, sources: Sequence[Source], derived: Sequence[Derived]) -> str:
    """A figure with the date of the other one: "in 2021, 43 percent" where 31 percent was in 2021."""
    for date, places in one.figures:
        if date.date is None:
            continue
        for place in places:
            pairs = dated(sources[place].clause)
            partners = [f for d, f in pairs if same_figure(date, d)]
            if not partners:
                continue
            mine = _partner(date, one)
            if mine is None:
                base = next((d for d in derived if place in d.places), None)
                if base is not None and base.base and base.operands[0] in partners:
                    return date.text
                continue
            if any(same_figure(mine, f) for _, f in pairs) and not any(
                same_figure(mine, f) for f in partners
            ):
                return date.text
    return ""


def _partner(date: Quantity, one: Aligned) -> Quantity | None:
    """The figure of the claim's clause that a date stands with."""
    own = [f for f, places in one.figures if f.date is None and f.kind is not Kind.ORDINAL and places]
    dates = [f for f, _ in one.figures if f.date is not None]
    if len(own) == 1:
        return own[0]
    if len(own) < 2 or len(dates) < 2:
        return None
    return next((figure for other, figure in dated(one.clause) if other is date), None)


def _wrong_noun(one: Aligned, sources: Sequence[Source]) -> str:
    """A bare number that counts other things than in the quote: "41 nominations" for 41 countries."""
    for figure, places in one.figures:
        if figure.kind is not Kind.NUMBER or not places:
            continue
        said = _counted(one.clause.text, figure.end - one.clause.start)
        if not said:
            continue
        told = [_counted(source.reading.text, other.end) for source, other in _told(figure, places, sources)]
        if told and all(nouns and not any(a.like(b) for a in said for b in nouns) for nouns in told):
            return figure.text
    return ""


_PHRASE = re.compile(
    r"(?: (?!(?:of|in|by|at|on|for|from|to|and|or|per|as|will|is|are|was|were|than|instead|have|has|this|next|last|with)\b)"
    r"[A-Za-z][\w'-]*){1,4}"
)


def _counted(text: str, end: int) -> tuple[Word, ...]:
    """The noun phrase behind a number."""
    phrase = _PHRASE.match(text, end)
    return words(phrase.group()) if phrase else ()


# Parts of two clauses ---------------------------------------------------------------------------


def _foreign_subject(one: Aligned, sources: Sequence[Source], derived: Sequence[Derived]) -> str:
    """The subject of one clause with the rest of another, which has a subject of its own.

    Those whose figures were added up or compared are the subjects of what was computed.
    """
    home = sources[one.home].clause
    if home.relative or home.elliptical:
        return ""
    subject = _subject(one.clause)
    foreign = [
        word
        for word, where in one.words
        if word in subject
        and where
        and one.home not in where
        and any(not sources[p].clause.relative for p in where)
    ]
    operands = frozenset(place for found in derived for place in found.places)
    foreign = [word for word, where in one.words if word in foreign and not where & operands]
    return foreign[0].text if foreign and _unsaid(_subject(home), one) else ""


def _foreign_predicate(one: Aligned, sources: Sequence[Source]) -> str:
    """The verb of one clause with the subject of another, which has a verb of its own."""
    home, clause = sources[one.home].clause, one.clause
    if home.relative or home.elliptical or clause.elliptical or any(word.korean for word in clause.words):
        return ""
    verb, own = clause.verb, home.verb
    if verb is None or own is None:
        return ""
    where = next(places for word, places in one.words if word is verb)
    return verb.text if where and one.home not in where and _unsaid((own,), one) else ""


def _foreign_name(one: Aligned, sources: Sequence[Source]) -> str:
    """Parts of two names: one person with the university of another."""
    home = sources[one.home]
    for word, where in one.words:
        if not where or one.home in where or not _capital(word, one.clause.text, one.clause.start):
            continue
        for place in where:
            other = sources[place]
            if other.place != home.place or not other.clause.elliptical:
                continue
            left = [_unsaid(_capitals(source), one) for source in (home, other)]
            if all(left):
                return word.text
    return ""


def _capitals(source: Source) -> tuple[Word, ...]:
    return tuple(w for w in source.clause.words if _capital(w, source.clause.text, source.clause.start))


def _capital(word: Word, text: str, offset: int) -> bool:
    return text[word.start - offset].isupper() and word.start > offset


def _unsaid(found: Sequence[Word], one: Aligned) -> list[Word]:
    return [word for word in found if not any(word.like(other) for other, _ in one.words)]


def _subject(clause: Clause) -> tuple[Word, ...]:
    if any(word.topic for word in clause.words):
        return tuple(word for word in clause.words if word.topic)
    return clause.words[: clause.subject]


def _foreign_operand(one: Aligned, found: Derived, sources: Sequence[Source]) -> str:
    """A word of a computed claim that belongs to a third clause with a figure of the same kind."""
    operand = found.operands[0]
    for word in _subject(one.clause):
        where = next(places for other, places in one.words if other is word)
        if where and not where & found.places:
            for place in where:
                if any(_comparable(operand, figure) for figure in sources[place].clause.figures):
                    return word.text
    return ""
