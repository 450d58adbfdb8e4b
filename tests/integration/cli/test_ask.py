from dataclasses import replace
from pathlib import Path

import pytest

from adapters.language.hashing import Hashing
from adapters.language.models import load_understanding
from dialogue.meanings import Embedders
from tests.integration.cli.lines import ANSWERS
from tests.integration.cli.terminal import Terminal

KEYS = ["id", "answer", "confidence", "ranked"]
EXPORT = {"id": "q1", "text": "how do I export?"}
WEATHER = {"id": "q2", "text": "will it rain on the moon tomorrow?"}


def asked(terminal: Terminal, *questions: dict, answers: list[dict] = ANSWERS) -> dict[str, dict]:
    """The rows of a batch by the questions' ids."""
    kb, batch = terminal.write("kb.jsonl", *answers), terminal.write("q.jsonl", *questions)
    ended = terminal.type("ask", "--kb", kb, "--batch", batch, "--out", "out.jsonl")
    assert (ended.code, ended.out) == (0, ""), ended.err
    rows = terminal.rows("out.jsonl")
    assert [row["id"] for row in rows] == [question["id"] for question in questions]
    assert all(list(row) == KEYS for row in rows)
    return {row["id"]: row for row in rows}


def test_what_is_known_is_answered_and_what_is_not_is_ranked_all_the_same(terminal: Terminal):
    rows = asked(terminal, EXPORT, WEATHER)
    assert rows["q1"]["answer"] == rows["q1"]["ranked"][0] == "a1"
    assert rows["q1"]["confidence"] > rows["q2"]["confidence"]
    assert rows["q2"]["answer"] is None
    assert sorted(rows["q2"]["ranked"]) == ["a1", "a2"]


def test_at_most_ten_distinct_answers_are_ranked(terminal: Terminal):
    many = [
        {"id": f"a{number}", "questions": [f"how do I export sheet {number}?", f"sheet {number} as csv"], "answer": "x"}
        for number in range(15)
    ]
    ranked = asked(terminal, EXPORT, answers=many)["q1"]["ranked"]
    assert len(ranked) == len(set(ranked)) == 10


def test_questions_do_not_depend_on_each_other(terminal: Terminal):
    questions = [EXPORT, WEATHER, {"id": "q3", "text": "and my password?"}, {"id": "q4", "text": ""}]
    together = asked(terminal, *questions)
    assert asked(terminal, *reversed(questions)) == together
    for question in questions:
        assert asked(terminal, question) == {question["id"]: together[question["id"]]}


def test_any_text_can_be_asked(terminal: Terminal):
    texts = [
        "",
        "\x00",
        "\ud800 cut",
        "؟كيف أصدّر",
        "🎉" * 3000,
        "x" * 40_000,
        "<b>" * 9000,
        "'; DROP TABLE answers; --",
    ]
    rows = asked(terminal, *[{"id": f"q{number}", "text": text} for number, text in enumerate(texts)])
    assert all(sorted(row["ranked"]) == ["a1", "a2"] for row in rows.values())


def test_the_model_is_named_on_standard_error_and_progress_shown_when_asked(terminal: Terminal):
    kb, batch = terminal.write("kb.jsonl", *ANSWERS), terminal.write("q.jsonl", EXPORT)
    arguments = ("ask", "--kb", kb, "--batch", batch, "--out", "out.jsonl")
    quiet = terminal.type(*arguments)
    assert quiet.err.startswith("parley: model ")
    assert quiet.err.count("\n") == 1
    shown = terminal.type(*arguments, "--progress")
    assert "2/2" in shown.err
    assert "1/1" in shown.err


