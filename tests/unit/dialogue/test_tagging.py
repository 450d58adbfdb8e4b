from dataclasses import replace

import pytest

from adapters.language.hashing import Hashing
from adapters.storage.communities import SqlCommunities
from adapters.storage.messages import SqlMessages
from dialogue.custom_ids import about_message
from dialogue.errors import Refused
from knowledge_base.corrections import CorrectionSort
from knowledge_base.ids import CommunityId, MessageId
from knowledge_base.kinds import Kind
from knowledge_base.taggings import Given, taggings
from tests.models import Told
from tests.unit.dialogue.stage import ADA, ANNA, BEN, GENERAL, SAM, SECLUDED, SPACE, TESS, Stage

IDEA = "on fridays I copy the rows into a spreadsheet"


class Broad(Hashing):
    name = "broad"


@pytest.fixture
async def tagged(stage: Stage) -> Stage:
    await stage.with_team()
    await stage.command(ADA, "tag new", {"name": "export", "reaction": ":package:"})
    return stage


def memo(stage: Stage, message: str) -> bool:
    return (GENERAL.channel, message, "memo") in stage.chat.reactions


async def test_staff_keep_a_message_with_a_reaction_whatever_it_was_judged_to_be(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    assert await tagged.insight_of(said) is None

    await tagged.react(SAM, said, "package")

    insight = await tagged.insight_of(said)
    assert (insight.kind, insight.tags, insight.title) == (Kind.REQUEST, ("export",), IDEA)
    assert memo(tagged, said)
    assert IDEA in tagged.card()


async def test_customers_reactions_and_other_emoji_do_nothing(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)

    await tagged.react(BEN, said, "package")
    await tagged.react(SAM, said, "tada")

    assert await tagged.insight_of(said) is None
    assert tagged.chat.reactions == set()


async def test_a_reaction_taken_back_undoes_what_it_did(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    before = await tagged.message(said)
    await tagged.react(SAM, said, "package")

    await tagged.react(SAM, said, "package", present=False)

    assert await tagged.insight_of(said) is None
    assert await tagged.message(said) == before
    assert not memo(tagged, said)
    assert IDEA not in tagged.card()


async def test_what_was_judged_by_what_it_means_is_so_again_once_a_tag_is_taken_off(tagged: Stage) -> None:
    """By its words a request, by what they mean as well a problem."""
    classifier = Told({IDEA: (Kind.REQUEST, 0.6)}, second=(Kind.PROBLEM, 0.9))
    twice = Stage(tagged.storage, classifier=classifier, across=Broad())
    said = await twice.say(ANNA, IDEA)
    before = await twice.message(said)
    assert (before.kind, before.confidence) == (Kind.PROBLEM, 0.9)
    await twice.react(SAM, said, "package")

    await twice.react(SAM, said, "package", present=False)

    assert await twice.message(said) == before
    assert (await twice.insight_of(said)).kind is Kind.PROBLEM


async def test_a_reaction_undoes_only_what_it_did(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    await tagged.react(SAM, said, "package")
    await tagged.command(TESS, "tag add", {"message": said, "tag": "export"})

    await tagged.react(TESS, said, "package", present=False)
    await tagged.react(SAM, said, "package", present=False)

    assert (await tagged.insight_of(said)).tags == ("export",)
    assert memo(tagged, said)


async def test_the_same_reaction_told_twice_counts_once(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)

    await tagged.react(SAM, said, "package")
    await tagged.react(SAM, said, "package")

    assert len(taggings((await tagged.message(said)).reasons)) == 1


async def test_a_message_is_kept_from_its_menu_without_a_tag(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)

    answer = await tagged.command(SAM, "tag add", message=said)

    assert answer == "Kept as insight #1."
    assert (await tagged.insight_of(said)).tags == ()


async def test_where_the_bot_only_listens_it_answers_a_reaction_by_one_and_is_silent_otherwise(tagged: Stage) -> None:
    by_command, by_reaction = await tagged.say(ANNA, IDEA, SECLUDED), await tagged.say(BEN, "hello", SECLUDED)

    await tagged.command(SAM, "tag add", {"tag": "export"}, SECLUDED, message=by_command)
    assert tagged.chat.reactions == set()

    await tagged.react(SAM, by_reaction, "package", SECLUDED)
    assert tagged.chat.reactions == {(SECLUDED.channel, by_reaction, "memo")}


@pytest.mark.parametrize("link", ["https://chat.example/channels/space/general/{}", "space/general/{}", "{}"])
async def test_a_message_is_named_by_link_or_id(tagged: Stage, link: str) -> None:
    said = await tagged.say(ANNA, IDEA)

    await tagged.command(SAM, "tag add", {"message": link.format(said), "tag": "EXPORT"})

    assert (await tagged.insight_of(said)).tags == ("export",)


async def test_what_staff_kept_survives_an_edit(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    await tagged.react(SAM, said, "package")

    await tagged.edit(ANNA, said, "good morning")

    insight = await tagged.insight_of(said)
    assert (insight.kind, insight.tags, insight.title) == (Kind.REQUEST, ("export",), "good morning")


async def test_a_tag_is_taken_off_by_command_and_a_voice_by_its_own_words_stays(tagged: Stage) -> None:
    said = await tagged.say(ANNA, "The export drops my tags, this is broken")
    await tagged.react(SAM, said, "package")

    answer = await tagged.command(TESS, "tag remove", {"message": said, "tag": "export"})

    assert "off" in answer
    assert (await tagged.insight_of(said)).tags == ()


async def test_two_messages_tagged_alike_that_say_the_same_are_one_insight(tagged: Stage) -> None:
    first, second = await tagged.say(ANNA, IDEA), await tagged.say(BEN, IDEA)

    await tagged.react(SAM, first, "package")
    await tagged.react(SAM, second, "package")

    assert (await tagged.insight_of(first)).demand == 2


async def test_a_message_that_was_never_kept_is_refused_in_words(tagged: Stage) -> None:
    answer = await tagged.command(SAM, "tag add", {"message": "m99", "tag": "export"})

    assert "I have not kept the message “m99”" in answer


def form_of(stage: Stage, message: str) -> str:
    return about_message("tag", stage.name(message)) or ""


async def test_the_form_from_a_messages_menu_has_what_was_guessed_filled_in(tagged: Stage) -> None:
    said = await tagged.say(ANNA, "The export drops my tags, this is broken")

    form = await tagged.interactions.open_form(SPACE, SAM, form_of(tagged, said))

    assert form.title == "Tag as insight"
    assert [(field.name, field.value, field.required) for field in form.fields] == [
        ("kind", "problem", False),
        ("tag", "export", False),
        ("note", "", False),
    ]
    kinds = [(one.value, one.label) for one in form.fields[0].alternatives]
    assert kinds[:3] == [("question", "Question"), ("problem", "Problem"), ("request", "Request")]
    assert "chatter" not in dict(kinds)


async def test_what_was_corrected_in_the_form_holds_and_the_note_stands_on_the_card(tagged: Stage) -> None:
    said = await tagged.say(ANNA, "The export drops my tags, this is broken")

    values = {"kind": "request", "tag": "#Export", "note": "ask Wanda"}
    answer = await tagged.submit(SAM, form_of(tagged, said), values, GENERAL)

    assert answer == "Kept as insight #1."
    insight = await tagged.insight_of(said)
    assert (insight.kind, insight.tags) == (Kind.REQUEST, ("export",))
    assert "Note by Sam, 2026-03-02: ask Wanda" in tagged.card()
    async with tagged.look() as (uow, community):
        (corrected,) = await uow.learning.find(community, CorrectionSort.KIND, tagged.name(said))
        assert (corrected.was_kind, corrected.is_kind) == (Kind.PROBLEM, Kind.REQUEST)


async def test_a_form_left_as_it_was_keeps_the_message_as_judged(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    form = await tagged.interactions.open_form(SPACE, SAM, form_of(tagged, said))
    assert [field.value for field in form.fields] == ["", "", ""]

    await tagged.submit(SAM, form_of(tagged, said), {}, GENERAL)

    assert ((await tagged.insight_of(said)).kind, (await tagged.insight_of(said)).tags) == (Kind.REQUEST, ())
    assert memo(tagged, said)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"kind": "chatter"}, "Please choose from what is offered"),
        ({"tag": "nowhere"}, "There is no tag “nowhere”"),
    ],
)
async def test_what_there_is_not_is_refused_and_nothing_is_kept(tagged: Stage, values: dict, refused: str) -> None:
    said = await tagged.say(ANNA, IDEA)
    before = await tagged.message(said)

    assert refused in await tagged.submit(SAM, form_of(tagged, said), values, GENERAL)

    assert await tagged.message(said) == before
    assert await tagged.insight_of(said) is None


async def test_the_form_is_for_staff_and_for_what_is_kept(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    with pytest.raises(Refused, match="Only staff"):
        await tagged.interactions.open_form(SPACE, BEN, form_of(tagged, said))
    assert await tagged.submit(BEN, form_of(tagged, said), {}, GENERAL) == "Only staff can do that."
    await tagged.delete(said)
    with pytest.raises(Refused, match="I have not kept that message"):
        await tagged.interactions.open_form(SPACE, SAM, form_of(tagged, said))
    assert "have not kept" in await tagged.submit(SAM, form_of(tagged, said), {}, GENERAL)


def test_a_message_whose_name_no_button_can_carry_opens_no_form() -> None:
    assert about_message("tag", MessageId("s/c/a:b")) is None
    assert about_message("tag", MessageId("s/c/" + "1" * 100)) is None


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("{bot} #export", ("export",)),
        ("{bot} tag Export, search", ("export", "search")),
        ("export {bot}", ("export",)),
        ("{bot}", ()),
    ],
)
async def test_a_reply_that_names_the_bot_keeps_a_message_with_the_tags_it_says(
    tagged: Stage, text: str, tags: tuple[str, ...]
) -> None:
    await tagged.command(ADA, "tag new", {"name": "search"})
    said = await tagged.say(ANNA, IDEA)

    await tagged.say(SAM, text.format(bot=tagged.chat.identity().mention), reply_to=said)

    assert (await tagged.insight_of(said)).tags == tags
    assert memo(tagged, said)
    assert {tagging.given for tagging in taggings((await tagged.message(said)).reasons)} == {Given.REPLY}


