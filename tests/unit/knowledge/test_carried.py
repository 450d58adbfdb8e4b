"""What goes to another process is the same there, and small."""

import pickle
from dataclasses import dataclass, field, make_dataclass
from dataclasses import fields as dataclass_fields
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.dry_voices import Statement
from dialogue.events import Actor, MessagePosted, Place
from dialogue.router import Thought
from dialogue.understanding.judge import judged_so
from dialogue.understanding.values import Heard, Judged, Judgement, KindGuess, Prepared, Sign
from knowledge_base.carried import carried
from knowledge_base.channels import Audience
from knowledge_base.ids import AccountId, ChannelId, ConversationId, MessageId, PlatformMessageId, SpaceId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from knowledge_base.merging import Embedding

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
HEARD = Heard(MessageId("a/b/1"), "ann", "Ann", Role.CUSTOMER, AT, "it drops my tags", thread=MessageId("a/b/0"))
PREPARED = Prepared(
    heard=HEARD,
    language="en",
    words=(1, 2),
    names=frozenset({"ann"}),
    addressees=frozenset(),
    hints=frozenset({"tags"}),
    guess=KindGuess(Kind.PROBLEM, 0.7, "fails", (0.1, 0.2), (0.3,)),
    signs=frozenset({Sign.ASKS}),
    seconds=AT.timestamp(),
    length=4,
    states=True,
    own=False,
)
JUDGEMENT = Judgement(
    reply_to=None,
    conversation=ConversationId("c:a/b/1"),
    kind=Kind.PROBLEM,
    confidence=0.7,
    language="en",
    voices=True,
    link=0.4,
    why=tuple,
)
POSTED = MessagePosted(
    place=Place(SpaceId("a"), ChannelId("b"), "support", Audience.PUBLIC),
    actor=Actor(AccountId("ann"), "Ann", Role.CUSTOMER),
    message=PlatformMessageId("1"),
    text="it drops my tags",
    at=AT,
)


@carried
@dataclass(frozen=True, slots=True)
class Pair:
    first: int
    second: int
    both: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "both", self.first + self.second)


@pytest.mark.parametrize("value", [HEARD, PREPARED, JUDGEMENT, POSTED, judged_so(PREPARED, JUDGEMENT), Pair(1, 2)])
def test_it_is_the_same_there(value):
    there = pickle.loads(pickle.dumps(value))
    assert type(there) is type(value)
    for name in type(value).__slots__:
        assert getattr(there, name) == getattr(value, name), name


@pytest.mark.parametrize("fields", [["only"], ["first", ("second", int, field(kw_only=True))]])
def test_what_could_not_be_made_again_is_refused_at_once(fields):
    with pytest.raises(TypeError, match="needs two fields or more, none by keyword alone"):
        carried(make_dataclass("Broken", fields))


def test_what_a_class_makes_by_itself_is_not_sent():
    assert Pair(1, 2).__reduce__() == (Pair, (1, 2))
    judged: Judged = judged_so(PREPARED, JUDGEMENT)
    assert "ann" not in judged.__reduce__()[1]


def test_all_that_goes_to_another_process_is_carried():
    for value in (
        Thought(PREPARED, None),
        Statement.of(PREPARED, JUDGEMENT),
        Embedding("tiny", np.zeros(2, np.float32)),
    ):
        made, given = value.__reduce__()
        assert made is type(value)
        assert given == tuple(getattr(value, one.name) for one in dataclass_fields(value))
