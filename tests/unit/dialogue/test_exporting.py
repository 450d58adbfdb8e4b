"""``/privacy export``: everything held of one person, in a file that they alone get."""

import io
import json
import zipfile

from adapters.storage.belongings import HELD
from adapters.storage.joining import MEMBER_COLUMNS
from adapters.storage.tables import consents, members
from dialogue.exporting import LARGEST_PLAIN
from dialogue.fence import Private
from dialogue.plain import plain_text
from dialogue.posts import Document, Post
from knowledge_base.ids import MemberId
from knowledge_base.members import Role
from tests.unit.dialogue.closing import decided, offered
from tests.unit.dialogue.stage import ANNA, BEN, CARA, GENERAL, SAM, SECLUDED, Stage

DROPS = "The export drops my tags, this is broken"


def given(stage: Stage) -> Document:
    (document,) = [block for block in stage.chat.sent[-1].post.blocks if isinstance(block, Document)]
    return document


async def exported(stage: Stage, who=ANNA) -> dict[str, list[dict[str, object]]]:
    assert "Everything I hold of you" in await stage.command(who, "privacy export")
    assert stage.chat.sent[-1].to == who.account
    return json.loads(given(stage).content)


async def test_a_member_gets_everything_that_is_held_of_them_and_nothing_of_others(stage: Stage) -> None:
    await stage.with_team()
    await stage.say(ANNA, DROPS)
    await stage.say(ANNA, "only between us", SECLUDED)
    await stage.say(BEN, "The export drops my tags, Ben's secret words")
    asked = await stage.say(CARA, "How do I export all my invoices to a csv file?")
    said = await stage.say(ANNA, "use the invoice menu, then Export", reply_to=asked)
    await stage.say(CARA, "that worked, thanks", reply_to=said)
    await stage.command(ANNA, "privacy private", {"allow": "on"})
    await decided(stage)
    await stage.press(SAM, offered(stage)["tell_send"])

    held = await exported(stage)

    assert [one["text"] for one in held["messages"]] == [
        DROPS,
        "use the invoice menu, then Export",
        "only between us",
    ]
    assert {one["channel_name"] for one in held["messages"]} == {GENERAL.name, SECLUDED.name}
    assert [(one["number"], one["status"]) for one in held["voices"]] == [(1, "shipped")]
    assert held["member"] == [
        {
            **held["member"][0],
            "name": "Anna",
            "recording": "unsaid",
            "share_private": True,
        }
    ]
    assert [one["account"] for one in held["accounts"]] == ["anna"]
    assert len(held["consents"]) == 1
    assert [one["part"] for one in held["answers_made_of_messages"]] == ["solution"]
    assert "Good news" in held["told"][0]["text"]
    assert "Ben" not in given(stage).content.decode()


async def test_whatever_names_a_member_is_among_what_is_exported() -> None:
    """A table that is added with a member in it is exported, too."""
    asked = {str(column) for query in HELD.values() for column in _held_against(query)}
    wanted = {str(column) for column in (*MEMBER_COLUMNS, members.c.member, consents.c.member)}
    assert wanted <= asked


def _held_against(query: object) -> list[object]:
    return [clause.left for clause in query.whereclause.clauses]


async def test_who_was_never_heard_gets_an_almost_empty_file(stage: Stage) -> None:
    held = await exported(stage, BEN)

    assert held["messages"] == []
    assert [one["name"] for one in held["member"]] == ["Ben"]


async def test_after_erasing_it_holds_no_words(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await stage.command(ANNA, "privacy erase")

    assert (await exported(stage))["messages"] == []


async def test_a_long_one_is_packed_and_the_same_each_time(stage: Stage) -> None:
    for number in range(5):
        await stage.say(ANNA, f"{number} " + "words of mine that are long " * (LARGEST_PLAIN // 100))
    packed = []
    for _ in range(2):
        await stage.command(ANNA, "privacy export")
        packed.append(given(stage))
    assert packed[0] == packed[1]
    assert (packed[0].name, packed[0].type) == ("parley-export.zip", "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(packed[0].content))
    assert len(json.loads(archive.read("parley-export.json"))["messages"]) == 5


async def test_a_file_passes_the_fence_to_its_owner_alone(stage: Stage) -> None:
    await stage.say(ANNA, DROPS)
    await exported(stage)
    document = given(stage)
    async with stage.look() as (_, community):
        mine = Private(community, document.owner, Role.CUSTOMER)
        others = [
            Private(community, MemberId("other"), Role.ADMIN),
            Private(community, None, Role.CUSTOMER),
            await stage.open_channel(GENERAL),
        ]
    assert stage.fence.let_out(Post((document,)), mine) == Post((document,))
    for other in others:
        let_out = stage.fence.let_out(Post((document,)), other)
        assert not any(isinstance(block, Document) for block in let_out.blocks)
        assert "export" not in plain_text(let_out)
