import random
from collections.abc import Sequence
from datetime import timedelta

import pytest

from dialogue.understanding.features import EACH, options
from dialogue.understanding.lines import Lines
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.rows import MOST
from dialogue.understanding.values import WINDOW, Heard, Judged, Prepared
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.unit.understanding.plain_columns import Plain
from tests.unit.understanding.talk import START, Said, heard, ready


def linked(*lines: tuple[str, int | None, Role]) -> list[Judged]:
    """Who speaks, which line it answers, and as whom."""
    found: list[Judged] = []
    for message, (_, parent, _) in zip(heard(Said(who, "hm", role=role) for who, _, role in lines), lines, strict=True):
        answered = None if parent is None else found[parent]
        conversation = answered.conversation if answered else ConversationId(f"c:{message.id}")
        reply_to = answered.prepared.heard.id if answered else None
        found.append(Judged(ready(message), conversation, reply_to, Kind.CHATTER, 0.5))
    return found


def by_people(*lines: tuple[str, int | None]) -> Lines:
    return Lines.of(linked(*((who, parent, Role.CUSTOMER) for who, parent in lines)))


def names(lines: Lines, row: bytes) -> list[str | None]:
    """The people of a row of numbers."""
    known = {number: name for name, number in lines.standing.people.items()}
    return [known.get(number) for number in row]


WORDS = ["export", "crashes", "anna", "bob", "printer", "thanks", "update", "anna:", "bob:", "@carl", "screen", "?"]


def anything(chance: random.Random, number: int) -> Heard:
    """A message by one of a few people, mostly outside of threads, about few things."""
    who = chance.choice(["anna", "bob", "carl", "dora", f"guest{chance.randrange(30)}"])
    role = chance.choice([Role.CUSTOMER, Role.CUSTOMER, Role.CUSTOMER, Role.STAFF, Role.BOT])
    thread = chance.choice([None, None, None, None, MessageId("root")]) if number > WINDOW else None
    name = chance.choice([who, who, f"{who} Smith"])
    at = START + timedelta(seconds=number * 40 + chance.randrange(60))
    text = " ".join(chance.choices(WORDS, k=chance.randrange(1, 7)))
    return Heard(MessageId(f"m{number}"), who, name, role, at, text, thread=thread)


def answer(message: Prepared, kept: Sequence[Judged], chance: random.Random) -> Judged:
    """The message, answering one of the last hundred, or something unknown, or nothing."""
    parent = chance.choice([None, *kept[-100:], *kept[-3:] * 20])
    if parent is None:
        lost = chance.choice([None, MessageId("lost")])
        return Judged(message, ConversationId(f"c:{message.heard.id}"), lost, Kind.CHATTER, 0.5)
    return Judged(message, parent.conversation, parent.prepared.heard.id, Kind.CHATTER, 0.5)


def test_counts_say_how_the_talk_stands() -> None:
    """Latest first: Dora answers Bob, Anna Carl, Carl Anna, Bob and Anna nobody."""
    lines = by_people(("anna", None), ("bob", None), ("carl", 0), ("anna", 2), ("dora", 1))
    standing = lines.standing
    assert list(standing.within.translate(standing.totals)) == [2, 3, 3, 2, 3]
    assert list(standing.within.translate(standing.members)) == [2, 2, 2, 2, 2]
    assert list(standing.later) == [0, 0, 1, 1, 2]
    assert list(standing.later_by_same) == [0, 0, 0, 0, 1]
    assert list(standing.since) == [0, 1, 1, 0, 1]
    assert list(standing.replies) == [0, 0, 1, 1, 1]
    assert names(lines, standing.to) == ["bob", "carl", "anna", None, None]
    assert names(lines, standing.within.translate(standing.began)) == ["bob", "anna", "anna", "bob", "anna"]


