"""Conditions: any of the parts is their union, all of them their intersection; within a part one match is enough."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.channels import Audience, Origin
from knowledge_base.conditions import Conditions, Example, Heard, Joined, where
from knowledge_base.facets import Facets, Tone, Urgency
from knowledge_base.ids import ChannelId, CommunityId, InsightId, MemberId, MessageId, SpaceId
from knowledge_base.insights import Insight, Status, Voice
from knowledge_base.kinds import Kind

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ACME = CommunityId("acme")
HERE, THERE = SpaceId("here"), SpaceId("there")
WORDS = ("export", "dark", "mode", "tags", "slow")

EXAMPLES = (Example("the export is slow", "en"), Example(insight=InsightId("j")))

PARTS = {
    "tags": st.frozensets(st.sampled_from(["bug", "vip"]), min_size=1),
    "kinds": st.frozensets(st.sampled_from([Kind.PROBLEM, Kind.REQUEST, Kind.PRAISE]), min_size=1),
    "words": st.frozensets(st.sampled_from(WORDS), min_size=1),
    "areas": st.frozensets(st.sampled_from(["Billing", "Export"]), min_size=1),
    "tones": st.frozensets(st.sampled_from(Tone), min_size=1),
    "urgencies": st.frozensets(st.sampled_from(Urgency), min_size=1),
    "languages": st.frozensets(st.sampled_from(["en", "de"]), min_size=1),
    "channels": st.frozensets(st.sampled_from([where(HERE, ChannelId("a")), where(THERE, ChannelId("b"))]), min_size=1),
    "spaces": st.frozensets(st.sampled_from([HERE, THERE]), min_size=1),
    "tiers": st.frozensets(st.sampled_from(["Free", "Enterprise"]), min_size=1),
    "demand": st.integers(1, 4),
    "like": st.sampled_from(EXAMPLES),
}


def insight(**rest) -> Insight:
    known = Insight(
        InsightId("i"), ACME, 1, Kind.PROBLEM, "it", MessageId("m"), Status.NEW, demand=1, first_at=NOW, last_at=NOW
    )
    return replace(known, **rest)


def voice(text: str = "it fails", space: SpaceId = HERE, channel: str = "a", **rest) -> Voice:
    origin = Origin(ACME, space, ChannelId(channel), Audience.PUBLIC)
    said = Voice(InsightId("i"), MessageId("m"), MemberId("anna"), "Anna", text, NOW, origin, language="en")
    return replace(said, **rest)


@st.composite
def heard(draw) -> Heard:
    voices = draw(
        st.lists(
            st.builds(
                voice,
                st.lists(st.sampled_from(WORDS), max_size=3).map(", ".join),
                st.sampled_from([HERE, THERE]),
                st.sampled_from(["a", "b"]),
                language=st.sampled_from(["en", "de", "fr"]),
                tier=st.sampled_from(["", "Free", "Enterprise"]),
                facets=st.builds(
                    Facets, st.sampled_from(Tone), st.sampled_from(Urgency), area=st.sampled_from([None, "Billing"])
                ),
            ),
            min_size=1,
            max_size=3,
        )
    )
    tags = draw(st.sets(st.sampled_from(["bug", "vip"])))
    kind = draw(st.sampled_from([Kind.PROBLEM, Kind.REQUEST]))
    like = draw(st.frozensets(st.sampled_from(EXAMPLES)))
    return Heard(insight(kind=kind, tags=tuple(tags), demand=draw(st.integers(1, 4))), voices, like)


@given(heard(), st.fixed_dictionaries({}, optional=PARTS).filter(bool))
def test_all_is_the_intersection_of_the_parts_and_any_their_union(said: Heard, parts: dict[str, object]) -> None:
    alone = [Conditions(**{name: value}).hold(said) for name, value in parts.items()]
    assert Conditions(**parts).hold(said) is all(alone)
    assert Conditions(**parts, joined=Joined.ANY).hold(said) is any(alone)


@given(heard(), st.fixed_dictionaries({}, optional=PARTS), st.sampled_from(Joined))
def test_what_it_is_like_is_asked_for_only_where_it_decides(
    said: Heard, parts: dict[str, object], joined: Joined
) -> None:
    conditions = Conditions(**parts, joined=joined)
    without, all_alike = replace(said, like=frozenset()), replace(said, like=frozenset(EXAMPLES))
    assert conditions.hang_on_likeness(said) is (conditions.hold(without) is not conditions.hold(all_alike))


@given(heard())
def test_without_a_part_they_always_hold(said: Heard) -> None:
    assert Conditions.everything().hold(said)
    assert Conditions(joined=Joined.ANY).hold(said)


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        (Conditions(areas=frozenset({"Billing"})), True),
        (Conditions(areas=frozenset({"Export"})), False),
        (Conditions(tones=frozenset({Tone.NEGATIVE})), True),
        (Conditions(tones=frozenset({Tone.POSITIVE})), False),
        (Conditions(urgencies=frozenset({Urgency.NOW})), True),
        (Conditions(urgencies=frozenset({Urgency.SOON})), False),
        (Conditions(languages=frozenset({"de"})), True),
        (Conditions(languages=frozenset({"fr"})), False),
        (Conditions(tiers=frozenset({"Enterprise"})), True),
        (Conditions(tiers=frozenset({"Free"})), False),
        (Conditions(spaces=frozenset({THERE})), True),
        (Conditions(spaces=frozenset({SpaceId("nowhere")})), False),
        (Conditions(channels=frozenset({where(THERE, ChannelId("b"))})), True),
        (Conditions(channels=frozenset({where(HERE, ChannelId("b"))})), False),
        (Conditions(demand=2), True),
        (Conditions(demand=3), False),
        (Conditions(words=frozenset({"the INVOICE"})), True),
        (Conditions(words=frozenset({"invoices"})), False),
        (Conditions(words=frozenset({"!?"})), False),
    ],
)
def test_one_voice_that_fits_is_enough(conditions: Conditions, holds: bool) -> None:
    facets = Facets(Tone.NEGATIVE, Urgency.NOW, area="Billing")
    second = voice("Die. The invoice!", THERE, "b", language="de", tier="Enterprise", facets=facets)
    assert conditions.hold(Heard(insight(demand=2), [voice(), second])) is holds


def test_what_was_said_is_asked_for_only_where_it_matters() -> None:
    assert not Conditions(tags=frozenset({"bug"}), kinds=frozenset({Kind.PROBLEM}), demand=3).ask_voices
    assert Conditions(words=frozenset({"export"})).ask_voices
