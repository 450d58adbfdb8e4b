"""What a team reads of a customer's answer, composed when it is sent, from what is stored then."""

from dialogue.actions import CarriedOf
from dialogue.bridging.verbs import ANSWER
from dialogue.custom_ids import custom_id
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Button, Buttons, Paragraph, Post, Quote, Words, plain
from dialogue.texts.catalogue import Texts
from knowledge_base.bridges import QuestionState
from knowledge_base.channels import Channel
from knowledge_base.ids import CommunityId
from knowledge_base.members import Member
from knowledge_base.messages import Message


async def compose_carried(uow: UnitOfWork, community: CommunityId, of: CarriedOf, texts: Texts) -> Post:
    """The answer as its author words it now, with a button to answer it; a sentence once it is taken back. Reads only.

    Whoever answers a question was told that it goes to the team, so private words pass here as well.
    """
    carried = await uow.bridges.carried(community, of.question)
    source = next((one.source for one in carried if one.number == of.number), None)
    message = await uow.messages.get(community, source) if source else None
    channel = await uow.channels.get(message.space, message.channel) if message else None
    author = await uow.members.get(community, message.author) if message else None
    if message is None or message.deleted or channel is None or author is None:
        return plain(texts.say("bridge.gone", {"number": of.number}))
    blocks: list[Block] = [
        Paragraph(texts.say("bridge.answered", {"number": of.number})),
        _quote(message, channel, author),
    ]
    question = await uow.bridges.question(community, of.question)
    if question is not None and question.state is QuestionState.OPEN:
        button = Button(texts.say("bridge.reply"), custom_id(ANSWER, question.id, str(of.number)))
        blocks.append(Buttons((button,)))
    return Post(tuple(blocks))


def _quote(message: Message, channel: Channel, author: Member) -> Quote:
    words = Words(message.text, channel.origin, author.id, private_allowed=True)
    return Quote(words, Words(author.shown_as, channel.origin, author.id, private_allowed=True), message.link)
