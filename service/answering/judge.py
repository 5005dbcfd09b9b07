"""The model's own second look at a sentence that the verifier kept. It can only take sentences away."""

import re
from collections.abc import Sequence

from prompts.prompt import load
from service.answer import Quote
from service.answering.writer import numbered
from service.deadline import Deadline
from service.errors import ModelError
from service.log import logger
from service.model import Model, complete

SECONDS = 5.0
LONGEST_VERDICT = 200


def proves(model: Model, sentence: str, quotes: Sequence[Quote], deadline: Deadline) -> bool:
    """Whether the model says that the quotes prove the sentence. No clear yes is a no."""
    request = load("judge").fill(quotes=numbered(quotes), sentence=sentence)
    try:
        said = complete(model, request, deadline.sooner(SECONDS), LONGEST_VERDICT)
    except ModelError as error:
        logger.warning("the language model did not judge", extra={"fields": {"detail": str(error)}})
        return False
    return re.fullmatch(r"\W*yes\b[^a-z]*", said, re.IGNORECASE) is not None
