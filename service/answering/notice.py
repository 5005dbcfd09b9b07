"""What Herald says where an answer was to be a language model's and is not, in English and Korean."""

from service.answer import Fallback

_REPLACED = {
    "en": "These are the announcement's own sentences: {why}.",
    "ko": "{why} 발표문의 문장을 그대로 보여 드립니다.",
}
_CUT_SHORT = {
    "en": "The answer may end early: {why}. Each of its sentences is proven.",
    "ko": "{why} 답변이 중간에 끝났을 수 있습니다. 보이는 문장은 모두 확인되었습니다.",
}
_WHY = {
    "en": {
        Fallback.NO_MODEL: "no language model is set up here",
        Fallback.UNAVAILABLE: "the language model could not be reached",
        Fallback.BUSY: "the language model takes no more requests now",
        Fallback.TIMEOUT: "the language model took too long",
        Fallback.REFUSED: "the language model did not accept the request",
        Fallback.INCOHERENT: "what the language model sent could not be used",
        Fallback.CALLED_OFF: "the connection was closed while it was written",
        Fallback.NOTHING_PROVEN: "no sentence that the language model wrote was proven by them",
    },
    "ko": {
        Fallback.NO_MODEL: "설정된 언어 모델이 없어",
        Fallback.UNAVAILABLE: "언어 모델에 연결할 수 없어",
        Fallback.BUSY: "언어 모델이 지금 요청을 더 받지 못해",
        Fallback.TIMEOUT: "언어 모델의 응답이 너무 늦어",
        Fallback.REFUSED: "언어 모델이 요청을 받아들이지 않아",
        Fallback.INCOHERENT: "언어 모델의 응답을 쓸 수 없어",
        Fallback.CALLED_OFF: "작성 중에 연결이 끊겨",
        Fallback.NOTHING_PROVEN: "언어 모델이 쓴 문장 가운데 발표문으로 확인되는 것이 없어",
    },
}


def replaced(fallback: Fallback, language: str) -> str:
    """That the verbatim answer stands in, and why."""
    language = language if language in _WHY else "en"
    return _REPLACED[language].format(why=_WHY[language][fallback])


def cut_short(fallback: Fallback, language: str) -> str:
    """That the generated answer ends early, and why."""
    language = language if language in _WHY else "en"
    return _CUT_SHORT[language].format(why=_WHY[language][fallback])
