"""Private notes: staff write them about what was said; only their own people ever read them."""

from collections.abc import Sequence

from dialogue.ports import UnitOfWork
from dialogue.posts import Fact, Words
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import ChannelId, SpaceId
from knowledge_base.insights import Insight
from knowledge_base.notes import Note


async def notes_about(uow: UnitOfWork, insight: Insight, texts: Texts) -> Sequence[Fact]:
    """The notes about an insight's voices, oldest first, each with who wrote it when."""
    facts = []
    for note in await uow.notes.of_insight(insight.community, insight.id):
        writer = await uow.members.get(insight.community, note.by)
        places = {
            "name": (writer and writer.name) or texts.say("insight.somebody"),
            "day": note.at.date().isoformat(),
        }
        facts.append(Fact(texts.say("note.by", places), words_of(note)))
    return facts


def words_of(note: Note) -> Words:
    """What a note says. It was said inside, in no channel: so it goes to nobody but the firm's own people.

    Not even back to where it was written, as a command, where customers may read.
    """
    return Words(note.text, Origin(note.community, SpaceId(""), ChannelId(""), Audience.INTERNAL), note.by)
