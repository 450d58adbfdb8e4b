"""The bridge in the playground: a product manager asks one customer, is answered, and answers."""

from pathlib import Path

from adapters.playground.cast import PEOPLE, SPACE, TEAM_ROOM
from adapters.playground.clock import MovableClock
from adapters.playground.gateway import Playground
from adapters.playground.platform import Platform
from adapters.playground.state import Message
from adapters.storage.database import Database
from bot.founding import community_with_team
from bot.wiring import make_core, make_program
from dialogue.events import Actor
from dialogue.posts import FieldType
from knowledge_base.ids import AccountId, ChannelId
from knowledge_base.members import Role
from tests.conftest import ReversingSealer
from tests.scenario.test_loop_in_playground import button
from tests.stage import UNDERSTANDING

COMMUNITY = ChannelId("community")
DARK = "It would be great to have a dark mode, please add one"
PETRA = Actor(AccountId("petra"), "Petra", Role.STAFF)
ANNA, BEN = (person.account for person in PEOPLE[:2])


async def test_one_asks_from_the_card_and_reads_the_answer_below_it(tmp_path: Path, sqlite_url: str) -> None:
    clock = MovableClock()
    platform = Platform(tmp_path, clock)
    database = await Database.open(sqlite_url, ReversingSealer())
    core = make_core(database, clock, understanding=UNDERSTANDING)
    async with database.begin() as uow:
        await community_with_team(uow, core.ids, SPACE, "product", TEAM_ROOM, core.zone, clock.now(), {}.items())
        await uow.commit()
    program = make_program(core, [Playground(platform)])

    async def settle() -> None:
        upto, events = await platform.undelivered()
        await program.sink.accept(events)
        platform.delivered(upto)
        await program.drain()

    def shown(text: str) -> Message:
        (found,) = [one for one in platform.state.messages.values() if text in str(one.blocks) and one.to is None]
        return found

    said = {who: platform.say(who, COMMUNITY, DARK) for who in (ANNA, BEN)}
    await settle()
    card = shown("2 people")
    opens = button(card, "Ask the customers…")
    form = await core.interactions().open_form(SPACE, PETRA, opens)
    (whom,) = [field for field in form.fields if field.type is FieldType.CHOICE]
    names = {person.account: person.name for person in PEOPLE}
    assert [one.label for one in whom.alternatives] == [f"{names[who]}: {DARK}" for who in (BEN, ANNA)]
    ben = whom.alternatives[0].value
    assert await core.interactions().validate(SPACE, PETRA, opens, {"text": "Where?", "whom": ben}) == {}
    platform.submit(PETRA.account, TEAM_ROOM, opens, {"text": "At night or always?", "whom": ben})
    await settle()
    question = shown("The product team asks: At night or always?")
    assert (question.channel, question.thread) == (COMMUNITY, said[BEN])

    platform.say(BEN, COMMUNITY, "At night is enough", thread=said[BEN])
    await settle()
    answer = shown("At night is enough")
    assert (answer.channel, answer.thread) == (TEAM_ROOM, card.id)
    platform.submit(PETRA.account, TEAM_ROOM, button(answer, "Reply to the customer…"), {"text": "Thank you!"})
    await settle()
    assert shown("The product team: Thank you!").thread == said[BEN]
    platform.close()
    await database.close()
