from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.channels import Audience, Origin
from knowledge_base.ids import ChannelId, CommunityId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Voice
from knowledge_base.trends import SPAN, Direction, Trend, trend

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = Origin(CommunityId("acme"), SpaceId("s"), ChannelId("c"), Audience.PUBLIC)


def voice(member: str, days: float) -> Voice:
    at = START + timedelta(days=days)
    return Voice(InsightId("i"), MessageId(f"{member}{days}"), MemberId(member), member, "it breaks", at, HERE)


def test_people_of_the_latest_thirty_days_are_held_against_those_of_the_thirty_before() -> None:
    told = trend([voice("anna", 0), voice("ben", 1), voice("ben", 2), voice("cara", 35), voice("anna", 40)])
    assert told == Trend(recent=2, before=2)
    assert told.direction is Direction.STEADY
    assert trend([voice("anna", 0), voice("ben", 31), voice("cara", 32)]).direction is Direction.RISING
    assert trend([voice("anna", 0), voice("ben", 1), voice("cara", 32)]).direction is Direction.FALLING


def test_what_has_not_been_said_for_long_has_no_trend() -> None:
    assert trend([]) is None
    assert trend([voice("anna", 0), voice("ben", 29)]) is None
    assert trend([voice("anna", 0), voice("ben", 30)]) == Trend(1, 1)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 200)), max_size=20), st.randoms())
def test_it_is_the_same_in_any_order_and_never_more_than_all_people(said: list, chance: object) -> None:
    voices = [voice(member, day) for member, day in said]
    shuffled = list(voices)
    chance.shuffle(shuffled)
    told = trend(voices)
    assert trend(shuffled) == told
    if told is not None:
        assert 1 <= told.recent <= len({v.member for v in voices})
        assert SPAN.days == 30
