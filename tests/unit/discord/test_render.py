from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.commands import payload_of, same
from adapters.discord.emoji import NAMED, character, name_of, written
from adapters.discord.interacting import values_of
from adapters.discord.render import files_of, marks, message_of, modal_of
from adapters.discord.sent import marks_of
from dialogue.commands.catalogue import COMMANDS
from dialogue.commands.declarations import Command, Option, OptionType, Verb
from dialogue.marking import SEEN, STATUS_MARKS
from dialogue.posts import (
    Alternative,
    Block,
    Button,
    Buttons,
    Choices,
    Fact,
    Facts,
    Field,
    FieldType,
    Form,
    Heading,
    Menu,
    Paragraph,
    Picture,
    Post,
    Quote,
    Words,
)
from dialogue.texts.catalogue import Texts
from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import ChannelId, CommunityId, MemberId, SpaceId
from knowledge_base.members import Role
from tests.servers.discord.rules import check_commands, check_message, check_modal

ORIGIN = Origin(CommunityId("c"), SpaceId("s"), ChannelId("ch"), Audience.PUBLIC)
words = st.text("ab *_`>#\\[]<.\n", min_size=1, max_size=600)
line = st.text("ab *_`>#\\[]<.", min_size=1, max_size=80)
blocks = st.one_of(
    words.map(Heading),
    words.map(Paragraph),
    st.builds(Quote, words.map(lambda text: Words(text, ORIGIN, MemberId("m"))), line, st.just("https://a.b/(c)")),
    st.lists(st.builds(Fact, line, words), min_size=1, max_size=40).map(lambda facts: Facts(tuple(facts))),
)


ids = st.lists(st.integers(1, 9**18).map(str), max_size=30, unique=True).map(tuple)
menus = st.builds(Menu, line, st.just(""), st.sampled_from(Choices), st.integers(1, 40), ids)
pictures = st.builds(Picture, st.just(b"png"), words)
rows = st.integers(min_value=0, max_value=25).map(lambda count: Buttons((Button("Press", ""),) * count))


@given(st.lists(blocks | menus | pictures | rows, max_size=60))
def test_any_post_is_taken_by_the_platform(told: list[Block]) -> None:
    post = Post(tuple(numbered(told)))
    check_message(message_of(post, "k" * 22), tuple(file.name for file in files_of(post)))


def numbered(told: Sequence[Block]) -> Iterator[Block]:
    """The same with ids of their own."""
    for number, block in enumerate(told):
        if isinstance(block, Menu):
            yield replace(block, custom_id=f"menu:{number}:")
        elif isinstance(block, Buttons):
            each = enumerate(block.buttons)
            yield Buttons(tuple(replace(button, custom_id=f"plan:{number}:{index}") for index, button in each))
        else:
            yield block


def test_a_post_of_buttons_alone_is_marked_too() -> None:
    message = message_of(Post((Buttons((Button("Press", "plan:1:1"),)),)), "key-1")
    assert marks_of(message) == marks("key-1")


def test_a_message_says_which_row_it_is_of() -> None:
    message = message_of(Post((Paragraph("hello"), Buttons((Button("Press", "plan:1:1"),)))), "key-1")
    container = message["components"][0]  # type: ignore[index]
    assert (container["id"], container["components"][0]["id"]) == marks("key-1")
    assert marks("key-1") != marks("key-2")


def test_marks_never_stand_twice_in_one_message() -> None:
    assert all(len(set(marks(str(number)))) == 2 for number in range(10_000))


def test_any_form_is_taken_by_the_platform() -> None:
    field = Field("reason", "W" * 80, FieldType.PARAGRAPH, limit=9000, value="x" * 9000)
    check_modal(modal_of(Form("decline:1:1", "T" * 80, (field,) * 7, "Send")))


def test_any_choice_is_taken_by_the_platform_and_what_is_chosen_comes_back() -> None:
    people = tuple(Alternative(f"m{number}", "L" * 120) for number in range(25))
    field = Field("whom", "Whom?", FieldType.CHOICE, value="m1\nm2", alternatives=people, most=25)
    modal = modal_of(Form("ask:1:1", "Ask", (field, replace(field, required=False, most=1, value="")), "Ask"))
    check_modal(modal)
    first = modal["components"][0]["component"]
    assert [one["value"] for one in first["options"] if one["default"]] == ["m1", "m2"]
    sent = {"components": [{"type": 18, "component": {"type": 3, "custom_id": "whom", "values": ["m1", "m2"]}}]}
    assert values_of(sent) == {"whom": "m1\nm2"}
    sent = {"components": [{"type": 18, "component": {"type": 3, "custom_id": "whom", "values": []}}]}
    assert values_of(sent) == {"whom": ""}


def test_the_declared_commands_are_taken_by_the_platform_and_known_again() -> None:
    commands = payload_of(COMMANDS, Texts.load())
    check_commands(commands)
    added = {"id": "1", "version": "2", "default_member_permissions": None}
    assert same(commands, [{**command, **added} for command in reversed(commands)])
    assert not same(commands, commands[1:])
    assert not same(commands, [{**commands[0], "description": "other"}, *commands[1:]])


def test_every_named_emoji_is_known_by_its_name_again() -> None:
    assert all(character(name_of(emoji)) == emoji for emoji in NAMED.values())
    assert (character("memo"), name_of("📝")) == ("📝", "memo")
    assert (name_of("acme_logo"), character("acme_logo"), character("🚀")) == ("acme_logo", None, "🚀")


def test_an_emoji_picked_as_an_option_is_its_name() -> None:
    assert (written("💡"), written("<:acme_logo:123>"), written(" 📝 ")) == (":bulb:", ":acme_logo:", ":memo:")
    assert (written("billing"), written("💡 idea"), written("")) == ("billing", "💡 idea", "")


def test_every_emoji_the_bot_puts_on_messages_is_known_here() -> None:
    names = [SEEN, *STATUS_MARKS.values()]
    assert [name_of(character(name) or "") for name in names] == names


def test_options_that_are_needed_come_first() -> None:
    optional = Option("message", OptionType.TEXT, "help.option.message", required=False)
    needed = Option("tag", OptionType.TAG, "help.option.tag")
    verb = Verb("add", "help.tag.add", Role.STAFF, (optional, needed))
    commands = payload_of([Command("tag", "help.tag.noun", (verb,))], Texts.load())
    check_commands(commands)
    assert "autocomplete" in str(commands)
