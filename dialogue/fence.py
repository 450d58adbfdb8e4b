"""The only exit: no words leave towards people who couldn't see them or weren't allowed to, and no secrets do.

Every text is cleaned, masked and cut; every :class:`~dialogue.posts.Words` is held against this matrix, where
``internal`` means an internal channel of the same community that nobody from outside can read:

==================  ==================================================================
said in             may appear in
==================  ==================================================================
a public channel    every channel of the community
a members channel   members channels of that space, and internal
a private channel   internal, if its author allows it
an internal channel internal
any channel         that channel itself
a shared channel    internal (shared with outsiders, or unknown); if private, only as its author allows
another community   nowhere
==================  ==================================================================

A channel that is excluded gets nothing. One that outsiders read, or may read, gets nothing but its own words back. A
person alone may read their own words; staff and admins also what may appear in an internal channel; customers also what
is public. Whether a customer is a member of the space where something was said isn't known here, so members' words do
not reach them.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from dialogue.ports import Masker
from dialogue.posts import (
    Block,
    Button,
    Buttons,
    Document,
    Fact,
    Facts,
    Heading,
    Menu,
    Paragraph,
    Picture,
    Post,
    Quote,
    Secret,
    Text,
    Words,
)
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Channel, Mode, Origin, Shared
from knowledge_base.ids import CommunityId, MemberId
from knowledge_base.members import Role

HEADING: Final = 200
PARAGRAPH: Final = 2_000
QUOTE: Final = 600
NAME: Final = 80
LABEL: Final = 60
VALUE: Final = 300
BUTTON: Final = 75
CUSTOM_ID: Final = 100
BLOCKS: Final = 40
FACTS: Final = 60
BUTTONS: Final = 25
LINK: Final = 500
"""Limits in characters (blocks, facts of one and buttons: how many), within what every platform can show."""

_CUT: Final = "…"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
    "|[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
"""Control characters and broken surrogates; what takes no place or shows nothing; marks that turn the direction of our
own text round; joiners where they join nothing (emoji and some scripts need them)."""

_BREAKS: Final = str.maketrans({"\u2028": "\n", "\u2029": "\n"})

_ADDRESS = re.compile(r"(?:https?://|#|/(?!/))[^\s<>\"'`]*")


@dataclass(frozen=True, slots=True)
class Private:
    """One person alone. ``member`` is None for somebody unknown, who has no words of their own here."""

    community: CommunityId
    member: MemberId | None
    role: Role


Destination = Channel | Private


def may_pass(words: Words, destination: Destination) -> bool:
    """Whether these words may appear there. Whatever isn't clearly allowed is not."""
    if words.origin.community != destination.community:
        return False
    if isinstance(destination, Private):
        return _may_read(words, destination)
    if destination.mode is Mode.EXCLUDED:
        return False
    if (words.origin.space, words.origin.channel) == (destination.space, destination.id):
        return True
    if destination.shared is not Shared.NO:
        return False
    if destination.audience is Audience.INTERNAL:
        return _may_go_inside(words)
    return _may_go_about(words.origin, destination)


def _may_read(words: Words, reader: Private) -> bool:
    if reader.member is not None and words.author == reader.member:
        return True
    if reader.role.may(Role.STAFF):
        return _may_go_inside(words)
    return words.origin.audience is Audience.PUBLIC and words.origin.shared is Shared.NO


def _may_go_inside(words: Words) -> bool:
    return words.origin.audience is not Audience.PRIVATE or words.private_allowed


def _may_go_about(origin: Origin, destination: Channel) -> bool:
    if origin.shared is not Shared.NO:
        return False
    if origin.audience is Audience.PUBLIC:
        return True
    return (
        origin.audience is Audience.MEMBERS
        and destination.audience is Audience.MEMBERS
        and origin.space == destination.space
    )


def visible(text: str) -> str:
    """The text as people see it, its lines parted by ``\\n`` alone; to be masked after this, as masking sees all."""
    return _UNSEEN.sub("", text.translate(_BREAKS))


