import random

import numpy as np
import pytest

from dialogue.understanding.lines import LATER, MOST, NOBODY, PEOPLE, REPLIES, SINCE, TO, TOTAL, Lines, code
from dialogue.understanding.memory import ChannelState
from dialogue.understanding.values import WINDOW, Judged
from knowledge_base.ids import ConversationId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.members import Role
from tests.unit.understanding.talk import Said, heard, ready


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


def test_counts_say_how_the_talk_stands() -> None:
    lines = by_people(("anna", None), ("bob", None), ("carl", 0), ("anna", 2), ("dora", 1))
    assert lines.table[TOTAL].tolist() == [3, 2, 3, 3, 2]
    assert lines.table[PEOPLE].tolist() == [2, 2, 2, 2, 2]
    assert lines.table[LATER].tolist() == [2, 1, 1, 0, 0]
    assert lines.table[SINCE].tolist() == [1, 0, 1, 1, 0]
    assert lines.table[REPLIES].tolist() == [1, 1, 1, 0, 0]
    assert lines.table[TO].tolist() == [NOBODY, NOBODY, code("anna"), code("carl"), code("bob")]


def test_what_was_forgotten_counts_no_more() -> None:
    lines = by_people(("anna", None), ("bob", 0), ("bob", 1)).without_first()
    assert lines.table[TOTAL].tolist() == [2, 2]
    assert lines.table[PEOPLE].tolist() == [1, 1]
    assert lines.table[TO].tolist() == [NOBODY, code("bob")]


@pytest.mark.parametrize("seed", range(4))
def test_counting_on_gives_what_counting_anew_gives(seed: int) -> None:
    """Also where lines and people fall out of the window, and what is no person's lies in between."""
    chance = random.Random(seed)
    roles = [Role.CUSTOMER, Role.CUSTOMER, Role.CUSTOMER, Role.STAFF, Role.BOT]
    said = [
        (chance.choice("abcdefg"), chance.choice([None, *range(max(0, n - 90), n)]), chance.choice(roles))
        for n in range(2 * WINDOW)
    ]
    rows = linked(*said)
    state = ChannelState()
    for number, row in enumerate(rows, start=1):
        state = state.after(row)
        again = ChannelState.of(rows[:number])
        assert state.lines.said == again.lines.said
        assert (state.lines.table == again.lines.table).all(), number
        assert (state.lines.seconds == again.lines.seconds).all()
        assert (state.lines.traits == again.lines.traits).all()


def test_no_more_lines_are_kept_than_are_compared() -> None:
    lines = by_people(*[("anna", None)] * (MOST + 5))
    assert len(lines.said) == lines.table.shape[1] == len(lines.seconds) == len(lines.traits) == MOST


def test_earlier_lines_stay_as_they_were() -> None:
    before = by_people(("anna", None), ("bob", 0))
    table = before.table.copy()
    before.after(linked(("anna", None, Role.CUSTOMER), ("bob", 0, Role.CUSTOMER), ("carl", 1, Role.CUSTOMER))[-1])
    assert np.array_equal(before.table, table)


def test_another_last_line_compares_as_the_one_before() -> None:
    state = ChannelState.of(linked(("anna", None, Role.CUSTOMER), ("bob", 0, Role.CUSTOMER)))
    other = Judged(
        ready(heard([Said("bob", "hm")])[0]), state.recent[-1].conversation, MessageId("m0"), Kind.CHATTER, 0.5
    )
    changed = state.with_last(other)
    assert changed.lines.table is state.lines.table
    assert changed.recent[-1] is changed.lines.said[-1] is other
