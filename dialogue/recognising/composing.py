"""What somebody reads of who contributed, composed when it is sent, from what is stored then."""

from dialogue.actions import Page, RecognitionOf
from dialogue.charts import Charts
from dialogue.fence import Private
from dialogue.ports import UnitOfWork
from dialogue.posts import Post, plain
from dialogue.recognising.board import compose_board
from dialogue.recognising.own import compose_own
from dialogue.recognising.unusual import compose_unusual
from dialogue.texts.catalogue import Texts
from knowledge_base.members import Role


async def compose_recognition(
    uow: UnitOfWork, of: RecognitionOf, reader: Private, texts: Texts, charts: Charts | None
) -> Post:
    """The page for its one reader; without ``charts`` there is no picture. Reads only."""
    match of.page:
        case Page.OWN if reader.member == of.reader:
            return await compose_own(uow, reader.community, of, texts, charts)
        case Page.BOARD if reader.member == of.reader:
            return await compose_board(uow, reader.community, of, texts)
        case Page.UNUSUAL if reader.role.may(Role.STAFF):
            return await compose_unusual(uow, reader.community, of, texts)
        case _:
            return plain(texts.say("card.withheld"))
