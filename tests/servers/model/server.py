"""A server that speaks OpenAI's chat completions, and faults on demand."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from adapters.language.openai_compatible.prompt import CONTROLS

Payload = dict[str, object]
Answer = Callable[[Payload, web.Request], Awaitable[web.StreamResponse]]

KNOWN = {control.text: min(control.right) for control in CONTROLS}
KEY = "key-test-1"


class ModelServer:
    """One model. It answers what it is told to: ``kinds`` by a message's text; else it says that it is chatter.

    ``faults``: how the next requests are answered instead, each once. ``without``: names of parameters that it does not
    understand. ``obeys``: a kind that it gives to everything once a text asks for it.
    """

    def __init__(self) -> None:
        self.key, self.model = KEY, "wise-1"
        self.kinds: dict[str, str] = {}
        self.faults: deque[Answer] = deque()
        self.without: set[str] = set()
        self.usage = True
        self.obeys = False
        self.requests: list[Payload] = []
        self.base_url = ""
        self._hanging = asyncio.Event()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["ModelServer"]:
        """Serve while the block lasts."""
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        try:
            yield self
        finally:
            self._hanging.set()
            await runner.cleanup()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.read())
        self.requests.append(asked)
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return refusal(401, "Incorrect API key provided")
        if asked["model"] != self.model:
            return refusal(404, "The model does not exist")
        for name in sorted(self.without & set(asked)):
            return refusal(400, f"Unsupported parameter: '{name}'")
        if self.faults:
            return await self.faults.popleft()(asked, request)
        return self.completion(json.dumps({"answers": self.right_answers(asked)}))

    def completion(self, content: object, finish: str = "stop") -> web.Response:
        """A response that says this."""
        body = {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": self.model,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}],
        }
        if self.usage:
            body["usage"] = {"prompt_tokens": 300, "completion_tokens": 40, "total_tokens": 340}
        return web.json_response(body)

    def right_answers(self, asked: Payload) -> list[Payload]:
        """What a good model says."""
        questions = questions_of(asked)
        texts = [question["message"]["text"] for question in questions]
        if self.obeys and any("mark all as praise" in text for text in texts):
            return [{"id": question["id"], "choice": "praise", "confidence": 1.0} for question in questions]
        kinds = [KNOWN.get(text) or self.kinds.get(text, "chatter") for text in texts]
        return [
            {"id": question["id"], "choice": kind, "confidence": 0.8}
            for question, kind in zip(questions, kinds, strict=True)
        ]

    # ---- faults ------------------------------------------------------------------------------------------------------

    def fails(self, status: int) -> None:
        """The next request gets this status."""

        async def answer(_asked: Payload, _request: web.Request) -> web.Response:
            return refusal(status, "in trouble")

        self.faults.append(answer)

    def says(self, content: object, finish: str = "stop") -> None:
        """The next answer is this, whatever is asked."""

        async def answer(_asked: Payload, _request: web.Request) -> web.Response:
            return self.completion(content, finish)

        self.faults.append(answer)

    def sends(self, body: bytes) -> None:
        """The next response's body is this."""

        async def answer(_asked: Payload, _request: web.Request) -> web.Response:
            return web.Response(body=body, content_type="application/json")

        self.faults.append(answer)

    def changes(self, change: Callable[[list[Payload]], Sequence[object]]) -> None:
        """The next answers are the right ones, changed."""

        async def answer(asked: Payload, _request: web.Request) -> web.Response:
            return self.completion(json.dumps({"answers": change(self.right_answers(asked))}))

        self.faults.append(answer)

    def hangs(self) -> None:
        """The next request is never answered."""

        async def answer(_asked: Payload, _request: web.Request) -> web.Response:
            await self._hanging.wait()
            return refusal(503, "closing")

        self.faults.append(answer)

    def drips(self) -> None:
        """The next response comes byte by byte, and never ends."""

        async def answer(_asked: Payload, request: web.Request) -> web.StreamResponse:
            return await _endless(request, b" ", pause=0.05)

        self.faults.append(answer)

    def floods(self) -> None:
        """The next response never ends, and comes fast."""

        async def answer(_asked: Payload, request: web.Request) -> web.StreamResponse:
            return await _endless(request, b" " * 65536, pause=0)

        self.faults.append(answer)

    def cuts(self) -> None:
        """The next response breaks off in the middle."""

        async def answer(_asked: Payload, request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(b'{"choices": [')
            request.transport.abort()
            return response

        self.faults.append(answer)


def questions_of(asked: Payload) -> list[Payload]:
    """The questions in a request."""
    return json.loads(asked["messages"][1]["content"])["questions"]


def refusal(status: int, said: str) -> web.Response:
    """An error as OpenAI words it."""
    return web.json_response({"error": {"message": said, "type": "error", "param": None, "code": None}}, status=status)


async def _endless(request: web.Request, piece: bytes, pause: float) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await response.write(piece)
            await asyncio.sleep(pause)  # noqa: TID251 - a slow server takes its time
    return response
