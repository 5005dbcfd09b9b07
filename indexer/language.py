"""Which language a text is in."""

import re

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[a-zA-Z]")
KOREAN_SHARE = 0.1
"""Hangul syllables to a Latin letter: a Korean question may name an English programme, and an English
announcement may name a ministry in Korean."""


def detect(text: str) -> str:
    """An ISO 639-1 code; English where nothing tells."""
    hangul = len(_HANGUL.findall(text))
    return "ko" if hangul and hangul >= KOREAN_SHARE * len(_LATIN.findall(text)) else "en"
