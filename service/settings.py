"""Settings: read from the environment once, when the service starts, and refused there if unusable.

Each field is the environment variable ``HERALD_`` and its name in capitals. Lists are separated by
commas. A name that begins with ``HERALD_`` and is not one of these is refused too: a misspelt limit
or key would otherwise leave open what it was meant to close.
"""

import difflib
import ipaddress
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from service.answer import Mode
from service.errors import SettingsInvalid

PREFIX = "HERALD_"
HASH = re.compile(r"[0-9a-f]{64}")
EMBEDDED = "sqlite:///"


def _items(value: object) -> object:
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


Items = Annotated[tuple[str, ...], BeforeValidator(_items)]


def _options(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


Options = Annotated[dict[str, Any], BeforeValidator(_options)]


class Settings(BaseModel):
    """What an operator may choose. Building one reads no environment: ``read_settings`` does that."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    index: Path = Path(".herald")
    """The index folder."""
    store: str | None = None
    """Where conversations are kept: ``sqlite:///PATH``; by default ``herald.db`` in the index folder."""
    encoder: str | None = None
    """The encoder's name or path; by default the one that the index was built with."""
    threshold: float | None = Field(default=None, ge=0.0, le=1.0)
    """The probability from which a question counts as answered; by default the calibrated one."""

    llm: str | None = None
    """The language model that writes generated answers: any LangChain chat model id, such as
    ``openai:gpt-5-mini``, ``anthropic:claude-haiku-4-5`` or ``ollama:qwen3``; by default there is none."""
    llm_url: str | None = None
    """The base URL of the model's server; by default the provider's own."""
    llm_key: SecretStr | None = None
    """The server's API key; by default the provider's own variable, such as ``OPENAI_API_KEY``."""
    llm_options: Options = {}
    """Further arguments of the LangChain model, as a JSON object: ``{"max_tokens": 400}``."""
    llm_deadline_seconds: float = Field(default=30.0, gt=0.0, le=600.0)
    """How long an answer may take to write; what is not proven by then is left out."""
    llm_silence_seconds: float = Field(default=15.0, gt=0.0, le=600.0)
    """How long the model may say nothing before it is given up."""
    llm_retries: int = Field(default=2, ge=0, le=10)
    """How often a call that failed before its first word is tried again."""
    llm_judge: bool = False
    """Whether the model looks again at each sentence that the verifier kept; it can only withdraw."""
    nli: str | None = None
    """A sentence-transformers cross-encoder that looks again at each sentence that the verifier kept; it can
    only withdraw. By default there is none."""
    mode: Mode = Mode.VERBATIM
    """How a question is answered that does not say how: ``verbatim``, or ``generated`` with a model."""

    host: str = Field(default="127.0.0.1", min_length=1)
    """The address to listen at; ``0.0.0.0`` for all of the machine's."""
    port: int = Field(default=8000, ge=0, le=65_535)
    """The port to listen at; 0 for a free one."""
    workers: int = Field(default=1, ge=1, le=64)
    """Processes that answer. More than one to a processor is no use; limits count for each by itself."""
    threads: int = Field(default=16, ge=1, le=256)
    """Questions answered at once by one process."""
    waiting: int = Field(default=64, ge=0, le=10_000)
    """Further questions that may wait for a thread before the service says that it is busy."""
    cache: int = Field(default=2_048, ge=0, le=1_000_000)
    """Replies that a process remembers, to questions asked again in the same words; 0 for none."""
    heartbeat_seconds: float = Field(default=5.0, gt=0.0, le=60.0)
    """How often a waiting event stream shows that it is alive."""
    resume_seconds: float = Field(default=10.0, ge=0.0, le=600.0)
    """How long a stream whose reader left is kept for its return with ``Last-Event-ID``."""
    shutdown_seconds: int = Field(default=30, ge=0, le=600)
    """How long requests in flight may take to finish after the service was told to stop."""

    message_limit: int = Field(default=2_000, ge=1, le=100_000)
    """Characters of one message."""
    body_limit: int = Field(default=65_536, ge=1_024, le=16_777_216)
    """Bytes of a request's body."""
    rate_limit: float = Field(default=120.0, ge=0.0, le=1_000_000.0, allow_inf_nan=False)
    """Requests a minute of one client; 0 for no limit."""
    rate_burst: int = Field(default=40, ge=1, le=1_000_000)
    """Requests that one client may make at once."""

    trusted_proxies: Items = ()
    """Addresses and networks of proxies whose ``X-Forwarded-For`` is believed; by default none."""
    cors_origins: Items = ()
    """Origins whose pages may call the service from a browser; by default none but its own."""
    widget_origins: Items = ()
    """Origins whose pages may embed the chat; by default none but the service's own."""
    widget_secret: SecretStr | None = Field(default=None, min_length=32)
    """Signs the tokens of those pages; replicas share it. By default each process makes its own."""
    api_key_hashes: Items = ()
    """SHA-256 hashes, in hexadecimal, of the keys that open ``/v1``; empty leaves it open."""
    api_key_file: Path | None = None
    """A file with one such hash a line, ``#`` beginning a comment."""
    metrics_open: bool = True
    """Whether ``/metrics`` answers without a key."""

    slack_bot_token: SecretStr | None = None
    """The app's Bot User OAuth Token (``xoxb-…``); without it, Herald is not in Slack."""
    slack_signing_secret: SecretStr | None = None
    """The app's Signing Secret; with it, ``/slack/events`` takes what Slack delivers over HTTP."""
    slack_app_token: SecretStr | None = None
    """The app-level token (``xapp-…``) for ``herald slack``, which needs no public address."""
    slack_api_url: str = "https://slack.com/api/"
    """The Web API's address; that of GovSlack is ``https://slack-gov.com/api/``."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged; ``info`` has a line for each request."""
    log_questions: bool = False
    """Whether the log may hold what people asked."""

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network)
            if ipaddress.ip_network(network).prefixlen == 0:
                raise ValueError(f"{network} would believe everybody")
        return value

    @field_validator("cors_origins", "widget_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if origin == "*":
                raise ValueError("'*' would let any page in; list the origins")
            if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc.lower()}":
                raise ValueError(f"{origin!r} is not an origin such as https://www.example.org")
        return value

    @field_validator("api_key_hashes")
    @classmethod
    def _hashes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for number, entry in enumerate(value, 1):
            if not HASH.fullmatch(entry):
                # The entry itself may be a key that was pasted here by mistake, so it is not shown.
                raise ValueError(f"entry {number} is not a SHA-256 hash of 64 digits 0-9a-f")
        return value

    @field_validator("store")
    @classmethod
    def _known_store(cls, value: str | None) -> str | None:
        if value is not None and not (value.startswith(EMBEDDED) and value.removeprefix(EMBEDDED)):
            raise ValueError(f"only {EMBEDDED}PATH is supported")
        return value

    @field_validator("llm_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError(f"{value!r} is not an http or https address")
        return value

    @field_validator("host", "encoder", "store", "llm", "llm_url")
    @classmethod
    def _printable(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and (not value.strip() or not value.isprintable()):
            raise ValueError(f"{info.field_name} is blank or holds control characters")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _api_address(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"http", "https"} or not value.endswith("/"):
            raise ValueError(f"{value!r} is not an address such as https://slack.com/api/")
        return value

    @model_validator(mode="after")
    def _token_for_slack(self) -> "Settings":
        given = {"SIGNING_SECRET": self.slack_signing_secret, "APP_TOKEN": self.slack_app_token}
        for name, secret in given.items():
            if secret is not None and self.slack_bot_token is None:
                raise ValueError(f"{PREFIX}SLACK_{name} is set, but {PREFIX}SLACK_BOT_TOKEN is not")
        return self

    @model_validator(mode="after")
    def _key_for_metrics(self) -> "Settings":
        if not self.metrics_open and not self.api_key_hashes and self.api_key_file is None:
            raise ValueError(f"{PREFIX}METRICS_OPEN is off, but there is no key that would open /metrics")
        return self

    @model_validator(mode="after")
    def _model_for_mode(self) -> "Settings":
        if self.llm is None and self.mode is Mode.GENERATED:
            raise ValueError(f"{PREFIX}MODE is generated, but there is no model: set {PREFIX}LLM")
        if self.llm is None and (self.llm_url or self.llm_key or self.llm_options):
            raise ValueError(
                f"{PREFIX}LLM_URL, _KEY and _OPTIONS say how to reach a model, {PREFIX}LLM which"
            )
        return self

    @property
    def store_path(self) -> Path:
        """The file that holds conversations."""
        if self.store is None:
            return self.index / "herald.db"
        return Path(self.store.removeprefix(EMBEDDED))

    def key_hashes(self) -> frozenset[str]:
        """The hashes of all keys, the file's included. Raises SettingsInvalid for an unusable file."""
        if self.api_key_file is None:
            return frozenset(self.api_key_hashes)
        variable = f"{PREFIX}API_KEY_FILE"
        try:
            lines = self.api_key_file.read_text("utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise SettingsInvalid(f"{variable}: {self.api_key_file} cannot be read") from error
        entries = [(n, entry) for n, line in enumerate(lines, 1) if (entry := line.partition("#")[0].strip())]
        for number, entry in entries:
            if not HASH.fullmatch(entry):
                raise SettingsInvalid(f"{variable}: line {number} is not a SHA-256 hash of 64 digits 0-9a-f")
        if not entries:
            # An emptied file must not open the service.
            raise SettingsInvalid(f"{variable}: {self.api_key_file} holds no hash")
        return frozenset(self.api_key_hashes) | {entry for _, entry in entries}


def read_settings(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """The settings in ``environment`` (the process's own by default); those ``given`` take precedence.

    Raises SettingsInvalid, naming the variable, for a value that cannot be used and for an unknown name.
    """
    environment = os.environ if environment is None else environment
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    found = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX):
            continue
        if variable not in known:
            close = difflib.get_close_matches(
                variable.removeprefix(PREFIX).lower(), Settings.model_fields, n=1
            )
            meant = f"; {PREFIX}{close[0].upper()}?" if close else ""
            raise SettingsInvalid(f"{variable}: no such setting{meant}")
        if not value.strip():
            raise SettingsInvalid(f"{variable}: empty; leave it unset for the default")
        found[known[variable]] = value
    try:
        return Settings(**(found | given))
    except ValidationError as error:
        raise SettingsInvalid("; ".join(_complaint(dict(e)) for e in error.errors())) from error


def _complaint(error: dict[str, Any]) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{str(error['loc'][0]).upper()}: {message}" if error["loc"] else message