def test_without_the_model_it_falls_back_and_says_so(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    poor = replace(load_understanding(), embedders=Embedders(Hashing()))
    monkeypatch.setattr("bot.asking.load_understanding", lambda: poor)
    ended = terminal.type("ask", "how do I export?", "--kb", terminal.write("kb.jsonl", *ANSWERS))
    assert ended.code == 0
    assert f"model {Hashing.name} (the language model's files are missing" in ended.err


def test_one_question_gets_its_answer_with_its_source(terminal: Terminal):
    kb = terminal.write("kb.jsonl", *ANSWERS)
    ended = terminal.type("ask", "how do I export?", "--kb", kb)
    assert (ended.code, ended.out) == (0, "Use File > Export.\nSource: https://example.org/export\n")
    assert terminal.type("ask", "how do I reset my password?", "--kb", kb).out == "Settings, then Security.\n"


def test_one_question_that_nobody_answered_gets_none(terminal: Terminal):
    assert terminal.type("ask", WEATHER["text"], "--kb", terminal.write("kb.jsonl", *ANSWERS)).out == "I don't know.\n"


def test_one_question_is_answered_for_programs(terminal: Terminal):
    ended = terminal.type("ask", "how do I export?", "--json", "--kb", terminal.write("kb.jsonl", *ANSWERS))
    assert list(ended.json) == KEYS[1:]
    assert ended.json["answer"] == "a1"


def test_nothing_is_known_where_no_answer_is_given(terminal: Terminal):
    empty = terminal.write("kb.jsonl")
    assert terminal.type("ask", "how do I export?", "--kb", empty).out == "I don't know.\n"
    nothing = {"id": "q1", "answer": None, "confidence": 0.0, "ranked": []}
    assert asked(terminal, EXPORT, answers=[]) == {"q1": nothing}


def test_where_nothing_is_stored_it_says_so(terminal: Terminal):
    stored = "No answers are stored yet. Give some with --kb ANSWERS, or store them: parley kb import ANSWERS."
    assert terminal.type("ask", "how do I export?").out == f"{stored}\n"
    ended = terminal.type("ask", "--batch", terminal.write("q.jsonl", EXPORT), "--out", "out.jsonl")
    assert (ended.code, ended.out) == (0, "")
    assert stored in ended.err
    assert terminal.rows("out.jsonl") == [{"id": "q1", "answer": None, "confidence": 0.0, "ranked": []}]
    assert "parley.db" not in terminal.names(), "asking made a database"


def test_without_a_file_the_stored_answers_are_asked(terminal: Terminal):
    terminal.type("kb", "import", terminal.write("kb.jsonl", *ANSWERS))
    ended = terminal.type("ask", "how do I export?")
    assert (ended.code, ended.out) == (0, "Use File > Export.\nSource: https://example.org/export\n")
    asked = ("ask", "--batch", terminal.write("q.jsonl", EXPORT), "--out", "out.jsonl")
    assert "No answers" not in terminal.type(*asked).err
    assert terminal.rows("out.jsonl")[0]["answer"] == "a1"


def test_questions_and_answers_can_come_on_standard_input(terminal: Terminal):
    kb, batch = terminal.write("kb.jsonl", *ANSWERS), terminal.write("q.jsonl", EXPORT)
    terminal.type("ask", "--kb", kb, "--batch", "-", "--out", "out.jsonl", stdin=batch.read_bytes())
    assert terminal.rows("out.jsonl")[0]["answer"] == "a1"
    assert terminal.type("ask", "how do I export?", "--kb", "-", stdin=kb.read_bytes()).out.startswith("Use File")
    terminal.type("ask", "x", "--kb", "-", stdin=b"{").refuses("standard input, line 1: not JSON at character 2")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "not JSON at character 2"),
        ({"questions": ["x"], "answer": "x"}, '"id" is missing'),
        ({"id": "a9", "answer": "x"}, '"questions" is missing'),
        ({"id": "a9", "questions": ["x"]}, '"answer" is missing'),
        ({"id": "a9", "questions": [], "answer": "x"}, '"questions" must hold at least one question'),
        ({"id": "a9", "questions": [" "], "answer": "x"}, '"questions" must hold at least one question'),
        ({"id": "a9", "questions": "x", "answer": "x"}, '"questions" must be a list, not text'),
        ({"id": "a9", "questions": ["x"], "answer": " "}, '"answer" is empty'),
        ({"id": "a9", "questions": ["x"], "answer": "x", "tags": "x"}, '"tags" must be a list, not text'),
        ({"id": "a1", "questions": ["x"], "answer": "x"}, "the id 'a1' is used by an earlier line; ids are unique"),
    ],
)
def test_broken_answers_are_named(terminal: Terminal, bad: object, said: str):
    terminal.write("kb.jsonl", *ANSWERS, bad)
    terminal.type("ask", "how do I export?", "--kb", "kb.jsonl").refuses(f"parley: kb.jsonl, line 3: {said}")


@pytest.mark.parametrize(
    ("bad", "said"),
    [({"text": "x"}, '"id" is missing'), ({"id": "q9"}, '"text" is missing'), (EXPORT, "the id 'q1' is used")],
)
def test_broken_questions_are_named_before_anything_is_done(terminal: Terminal, bad: object, said: str):
    terminal.write("kb.jsonl", *ANSWERS)
    terminal.write("q.jsonl", EXPORT, bad)
    ended = terminal.type("ask", "--kb", "kb.jsonl", "--batch", "q.jsonl", "--out", "out.jsonl")
    ended.refuses(f"parley: q.jsonl, line 2: {said}")
    assert "model" not in ended.err
    assert terminal.names() == {"kb.jsonl", "q.jsonl"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], 'give one question, parley ask "how do I …", or many, parley ask --batch QUESTIONS --out OUT'),
        (["x", "--batch", "q.jsonl", "--out", "out.jsonl"], "give one question"),
        (["--batch", "q.jsonl"], "give one question"),
        (["x", "--out", "out.jsonl"], "give one question"),
        ([" "], "the question is empty; write what you want to know"),
        (["x", "--kb", "none.jsonl"], "none.jsonl can't be read: there is no such file or folder; check the path."),
        (["x", "--kb", "."], ". can't be read: it is a folder; name a file."),
        (["--batch", "q.jsonl", "--out", "q.jsonl"], "--batch and --out name the same file, q.jsonl; give each one"),
        (["--kb", "kb.jsonl", "--batch", "q.jsonl", "--out", "kb.jsonl"], "--kb and --out name the same file"),
        (["--kb", "-", "--batch", "-", "--out", "out.jsonl"], "--kb and --batch name the same file"),
        (["--batch", "q.jsonl", "--out", "none/out.jsonl"], "its folder does not exist; create the folder"),
        (["--batch", "q.jsonl", "--out", "../full"], "../full can't be written: the disk is full"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence_and_changes_nothing(terminal: Terminal, arguments: list[str], said: str):
    kept = [terminal.write("kb.jsonl", *ANSWERS), terminal.write("q.jsonl", EXPORT)]
    before = [file.read_bytes() for file in kept]
    terminal.type("ask", *arguments).refuses(said)
    assert [file.read_bytes() for file in kept] == before
    assert terminal.names() == {"kb.jsonl", "q.jsonl"}


def test_a_batch_that_fails_keeps_the_earlier_output(terminal: Terminal):
    terminal.write("out.jsonl", "before")
    terminal.type("ask", "--batch", terminal.write("q.jsonl", "{"), "--out", "out.jsonl").refuses("line 1")
    assert Path("out.jsonl").read_text() == "before\n"