def test_what_was_forgotten_counts_no_more() -> None:
    lines = by_people(("anna", None), ("bob", 0), ("bob", 1)).without_first()
    standing = lines.standing
    assert list(standing.within.translate(standing.totals)) == [2, 2]
    assert list(standing.within.translate(standing.members)) == [1, 1]
    assert names(lines, standing.to) == ["bob", None]
    assert set(standing.people) == {"bob"}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_seen_is_what_counting_anew_gives(seed: int) -> None:
    """Also where lines and people fall out of the window, some talk in threads, and bots in between."""
    chance = random.Random(seed)
    state, kept = ChannelState().ready(), list[Judged]()
    for number in range(2 * WINDOW):
        message = ready(anything(chance, number))
        if message.heard.role.is_person and number % 9 == seed:
            found, plain = options(state.lines, message), Plain(kept, message).options()
            assert len(found.parents) == len(plain)
            for seen, told in zip(found.each.T, plain, strict=False):
                wrong = {name: told[name] for name in told if abs(seen[EACH.index(name)] - told[name]) > 1e-4}
                assert not wrong, (number, wrong)
        kept.append(answer(message, kept, chance))
        state = state.after(kept[-1])


def test_what_is_told_plainly_is_all_that_is_seen() -> None:
    message = ready(heard([Said("bob", "hm")])[0])
    assert set(Plain([answer(message, [], random.Random(0))], message).options()[0]) == set(EACH) - {"starts anew"}


@pytest.mark.parametrize("seed", range(3))
def test_counting_on_gives_what_counting_anew_gives(seed: int) -> None:
    """A lane that is read back compares as the one that was never left."""
    chance = random.Random(seed)
    state, kept = ChannelState().ready(), list[Judged]()
    for number in range(2 * WINDOW):
        kept.append(answer(ready(anything(chance, number)), kept, chance))
        state = state.after(kept[-1])
        if number % 20:
            continue
        again, message = ChannelState.of(kept), ready(anything(chance, number + 1))
        assert state.lines.said == again.lines.said
        assert (options(state.lines, message).seen == options(again.lines, message).seen).all(), number


def test_no_more_lines_are_kept_than_are_compared() -> None:
    said = linked(*[("anna", None, Role.CUSTOMER)] * (MOST + 5))
    lines = Lines.of(said)
    assert len(lines.said) == len(lines.standing.authors) == len(lines.seconds) == lines.traits.shape[1] == MOST
    known = [one for one in said if lines.having(lines.index.messages, one.prepared.heard.id)]
    assert known == said[-MOST:]


def test_earlier_lines_stay_as_they_were() -> None:
    before = by_people(("anna", None), ("bob", 0))
    message = ready(heard([Said("carl", "anna: hm")])[0])
    seen = options(before, message).seen
    before.after(linked(("anna", None, Role.CUSTOMER), ("bob", 0, Role.CUSTOMER), ("carl", 1, Role.CUSTOMER))[-1])
    assert (options(before, message).seen == seen).all()


def test_another_last_line_compares_as_the_one_before() -> None:
    state = ChannelState.of(linked(("anna", None, Role.CUSTOMER), ("bob", 0, Role.CUSTOMER))).ready()
    other = Judged(
        ready(heard([Said("bob", "hm")])[0]), state.recent[-1].conversation, MessageId("m0"), Kind.CHATTER, 0.5
    )
    changed = state.with_last(other)
    assert changed.lines.standing is state.lines.standing
    assert changed.recent[-1] is changed.lines.said[0] is other


def test_what_is_made_ready_late_compares_as_what_was_ready_all_along() -> None:
    said = linked(*[(f"user{number % 7}", number // 2 or None, Role.CUSTOMER) for number in range(WINDOW + 9)])
    early, late = ChannelState().ready(), ChannelState()
    for one in said:
        early, late = early.after(one), late.after(one)
    assert (early.compared is None, late.compared) == (False, None)
    assert early == late == late.ready()
    message = ready(heard([Said("user3", "user4: hm")])[0])
    assert (options(early.lines, message).seen == options(late.lines, message).seen).all()
