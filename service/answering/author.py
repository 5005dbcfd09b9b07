"""An answer that a language model writes: delivered sentence by sentence as each is proven, or not at all.

What is not proven is withdrawn before anybody sees it. Where nothing is left, or the model fails, the
verbatim answer stands in, and says so.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from indexer.language import detect
from prompts.prompt import load
from service.answer import Answer, Fallback, Generation, Quote, Withdrawal
from service.answering import notice
from service.answering.composition import Composition, VerifiedSentence
from service.answering.judge import proves
from service.answering.verifier import Claim, Fault, Verdict
from service.answering.writer import Flaw, Written, write
from service.deadline import Deadline
from service.errors import (
    ModelBusy,
    ModelCalledOff,
    ModelError,
    ModelIncoherent,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)
from service.log import logger
from service.model import Model

Verify = Callable[[Claim], Verdict]
Entails = Callable[[Sequence[str], str], bool]
"""Whether quotes entail a sentence."""

_FALLBACKS: dict[type[ModelError], Fallback] = {
    ModelUnavailable: Fallback.UNAVAILABLE,
    ModelBusy: Fallback.BUSY,
    ModelTimeout: Fallback.TIMEOUT,
    ModelRefused: Fallback.REFUSED,
    ModelIncoherent: Fallback.INCOHERENT,
    ModelCalledOff: Fallback.CALLED_OFF,
}


class Author:
    """A language model as it takes part in answering.

    ``judged``: it also looks at each sentence again. ``entails``: so does this model.
    """

    def __init__(self, model: Model, *, judged: bool = False, entails: Entails | None = None) -> None:
        self.model = model
        self._judged = judged
        self._entails = entails
        stages = ("rewrite", "clarify", "write", *(("judge",) if judged else ()))
        self._prompts = tuple(f"{stage}:{load(stage).version}" for stage in stages)

    def answer(
        self, question: str, verbatim: Answer, quotes: Sequence[Quote], verify: Verify, deadline: Deadline
    ) -> Generator[VerifiedSentence, None, Answer]:
        """Each proven sentence as soon as it is; at last the answer, ``verbatim`` where nothing was proven."""
        composition, withdrawn = Composition(), list[Withdrawal]()
        fallback: Fallback | None = None
        language = detect(question)
        writing = write(self.model, load("write"), question, language, quotes, deadline)
        try:
            for sentence in writing:
                written = _attributed(sentence, quotes, verify)
                verdict = self._reason(written, verify, deadline)
                if isinstance(verdict, Withdrawal):
                    withdrawn.append(verdict)
                else:
                    yield composition.add(written.text, written.quotes, derived=verdict.derived)
        except ModelError as error:
            logger.warning("the language model failed", extra={"fields": {"detail": str(error)}})
            fallback = _FALLBACKS[type(error)]
        finally:
            writing.close()
        if fallback is None and withdrawn and withdrawn[-1].reason == Flaw.UNFINISHED:
            fallback = Fallback.INCOHERENT
        if composition:
            said = None if fallback is None else notice.cut_short(fallback, language)
            return composition.answer(verbatim.confidence, self._generation(withdrawn, fallback, said))
        fallback = fallback or Fallback.NOTHING_PROVEN
        generation = self._generation(withdrawn, fallback, notice.replaced(fallback, language))
        return replace(verbatim, withdrawn=len(withdrawn), generation=generation)

    def _generation(
        self, withdrawn: Sequence[Withdrawal], fallback: Fallback | None, said: str | None
    ) -> Generation:
        return Generation(self.model.name, self._prompts, tuple(withdrawn), fallback, said)

    def _reason(self, written: Written, verify: Verify, deadline: Deadline) -> Verdict | Withdrawal:
        """The verdict on a sentence that is kept; its withdrawal where it is not."""
        if written.flaw is not None:
            return Withdrawal(written.text, written.flaw.value, written.detail, written.quotes)
        try:
            verdict = self._entailed(written, verify(Claim(written.text, written.quotes)))
        except Exception as error:
            # Fails closed, whatever a text did to the check: what cannot be checked is not delivered.
            logger.exception("a sentence could not be checked")
            return Withdrawal(written.text, "unverifiable", type(error).__name__, written.quotes)
        if verdict.fault is not None:
            return Withdrawal(written.text, verdict.fault.value, verdict.detail, written.quotes)
        if self._judged and not proves(self.model, written.text, written.quotes, deadline):
            return Withdrawal(written.text, "judge", "the language model itself denies it", written.quotes)
        return verdict

    def _entailed(self, written: Written, verdict: Verdict) -> Verdict:
        """The verdict, or a withdrawal where it was kept and the NLI model does not see it proven."""
        if self._entails is None or not verdict.kept:
            return verdict
        entailed = self._entails([quote.text for quote in written.quotes], written.text)
        return verdict if entailed else Verdict(Fault.MEANING, "not entailed")


def _attributed(written: Written, quotes: Sequence[Quote], verify: Verify) -> Written:
    """A sentence that cites nothing, with the quote that proves it, where one alone does.

    Small models forget to cite. The quote is looked for among those that the model was given, and is held to
    the same proof as one that it cites: where none stands up to that, or several do, the sentence goes.
    """
    if written.flaw is not None or written.quotes:
        return written
    proving = [quote for quote in quotes if _kept(written.text, quote, verify)]
    texts = {quote.text for quote in proving}
    return replace(written, quotes=tuple(proving[:1])) if len(texts) == 1 else written


def _kept(text: str, quote: Quote, verify: Verify) -> bool:
    try:
        return verify(Claim(text, (quote,))).kept
    except Exception:
        # Fails closed, as where the quote is cited.
        logger.exception("a sentence could not be checked")
        return False


def without_model(verbatim: Answer, question: str) -> Answer:
    """The verbatim answer to somebody who asked for a generated one where there is no model."""
    said = notice.replaced(Fallback.NO_MODEL, detect(question))
    return replace(verbatim, generation=Generation(None, fallback=Fallback.NO_MODEL, notice=said))
