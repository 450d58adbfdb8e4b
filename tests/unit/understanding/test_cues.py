import tomllib
from importlib.resources import files
from itertools import product

from dialogue.understanding.cues import Phrasebook, cues
from dialogue.understanding.tokens import tokens
from knowledge_base.kinds import Kind


def found(phrase: str, text: str) -> list[str]:
    said = tokens(text)
    return [hit.said(said) for hit in Phrasebook([(phrase, 1)]).found(said)]


def test_a_star_stands_for_any_ending() -> None:
    assert found("crash*", "crash crashes crashed cash") == ["crash", "crashes", "crashed"]


def test_what_is_found_comes_by_where_it_begins_then_by_where_it_ends() -> None:
    said = tokens("it crashes on start again")
    book = Phrasebook([("on start", "c"), ("crashes on start", "b"), ("crash*", "a"), ("crashes ... again", "d")])
    assert [(hit.meaning, hit.start, hit.end) for hit in book.found(said)] == [
        ("a", 2, 3),
        ("b", 2, 5),
        ("d", 2, 6),
        ("c", 3, 5),
    ]


def test_a_word_that_is_a_phrase_and_begins_one_is_both() -> None:
    assert found("crash (report*|of)", "crash reports, crash of, crash reporting, crash re") == [
        "crash reports",
        "crash of",
        "crash reporting",
    ]
    book = Phrasebook([("crash", 1), ("crash*", 2)])
    assert sorted(hit.meaning for hit in book.found(tokens("crash crashes"))) == [1, 2, 2]


def test_a_star_works_inside_a_phrase_too() -> None:
    assert found("not work*", "does not working") == ["not working"]


def test_a_choice_may_be_nothing_and_may_hold_choices() -> None:
    assert found("not (yet|) done", "not done, not yet done, not quite done") == ["not done", "not yet done"]
    assert found("like (to (see|have)|it if)", "like to have, like it if, like to go") == ["like to have", "like it if"]


def test_a_gap_spans_up_to_three_words() -> None:
    assert found("bring ... back", "bring back") == ["bring back"]
    assert found("bring ... back", "bring the old view back") == ["bring the old view back"]
    assert found("bring ... back", "bring one two three four back") == []


def test_a_caret_is_the_start_of_a_sentence() -> None:
    assert found("^ how", "how are you") == ["how"]
    assert found("^ how", "I know how") == []
    assert found("^ how", "I tried. How now") == ["how"]


def test_every_kind_of_insight_has_cues() -> None:
    catalogue = tomllib.loads(files("dialogue.understanding").joinpath("cues.toml").read_text("utf-8"))
    assert {group["kind"] for group in catalogue["kind"]} == {kind.value for kind in Kind if kind != "information"}


def test_every_phrase_of_the_catalogue_finds_itself() -> None:
    catalogue = tomllib.loads(files("dialogue.understanding").joinpath("cues.toml").read_text("utf-8"))
    written = [phrase for group in catalogue["kind"] for phrase in group["phrases"]]
    written += [phrase for phrases in catalogue["sign"].values() for phrase in phrases]
    plain = [phrase for phrase in written if not set("(*.^") & set(phrase)]
    silent = [phrase for phrase in plain if not cues().found(tokens(phrase))]
    assert not silent


def test_however_much_is_read_there_are_only_so_many_states() -> None:
    book = Phrasebook([("not ... yet ... done", 1), ("not ... done", 2)])
    made = []
    for length in (5, 7):
        for said in product(("not", "yet", "done", "well"), repeat=length):
            book.found(said)
        made.append(len(book))
    assert made[0] <= made[1] < 100
