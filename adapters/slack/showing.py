"""What has to be fetched or uploaded before a post can be shown; and pictures that Slack is not done with yet.

A picture is uploaded to nowhere and then stands in a message like any block, so that the message alone is what others
see, carries our key, and is found again. Slack takes it for unknown until it has looked at it, which takes moments.
Sources: https://docs.slack.dev/messaging/working-with-files, .../composition-objects/slack-file-object.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from adapters.slack.api import Api
from adapters.slack.directory import Directory
from adapters.slack.errors import BlocksRefused
from adapters.slack.fields import text
from adapters.slack.render import NOTHING, Known, message_of
from dialogue.errors import Rejected, Unavailable, Uncertain
from dialogue.ports import Clock
from dialogue.posts import Choices, Document, Menu, Picture, Post

PATIENCE: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each next try of a message whose picture Slack does not know yet."""
FRESH_FOR: Final = timedelta(minutes=10)
"""How long an uploaded picture is used again where its message has to be tried again."""
MOST_KEPT: Final = 100

Sent = TypeVar("Sent")


@dataclass(frozen=True, slots=True)
class _Upload:
    """A file on its way; ``told``: what it shows, for who can't see it."""

    name: str
    content: bytes
    told: str


class Showing:
    """Makes messages of posts. ``wait``: lets seconds pass."""

    def __init__(self, api: Api, directory: Directory, clock: Clock, wait: Callable[[float], Awaitable[None]]) -> None:
        self._api = api
        self._directory = directory
        self._clock = clock
        self._wait = wait
        self._files: dict[str, tuple[str, datetime]] = {}

    async def shown(self, post: Post, send: Callable[[dict[str, object]], Awaitable[Sent]]) -> Sent:
        """Give ``send`` the message that shows the post, with pictures in words where Slack takes none.

        Raises any SendError; Rejected, for what is too long, before anything is uploaded.
        """
        message = message_of(post)
        known = await self._known(post)
        for pause in PATIENCE if known.files else ():
            try:
                return await send(message_of(post, known))
            except BlocksRefused as error:
                if not error.a_picture:
                    raise
            await self._wait(pause)
        for picture in known.files:
            self._files.pop(_print_of(picture), None)
        return await send(message_of(post, Known(known.names)) if known.names else message)

    async def handed(self, post: Post, channel: str) -> Post:
        """The post without its documents, which are put into that channel, the talk with one person.

        What Slack refuses stays, and is told of in words. Raises any SendError but Rejected.
        """
        handed = {block: await self._hand(block, channel) for block in post.blocks if isinstance(block, Document)}
        return Post(tuple(block for block in post.blocks if not (isinstance(block, Document) and handed[block])))

    async def _hand(self, document: Document, channel: str) -> bool:
        file = _Upload(document.name, document.content, document.name)
        try:
            await self._upload(file, channel)
        except Rejected as error:
            structlog.get_logger().warning("document_refused", platform="slack", reason=str(error))
            return False
        return True

    async def _known(self, post: Post) -> Known:
        menus = [block for block in post.blocks if isinstance(block, Menu) and block.choices is Choices.GROUPS]
        chosen = [one for menu in menus for one in menu.selected]
        pictures = [block for block in post.blocks if isinstance(block, Picture)]
        if not chosen and not pictures:
            return NOTHING
        names = await self._directory.called(chosen) if chosen else {}
        return Known(names, await self._uploaded(pictures))

    async def _uploaded(self, pictures: Sequence[Picture]) -> Mapping[Picture, str]:
        try:
            return {picture: await self._file(picture) for picture in pictures}
        except Rejected as error:
            structlog.get_logger().warning("picture_refused", platform="slack", reason=str(error))
            return {}

    async def _file(self, picture: Picture) -> str:
        """The id of a file that holds it: also a post that could not be sent has left one."""
        name, now = _print_of(picture), self._clock.now()
        known = self._files.get(name)
        if known is not None and known[1] > now:
            return known[0]
        file = await self._upload(_Upload("picture.png", picture.png, picture.alt))
        self._files.pop(name, None)
        while len(self._files) >= MOST_KEPT:
            del self._files[next(iter(self._files))]
        self._files[name] = (file, now + FRESH_FOR)
        return file

    async def _upload(self, upload: _Upload, channel: str | None = None) -> str:
        """The file's id. What fails here has shown nothing to anybody; with a channel it may stand there twice."""
        where = {} if channel is None else {"channel_id": channel}
        try:
            told = await self._api.read(
                "files.getUploadURLExternal",
                filename=upload.name,
                length=len(upload.content),
                alt_txt=upload.told[:1_000],
            )
            file = text(told, "file_id")
            await self._api.upload(text(told, "upload_url"), upload.content)
            complete = {"files": [{"id": file, "title": upload.told[:100]}], **where}
            await self._api.act("files.completeUploadExternal", complete)
        except Uncertain as error:
            raise Unavailable(str(error)) from error
        return file


def _print_of(picture: Picture) -> str:
    return hashlib.sha256(picture.png).hexdigest()
