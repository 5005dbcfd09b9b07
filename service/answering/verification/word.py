"""The content words of a text, with what may stand for them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from service.answering.question import FUNCTION_WORDS
from service.answering.verification.thesaurus import groups_of, opposites_of, stem

_TOKEN = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:'[a-z]+)?|[가-힣]+|[^\W\d_]+")
_LIGHT = FUNCTION_WORDS | frozenset(
    str.split(
        "according take takes took taking place come comes came go goes gets got put puts make makes made "
        "become becomes became percent per cent percentage points while whereas whether because although "
        "though however therefore thus as well like such another other same own instead together "
        "towards respectively including said says say told tells it's themselves itself himself herself "
        "cannot now currently went nothing nobody none no-one roughly approximately nearly almost circa under mr mrs ms dr prof former provided unless once rather compared"
    )
)
_KOREAN_LIGHT = frozenset(
    str.split(
        "것 수 등 및 또 또한 이 그 저 한 하 되 있 없 않 때 중 가운데 대해 대한 위해 통해 따라 따르면 동안 뒤 후 이후 "
        "이번 해당 약 이를 이는 그리고 하지만 반면 있다 없다 이다 했다 한다 된다 됐다 하는 되는 있는 있고 위한 관련 "
        "않는다 않다 않고 아니다 아니 것으로 데 바 점 더 보다 할 될 한다고 했다고 있다고 말했다 말하 밝혔다 것이라고 "
        "것이다 것을 것이 대비 이며 이고 라고 라며 이라고 이라며 인 로 으로 만 씩 당 간 중이다 것이라며"
    )
)
_PARTICLE = re.compile(
    r"(?:에서는|에게는|으로는|이라는|이라고|으로써|으로서|에서도|에서|에게|께서|에는|에도|으로|부터|까지|이나|보다|마다|처럼|"
    r"이라며|라며|라고|라는|들은|들이|들을|들의|들에게|이며|이고|이다|은|는|이|가|을|를|의|에|와|과|도|만|로|나|씩|들)$"
)
_ENDING = re.compile(
    r"(?:시키기로|하겠다고|하겠다|되었다|하였다|이었다|했다고|한다고|된다고|됐다고|했으며|됐으며|했지만|하지만|됐지만|하기로|되기로|했던|"
    r"됐던|했고|됐고|하면서|되면서|하면|되면|하며|되며|하고|되고|하는|되는|하기|되기|하여|되어|하게|되게|했다|됐다|한다|된다|하던|였다|"
    r"합니다|됩니다|했습니다|됐습니다|받는다|받았다|해야|하지|되지|하도록|되도록|한|된|할|될|함|됨|해|돼)$"
)
_KOREAN_AUXILIARY = re.compile(rf"(?:있|없|않|되|하|이)[가-힣]{{1,3}}|{_PARTICLE.pattern.removesuffix('$')}")
_SUFFIX = re.compile(
    r"(?:적|금|비|률|율|자|들|시|식|화|성|용|별|제|형|권|료|님|측|간|내|용품|하|되|한|된|할|될|했|됐|해|돼|받|이|으|로|의|에|를|을|은|는|가|중|후|전|여부)"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A content word at ``start`` of a plain text. ``groups`` are the thesaurus's.

    ``topic`` marks a Korean word with the particle of a subject or topic.
    """

    text: str
    stem: str
    start: int
    end: int
    groups: frozenset[int]
    topic: bool = False

    @property
    def korean(self) -> bool:
        return "가" <= self.text[0] <= "힣"

    def like(self, other: "Word") -> bool:
        """Whether one may stand for the other."""
        return alike(self.stem, other.stem) or not self.groups.isdisjoint(other.groups)

    def opposes(self, other: "Word") -> bool:
        return other.stem in opposites_of(self.stem)


def words(text: str) -> tuple[Word, ...]:
    """The content words of a plain text in its order, figures' units among them."""
    found = []
    for match in _TOKEN.finditer(text):
        lowered = match.group().lower().removesuffix("'s")
        if _is_light(lowered):
            continue
        root = root_of(lowered)
        if root in _KOREAN_LIGHT or _KOREAN_AUXILIARY.fullmatch(lowered):
            continue
        topic = lowered[0] >= "가" and re.search(r"[은는이가]$", lowered) is not None and root != lowered
        found.append(Word(lowered, root, match.start(), match.end(), groups_of(root), topic))
    return tuple(found)


def _is_light(word: str) -> bool:
    return (len(word) < 2 and word.isascii()) or word in _LIGHT or word in _KOREAN_LIGHT


@lru_cache(maxsize=65536)
def root_of(word: str) -> str:
    """The stem of a lower-case word; of a Korean one, what is left without particle and ending."""
    if not "가" <= word[0] <= "힣":
        return stem(word)
    bare = _ENDING.sub("", word)
    if bare == word:
        bare = _PARTICLE.sub("", word)
    return bare or word


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two stems are of one word."""
    if one == other:
        return True
    if "가" <= one[0] <= "힣" and "가" <= other[0] <= "힣":
        return _same_hangul(one, other)
    return len(one) > 5 and len(other) > 5 and one[:6] == other[:6]


def _same_hangul(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long.startswith(short) and len(long) == 2
    if long.startswith(short):
        return True
    if short[:2] != long[:2]:
        return False
    return len(short) > 2 and all(_SUFFIX.match(tail) for tail in (short[2:], long[2:]))
