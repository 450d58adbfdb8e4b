import json
from datetime import UTC, datetime

from adapters.files.feeding import Feed, channel_of, place_of
from adapters.files.history import parse_line
from dialogue.capturing.thinking import here
from dialogue.events import Actor, Attachment, MessagePosted, Place, ReactionAdded
from knowledge_base.channels import Audience
from knowledge_base.ids import platform_id
from knowledge_base.members import Role

ROW = {
    "id": "m1",
    "platform": "discord",
    "channel": "help",
    "author": "u1",
    "role": "staff",
    "time": "2026-01-02T03:04:05Z",
    "text": "restart it",
}
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HELP = Place("import", "help", "help", Audience.PUBLIC)


def line(**more: object):
    return parse_line(json.loads(json.dumps(ROW | more)))


def test_a_line_is_a_message_of_history():
    assert Feed().events_of(line(author_name="Anna", reply_to="m0", attachments=[{"name": "a", "type": "b"}])) == (
        MessagePosted(
            place=HELP,
            actor=Actor("u1", "Anna", Role.STAFF),
            message="m1",
            text="restart it",
            at=AT,
            reply_to="m0",
            live=False,
            attachments=(Attachment("a", "b"),),
        ),
    )


def test_space_thread_and_audience_are_where_it_was_said():
    (posted,) = Feed().events_of(line(space="s", thread="m0", audience="private"))
    assert posted.place == Place("s", "help", "help", Audience.PRIVATE, thread="m0")


def test_of_a_deleted_message_only_that_it_was_there_is_told():
    (posted,) = Feed().events_of(
        line(deleted=True, reply_to="m0", thread="m0", reactions=[{"name": "bug", "authors": ["u2"]}])
    )
    assert (posted.deleted, posted.text, posted.reply_to, posted.place) == (True, "", None, HELP)


def test_reactions_come_from_the_people_who_spoke_with_their_roles():
    feed = Feed()
    feed.events_of(line(author="u2", author_name="Bob", role="customer"))
    _, first, second = feed.events_of(line(id="m2", reactions=[{"name": "bug", "authors": ["u2", "u9"]}]))
    assert first == ReactionAdded(HELP, Actor("u2", "Bob", Role.CUSTOMER), "m2", "bug", "m2:bug:u2", AT)
    assert second.actor == Actor("u9", "u9", Role.CUSTOMER)


def test_slashes_in_names_keep_ids_apart():
    odd, other = (
        here(place, "x/y")
        for place in (place_of(line(space="a/b", channel="c")), place_of(line(space="a", channel="b/c")))
    )
    assert odd != other
    assert platform_id(odd) == platform_id(other) == "x/y"
    assert channel_of(other) == "b/c"
    assert channel_of(here(place_of(line(channel="50%2F/50")), "m1")) == "50%2F/50"
