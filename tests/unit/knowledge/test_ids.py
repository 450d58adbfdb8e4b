import pytest

from knowledge_base.ids import ChannelId, PlatformMessageId, SpaceId, message_id, platform_id


@pytest.mark.parametrize("space", ["guild", "a/b", "a%2Fb"])
@pytest.mark.parametrize("channel", ["help", "support/emea", "/"])
@pytest.mark.parametrize("platform", ["1700000000.000100", "thread/1", "a%2Fb"])
def test_the_platforms_id_comes_back_whatever_space_and_channel_are_called(
    space: str, channel: str, platform: str
) -> None:
    name = message_id(SpaceId(space), ChannelId(channel), PlatformMessageId(platform))

    assert platform_id(name) == platform


def test_names_without_slashes_stand_in_it_as_they_are() -> None:
    assert message_id(SpaceId("guild"), ChannelId("50%25"), PlatformMessageId("1")) == "guild/50%25/1"
