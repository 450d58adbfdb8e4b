"""The settings of the language model that may be asked in doubt."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from adapters.language.openai_compatible.endpoint import Endpoint
from bot.section import Section
from dialogue.advice.values import Policy, Spent
from knowledge_base.channels import Audience


class ModelSettings(Section):
    """A language model that is asked where a judgement is in doubt; docs/model.md tells what is sent to it."""

    base_url: str = Field(
        default="", description="where an OpenAI-compatible API is, https://…/v1; empty: no model is asked"
    )
    api_key: SecretStr = Field(default=SecretStr(""), description="the key to it, if it wants one")
    name: str = Field(default="", description="the model's name there; empty: no model is asked")
    tokens_per_day: int = Field(default=200_000, ge=0, description="tokens that may be spent in a day (UTC), at most")
    seconds_per_day: int = Field(default=1800, ge=0, description="seconds that calls may take in a day, all together")
    timeout: int = Field(default=20, ge=1, le=120, description="seconds that one call may take")
    batch: int = Field(default=8, ge=1, le=32, description="messages that are asked about in one call, at most")
    doubt_from: int = Field(
        default=45, ge=0, le=100, description="from how many percent of confidence on a message is asked about"
    )
    doubt_below: int = Field(default=60, ge=0, le=101, description="from how many percent on it no longer is")
    merge_from: int = Field(
        default=101,
        ge=80,
        le=101,
        description="from how many percent of its confidence on it merges two insights; 101: never, staff decide",
    )
    send_private: bool = Field(default=False, description="whether texts of private channels may be sent to it")
    send_internal: bool = Field(default=False, description="whether texts of internal channels may be sent to it")

    @property
    def is_on(self) -> bool:
        """Whether a model is asked at all."""
        return bool(self.base_url and self.name)

    @model_validator(mode="after")
    def _usable(self) -> Self:
        """An address where there is one, and a band that is not upside down."""
        if self.base_url and not _is_on_the_web(self.base_url):
            raise ValueError("needs a base_url such as https://api.example.com/v1")
        if not self.api_key.get_secret_value().isascii():
            raise ValueError("needs an api_key as the server gave it, without other characters")
        if self.doubt_from > self.doubt_below:
            raise ValueError("needs a doubt_from that is not above doubt_below")
        return self

    @property
    def host(self) -> str:
        """The server's name and port, as it may be shown."""
        return urlsplit(self.base_url).netloc

    def endpoint(self) -> Endpoint:
        """Where the model is."""
        return Endpoint(self.base_url, self.api_key, self.name, self.timeout)

    def policy(self) -> Policy:
        """When the model is asked, and what that may cost."""
        more = {Audience.PRIVATE: self.send_private, Audience.INTERNAL: self.send_internal}
        return Policy(
            doubt_from=self.doubt_from / 100,
            doubt_below=self.doubt_below / 100,
            audiences=frozenset({Audience.PUBLIC, Audience.MEMBERS, *(who for who, sent in more.items() if sent)}),
            per_day=Spent(self.tokens_per_day, self.seconds_per_day * 1000),
            batch=self.batch,
            merge_from=self.merge_from / 100,
        )


def _is_on_the_web(address: str) -> bool:
    """Whether it is an address of a server, without a user and password that would be shown with it."""
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return False
