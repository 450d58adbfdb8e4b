"""The voices of a dry run are found as the live ones are (``tests/contract/storage/test_insights.py``)."""

from contextlib import ExitStack

import numpy as np
import pytest

from adapters.files.voices import MOST_CANDIDATES, SpilledVoices
from dialogue.capturing.placing import Placement
from knowledge_base.circles import Circle, readers_in
from knowledge_base.contrasts import traits
from knowledge_base.ids import InsightId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.merging import Embedding, Meaning

PUBLIC = Circle("public")
READERS = readers_in(PUBLIC)
VECTOR = np.array([0.6, 0.8], np.float32)


def add(voices: SpilledVoices, name: str, language: str, *models: str, circle: Circle = PUBLIC) -> int:
    meaning = Meaning("by", tuple(Embedding(model, VECTOR) for model in models))
    return voices.add(MessageId(name), name, language, Kind.PROBLEM, Placement(None, meaning, circle, "new"))


async def found(voices: SpilledVoices, model: str, *, alone: bool) -> list[tuple[str, str, str]]:
    near = await voices.nearest(model, VECTOR, READERS, alone=alone, least=-1.0)
    return [(candidate.message, candidate.text, candidate.language) for candidate in near]


async def test_alone_are_the_voices_that_no_other_model_knows() -> None:
    with ExitStack() as files:
        voices = SpilledVoices(files)
        assert add(voices, "both", "en", "fine", "broad") == 1
        assert add(voices, "one", "de", "broad") == 2
        add(voices, "elsewhere", "de", "broad", circle=Circle("internal"))
        assert await found(voices, "fine", alone=False) == [("both", "both", "en")]
        assert await found(voices, "broad", alone=False) == [("both", "both", "en"), ("one", "one", "de")]
        assert await found(voices, "broad", alone=True) == [("one", "one", "de")]
        assert await found(voices, "fine", alone=True) == []
        voices.withdraw(MessageId("one"))
        assert await found(voices, "broad", alone=True) == []


async def test_what_is_less_near_than_asked_for_is_not_given() -> None:
    with ExitStack() as files:
        voices = SpilledVoices(files)
        add(voices, "said", "en", "fine")
        for least, found_ in ((0.79, ["said"]), (0.81, [])):
            near = await voices.nearest("fine", np.array([0, 1], np.float32), READERS, alone=False, least=least)
            assert [one.message for one in near] == found_


async def test_a_long_text_is_compared_as_live() -> None:
    long = "\n".join(f"worker {number} could not open the socket of its neighbour" for number in range(99))
    with ExitStack() as files:
        voices = SpilledVoices(files)
        placed = Placement(None, Meaning("by", (Embedding("fine", VECTOR),)), PUBLIC, "new")
        voices.add(MessageId("long"), long, "en", Kind.PROBLEM, placed)
        (found_,) = await voices.nearest("fine", VECTOR, READERS, alone=False, least=-1.0)
        assert traits(found_.text) == traits(long)


async def test_a_voice_is_of_the_insight_it_was_placed_in() -> None:
    with ExitStack() as files:
        voices = SpilledVoices(files)
        add(voices, "first", "en", "fine")
        meaning = Meaning("by", (Embedding("fine", VECTOR),))
        placed = Placement(InsightId("1"), meaning, PUBLIC, "joins")
        assert voices.add(MessageId("second"), "second", "en", Kind.PROBLEM, placed) == 1
        assert voices.voiced(MessageId("second")) == (InsightId(f"{1:012d}"), Kind.PROBLEM, 2)
        assert len(await voices.core(InsightId("1"), "fine")) == 2
        assert await voices.core(InsightId("1"), "broad") == []


async def test_who_searches_again_finds_what_came_since_and_not_what_went() -> None:
    with ExitStack() as files:
        voices, here = SpilledVoices(files), list[str]()
        for number in range(3 * MOST_CANDIDATES):
            for language, models in (("en", ("fine", "broad")), ("de", ("broad",))):
                name, internal = f"{language}{number}", number % 3 == 1
                add(voices, name, language, *models, circle=Circle("internal") if internal else PUBLIC)
                here += [] if internal else [name]
            if number % 5 == 4:
                voices.withdraw(MessageId(here.pop(number % 7)))
            for model, alone, languages in (("fine", False, "en"), ("broad", False, "en de"), ("broad", True, "de")):
                expected = [name for name in here if name[:2] in languages.split()][:MOST_CANDIDATES]
                assert [said for said, _, _ in await found(voices, model, alone=alone)] == expected


async def test_only_what_was_searched_for_lately_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.files.voices._SEARCHES_KEPT", 2)
    looked_at, count = list[int](), np.bitwise_count
    with ExitStack() as files:
        voices = SpilledVoices(files)
        for number in range(5):
            add(voices, f"m{number}", "en", "fine")
        monkeypatch.setattr(np, "bitwise_count", lambda bits: looked_at.append(len(bits)) or count(bits))
        for vector in ([0, 1], [1, 0], [0, 1], [1, 1], [0, 1], [1, 0]):
            await voices.nearest("fine", np.array(vector, np.float32), READERS, alone=False, least=-1.0)
    assert looked_at[::2] == [5, 5, 0, 5, 0, 5]


async def test_the_words_of_what_nobody_asks_about_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as files:
        voices = SpilledVoices(files)
        for number in range(3):
            add(voices, f"m{number}", "en", "fine")
        with monkeypatch.context() as patched:
            patched.setattr(voices, "_database", None)
            near = await voices.nearest("fine", VECTOR, READERS, alone=False, least=-1.0)
            assert [(one.insight, one.kind, one.circle) for one in near] == [
                (InsightId(f"{number:012d}"), Kind.PROBLEM, PUBLIC) for number in (1, 2, 3)
            ]
        assert [one.text for one in near] == ["m0", "m1", "m2"]
