"""A history as events: what the platform would have delivered."""

from collections.abc import Sequence

from adapters.files.history import HistoryLine
from dialogue.events import Actor, Attachment, Event, MessagePosted, Place, ReactionAdded
from knowledge_base.ids import AccountId, ChannelId, MessageId, PlatformMessageId, SpaceId
from knowledge_base.members import Role

DEFAULT_SPACE = SpaceId("import")


class Feed:
    """Lines to events, in file order. It remembers who spoke, to know names and roles of those who react."""

    def __init__(self) -> None:
        self._people: dict[tuple[SpaceId, str], Actor] = {}

    def events_of(self, line: HistoryLine) -> Sequence[Event]:
        """What happened, in order: the message, then the reactions to it."""
        posted = self.posted(line)
        return (posted,) if line.deleted else (posted, *self._reactions(line, posted.place))

    def posted(self, line: HistoryLine) -> MessagePosted:
        """The message alone. The platform's id is the history's id.

        Of a deleted message nothing is told but that it was there: no words, no reply, no thread.
        """
        place = place_of(line)
        actor = Actor(AccountId(line.author), line.author_name or line.author, line.role)
        self._people[place.space, line.author] = actor
        return MessagePosted(
            place=place,
            actor=actor,
            message=PlatformMessageId(line.id),
            text=line.text,
            at=line.at,
            reply_to=PlatformMessageId(line.reply_to) if line.reply_to and not line.deleted else None,
            live=False,
            deleted=line.deleted,
            attachments=tuple(Attachment(file.name, file.type) for file in line.attachments),
        )

    def _reactions(self, line: HistoryLine, place: Place) -> Sequence[Event]:
        return [
            ReactionAdded(
                place=place,
                actor=self._actor(place.space, author),
                message=PlatformMessageId(line.id),
                emoji=reaction.name,
                id=f"{line.id}:{reaction.name}:{author}",
                at=line.at,
            )
            for reaction in line.reactions
            for author in reaction.authors
        ]

    def _actor(self, space: SpaceId, author: str) -> Actor:
        return self._people.get((space, author)) or Actor(AccountId(author), author, Role.CUSTOMER)


def place_of(line: HistoryLine) -> Place:
    """Where a line was said."""
    return Place(
        space=SpaceId(_within_ids(line.space)) if line.space else DEFAULT_SPACE,
        channel=ChannelId(_within_ids(line.channel)),
        name=line.channel,
        audience=line.audience,
        thread=PlatformMessageId(line.thread) if line.thread and not line.deleted else None,
    )


def channel_of(message: MessageId) -> str:
    """The history's name of the channel in which a message was said."""
    return message.split("/", 2)[1].replace("%2F", "/").replace("%25", "%")


def _within_ids(name: str) -> str:
    """A space's or channel's name as it can stand within a message id, whose parts are parted by slashes."""
    return name.replace("%", "%25").replace("/", "%2F")
