from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

from dialogue.understanding.features import COLUMNS, options
from dialogue.understanding.links import Network, Ranker, learned, link, unpacked
from dialogue.understanding.memory import ChannelState
from knowledge_base.ids import MessageId
from tests.unit.understanding.talk import Said, heard, ready, rows, sample_links, sample_talks, talk

LINES = (
    Said("anna", "the export crashes when I open it"),
    Said("bob", "how do I change my address?"),
    Said("carl", "anna: which version is that?"),
)


def one_layer(**weights: float) -> Network:
    """A network that adds up some columns, the column's spaces written as underscores."""
    first = np.zeros((len(COLUMNS), 1), np.float32)
    for column, weight in weights.items():
        first[COLUMNS.index(column.replace("_", " "))] = weight
    return Network((first,), (np.zeros(1, np.float32),))


def ranker_of(*networks: Network) -> Ranker:
    """A ranker that takes numbers up to 4."""
    far = np.full((len(COLUMNS), 1), 4, np.float32)
    return Ranker(0 * far, -far, far, networks)


def test_every_earlier_line_is_an_option_and_so_is_starting_anew() -> None:
    found = options(ChannelState.of(rows(*LINES)).lines, ready(heard([Said("dora", "bob: in your profile")])[0]))
    assert [parent.author for parent in found.parents] == ["carl", "bob", "anna"]
    assert found.seen.shape == (4, len(COLUMNS))
    named = found.seen[:, COLUMNS.index("is named")]
    assert named.tolist() == [0, 1, 0, 0]
    assert found.seen[:, COLUMNS.index("starts anew")].tolist() == [0, 0, 0, 1]


def test_a_conversation_counts_as_all_of_its_messages_together() -> None:
    """Starting anew beats each single line here, but not the two of one talk together."""
    state = ChannelState.of(rows(Said("anna", "it crashes"), Said("anna", "on start", 2)))
    assert len({row.conversation for row in state.recent}) == 1
    message = ready(heard([Said("bob", "odd")])[0])
    ranker = ranker_of(one_layer(starts_anew=0.5))
    chances = ranker.chances(options(state.lines, message))
    assert chances[-1] > chances[0]
    assert link(state.lines, message, ranker).parent is not None
    assert link(state.lines, message, ranker_of(one_layer(starts_anew=0.8))).parent is None


def test_later_networks_see_only_what_the_first_finds_best() -> None:
    state = ChannelState.of(rows(*[Said(f"p{n}", "hello there", 500) for n in range(40)]))
    choices = options(state.lines, ready(heard([Said("bob", "odd")])[0]))
    alone = ranker_of(one_layer(lines=-1.0)).chances(choices)
    together = ranker_of(one_layer(lines=-1.0), one_layer(lines=0.0)).chances(choices)
    assert np.isclose(alone.sum(), 1)
    assert np.isclose(together.sum(), 1)
    assert (together > 0).sum() == 17
    assert together[0] < alone[0]


def test_joining_in_needs_something_before_it() -> None:
    state = ChannelState.of(rows(Said("anna", "it crashes on start")))
    ranker = ranker_of(one_layer(starts_anew=9.0))
    assert link(state.lines, ready(heard([Said("bob", "same here")])[0]), ranker).parent is not None


def test_the_first_in_a_thread_starts_anew_there() -> None:
    state = ChannelState.of(rows(*LINES))
    inside = replace(heard([Said("dora", "bob: in your profile")])[0], thread=MessageId("a root long ago"))
    assert options(state.lines, ready(inside)).parents == ()
    assert link(state.lines, ready(inside)).parent is None


def test_weights_of_other_columns_are_refused() -> None:
    file = BytesIO()
    np.savez(file, columns=np.array(["something else"]), networks=np.array(0), layers=np.array(0))
    with pytest.raises(ValueError, match="other columns"):
        unpacked(file.getvalue())


def test_reasons_say_what_was_seen_strongest_first() -> None:
    state = ChannelState.of(rows(*LINES))
    found = link(state.lines, ready(heard([Said("dora", "bob: in your profile")])[0]))
    assert found.parent is not None
    assert found.parent.author == "bob"
    weights = [reason.weight for reason in found.reasons()]
    assert weights == sorted(weights, reverse=True)
    assert found.reasons()[0].name == "names its speaker"


def test_shipped_weights_link_the_sample_as_they_did() -> None:
    for (about, lines), links in zip(sample_talks(), sample_links(), strict=True):
        assert [judgement.reply_to for judgement in talk(*lines)] == links, about


def test_the_shipped_ranker_is_a_cascade() -> None:
    assert len(learned().networks) == 2