class Fence:
    """Lets posts out. Has no state: the same post and destination always give the same.

    ``masker`` is what it masks with, for whoever takes a piece out of a text: that is masked before it is cut.
    """

    def __init__(self, masker: Masker, texts: Texts) -> None:
        self.masker = masker
        self._withheld = texts.say("fence.withheld")
        self._unnamed = texts.say("fence.unnamed")

    def let_out(self, post: Post, destination: Destination) -> Post:
        """The post as it may be shown there: withheld words replaced, with their author and link; never raises."""
        blocks = (self._block(block, destination) for block in post.blocks[:BLOCKS])
        return Post(tuple(block for block in blocks if block is not None))

    def line(self, text: Text, destination: Destination, limit: int = NAME) -> str:
        """One text alone, for what is shown outside a post (a completion's label)."""
        shown = self._line(text, destination, limit)
        return shown.text if isinstance(shown, Words) else shown

    def _block(self, block: Block, destination: Destination) -> Block | None:
        match block:
            case Heading():
                return Heading(self._line(block.text, destination, HEADING))
            case Paragraph():
                return Paragraph(self._text(block.text, destination, PARAGRAPH))
            case Quote():
                return self._quote(block, destination)
            case Facts():
                facts = tuple(
                    Fact(self._one_line(fact.label, LABEL), self._named(fact.value, destination, VALUE))
                    for fact in block.facts[:FACTS]
                )
                return Facts(facts) if facts else None
            case Buttons():
                return self._buttons(block)
            case Menu():
                label = self._one_line(block.label, BUTTON)
                return replace(block, label=label) if len(block.custom_id) <= CUSTOM_ID else None
            case Picture():
                # our own drawing: words of others in it were let out where it was drawn
                return replace(block, alt=self._own(block.alt, PARAGRAPH))
            case Document():
                return self._document(block, destination)
            case Secret():
                theirs = isinstance(destination, Private) and destination.member == block.owner
                return replace(block, text=visible(block.text)) if theirs else Paragraph(self._withheld)

    def _document(self, document: Document, destination: Destination) -> Block:
        if not isinstance(destination, Private) or destination.member != document.owner:
            return Paragraph(self._withheld)
        return replace(document, name=self._one_line(document.name, LABEL))

    def _quote(self, quote: Quote, destination: Destination) -> Block:
        if not may_pass(quote.words, destination):
            return Paragraph(self._withheld)
        words = replace(quote.words, text=self._own(quote.words.text, QUOTE))
        return Quote(words, self._named(quote.author, destination, NAME), _safe_link(quote.link))

    def _text(self, text: Text, destination: Destination, limit: int) -> Text:
        if isinstance(text, str):
            return self._own(text, limit)
        if not may_pass(text, destination):
            return self._withheld
        return replace(text, text=self._own(text.text, limit))

    def _line(self, text: Text, destination: Destination, limit: int) -> Text:
        """A text that stands in a line of its own: a name must not be able to look like another line of ours."""
        if isinstance(text, str):
            return self._one_line(text, limit)
        if not may_pass(text, destination):
            return self._withheld
        return replace(text, text=self._one_line(text.text, limit))

    def _named(self, text: Text, destination: Destination, limit: int) -> Text:
        """As a line; where somebody's name is left out, because they want none to be shown, the catalogue's word."""
        shown = self._line(text, destination, limit)
        return replace(shown, text=self._unnamed) if isinstance(shown, Words) and not shown.text else shown

    def _one_line(self, text: str, limit: int) -> str:
        return _shortened(" ".join(self._clean(text).split()), limit)

    def _own(self, text: str, limit: int) -> str:
        return _shortened(self._clean(text), limit)

    def _clean(self, text: str) -> str:
        return self.masker.mask(visible(text))

    def _buttons(self, block: Buttons) -> Buttons | None:
        fitting = [button for button in block.buttons if len(button.custom_id) <= CUSTOM_ID][:BUTTONS]
        shown = tuple(Button(self._one_line(b.label, BUTTON), b.custom_id, b.emphasis) for b in fitting)
        return Buttons(shown) if shown else None


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - len(_CUT)].rstrip() + _CUT


def _safe_link(link: str | None) -> str | None:
    """Web addresses and places of our own page only: whatever else a history may name is no link."""
    if link is None or len(link) > LINK or not _ADDRESS.fullmatch(link):
        return None
    return link