@pytest.mark.parametrize("text", ["#export", "{bot} why is that?", "{bot} #nowhere", "{bot} #export and more"])
async def test_other_replies_are_talk(tagged: Stage, text: str) -> None:
    said = await tagged.say(ANNA, IDEA)

    await tagged.say(SAM, text.format(bot=tagged.chat.identity().mention), reply_to=said)

    assert await tagged.insight_of(said) is None


async def test_replies_of_customers_and_of_long_ago_tag_nothing(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)
    tags = f"{tagged.chat.identity().mention} #export"

    await tagged.say(BEN, tags, reply_to=said)
    await tagged.say(SAM, tags, reply_to=said, live=False)
    await tagged.say(SAM, tags)

    assert await tagged.insight_of(said) is None


async def test_a_reply_in_a_thread_means_what_the_thread_is_about(tagged: Stage) -> None:
    said = await tagged.say(ANNA, IDEA)

    await tagged.say(SAM, f"{tagged.chat.identity().mention} export", replace(GENERAL, thread=said))

    assert (await tagged.insight_of(said)).tags == ("export",)
    assert "tagged export by Sam with a reply" in await tagged.command(SAM, "why show", message=said)


@pytest.mark.parametrize(
    ("line", "options"),
    [("tag add", {"tag": "export"}), ("tag remove", {"tag": "export"}), ("insight kind", {"kind": "praise"})],
)
async def test_what_somebody_deletes_before_a_gesture_has_its_turn_stays_deleted(
    tagged: Stage, monkeypatch: pytest.MonkeyPatch, line: str, options: dict
) -> None:
    said = await tagged.say(ANNA, IDEA)
    if line == "tag remove":
        await tagged.command(SAM, "tag add", {"message": said, "tag": "export"})
    lock = SqlCommunities.lock

    async def waiting_for_who_deletes_it(communities: SqlCommunities, community: CommunityId) -> None:
        await lock(communities, community)
        await SqlMessages(communities._transaction).erase(community, [tagged.name(said)])

    monkeypatch.setattr(SqlCommunities, "lock", waiting_for_who_deletes_it)
    await tagged.command(SAM, line, {"message": said, **options})
    monkeypatch.undo()

    message = await tagged.message(said)
    assert (message.deleted, message.text) == (True, "")
