"""What a chat promises that claims an ability (:mod:`dialogue.chat`): part of :class:`~.contract.ChatContract`."""

from typing import ClassVar

import pytest

from dialogue.actions import OutboxId, Reply, Said, SendDirect
from dialogue.actions import Post as PostIn
from dialogue.errors import Rejected
from dialogue.events import Actor, MessagePosted
from dialogue.ports import (
    AddsReactions,
    AnswersInteractions,
    EditsMessages,
    FetchesHistory,
    FindsSent,
    GrantsRoles,
    OpensThreads,
    SendsDirectMessages,
)
from dialogue.posts import Document, Paragraph, Post, plain
from dialogue.rows import Gap, SentRef
from knowledge_base.ids import AccountId, MemberId, PlatformMessageId
from knowledge_base.members import Role
from tests.contract.chat.driver import SINCE, Driver, able

CONTENT = b'{"said": "\xc3\xa4 \xe2\x80\xae"}'
DOCUMENT = Post(
    (
        Paragraph("all of it"),
        Document("export.json", "application/json", CONTENT, MemberId("anna"), "it was not taken"),
    )
)
NOWHERE = "404404404404404404"
"""An id that everywhere could be somebody's or a message's, and is nobody's and none's."""


class AbilitiesContract:
    """What a chat can't do by its nature is a flag; an ability that it doesn't claim is skipped."""

    HEARS: ClassVar[bool] = True
    """False where nobody can speak, press or choose."""
    KEEPS_POSTS: ClassVar[bool] = True
    """False where what was posted can't be looked at again, so that a gone post isn't noticed."""
    POSTS_ONCE: ClassVar[bool] = True
    """False where a key given twice posts twice, and the caller has to look for it first."""
    FINDS_PRIVATE: ClassVar[bool] = True
    """False where a private answer stands in no history, so that it is never found again."""

    STAYS_CONNECTED: ClassVar[bool] = False
    """True where platform and program are one process, so that no connection can be lost."""

    ANNA: ClassVar[Actor] = Actor(AccountId("anna"), "Anna Kowalska", Role.CUSTOMER)

    async def test_an_edit_shows_the_new_post(self, driver: Driver) -> None:
        able(driver, EditsMessages)
        ref = await driver.chat.send(driver.space, driver.channel, None, plain("before"), OutboxId("k1"))
        for _ in range(2):
            await able(driver, EditsMessages).edit(driver.space, ref, plain("after"), OutboxId("k2"))
        if self.KEEPS_POSTS:
            assert "after" in driver.shown(ref)
            assert "before" not in driver.shown(ref)

    async def test_an_edit_of_a_post_that_is_gone_is_rejected(self, driver: Driver) -> None:
        chat = able(driver, EditsMessages)
        if not self.KEEPS_POSTS:
            pytest.skip("posts can't be looked at again here, so none is ever missed")
        nowhere = SentRef(driver.channel, PlatformMessageId("never-sent"))
        with pytest.raises(Rejected):
            await chat.edit(driver.space, nowhere, plain("after"), OutboxId("k1"))

    async def test_reacting_twice_is_harmless(self, driver: Driver) -> None:
        chat = able(driver, AddsReactions)
        message = await self._somebodys_message(driver)
        for number in range(2):
            await chat.react(driver.space, driver.channel, message, "memo", OutboxId(f"k{number}"), present=True)
        assert not self.KEEPS_POSTS or list(driver.reactions(message)) == ["memo"]
        for number in range(2):
            await chat.react(driver.space, driver.channel, message, "memo", OutboxId(f"t{number}"), present=False)
        assert not self.KEEPS_POSTS or list(driver.reactions(message)) == []

    async def test_an_interaction_is_answered(self, driver: Driver) -> None:
        chat = able(driver, AnswersInteractions)
        handle = await driver.asks(self.ANNA)
        args = (driver.space, driver.channel, self.ANNA.account, handle, plain("only you"), OutboxId("k1"))
        await chat.reply(*args)
        if self.POSTS_ONCE:
            await chat.reply(*args)
        if self.KEEPS_POSTS:
            (answer,) = driver.answers(self.ANNA.account)
            assert "only you" in answer

    async def test_a_document_is_handed_to_who_asked_alone(self, driver: Driver) -> None:
        chat = able(driver, AnswersInteractions)
        handle = await driver.asks(self.ANNA)
        await chat.reply(driver.space, driver.channel, self.ANNA.account, handle, DOCUMENT, OutboxId("k1"))
        if self.KEEPS_POSTS:
            assert list(driver.documents(self.ANNA.account)) == [CONTENT]
            (answer,) = driver.answers(self.ANNA.account)
            assert "all of it" in answer
            assert "not taken" not in answer

    async def test_a_document_is_sent_to_one_person_alone(self, driver: Driver) -> None:
        chat = able(driver, SendsDirectMessages)
        ref = await chat.send_direct(driver.space, self.ANNA.account, DOCUMENT, OutboxId("k1"))
        if self.KEEPS_POSTS:
            assert list(driver.documents(self.ANNA.account)) == [CONTENT]
            assert "all of it" in driver.shown(ref)

    async def test_a_private_answer_is_found_where_it_stands(self, driver: Driver) -> None:
        chat = able(driver, AnswersInteractions)
        finding = able(driver, FindsSent)
        handle = await driver.asks(self.ANNA)
        post, key = plain("only you"), OutboxId("k1")
        await chat.reply(driver.space, driver.channel, self.ANNA.account, handle, post, key)
        answered = Reply(driver.space, driver.channel, self.ANNA.account, handle, Said(post))
        ref = await finding.find_sent(answered, key, SINCE)
        assert (ref is not None) == self.FINDS_PRIVATE
        if ref is not None and self.KEEPS_POSTS:
            assert "only you" in driver.shown(ref)

    async def test_a_direct_message_goes_to_a_channel_of_its_own(self, driver: Driver) -> None:
        chat = able(driver, SendsDirectMessages)
        ref = await chat.send_direct(driver.space, self.ANNA.account, plain("for you alone"), OutboxId("k1"))
        assert ref.channel != driver.channel
        if self.KEEPS_POSTS:
            assert "for you alone" in driver.shown(ref)

    async def test_what_was_sent_is_found_also_after_a_restart(self, driver: Driver) -> None:
        able(driver, FindsSent)
        post = plain("found")
        ref = await driver.chat.send(driver.space, driver.channel, None, post, OutboxId("k1"))
        action = PostIn(driver.space, driver.channel, Said(post))
        for _ in range(2):
            chat = able(driver, FindsSent)
            assert await chat.find_sent(action, OutboxId("k1"), SINCE) == ref
            assert await chat.find_sent(action, OutboxId("k2"), SINCE) is None
            driver.restart()

    async def test_a_direct_message_is_found_also_after_a_restart(self, driver: Driver) -> None:
        able(driver, FindsSent)
        post = plain("hello")
        ref = await able(driver, SendsDirectMessages).send_direct(driver.space, self.ANNA.account, post, OutboxId("k1"))
        action = SendDirect(driver.space, self.ANNA.account, Said(post))
        for _ in range(2):
            chat = able(driver, FindsSent)
            assert await chat.find_sent(action, OutboxId("k1"), SINCE) == ref
            assert await chat.find_sent(action, OutboxId("k2"), SINCE) is None
            driver.restart()

    async def test_a_post_is_found_also_when_it_was_edited(self, driver: Driver) -> None:
        chat = able(driver, FindsSent)
        post = plain("before")
        ref = await driver.chat.send(driver.space, driver.channel, None, post, OutboxId("k1"))
        await able(driver, EditsMessages).edit(driver.space, ref, plain("after"), OutboxId("k2"))
        action = PostIn(driver.space, driver.channel, Said(post))
        assert await chat.find_sent(action, OutboxId("k1"), SINCE) == ref

    async def test_a_thread_is_begun_once(self, driver: Driver) -> None:
        chat = able(driver, OpensThreads)
        message = await self._somebodys_message(driver)
        for number in range(2):
            await chat.open_thread(driver.space, driver.channel, message, "Export", OutboxId(f"k{number}"))
        assert list(driver.threads(message)) == ["Export"]

    async def test_a_thread_on_a_message_that_is_gone_is_rejected(self, driver: Driver) -> None:
        chat = able(driver, OpensThreads)
        with pytest.raises(Rejected):
            await chat.open_thread(driver.space, driver.channel, PlatformMessageId(NOWHERE), "Export", OutboxId("k1"))

    async def test_a_role_is_given_once_and_taken_once(self, driver: Driver) -> None:
        chat = able(driver, GrantsRoles)
        await self._somebodys_message(driver)
        for granted in (True, False):
            for number in range(2):
                key = OutboxId(f"k{granted}{number}")
                await chat.grant_role(driver.space, self.ANNA.account, driver.role, key, granted=granted)
            assert list(driver.roles(self.ANNA.account)) == ([driver.role] if granted else [])

    @pytest.mark.parametrize("granted", [True, False])
    async def test_a_role_for_nobody_is_rejected(self, driver: Driver, granted: bool) -> None:
        chat = able(driver, GrantsRoles)
        with pytest.raises(Rejected):
            await chat.grant_role(driver.space, AccountId(NOWHERE), driver.role, OutboxId("k1"), granted=granted)

    async def test_history_is_read_page_by_page_until_it_ends(self, driver: Driver) -> None:
        chat = able(driver, FetchesHistory)
        said = [f"line {number}" for number in range(250)]
        messages = [await driver.say(self.ANNA, text) for text in said]
        gap = Gap(driver.space, driver.channel, messages[1], SINCE)
        read: list[MessagePosted] = []
        page: PlatformMessageId | None = None
        while events := await chat.history(gap, page):
            read += [event for event in events if isinstance(event, MessagePosted)]
            page = read[-1].message
        assert [event.text for event in read] == said[2:]
        assert not any(event.live for event in read)

    def _needs_to_hear(self) -> None:
        if not self.HEARS:
            pytest.skip("nobody can speak here")

    async def _somebodys_message(self, driver: Driver) -> PlatformMessageId:
        return await driver.say(self.ANNA, "hello") if self.HEARS else PlatformMessageId("m1")
