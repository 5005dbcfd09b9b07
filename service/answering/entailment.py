"""A cross-encoder's own look at a sentence that the verifier kept. It can only take sentences away."""

from collections.abc import Sequence
from typing import Any

from service.errors import SettingsInvalid

LABEL = "entailment"


class Entailment:
    """A sentence-transformers cross-encoder with a label ``entailment``. Safe to use from several threads."""

    def __init__(self, name: str) -> None:
        """Load the model. Raises SettingsInvalid where that cannot be done, or it has no such label."""
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise SettingsInvalid(
                "an NLI model needs sentence-transformers: pip install 'herald[index]'"
            ) from error
        try:
            self._model: Any = CrossEncoder(name)
        except Exception as error:  # it raises whatever its libraries do
            raise SettingsInvalid(f"the NLI model {name!r} cannot be loaded: {error}") from error
        labels = {str(value).lower(): int(key) for key, value in self._model.config.id2label.items()}
        if LABEL not in labels:
            raise SettingsInvalid(f"the NLI model {name!r} has no label {LABEL!r}, but {', '.join(labels)}")
        self._label = labels[LABEL]

    def __call__(self, quotes: Sequence[str], sentence: str) -> bool:
        """Whether the quotes, as the premise, entail the sentence: no other label is likelier."""
        scores = self._model.predict([("\n".join(quotes), sentence)], show_progress_bar=False)
        return int(scores.argmax()) == self._label
