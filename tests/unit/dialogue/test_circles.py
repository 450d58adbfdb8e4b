"""Who hears a statement decides what it may be merged with, by the very matrix of the fence."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.fence import may_pass
from dialogue.posts import Words
from knowledge_base.channels import Audience, Channel, Mode, Shared
from knowledge_base.circles import Circle, circle_of, readers_in, readers_of
from knowledge_base.ids import ChannelId, CommunityId, MemberId, SpaceId

CHANNELS = st.builds(
    Channel,
    community=st.just(CommunityId("acme")),
    space=st.sampled_from([SpaceId("guild"), SpaceId("work")]),
    id=st.sampled_from([ChannelId("a"), ChannelId("b")]),
    name=st.just("x"),
    audience=st.sampled_from(Audience),
    mode=st.just(Mode.LISTENING),
    shared=st.sampled_from(Shared),
)


def circle(channel: Channel) -> Circle:
    return circle_of(channel.space, channel.id, channel.audience, channel.shared)


def may_hear(said_in: Channel, read_in: Channel) -> bool:
    return may_pass(Words("said", said_in.origin, MemberId("anna")), read_in)


@given(CHANNELS, CHANNELS)
def test_one_circle_is_where_each_may_hear_the_other(one: Channel, other: Channel) -> None:
    # one place has one audience: two descriptions of it are two moments
    if (one.space, one.id) == (other.space, other.id) and one != other:
        return
    assert (circle(one) == circle(other)) is (may_hear(one, other) and may_hear(other, one))


@given(CHANNELS, CHANNELS)
def test_a_circle_has_one_kind_of_readers_and_nothing_inside_is_merged_with_what_is_public(
    one: Channel, other: Channel
) -> None:
    assert readers_in(circle(one)) == readers_of(one.audience, one.shared)
    if readers_of(one.audience, one.shared) != readers_of(other.audience, other.shared):
        assert circle(one) != circle(other)


@given(CHANNELS)
def test_what_outsiders_read_or_may_read_stays_in_that_channel(channel: Channel) -> None:
    if channel.shared is not Shared.NO:
        assert circle(channel) == f"shared/{channel.space}/{channel.id}"
