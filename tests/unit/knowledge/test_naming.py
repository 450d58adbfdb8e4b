"""How somebody is named, to others and to the public, is theirs to choose."""

import itertools

from knowledge_base.members import Naming, credited_as, shown_as, strictest


def test_a_name_is_shown_as_its_owner_chose() -> None:
    assert [shown_as("Anna Berg", naming) for naming in Naming] == ["Anna Berg", "Anna Berg", "Anna", ""]
    assert [shown_as("  ", naming) for naming in (Naming.FIRST, Naming.ANONYMOUS)] == ["", ""]


def test_the_public_is_told_only_the_names_of_those_who_chose_to_be_named() -> None:
    assert [credited_as("Anna Berg", naming) for naming in Naming] == ["", "Anna Berg", "Anna", ""]


def test_of_two_choices_of_one_person_that_holds_which_names_them_least() -> None:
    for one, other in itertools.product(Naming, repeat=2):
        chosen = strictest((one, other))
        assert len(shown_as("Anna Berg", chosen)) <= min(len(shown_as("Anna Berg", of)) for of in (one, other))
        assert Naming.ANONYMOUS not in (one, other) or chosen is Naming.ANONYMOUS
