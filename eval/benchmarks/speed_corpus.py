"""A corpus of short announcements for measuring speed, any number of them, the same for one seed.

Each has a headline and three sentences on a made-up body in a made-up place, about 45 words in all, which
is one passage. Its question asks for a figure, a date or a name, which the announcement gives in two of
three cases. The wording comes from a few dozen patterns, so neighbours are closer to each other than real
announcements are; speed does not depend on that, and how well they are told apart is measured
(``eval/benchmarks/alike.py``).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

SEED = 20260

_FIRST = [
    "Al",
    "Bar",
    "Bel",
    "Cal",
    "Cor",
    "Dan",
    "Del",
    "Dor",
    "Ed",
    "Fal",
    "Fen",
    "Gal",
    "Gar",
    "Hal",
    "Har",
    "Hol",
    "Ken",
    "Kil",
    "Lan",
    "Lor",
    "Mar",
    "Mel",
    "Mor",
    "Nor",
    "Ol",
    "Pel",
    "Por",
    "Ral",
    "Ros",
    "Sal",
    "Sel",
    "Tar",
    "Tel",
    "Tor",
    "Ul",
    "Val",
    "Ver",
    "Wal",
    "Wen",
    "Win",
]
_MIDDLE = ["a", "e", "i", "o", "u", "an", "en", "in", "on", "er", "ar", "or", "el", "al"]
_LAST = [
    "berg",
    "bridge",
    "bury",
    "by",
    "dale",
    "den",
    "field",
    "ford",
    "gate",
    "ham",
    "haven",
    "holm",
    "hurst",
    "land",
    "ley",
    "mere",
    "mouth",
    "port",
    "shire",
    "stead",
    "ton",
    "vale",
    "wick",
]
_BODIES = [
    "{} City Council",
    "the {} Transport Authority",
    "the {} Health Board",
    "the {} Development Agency",
    "the {} Water Company",
    "the {} School District",
    "the {} Energy Office",
    "the {} Housing Fund",
    "the {} Port Authority",
    "the {} Museum",
    "the Ministry of Industry in {}",
    "the {} Forestry Commission",
    "the {} Innovation Centre",
    "the {} Police Department",
]
_SUBJECTS = [
    "a light rail extension",
    "an electric bus fleet",
    "a flood barrier",
    "a regional hospital wing",
    "a solar farm",
    "a recycling plant",
    "a public library",
    "a cycle network",
    "a semiconductor laboratory",
    "a wind park",
    "a cold storage warehouse",
    "a ferry terminal",
    "a school meals programme",
    "a rent support scheme",
    "an early warning system",
    "a battery factory",
    "a data centre",
    "a market hall",
    "a drinking water pipeline",
    "a vaccination campaign",
    "an apprenticeship programme",
    "a coastal path",
    "a research vessel",
    "a digital archive",
    "a robotics training centre",
    "a heat pump subsidy",
    "a night bus service",
    "a river clean-up",
    "a sports arena",
    "a seed bank",
    "a broadband network",
    "a fire station",
    "a biogas plant",
    "a concert hall",
    "a tramway depot",
    "a telemedicine service",
    "a wetland reserve",
    "a desalination unit",
    "a freight corridor",
    "a youth centre",
]
_PURPOSES = [
    "shorten journeys to work",
    "cut emissions from traffic",
    "protect homes on the lower bank",
    "shorten waiting times",
    "lower household energy bills",
    "keep waste out of landfill",
    "bring skilled work to the region",
    "make streets safer",
    "help families with small incomes",
    "secure supplies in dry summers",
    "connect villages that have no station",
    "train staff for new industries",
    "draw visitors in winter",
    "make services reachable online",
]
_GIVEN = [
    "Ada",
    "Anton",
    "Bea",
    "Carl",
    "Dina",
    "Emil",
    "Fay",
    "Gus",
    "Hanna",
    "Ivo",
    "Jana",
    "Karl",
    "Lena",
    "Milo",
    "Nora",
    "Otto",
    "Petra",
    "Rolf",
    "Sara",
    "Theo",
    "Una",
    "Vera",
    "Wim",
    "Yara",
]
_ROLES = ["director", "chief engineer", "mayor", "programme lead", "commissioner", "spokesperson", "chair"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_LEADS = (
    "",
    "Please tell me: ",
    "According to the announcement, ",
    "Do you know: ",
    "I would like to know: ",
    "A reader asks: ",
)
_CURRENCIES = ["crowns", "euros", "dollars"]


@dataclass(frozen=True, slots=True)
class Generated:
    """One announcement, and a question about it. ``answer`` is the sentence that answers it, if one does."""

    id: str
    title: str
    text: str
    published: str
    question: str
    answer: str | None


def announcement(number: int, seed: int = SEED) -> Generated:
    """Announcement ``number``, from 0; the same whatever else is generated."""
    random = Random(f"{seed}:{number}")  # noqa: S311 - made to be repeated, not to be secret
    place, other = _place(random), _place(random)
    body = random.choice(_BODIES).format(place)
    subject, purpose = random.choice(_SUBJECTS), random.choice(_PURPOSES)
    thing = subject.split(" ", 1)[1]
    money = f"{random.randint(11, 990) / 10} million {random.choice(_CURRENCIES)}"
    opening = f"{random.randint(1, 28)} {random.choice(_MONTHS)} {random.randint(2026, 2031)}"
    person = f"{random.choice(_GIVEN)} {_place(random)}"
    role, partner = random.choice(_ROLES), f"{_place(random)} {random.choice(['Works', 'Group', 'Partners'])}"
    jobs, share = random.randint(12, 990), random.randint(3, 97)
    lead = random.choice(
        (
            f"{body} will build {subject} in {other} to {purpose}.",
            f"{body} has approved {subject} in {other}, which is meant to {purpose}.",
            f"To {purpose}, {body} is going ahead with {subject} in {other}.",
        )
    )
    facts = [
        (
            f"The {thing} will cost {money}, {share} percent of it from regional funds.",
            f"How much will the {thing} in {other} cost?",
        ),
        (
            f"{partner} won the contract, and it is to open on {opening}.",
            random.choice(
                (
                    f"When does the {thing} in {other} open?",
                    f"Who won the contract for the {thing} in {other}?",
                )
            ),
        ),
        (
            f"“We expect {jobs} new jobs,” said {person}, the {role}.",
            f"How many jobs does {body} expect in {other}?",
        ),
    ]
    random.shuffle(facts)
    title = f"{thing[0].upper()}{thing[1:]} for {other}"
    text = f"{title}\n\n{lead[0].upper()}{lead[1:]} {facts[0][0]} {facts[1][0]}"
    chosen = random.choice(facts)
    answer = chosen[0] if chosen in facts[:2] else None
    published = f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    return Generated(f"a{number:07}", title, text, published, chosen[1], answer)


def announcements(first: int, last: int, seed: int = SEED) -> Iterator[Generated]:
    """Announcements ``first`` up to, not including, ``last``."""
    return (announcement(number, seed) for number in range(first, last))


def write_source(path: Path, first: int, last: int, seed: int = SEED) -> None:
    """Announcements as a JSONL source."""
    with path.open("w", encoding="utf-8") as file:
        for each in announcements(first, last, seed):
            fields = {"id": each.id, "title": each.title, "text": each.text, "published": each.published}
            file.write(json.dumps(fields | {"language": "en"}, ensure_ascii=False) + "\n")


def questions(count: int, announcements: int, seed: int = SEED) -> list[str]:
    """That many different questions on the first ``announcements`` announcements, drawn by the seed.

    Where there are fewer announcements, they are asked about again in other words. Raises ValueError
    where there are not enough of those.
    """
    order = list(range(announcements))
    Random(seed).shuffle(order)  # noqa: S311
    plain = dict.fromkeys(announcement(number, seed).question for number in order[:count])
    asked = [f"{lead}{q[0].lower()}{q[1:]}" if lead else q for lead in _LEADS for q in plain]
    if len(asked) < count:
        raise ValueError(f"{len(asked)} different questions on {announcements} announcements, not {count}")
    return asked[:count]


def _place(random: Random) -> str:
    return random.choice(_FIRST) + random.choice(_MIDDLE) + random.choice(_LAST)
