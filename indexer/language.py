"""Which language a text is in."""

import re


def detect(text: str) -> str:
    """An ISO 639-1 code; English where nothing tells."""
    return "ko" if re.search("[가-힣]", text) else "en"
