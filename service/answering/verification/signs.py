"""What speaks against a claim whose figures, names and quotations are all in its quotes.

No sign is proof: an honest paraphrase shows some of them too. ``judgement`` weighs them together.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from service.answering.verification.alignment import Aligned, Source
from service.answering.verification.attachment import misattached
from service.answering.verification.belonging import Choice, choices
from service.answering.verification.clause import Reading
from service.answering.verification.couple import coupling
from service.answering.verification.direction import reversed_direction
from service.answering.verification.figure import Figures
from service.answering.verification.matching import Matching
from service.answering.verification.negation import turned, unsaid
from service.answering.verification.speaker import misattributed
from service.answering.verification.strength import raised
from service.answering.verification.support import Support
from service.answering.verification.verdict import Fault
from service.answering.verification.wording import narrowed, scope, unknown_words

_KOREAN_NAME = re.compile(
    r"[가-힣]{2,}(?:시|군|도|구|읍|전자|은행|대학|그룹|항|섬|역|청|은행|증권|공사)"
    r"|일본|중국|미국|영국|독일|인도|베트남|칠레|브라질|호주|캐나다|프랑스|러시아|대만|태국|유럽|북미|아시아|정부|야당|여당|회사|노조"
)
"""How Korean words end that are names of places and bodies, as often as not."""


SURE = 6.0
"""The logit of a proof from where it counts no more."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks against a claim: how strongly, and what it would be withdrawn for.

    ``undecided`` is the value at which it speaks neither against the claim nor for it."""

    name: str
    value: float
    fault: Fault
    detail: str = ""
    undecided: float = 0.0


def signs(
    said: Reading,
    readings: Sequence[Reading],
    aligned: Sequence[Aligned],
    sources: Sequence[Source],
    figures: Figures,
    support: Support | None,
    belonging: npt.NDArray[np.float32],
) -> dict[str, Sign]:
    """All signs of a claim by name; those that it does not show are left out."""
    found: dict[str, Sign] = {}
    for fault, name, detail in _told(said, readings, aligned, sources, figures):
        if detail:
            found.setdefault(name, Sign(name, 1.0, fault, detail))
    matching = Matching(sources, support)
    for sign in (
        *_words(aligned, matching, figures),
        *_wholes(said, readings, aligned, support, figures),
    ):
        found[sign.name] = sign
    coupled = coupling(aligned, sources, said.text)
    if coupled.reversed:
        found["reversed"] = Sign("reversed", 1.0, Fault.ATTACHMENT, coupled.reversed)
    for sign in _belonging(choices(aligned, sources, matching, coupled.settled), belonging):
        found[sign.name] = sign
    misplaced = found.get("misplaced")
    if "conflict" in found and (misplaced is None or not misplaced.value):
        found["conflict, placed"] = replace(found.pop("conflict"), name="conflict, placed")
    if coupled.settled:
        for name in ("order", "role", "role unsaid"):
            found.pop(name, None)
    return found


def _told(
    said: Reading,
    readings: Sequence[Reading],
    aligned: Sequence[Aligned],
    sources: Sequence[Source],
    figures: Figures,
) -> Iterator[tuple[Fault, str, str]]:
    cited = [
        sources[place].reading.sentences[sources[place].clause.sentence]
        for one in aligned
        for place in sorted(one.used)
    ]
    clauses = [sources[one.home].clause.text for one in aligned]
    for name, detail in figures.firmer:
        yield Fault.BOUND, name, detail
    for name, detail in misattributed(said, readings, list(dict.fromkeys(cited)), clauses):
        yield Fault.SPEAKER, name, detail
    for name, detail in turned(aligned, sources):
        # Of 190 dogs 148 are registered: 42 are not.
        rest = name == "denied" and figures.computed
        yield Fault.NEGATION, "denied, implied" if rest else name, detail
    for detail in unsaid(aligned, sources):
        yield Fault.NEGATION, "unsaid", detail
    computed = frozenset(one.sign for one in figures.derived)
    for name, detail in reversed_direction(aligned, sources, computed):
        yield Fault.DIRECTION, name, detail
    for name, detail in raised(aligned, sources, said.text):
        yield Fault.STRENGTH, name, detail
    told = " ".join(reading.text for reading in readings)
    yield Fault.SCOPE, "scope", scope(aligned, sources, said.text, told)
    yield Fault.SCOPE, "narrowed", narrowed(aligned, sources)
    for name, detail in misattached(aligned, sources, figures.derived):
        yield Fault.ATTACHMENT, name, detail


def _words(aligned: Sequence[Aligned], matching: Matching, figures: Figures) -> Iterator[Sign]:
    unknown, total = unknown_words(aligned, computed=bool(figures.derived))
    if not unknown:
        return
    detail = " ".join(word.text for word in unknown)
    korean = unknown[0].korean
    yield Sign("unknown korean" if korean else "unknown", len(unknown) / total, Fault.MEANING, detail)
    yield Sign("unknown words", min(len(unknown), 4), Fault.MEANING, detail)
    strange = [word for word in unknown if not word.groups and not word.text.endswith("ly")]
    if strange:
        yield Sign(
            "strange korean" if korean else "strange", min(len(strange), 3), Fault.MEANING, strange[0].text
        )
    if len(unknown) >= 0.6 * total and total > 1:
        yield Sign("mostly unknown", 1.0, Fault.MEANING, detail)
    place = next((word for word in unknown if word.korean and _KOREAN_NAME.fullmatch(word.stem)), None)
    if place is not None:
        yield Sign("strange name", 1.0, Fault.NAME, place.text)
    topic = next((word for word in unknown if word.topic), None)
    if topic is not None:
        yield Sign("strange topic", 1.0, Fault.MEANING, topic.text)
    far = min(unknown, key=matching.nearest)
    yield Sign("far korean" if korean else "far", 1 - matching.nearest(far), Fault.MEANING, far.text)


def _wholes(
    said: Reading,
    readings: Sequence[Reading],
    aligned: Sequence[Aligned],
    support: Support | None,
    figures: Figures,
) -> Iterator[Sign]:
    korean = said.language == "ko"
    if korean:
        yield Sign("korean", 1.0, Fault.MEANING)
    homes = dict.fromkeys(one.home for one in aligned)
    if len(homes) > 1:
        yield Sign("homes", min(len(homes) - 1, 3), Fault.ATTACHMENT)
    scattered = sum(len(one.used) - 1 for one in aligned)
    if scattered:
        yield Sign("scattered", min(scattered, 4), Fault.ATTACHMENT)
    if figures.derived:
        yield Sign("derived", 1.0, Fault.DERIVATION, "")
    if figures.reckoned:
        yield Sign("reckoned", 1.0, Fault.DERIVATION, "worded anew")
    if figures.unsaid:
        yield Sign("derived unsaid", 1.0, Fault.DERIVATION, "computed, and not said to be")
    if len(readings) > 1:
        yield Sign("quotes", len(readings) - 1, Fault.ATTACHMENT)
    if support is None:
        return
    name = " korean" if korean else ""
    unproven = float(np.clip(-support.proof, -SURE, SURE)) + SURE
    yield Sign("unproven" + name, unproven, Fault.MEANING, "its quotes do not prove it", undecided=SURE)
    yield Sign("unsupported" + name, 1 - support.mean, Fault.MEANING, f"{support.mean:.2f}")
    nearest = support.nearest
    yield Sign("least" + name, 1 - float(nearest[: max(len(nearest) // 8, 1)].mean()), Fault.MEANING)


def _belonging(found: Sequence[Choice], weights: npt.NDArray[np.float32]) -> Iterator[Sign]:
    if not found or not len(weights):
        return
    shares = [(choice.share(weights), choice) for choice in found]
    share, least = min(shares, key=lambda pair: pair[0])
    yield Sign("rivals", 1.0, Fault.ATTACHMENT, least.figure.text)
    yield Sign("belonging", -float(np.log(max(share, 1e-4))), Fault.ATTACHMENT, least.figure.text)
    yield Sign("misplaced", float(share < 0.5), Fault.ATTACHMENT, least.figure.text)
