"""The client: one request a call, bounded in time and size, never tried again by the SDK."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from adapters.language.openai_compatible.endpoint import Endpoint
from adapters.language.openai_compatible.prompt import PROMPT, SYSTEM, Asking, compose, most_tokens_out, schema
from adapters.language.openai_compatible.reading import Completion, Unusable, completion_in, read
from dialogue.advice.values import Advised, Question, Spent
from dialogue.errors import ModelFailed
from dialogue.ports import LanguageModel

if TYPE_CHECKING:
    from openai import AsyncOpenAI, BadRequestError, UnprocessableEntityError

MOST_BYTES: Final = 1 << 20
"""Of a response: more is not read."""

_FRAME: Final = 300
"""Tokens by which a server frames two messages, and by which two controls are longer than two others, at most."""

_BYTES_A_TOKEN: Final = 3
"""Where a server does not say what a call cost. Of what is asked, every token has a byte at least."""

_STATUS: Final = {
    401: "does not accept the key",
    403: "does not allow this key to use the model",
    404: "knows no model of this name, or has no API at this address",
    408: "took too long",
    413: "finds the request too long",
    429: "has no room for more requests now, or the account has no credit left",
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a server understands; found out by what it refuses."""

    schema: bool = True
    completion_tokens: bool = False
    temperature: bool = True


class OpenAICompatible(LanguageModel):
    """A model behind a server that speaks OpenAI's chat completions."""

    prompt = PROMPT

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.name
        self._endpoint = endpoint
        self._shape = _Shape()

    def at_most(self, questions: Sequence[Question]) -> Spent:
        """No token is shorter than a byte, so the request's bytes bound what is read."""
        asking = compose(questions)
        tokens = _bytes_of(asking) + _FRAME + most_tokens_out(len(questions))
        return Spent(tokens, round(self._endpoint.timeout * 1000))

    async def ask(self, questions: Sequence[Question]) -> Advised:
        """Ask all of them in one call. Without any, only what is known is asked: whether the model can be used."""
        await asyncio.to_thread(self._load)
        loop, asking = asyncio.get_running_loop(), compose(questions)
        begun, tokens = loop.time(), None
        try:
            completion = completion_in(await self._response(asking, len(questions)))
            tokens = _tokens(completion, asking)
            found = read(completion, asking)
        except Unusable as error:
            raise ModelFailed(str(error), _since(begun), tokens) from error
        return Advised(found.verdicts, found.discarded, Spent(tokens, _since(begun)))

    async def close(self) -> None:
        """Let go of the server."""
        if "_client" in self.__dict__:
            await self._client.close()

    def _load(self) -> None:
        """Read the SDK, which takes a second the first time: in a thread, so that nobody else waits for it."""
        self._client.chat.completions.with_streaming_response.create  # noqa: B018 - reading it loads what it needs

    @cached_property
    def _client(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI

        place = self._endpoint
        key = place.key.get_secret_value() or "none"
        client = AsyncOpenAI(api_key=key, base_url=place.base_url, timeout=place.timeout, max_retries=0)
        # the SDK takes these from the environment, which is not where our settings are
        client.organization = client.project = None
        return client

    async def _response(self, asking: Asking, questions: int) -> bytes:
        """The response's body. What a server does not understand is left out, this time and from now on."""
        from openai import BadRequestError, UnprocessableEntityError

        timeout = self._endpoint.timeout
        with _in_words(timeout):
            async with asyncio.timeout(timeout):
                while True:
                    try:
                        return await self._request(asking, questions)
                    except (BadRequestError, UnprocessableEntityError) as error:
                        simpler = _simpler(self._shape, error)
                        if simpler is None:
                            raise
                        self._shape = simpler

    async def _request(self, asking: Asking, questions: int) -> bytes:
        from openai import omit

        shape, most = self._shape, most_tokens_out(questions)
        async with self._client.chat.completions.with_streaming_response.create(
            model=self.name,
            messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": asking.document}],
            temperature=0 if shape.temperature else omit,
            max_tokens=omit if shape.completion_tokens else most,
            max_completion_tokens=most if shape.completion_tokens else omit,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "answers", "strict": True, "schema": schema(asking)},
            }
            if shape.schema
            else omit,
        ) as response:
            body = bytearray()
            async for part in response.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise Unusable("the server's response is far too long")
            return bytes(body)


@contextmanager
def _in_words(timeout: float) -> Iterator[None]:
    """Trouble with a server as :class:`ModelFailed`. What the server says of it is left out: it may quote texts."""
    import httpx
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    begun = asyncio.get_running_loop().time()
    try:
        yield
    except (APITimeoutError, httpx.TimeoutException, TimeoutError) as error:
        raise ModelFailed(f"the server did not answer within {timeout:g} s", _since(begun), None) from error
    except APIStatusError as error:
        said = _STATUS.get(error.status_code, "can't answer" if error.status_code >= 500 else "refuses the request")
        raise ModelFailed(f"the server {said} ({error.status_code})", _since(begun), 0) from error
    except (APIConnectionError, httpx.HTTPError) as error:
        raise ModelFailed("the server can't be reached, or broke the connection", _since(begun), None) from error


def _simpler(shape: _Shape, error: "BadRequestError | UnprocessableEntityError") -> _Shape | None:
    """The shape without what the server named as not understood; None where nothing is left to leave out."""
    said = str(error).lower()
    if "max_tokens" in said and not shape.completion_tokens:
        return replace(shape, completion_tokens=True)
    if "temperature" in said and shape.temperature:
        return replace(shape, temperature=False)
    return replace(shape, schema=False) if shape.schema else None


def _tokens(completion: Completion, asking: Asking) -> int:
    if completion.tokens is not None:
        return completion.tokens
    return (_bytes_of(asking) + len(completion.text.encode(errors="replace"))) // _BYTES_A_TOKEN


def _bytes_of(asking: Asking) -> int:
    """The bytes of all that is asked, the schema among it."""
    return len(f"{SYSTEM}{asking.document}{schema(asking)}".encode(errors="replace"))


def _since(begun: float) -> int:
    return round((asyncio.get_running_loop().time() - begun) * 1000)
