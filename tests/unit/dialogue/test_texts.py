"""The catalogue and the code agree: every text is used, every text used is there, and its places are filled."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import dialogue
from dialogue.card_buttons import ASK, INTO, KINDS, NOTE, TAKE_BACK
from dialogue.commands.catalogue import COMMANDS
from dialogue.commands.digest import LANGUAGES
from dialogue.explaining.nearness import Nearness
from dialogue.texts.catalogue import Texts, gathered
from knowledge_base.answers import AnswerState, Deed, Part
from knowledge_base.channels import Audience, Mode, Shared
from knowledge_base.contributions import Contributed, Guard
from knowledge_base.contributions import Part as Played
from knowledge_base.corrections import CorrectionSort
from knowledge_base.digests import DigestPart
from knowledge_base.effects import Verdict
from knowledge_base.funnels import Stage
from knowledge_base.holdings import Because
from knowledge_base.insights import Status
from knowledge_base.kinds import Kind
from knowledge_base.learning import Dial, Teaching
from knowledge_base.members import Naming, Policy, Recording, Role, Way
from knowledge_base.outcomes import Outcome, Proof
from knowledge_base.partners import PartnerState
from knowledge_base.reminders import Obstacle, When, Whom
from knowledge_base.rewards import Granting, GrantState, RewardKind
from knowledge_base.signs import SignSort
from knowledge_base.statuses import Decision
from knowledge_base.steps import StepSort
from knowledge_base.taggings import Given
from knowledge_base.topics import TopicKind
from knowledge_base.trends import Direction
from knowledge_base.welcomes import Welcoming

TEXTS = Texts.load()
BUILT = {
    "kind.": [kind.value for kind in Kind],
    "status.": [status.name.lower() for status in Status],
    "card.": [*(direction.value for direction in Direction), ASK, INTO, KINDS, NOTE, TAKE_BACK],
    "decision.": [decision.value for decision in Decision if decision is not Decision.ASK],
    "audience.": [audience.value for audience in Audience],
    "mode.": [mode.value for mode in Mode],
    "shared.": [Shared.YES.value, Shared.UNKNOWN.value],
    "obstacle.": [one.value for one in Obstacle],
    "effect.": [one.value for one in Verdict],
    "reminder_when.": [when.value for when in When],
    "reminder_to.": [whom.value for whom in Whom],
    "naming.": [naming.value for naming in Naming],
    "policy.": [f"{rest}{one.name.lower()}" for one in Policy for rest in ("", "line_")],
    "welcome.": [one.value for one in Welcoming],
    "partner_state.": [one.value for one in PartnerState],
    "refused.partner_": [one.value for one in PartnerState],
    "way.": [way.value for way in Way],
    "role.": [role.value for role in Role],
    "recording.": [recording.value for recording in Recording],
    "help.insight.": [decision.value for decision in Decision],
    "reason.tagged_by_": [given.value for given in Given],
    "insight.undone_": [sort.value for sort in (CorrectionSort.MERGE, CorrectionSort.SPLIT, CorrectionSort.REFUSAL)],
    "setup.": [f"{role}{rest}" for role in (Role.STAFF, Role.ADMIN) for rest in ("", "_chosen", "_nobody")],
    "answer_state.": [state.value for state in AnswerState],
    "outcome.": [outcome.value for outcome in Outcome],
    "proof.": [proof.name.lower() for proof in Proof],
    "part.": [part.value for part in Part],
    "deed.": [deed.value for deed in Deed],
    "topic.": [kind.value for kind in TopicKind],
    "nearness.": [nearness.value for nearness in Nearness],
    "learning.": [f"{dial}{rest}" for dial in Dial for rest in ("", "_moved", "_kept")],
    "learning.step_": [sort.value for sort in StepSort],
    "taught.": [f"{teaching}{rest}" for teaching in Teaching for rest in ("", "_one")],
    "corrected.": [f"{sort}{rest}" for sort in CorrectionSort for rest in ("", "_unmeasured")],
    "reason.card_held_": [because.value for because in Because],
    "why.route_held_": [because.value for because in Because],
    "route.when_": [
        *("tag", "kind", "words", "area", "tone", "urgency", "tier", "language", "channel", "space", "like", "demand")
    ],
    "played.": [part.value for part in Played],
    "board.": [part.value for part in Played],
    "contributed.": [kind.value for kind in Contributed],
    "guard.": [guard.value for guard in Guard],
    "silent.": ["not_a_person", "read_later", "listening", "not_addressed", "nothing_known"],
    "reward_kind.": [kind.value for kind in RewardKind],
    "rewards.got_": [kind.value for kind in RewardKind if kind is not RewardKind.CODE],
    "rewards.became_": ["to_open", *(state.value for state in GrantState)],
    "grant_state.": [state.value for state in GrantState],
    "granting.": [granting.value for granting in Granting if granting is not Granting.GIVEN],
    "health.": [stage.value for stage in Stage],
    "signs.": [f"{rest}{sort.value}" for sort in SignSort for rest in ("", "count_", "sort_")],
    "digest.": [part.value for part in DigestPart if part is not DigestPart.PICTURE],
}
"""Keys that are built from a value, by how they begin."""


def _trees() -> Iterator[ast.Module]:
    for path in Path(dialogue.__file__).parent.rglob("*.py"):
        yield ast.parse(path.read_text("utf-8"))


def _literals() -> set[str]:
    return {
        node.value
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _used() -> set[str]:
    built = {beginning + value for beginning, values in BUILT.items() for value in values}
    return built | {literal for literal in _literals() if literal in TEXTS.keys()}  # noqa: SIM118 - not a mapping


def _said() -> Iterator[tuple[str, set[str] | None]]:
    """Every key said in so many words, with the names of its places (None where they aren't written right there)."""
    for tree in _trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in ("say", "answer", "refused") and node.args:
                places = node.args[1] if len(node.args) > 1 else None
                for key in _keys(node.args[0]):
                    yield key, _names(places)


def _keys(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from _keys(node.body)
        yield from _keys(node.orelse)


def _names(node: ast.expr | None) -> set[str] | None:
    if node is None:
        return set()
    if not isinstance(node, ast.Dict):
        return None
    return {key.value for key in node.keys if isinstance(key, ast.Constant)}


def _places(key: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(TEXTS._catalogues["en"][key]) if name}


def test_every_text_in_the_catalogue_is_used() -> None:
    assert TEXTS.keys() - _used() == set()


def test_every_text_used_is_in_the_catalogue() -> None:
    asked = {key for key, _ in _said()} | {
        text
        for command in COMMANDS
        for verb in command.verbs
        for text in (command.help, verb.help, *_option_keys(verb))
    }
    assert (asked | _used()) - TEXTS.keys() == set()


def _option_keys(verb: object) -> list[str]:
    return [option.help for option in verb.options]


def test_places_are_filled_with_exactly_what_the_text_asks_for() -> None:
    said = [(key, names) for key, names in _said() if names is not None and not key.startswith("refused.no_")]

    assert {key for key, names in said if names != _places(key)} == set()


@pytest.mark.parametrize("key", sorted(TEXTS.keys()))
def test_every_text_is_short_and_names_no_platform(key: str) -> None:
    text = TEXTS._catalogues["en"][key]

    assert 0 < len(text) <= 200
    assert text.strip() == text
    assert not {"slack", "discord"} & set(text.casefold().split())


@pytest.mark.parametrize("language", sorted(TEXTS.languages - {"en"}))
def test_another_language_has_the_places_of_english_and_is_as_short(language: str) -> None:
    for key in sorted(TEXTS.keys(language)):
        text = TEXTS._catalogues[language][key]
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} == _places(key), key
        assert 0 < len(text) <= 200
        assert text.strip() == text


def test_digests_can_be_written_in_every_language_there_is_and_then_wholly() -> None:
    assert set(LANGUAGES) == TEXTS.languages
    for language in LANGUAGES:
        assert {key for key in TEXTS.keys() if key.startswith("digest.")} <= TEXTS.keys(language)  # noqa: SIM118


def test_commands_are_written_as_they_are_typed_where_they_are_read() -> None:
    there = TEXTS.with_commands("/parley ")
    assert "An admin adds one with /parley team add." in there.say("team.none")
    assert "An admin adds one with /team add." in TEXTS.say("team.none")
    assert there.command("help") == "/parley help"


def test_what_people_wrote_is_no_command() -> None:
    typed = TEXTS.with_commands("/parley ").say("refused.no_team", {"typed": "/team list"})
    assert typed == "There is no team “/team list”. /parley team list shows them all."


def test_braces_in_what_people_wrote_are_never_interpreted() -> None:
    places = {"status": "{name.__class__}", "reason": "{0}{}"}

    assert TEXTS.say("status.because", places) == "{name.__class__}: {0}{}"


def test_another_language_says_what_it_has_and_the_rest_in_english_with_the_same_commands() -> None:
    texts = Texts({"en": {"all": "All:", "none": "None. /tag new makes one."}, "de": {"all": "Alle:"}})

    there = texts.with_commands("/parley ").speaking("de")
    assert there.say("all") == "Alle:"
    assert there.say("none") == "None. /parley tag new makes one."
    assert texts.speaking("de").with_commands("/parley ").say("all") == "Alle:"
    assert texts.speaking("fr").say("all") == texts.say("all") == "All:"


def test_the_files_of_a_language_are_one_catalogue_and_none_gives_what_another_gives(tmp_path: Path) -> None:
    (tmp_path / "tag.toml").write_text('[help.tag]\nnoun = "Labels"', "utf-8")
    (tmp_path / "team.toml").write_text('[help.team]\nnoun = "Who acts"', "utf-8")
    assert gathered(tmp_path) == {"help.tag.noun": "Labels", "help.team.noun": "Who acts"}

    (tmp_path / "topic.toml").write_text('[help.tag]\nnoun = "Topics"', "utf-8")
    with pytest.raises(ValueError, match=r"help\.tag\.noun"):
        gathered(tmp_path)
