"""The bridge in the playground: a product manager asks one customer, is answered, and answers."""

from pathlib import Path

from adapters.playground.cast import PEOPLE, SPACE, TEAM_ROOM
from dialogue.events import Actor
from dialogue.posts import FieldType
from knowledge_base.members import Role
from tests.scenario.playground import COMMUNITY, CUSTOMERS, PETRA, button, playing

DARK = "It would be great to have a dark mode, please add one"
ANNA, BEN = CUSTOMERS[:2]


async def test_one_asks_from_the_card_and_reads_the_answer_below_it(tmp_path: Path, sqlite_url: str) -> None:
    async with playing(tmp_path, sqlite_url) as scene:
        platform, interactions = scene.platform, scene.core.interactions()
        petra = Actor(PETRA, "Petra", Role.STAFF)
        said = {who: platform.say(who, COMMUNITY, DARK) for who in (ANNA, BEN)}
        await scene.settle()
        (card,) = scene.shown("2 people")
        opens = button(card, "Ask the customers…")
        form = await interactions.open_form(SPACE, petra, opens)
        (whom,) = [field for field in form.fields if field.type is FieldType.CHOICE]
        names = {person.account: person.name for person in PEOPLE}
        assert [one.label for one in whom.alternatives] == [f"{names[who]}: {DARK}" for who in (BEN, ANNA)]
        ben = whom.alternatives[0].value
        assert await interactions.validate(SPACE, petra, opens, {"text": "Where?", "whom": ben}) == {}
        platform.submit(PETRA, TEAM_ROOM, opens, {"text": "At night or always?", "whom": ben})
        await scene.settle()
        (question,) = scene.shown("The product team asks: At night or always?")
        assert (question.channel, question.thread) == (COMMUNITY, said[BEN])

        platform.say(BEN, COMMUNITY, "At night is enough", thread=said[BEN])
        await scene.settle()
        (answer,) = [one for one in scene.shown("At night is enough") if one.to is None]
        assert (answer.channel, answer.thread) == (TEAM_ROOM, card.id)
        platform.submit(PETRA, TEAM_ROOM, button(answer, "Reply to the customer…"), {"text": "Thank you!"})
        await scene.settle()
        (reply,) = scene.shown("The product team: Thank you!")
        assert reply.thread == said[BEN]
