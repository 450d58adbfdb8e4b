"""The last look before a post goes out: a channel may have been shared with another company since it was composed.

The dialogue's fence decides by what it was last told of a channel, which is with a message said there. Slack may share
a channel without anybody saying anything, so it is asked once more here.
"""

from collections.abc import Sequence

from adapters.slack.directory import Room
from dialogue.errors import Rejected
from dialogue.posts import Block, Facts, Heading, Paragraph, Post, Quote, Text, Words
from knowledge_base.channels import Shared
from knowledge_base.ids import ChannelId, SpaceId


def holds_others_words(post: Post, space: SpaceId, channel: ChannelId) -> bool:
    """Whether the post holds words that were said elsewhere."""
    words = (text for block in post.blocks for text in _texts(block) if isinstance(text, Words))
    return any((one.origin.space, one.origin.channel) != (space, channel) for one in words)


def refuse_outsiders(channel: ChannelId, room: Room) -> None:
    """Raises Rejected where outsiders read the channel, or may. ``room``: as Slack says it is now."""
    if not (room.direct or room.shared is Shared.NO):
        raise Rejected(f"people from outside may read {channel} now, and this was said elsewhere")


def _texts(block: Block) -> Sequence[Text]:
    match block:
        case Heading() | Paragraph():
            return (block.text,)
        case Quote():
            return (block.words, block.author)
        case Facts():
            return [fact.value for fact in block.facts]
        case _:
            # buttons are our own words
            return ()
