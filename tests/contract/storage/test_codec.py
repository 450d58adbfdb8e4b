"""What an earlier release stored is still read, and no token is stored in the clear."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest

from adapters.storage.codec import EXPIRED, Codec
from adapters.storage.sealing import FernetSealer
from dialogue.actions import (
    Action,
    Asked,
    AudienceUnchanged,
    AuditOf,
    CardOf,
    CarriedOf,
    CreditsForm,
    CreditsOf,
    DigestOf,
    ExportOf,
    GrantRole,
    GrantStands,
    HealthOf,
    HeldOf,
    LedgerOf,
    MessageStands,
    Occasion,
    OpenThread,
    OutboxId,
    Outgoing,
    Page,
    Post,
    PrizeOf,
    React,
    RecognitionOf,
    ReminderOf,
    Reply,
    Said,
    SendDirect,
    SignOf,
    StatusStands,
    StillConsents,
    SummaryOf,
    TellingOf,
)
from dialogue.events import (
    ButtonPressed,
    ChannelChanged,
    ConsentWanted,
    Event,
    FormSubmitted,
    MemberChanged,
    OptionsSelected,
    PermissionMissing,
    PlaceDeleted,
    ReactionRemoved,
    ReplyHandle,
    Selected,
    TimerFired,
)
from dialogue.posts import Choices, Menu, plain
from dialogue.posts import Post as PostShown
from knowledge_base.channels import Audience
from knowledge_base.ids import (
    AccountId,
    AnnouncementId,
    ChannelId,
    InsightId,
    MemberId,
    PlatformMessageId,
    QuestionId,
    RewardId,
    TeamId,
)
from knowledge_base.insights import Status
from knowledge_base.members import Role
from tests.conftest import ReversingSealer
from tests.contract.storage.samples import (
    ANNA,
    GUILD,
    HELP,
    NOW,
    answer,
    below,
    change,
    commanded,
    deleted,
    edited,
    lane,
    place,
    posted,
    reacted,
    say,
)

HANDLE = ReplyHandle("tok-123", NOW + timedelta(minutes=15))
EVENTS: list[Event] = [
    posted("1"),
    edited("1"),
    deleted("1"),
    reacted("1", "e"),
    ReactionRemoved(place(), ANNA, PlatformMessageId("1"), "bug", "e", NOW),
    commanded("c", token="tok-123"),
    ButtonPressed(place(), ANNA, "b", "ack:i:1", PlatformMessageId("1"), HANDLE, NOW),
    FormSubmitted(place(), ANNA, "f", "decline:i:1", {"reason": "too costly"}, HANDLE, NOW),
    OptionsSelected(place(), ANNA, "o", "team:s:1", (Selected("c", "team"),), PlatformMessageId("1"), HANDLE, NOW),
    ChannelChanged(place(), "x", NOW),
    PlaceDeleted(place(), NOW),
    PermissionMissing(GUILD, "Send Messages", NOW, place()),
    ConsentWanted(GUILD, AccountId("anna"), NOW),
    MemberChanged(GUILD, replace(ANNA, groups=("r1",), tier="Enterprise"), "m", NOW),
    TimerFired(GUILD, "digest:t", "2026-01-05", NOW),
]
OUTGOINGS: list[Outgoing] = [
    Outgoing(Post(GUILD, HELP, HeldOf(TeamId("t"), NOW))),
    Outgoing(Post(GUILD, HELP, SummaryOf(OutboxId("o")))),
    say(),
    change("p"),
    below("p"),
    answer("tok-123"),
    Outgoing(Post(GUILD, HELP, DigestOf(TeamId("t"), NOW, NOW, 3, 9, NOW, unposted=NOW))),
    Outgoing(
        Reply(
            GUILD,
            HELP,
            AccountId("anna"),
            HANDLE,
            DigestOf(TeamId("t"), NOW, NOW, occasion=Occasion.PREVIEW),
            MemberId("m-anna"),
            Role.STAFF,
        )
    ),
    Outgoing(Post(GUILD, HELP, CarriedOf(QuestionId("q"), 2), under=OutboxId("p"))),
    Outgoing(Post(GUILD, HELP, SignOf(OutboxId("p"))), id=OutboxId("p")),
    Outgoing(Reply(GUILD, HELP, AccountId("anna"), HANDLE, HealthOf(90, NOW), MemberId("m-anna"), Role.STAFF)),
    *(
        Outgoing(Reply(GUILD, HELP, AccountId("anna"), HANDLE, matter, MemberId("m-anna")))
        for matter in (
            AuditOf(MemberId("m-anna")),
            ExportOf(MemberId("m-anna")),
            LedgerOf(MemberId("m-anna")),
            PrizeOf(RewardId("r"), 3),
            CreditsOf(MemberId("m-anna"), CreditsForm.JSON),
        )
    ),
    Outgoing(React(GUILD, HELP, PlatformMessageId("1"), "eyes", present=False)),
    Outgoing(OpenThread(GUILD, HELP, PlatformMessageId("1"), "the export")),
    Outgoing(Reply(GUILD, HELP, AccountId("anna"), HANDLE, RecognitionOf(Page.OWN, MemberId("m-anna"), NOW))),
    Outgoing(GrantRole(GUILD, AccountId("anna"), "early access", granted=False)),
    Outgoing(GrantRole(GUILD, AccountId("anna"), "early access"), (GrantStands(RewardId("r"), 3),)),
    Outgoing(Post(GUILD, HELP, Said(PostShown((Menu("Choose", "team:s:1", Choices.CHANNELS, 2, ("c",)),))))),
    Outgoing(SendDirect(GUILD, AccountId("anna"), Said(plain("hello"))), asked=Asked.YES, waits_for=lane()),
    Outgoing(SendDirect(GUILD, AccountId("ben"), Said(plain("hello")), MemberId("m-ben"), Role.STAFF)),
    Outgoing(SendDirect(GUILD, AccountId("anna"), ReminderOf(3, MemberId("m-anna"), "first"), MemberId("m-anna"))),
    Outgoing(
        Post(GUILD, HELP, TellingOf(AnnouncementId("a"), OutboxId("p")), PlatformMessageId("1")),
        (StatusStands(InsightId("i"), Status.SHIPPED),),
    ),
    Outgoing(SendDirect(GUILD, AccountId("ben"), TellingOf(AnnouncementId("a"), OutboxId("p")), MemberId("m-ben"))),
    Outgoing(
        Post(GUILD, HELP, CardOf(InsightId("i")), PlatformMessageId("1")),
        (
            AudienceUnchanged(GUILD, ChannelId("help"), Audience.INTERNAL),
            StillConsents(MemberId("m-anna")),
            MessageStands(GUILD, HELP, PlatformMessageId("1")),
        ),
    ),
]


@pytest.fixture
def codec() -> Codec:
    return Codec(ReversingSealer())


def test_the_samples_hold_every_event_and_action() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(Event))
    assert {type(outgoing.action) for outgoing in OUTGOINGS} == set(get_args(Action))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_every_event_comes_back_as_it_was(codec: Codec, event: Event) -> None:
    packed = codec.pack_event(event)
    assert codec.unpack_event(packed.payload, packed.handle) == event
    assert "tok-123" not in packed.payload


@pytest.mark.parametrize("outgoing", OUTGOINGS, ids=lambda outgoing: outgoing.action.type)
def test_every_action_comes_back_as_it_was(codec: Codec, outgoing: Outgoing) -> None:
    packed = codec.pack_outgoing(outgoing)
    assert codec.unpack_outgoing(packed.payload, packed.handle) == outgoing
    assert "tok-123" not in packed.payload


def test_codes_that_were_filled_in_are_sealed_and_gone_with_the_key(codec: Codec) -> None:
    form = FormSubmitted(place(), ANNA, "f", "reward_codes:r:", {"codes": "SUMMER-7Q4X\n\x00"}, HANDLE, NOW)
    packed = codec.pack_event(form)
    assert "SUMMER" not in packed.payload
    assert codec.unpack_event(packed.payload, packed.handle) == replace(form, values={"codes": "SUMMER-7Q4X\n\ufffd"})
    another = Codec(FernetSealer.throwaway())
    assert another.unpack_event(packed.payload, packed.handle).values == {}


def test_moments_keep_their_microseconds_and_their_zone(codec: Codec) -> None:
    at = datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    event = TimerFired(GUILD, "digest:t", "w", at)
    back = codec.unpack_event(codec.pack_event(event).payload, None)
    assert (back.at, back.at.utcoffset()) == (at, at.utcoffset())
    assert back.at.astimezone(UTC) == at


def test_a_handle_sealed_with_another_key_counts_as_expired(codec: Codec) -> None:
    packed = codec.pack_event(commanded("c"))
    assert codec.unpack_event(packed.payload, b"another key").handle == EXPIRED
    packed = codec.pack_outgoing(answer())
    assert codec.unpack_outgoing(packed.payload, b"another key").action.handle == EXPIRED


# Rows as the first release wrote them. Never change these: add to them when something is added.
STORED_POSTED = (
    '{"place":{"space":"guild","channel":"help","name":"help","audience":"public","shared":"no","thread":null},'
    '"actor":{"account":"anna","name":"Anna","role":"customer"},"message":"1","text":"it drops my tags",'
    '"at":"2026-01-05T09:00:00Z","reply_to":null,"link":null,"live":true,"attachments":[],"type":"message_posted"}'
)
STORED_POST = (
    '{"action":{"space":"guild","channel":"team","matter":{"post":{"blocks":[{"text":"hello","type":"paragraph"}]},'
    '"type":"said"},"thread":null,"type":"post"},"preconditions":[],"asked":"no","waits_for":null,"id":null}'
)


def test_what_the_first_release_stored_is_still_read(codec: Codec) -> None:
    assert codec.unpack_event(STORED_POSTED, None) == posted("1")
    assert codec.unpack_outgoing(STORED_POST, None) == say()
