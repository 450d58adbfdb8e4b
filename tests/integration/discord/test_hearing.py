import pytest

from dialogue.events import (
    Attachment,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceDeleted,
    ReactionAdded,
    ReactionRemoved,
)
from knowledge_base.channels import Audience
from knowledge_base.members import Role
from tests.integration.discord.stage import ANNA, BEN, CARA, stage
from tests.servers.discord.state import FORUM, PRIVATE_THREAD


async def test_a_reply_names_what_it_answers_and_where_it_is_shown() -> None:
    async with stage() as on, on.live():
        asked = on.say("does it export tags?")
        answered = on.say("it does", BEN, message_reference={"type": 0, "message_id": asked})
        _, reply = await on.sink.got(MessagePosted, 2)
    assert reply.reply_to == asked
    assert reply.link == f"https://discord.com/channels/{on.guild}/{on.channel}/{answered}"
    assert reply.place.thread is None


async def test_a_thread_belongs_to_its_channel_and_its_root() -> None:
    async with stage() as on, on.live():
        root = on.say("the export drops my tags")
        thread = on.server.world.thread(on.channel, "tags", root)
        on.server.world.say(BEN, thread, "which version?")
        _, said = await on.sink.got(MessagePosted, 2)
    assert (said.place.channel, said.place.thread) == (on.channel, root)


async def test_a_post_in_a_forum_is_a_thread_of_the_forum() -> None:
    async with stage() as on, on.live():
        forum = on.server.world.channel(on.guild, "ideas", FORUM)
        post = on.server.world.post_in_forum(ANNA, forum, "Dark mode", "please")
        (said,) = await on.sink.got(MessagePosted)
    assert (said.place.channel, said.place.thread, said.message) == (forum, post, post)


async def test_a_posts_tags_are_the_labels_of_its_first_message_alone() -> None:
    async with stage() as on, on.live():
        world = on.server.world
        forum = world.channel(on.guild, "ideas", FORUM)
        wanted, _ = world.tag(forum, "Wanted"), world.tag(forum, "Done")
        post = world.post_in_forum(ANNA, forum, "Dark mode", "please", wanted, "404")
        world.say(BEN, post, "yes!")
        first, second = await on.sink.got(MessagePosted, 2)
    assert (first.labels, second.labels) == (("Wanted",), ())


@pytest.mark.parametrize(("user", "role"), [(ANNA, Role.CUSTOMER), (BEN, Role.CUSTOMER), (CARA, Role.ADMIN)])
async def test_who_may_manage_the_server_is_an_admin_and_nobody_else(user: str, role: Role) -> None:
    async with stage() as on, on.live():
        on.say("hello", user)
        (said,) = await on.sink.got(MessagePosted)
    assert said.actor.role is role


async def test_everybody_comes_with_the_roles_they_hold() -> None:
    async with stage() as on, on.live():
        on.say("hello", ANNA)
        message = on.say("hello", BEN)
        on.server.world.react(BEN, on.channel, message, "💡")
        (added,) = await on.sink.got(ReactionAdded)
    groups = [event.actor.groups for event in (*on.sink.of(MessagePosted), added)]
    assert groups == [(), (on.support,), (on.support,)]
    assert on.chat.identity().groups == "role"


async def test_what_everybody_may_see_is_public_and_the_rest_is_private() -> None:
    async with stage() as on, on.live():
        hidden = on.server.world.channel(on.guild, "staff", everyone=False)
        on.say("seen by all")
        on.server.world.say(BEN, hidden, "seen by few")
        public, private = await on.sink.got(MessagePosted, 2)
    assert (public.place.audience, private.place.audience) == (Audience.PUBLIC, Audience.PRIVATE)


async def test_what_is_said_in_a_private_thread_is_not_heard() -> None:
    async with stage() as on, on.live():
        thread = on.server.world.thread(on.channel, "between us", kind=PRIVATE_THREAD)
        on.server.world.say(ANNA, thread, "my password is tulip")
        on.say("in the open")
        said = await on.sink.got(MessagePosted)
    assert [event.text for event in said] == ["in the open"]


async def test_files_come_by_name_and_type() -> None:
    file = {"id": "1", "filename": "crash.log", "content_type": "text/plain", "size": 3, "url": "https://cdn/x"}
    async with stage() as on, on.live():
        on.say("", attachments=[file])
        (said,) = await on.sink.got(MessagePosted)
    assert said.attachments == (Attachment("crash.log", "text/plain"),)


