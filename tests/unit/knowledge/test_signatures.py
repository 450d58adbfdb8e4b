"""What is near is found by signatures: however many there were when it was searched for before."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.merging import REACH, Signature, SignatureIndex


def differing(bits: int) -> Signature:
    """A signature that differs from that of all zeros in so many bits."""
    return np.packbits(np.arange(128) < bits).view(np.uint64)


def index_of(*bits: int) -> SignatureIndex:
    index = SignatureIndex()
    for number in bits:
        index.add(differing(number))
    return index


def test_the_nearest_come_first_and_of_equally_near_ones_the_first() -> None:
    index = index_of(9, 3, REACH + 1, 3, REACH, 0)
    assert index.near(differing(0), 10).positions == [5, 1, 3, 0, 4]
    assert index.near(differing(0), 2).positions == [5, 1]
    assert index_of().near(differing(0), 2).positions == []


@given(st.lists(st.integers(0, 60), max_size=40), st.lists(st.integers(0, 60), max_size=40), st.integers(1, 12))
def test_what_was_found_before_and_what_came_since_is_what_is_found_among_all(
    before: list[int], since: list[int], limit: int
) -> None:
    index = index_of(*before)
    near = index.near(differing(0), limit)
    for number in since:
        index.add(differing(number))
    again, anew = index.near(differing(0), limit, near), index.near(differing(0), limit)
    assert (again.among, again.positions) == (anew.among, anew.positions)
    ranked = sorted((bits, place) for place, bits in enumerate(before + since) if bits <= REACH)
    assert anew.positions == [place for _, place in ranked[:limit]]


def test_what_was_found_before_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    index, counted = index_of(*range(100)), list[int]()
    near, count = index.near(differing(0), 5), np.bitwise_count
    index.add(differing(2))
    monkeypatch.setattr(np, "bitwise_count", lambda bits: counted.append(len(bits)) or count(bits))
    assert index.near(differing(0), 5, near).positions == [0, 1, 2, 100, 3]
    assert counted == [1, 1]
    assert near.order.base is None, "it would keep all that was looked at"


def test_it_is_the_number_of_bits_in_which_they_differ_however_many_there_are() -> None:
    chance, index = np.random.default_rng(3), SignatureIndex()
    center = chance.integers(0, 2, 128, np.uint8)
    signed = [center ^ (chance.random(128) < share) for share in chance.random(7_000) / 2]
    for bits in signed:
        index.add(np.packbits(bits).view(np.uint64))
    far = [int((bits != center).sum()) for bits in signed]
    ranked = sorted((bits, place) for place, bits in enumerate(far) if bits <= REACH)
    found = index.near(np.packbits(center).view(np.uint64), len(signed)).positions
    assert len(found) > 1_000
    assert found == [place for _, place in ranked]
