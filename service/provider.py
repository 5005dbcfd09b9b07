"""The language model that the settings name, opened through LangChain; no call is made yet."""

from typing import TYPE_CHECKING, Any

from service.errors import SettingsInvalid
from service.model import LanguageModel
from service.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EXTRAS = ("openai", "anthropic", "ollama")
"""Providers whose packages Herald has extras for."""


def open_model(id: str, settings: Settings) -> LanguageModel:
    """The model with this id, which is what ``HERALD_LLM`` names, reached as the settings say.

    Raises SettingsInvalid for a model that LangChain does not know, a provider whose package is not
    installed, and arguments or a missing key that the provider does not accept.
    """
    return LanguageModel(
        _chat_model(id, _arguments(id, settings)),
        id,
        silence=settings.llm_silence_seconds,
        retries=settings.llm_retries,
    )


def _arguments(id: str, settings: Settings) -> dict[str, Any]:
    provider = id.partition(":")[0]
    arguments: dict[str, Any] = {"temperature": 0}
    if provider in {"openai", "anthropic"}:
        # Calls are tried again here, where the deadline is known, and not a second time in there.
        arguments["max_retries"] = 0
    if settings.llm_url is not None:
        arguments["base_url"] = settings.llm_url
    if settings.llm_key is not None:
        arguments["api_key"] = settings.llm_key.get_secret_value()
    elif settings.llm_url is not None and provider == "openai":
        # A server of one's own often needs no key, the client always does. And the key in the
        # provider's own variable is the provider's: it is sent nowhere else.
        arguments["api_key"] = "none"
    return arguments | settings.llm_options


def _chat_model(id: str, arguments: dict[str, Any]) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    try:
        chat: BaseChatModel = init_chat_model(id, **arguments)
    except ImportError as error:
        provider = id.partition(":")[0]
        extra = f"pip install 'herald[{provider}]'" if provider in EXTRAS else str(error)
        raise SettingsInvalid(f"HERALD_LLM: the package for {id!r} is not installed; {extra}") from error
    except Exception as error:
        # Each provider's package validates in its own way; none of it is worth a traceback at the start.
        said = str(error).replace(str(arguments.get("api_key") or "\0"), "…").splitlines()[0][:300]
        raise SettingsInvalid(f"HERALD_LLM: {id!r} cannot be used: {said}") from error
    return chat
