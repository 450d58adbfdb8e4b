from dialogue.actions import OutboxId
from dialogue.events import CommandInvoked
from dialogue.posts import Heading, Paragraph, Picture, Post, plain
from knowledge_base.ids import AccountId, ChannelId, SpaceId
from tests.integration.discord.stage import ANNA, chat_on, stage
from tests.servers.discord.server import Fault
from tests.servers.discord.state import Json

PNG = bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))
CHART = Post((Heading("This week"), Picture(PNG, "12 insights, 3 planned"), Paragraph("Well done.")))


def items(message: Json) -> list[Json]:
    return [item for part in message["components"][0]["components"] for item in part.get("items", [])]


async def test_a_picture_stands_where_it_was_put_and_says_what_it_shows() -> None:
    async with stage() as on:
        ref = await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), None, CHART, OutboxId("k1"))
        message = on.server.world.messages[on.channel][ref.message]
        assert [each["type"] for each in message["components"][0]["components"]] == [10, 12, 10]
        (item,) = items(message)
        assert item == {"media": {"url": "attachment://picture-1.png"}, "description": "12 insights, 3 planned"}
        assert on.server.world.files == {f"{ref.message}/picture-1.png": PNG}


async def test_a_picture_is_sent_whole_when_the_first_try_failed() -> None:
    async with stage() as on:
        on.server.faults.append(Fault("POST /channels", 429, wait=0.01))
        ref = await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), None, CHART, OutboxId("k1"))
        assert on.server.world.files == {f"{ref.message}/picture-1.png": PNG}


async def test_a_picture_goes_to_one_person_alone_and_into_private_answers() -> None:
    async with stage() as on, on.live():
        sent = await on.chat.send_direct(SpaceId(on.guild), AccountId(ANNA), CHART, OutboxId("k1"))
        asked = on.server.world.command(ANNA, on.channel, "help")
        (event,) = await on.sink.got(CommandInvoked)
        args = (event.place.space, event.place.channel, event.actor.account, event.handle)
        await on.chat.reply(*args, CHART, OutboxId("k2"))
        await on.chat.reply(*args, CHART, OutboxId("k3"))
        shown = [on.server.world.messages[sent.channel][sent.message], *asked.answers]
    assert [len(items(message)) for message in shown] == [1, 1, 1]


async def test_an_edit_puts_pictures_in_and_takes_them_out() -> None:
    async with stage() as on:
        space = SpaceId(on.guild)
        ref = await on.chat.send(space, ChannelId(on.channel), None, plain("wait"), OutboxId("k1"))
        message = on.server.world.messages[on.channel][ref.message]
        await on.chat.edit(space, ref, CHART, OutboxId("k2"))
        assert (len(items(message)), len(message["attachments"])) == (1, 1)
        await on.chat.edit(space, ref, plain("gone"), OutboxId("k3"))
        assert (items(message), message["attachments"]) == ([], [])


async def test_only_ten_pictures_are_shown() -> None:
    async with stage() as on:
        many = Post(tuple(Picture(PNG, f"picture {number}") for number in range(12)))
        ref = await on.chat.send(SpaceId(on.guild), ChannelId(on.channel), None, many, OutboxId("k1"))
        shown = items(on.server.world.messages[on.channel][ref.message])
        again = chat_on(on.server)
        assert [item["description"] for item in shown] == [f"picture {number}" for number in range(10)]
        assert (await again.send(SpaceId(on.guild), ChannelId(on.channel), None, many, OutboxId("k1"))) == ref
        await again.close()
