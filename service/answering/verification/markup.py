"""Whether a claim carries what a sentence has no use for: links, images, markup, code, hidden characters."""

import re
import unicodedata
from collections.abc import Sequence

_MARKUP = re.compile(
    r"\b[a-z][a-z\d+.-]{1,14}://\S*|\b(?:javascript|data|mailto|vbscript):\S+|\bwww\.\S+|!?\[[^\]\n]{0,200}\] ?[(\[:]|</?[a-z!][^>\n]{0,200}>?"
    r"|&(?:[a-z]{2,8}|#x?[\da-f]{1,6});|`|\*\*|__|~~|^\s{0,3}(?:#{1,6}\s|>|[-*+] )|\$\$|\{\{|\}\}|\\[a-z]+\{|\|\s*-{3}"
    r"|\b[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.(?:com|org|net|io|dev|info|biz|xyz|ru|cn|co|app|ai|kr|uk|eu)\b(?:/\S*)?|[^\s@]{1,64}@[^\s@]{1,64}",
    re.IGNORECASE | re.MULTILINE,
)
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def foreign_markup(text: str, quotes: Sequence[str]) -> str:
    """The first markup or hidden character of a text that no quote has; empty where there is none.

    Hidden characters are never accepted but for those at the same place in a quote that holds the
    whole text.
    """
    if any(text.strip() in quote for quote in quotes):
        return ""
    hidden = _HIDDEN.search(text)
    if hidden:
        return f"U+{ord(hidden.group()):04X}"
    for match in _MARKUP.finditer(text):
        if not any(match.group() in quote for quote in quotes):
            return match.group()[:80]
    return ""


def foreign_script(text: str, quotes: Sequence[str]) -> str:
    """The first letter or digit of a script that no quote uses: a look-alike, or another language."""
    foreign = [character for character in text if not character.isascii() and character.isalnum()]
    if not foreign:
        return ""
    known = {_script(character) for character in set("".join(quotes)) if character.isalnum()} | {"LATIN"}
    return next((character for character in foreign if _script(character) not in known), "")


def _script(character: str) -> str:
    if character.isascii():
        return "LATIN" if character.isalpha() else "DIGIT"
    return "HANGUL" if "가" <= character <= "힣" else unicodedata.name(character, "?").split(" ")[0]