async def test_bots_and_bridged_copies_speak_as_bots() -> None:
    async with stage() as on, on.live():
        on.server.world.user("77", "Other bot", bot=True)
        on.server.world.join(on.guild, "77")
        on.say("beep", "77")
        on.say("copied", ANNA, webhook_id="88")
        said = await on.sink.got(MessagePosted, 2)
    assert [event.actor.role for event in said] == [Role.BOT, Role.BOT]


async def test_what_only_the_platform_says_is_not_heard() -> None:
    async with stage() as on, on.live():
        on.say("", type=7)
        on.say("Anna pinned a message", type=6)
        on.say("hello")
        said = await on.sink.got(MessagePosted)
    assert [event.text for event in said] == ["hello"]


async def test_peers_12_edits_deletions_and_deleted_threads_reach_what_was_captured() -> None:
    async with stage() as on, on.live():
        world = on.server.world
        first, second, third = on.say("first"), on.say("second"), on.say("third")
        world.change(on.channel, first, "first, better")
        world.change(on.channel, first, "first, best")
        world.delete(on.channel, second, third)
        world.delete(on.channel, first)
        forum = world.channel(on.guild, "ideas", FORUM)
        post = world.post_in_forum(ANNA, forum, "Dark mode", "please")
        world.say(BEN, post, "soon")
        world.delete_thread(post)
        on.say("still there")
        await on.sink.got(MessagePosted, 6)
    edits, gone = on.sink.of(MessageEdited), on.sink.of(MessageDeleted)
    assert [event.text for event in edits] == ["first, better", "first, best"]
    assert edits[0].version < edits[1].version
    assert len(edits[0].version) == len(edits[1].version)
    assert [event.message for event in gone] == [second, third, first]
    (place,) = [event.place for event in on.sink.of(PlaceDeleted)]
    assert (place.channel, place.thread) == (forum, post)


async def test_a_deleted_thread_is_told_and_leaves_its_root_in_the_channel() -> None:
    async with stage() as on, on.live():
        root = on.say("root")
        thread = on.server.world.thread(on.channel, "talk", root)
        on.server.world.say(BEN, thread, "answer")
        on.server.world.delete_thread(thread)
        (gone,) = await on.sink.got(PlaceDeleted)
    assert (gone.place.channel, gone.place.thread) == (on.channel, root)


async def test_a_deleted_channel_is_told_and_forgotten_with_its_threads() -> None:
    async with stage() as on, on.live():
        world = on.server.world
        category, other = world.channel(on.guild, "a category", 4), world.channel(on.guild, "other")
        thread = world.thread(other, "talk")
        world.delete_channel(category)
        world.delete_channel(other)
        (gone,) = await on.sink.got(PlaceDeleted)
        assert (gone.place.channel, gone.place.thread, gone.place.name) == (other, None, "other")
        assert {other, thread}.isdisjoint(on.chat._directory.servers[on.guild].channels)


async def test_the_preview_of_a_link_is_no_edit() -> None:
    async with stage() as on, on.live():
        message = on.say("see https://example.org")
        on.server.world.unfurl(on.channel, message)
        on.say("next")
        await on.sink.got(MessagePosted, 2)
    assert on.sink.of(MessageEdited) == []


async def test_reactions_come_by_the_name_people_type() -> None:
    async with stage() as on, on.live():
        message = on.say("I want dark mode")
        on.server.world.react(on.server.world.bot, on.channel, message, "📝")
        on.server.world.react(BEN, on.channel, message, "💡")
        on.server.world.react(BEN, on.channel, message, "📝")
        on.server.world.unreact(BEN, on.channel, message, "💡")
        (taken,) = await on.sink.got(ReactionRemoved)
    added = on.sink.of(ReactionAdded)
    assert [(event.emoji, event.actor.role, event.message) for event in added] == [
        ("bulb", Role.CUSTOMER, message),
        ("memo", Role.CUSTOMER, message),
    ]
    assert (taken.emoji, taken.actor.account) == ("bulb", BEN)
    assert len({event.id for event in added} | {taken.id}) == 3


async def test_peers_05_a_mention_is_one_message_with_one_key() -> None:
    async with stage() as on, on.live():
        mention = on.chat.identity().mention
        on.say(f"{mention} how do I export?")
        on.say("next")
        said = await on.sink.got(MessagePosted, 2)
    assert [event.text for event in said] == [f"{mention} how do I export?", "next"]


async def test_peers_07_without_message_content_a_mention_is_heard_and_nothing_else_is_made_up() -> None:
    async with stage(message_content=False) as on, on.live():
        on.say("said to the others")
        on.say(f"{on.chat.identity().mention} said to the bot")
        (said,) = await on.sink.got(MessagePosted)
        assert said.text.endswith("said to the bot")
        (identified,) = on.server.gateway.identified
    assert not identified["intents"] & (1 << 15)
