"""The outbox does each thing once, in order per destination, and keeps no secret longer than needed."""

from datetime import datetime

import pytest

from adapters.storage.database import Database
from adapters.storage.tables import outbox
from dialogue.actions import OutboxId, Outgoing
from dialogue.ports import UnitOfWork
from dialogue.rows import OutboxRow, OutboxState, PostedCard, SentRef
from knowledge_base.holdings import Because, Holding
from knowledge_base.ids import ChannelId, CommunityId, InsightId, PlatformMessageId, TeamId
from knowledge_base.teams import Team
from tests.contract.storage.databases import OnPostgresql, OnSqlite
from tests.contract.storage.samples import (
    ACME,
    GUILD,
    NOW,
    SECOND,
    answer,
    below,
    change,
    found,
    insight,
    message,
    say,
    sent,
)

LEASE = 30 * SECOND


def at(message: str, channel: str = "team") -> SentRef:
    return SentRef(ChannelId(channel), PlatformMessageId(message))


async def add(uow: UnitOfWork, **outgoing: Outgoing) -> None:
    """Each under its name, in order."""
    for name, one in outgoing.items():
        await uow.outbox.add(ACME, one, "new:help:1", OutboxId(name), NOW)


async def claim(uow: UnitOfWork, now=NOW, limit=64) -> dict[str, OutboxRow]:
    return {row.id: row for row in await uow.outbox.claim(now, LEASE, limit)}


async def stored(uow: UnitOfWork) -> dict[str, object]:
    return {row.id: row for row in await uow._transaction.rows(outbox.select())}


class OutboxContract:
    @pytest.fixture(autouse=True)
    async def _found(self, storage: Database) -> None:
        await found(storage)

    @pytest.fixture
    async def uow(self, storage: Database) -> UnitOfWork:
        async with storage.begin() as uow:
            yield uow
            await uow.commit()

    async def test_what_was_added_is_claimed_as_it_was(self, uow: UnitOfWork) -> None:
        outgoing = say(text="hello <@everyone>")
        assert await uow.outbox.add(ACME, outgoing, "new:help:1", OutboxId("a"), NOW) == "a"
        (row,) = await uow.outbox.claim(NOW + SECOND, LEASE, 10)
        assert (row.id, row.community, row.outgoing, row.cause) == ("a", ACME, outgoing, "new:help:1")
        assert (row.created_at, row.attempts, row.first_claimed_at, row.target_ref) == (NOW, 0, None, None)

    async def test_a_name_given_by_the_handler_goes_before_the_fresh_one(self, uow: UnitOfWork) -> None:
        outgoing = Outgoing(say().action, id=OutboxId("named"))
        assert await uow.outbox.add(ACME, outgoing, "cause", OutboxId("fresh"), NOW) == "named"
        assert set(await claim(uow)) == {"named"}

    async def test_what_is_claimed_is_not_claimed_again_while_its_lease_holds(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        assert set(await claim(uow)) == {"a"}
        assert await claim(uow, NOW + LEASE - SECOND) == {}

    async def test_tokens_differ(self, uow: UnitOfWork) -> None:
        await add(uow, a=say(), b=say(), c=say("other"))
        assert len({row.token for row in (await claim(uow)).values()}) == 3

    # ---- lines

    async def test_a_claim_takes_a_run_from_the_head_of_each_line_oldest_first(self, uow: UnitOfWork) -> None:
        await add(uow, a=say("x"), b=say("y"), c=say("x"), d=say("y"))
        assert list(await claim(uow, limit=3)) == ["a", "b", "c"]

    async def test_nothing_is_claimed_behind_a_row_of_another_claim(self, uow: UnitOfWork) -> None:
        await add(uow, a=say("x"))
        await claim(uow)
        await add(uow, b=say("x"), c=say("y"))
        assert list(await claim(uow)) == ["c"]

    async def test_a_row_that_must_wait_holds_what_is_behind_it_but_not_what_is_before(self, uow: UnitOfWork) -> None:
        await add(uow, a=say("x"), b=say("x"), c=say("x"), d=say("y"))
        rows = await claim(uow)
        for name in ("a", "c", "d"):
            await uow.outbox.later(rows[name].token, NOW, "again", surely_unsent=True)
        await uow.outbox.later(rows["b"].token, NOW + 5 * SECOND, "rate limited", surely_unsent=True)
        assert list(await claim(uow)) == ["a", "d"]
        await uow.outbox.later((await stored(uow))["a"].token, NOW, "again", surely_unsent=True)
        assert list(await claim(uow, NOW + 5 * SECOND)) == ["a", "b", "c"]

    async def test_a_line_goes_on_when_its_head_ends(self, uow: UnitOfWork) -> None:
        await add(uow, a=say("x"))
        token = (await claim(uow))["a"].token
        await add(uow, b=say("x"))
        await uow.outbox.end(token, OutboxState.DEAD, "refused")
        assert list(await claim(uow)) == ["b"]

    # ---- leases

    async def test_when_a_lease_ends_the_row_is_claimed_again_and_says_since_when(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        first = (await claim(uow))["a"]
        second = (await claim(uow, NOW + LEASE))["a"]
        third = (await claim(uow, NOW + 2 * LEASE))["a"]
        assert [row.first_claimed_at for row in (first, second, third)] == [None, NOW, NOW]
        assert len({first.token, second.token, third.token}) == 3

    async def test_a_lost_claim_can_do_nothing_more(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        lost = (await claim(uow))["a"].token
        held = (await claim(uow, NOW + LEASE))["a"].token
        assert await sent(uow, lost, at("1"), "hello", NOW) is False
        await uow.outbox.later(lost, NOW, "again", surely_unsent=True)
        await uow.outbox.end(lost, OutboxState.DEAD, "refused")
        assert await uow.outbox.renew([lost, held], NOW + LEASE, LEASE) == {held}
        assert await sent(uow, held, at("1"), "hello", NOW) is True

    async def test_renewing_prolongs_the_lease(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        token = (await claim(uow))["a"].token
        assert await uow.outbox.renew([token], NOW + 20 * SECOND, LEASE) == {token}
        assert await claim(uow, NOW + 40 * SECOND) == {}
        assert set(await claim(uow, NOW + 50 * SECOND)) == {"a"}
        assert await uow.outbox.renew([], NOW, LEASE) == frozenset()

    async def test_sent_counts_once(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        token = (await claim(uow))["a"].token
        assert await sent(uow, token, at("1"), "hello", NOW) is True
        assert await sent(uow, token, at("1"), "hello", NOW) is False
        assert await claim(uow, NOW + 2 * LEASE) == {}

    async def test_later_counts_attempts_and_remembers_a_send_that_may_have_happened(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        uncertain = (await claim(uow))["a"]
        await uow.outbox.later(uncertain.token, NOW + SECOND, "timeout", surely_unsent=False)
        again = (await claim(uow, NOW + SECOND))["a"]
        assert (again.attempts, again.first_claimed_at) == (1, NOW)
        await uow.outbox.later(again.token, NOW + 2 * SECOND, "refused", surely_unsent=True)
        once_more = (await claim(uow, NOW + 2 * SECOND))["a"]
        assert (once_more.attempts, once_more.first_claimed_at) == (2, None)

    async def test_a_claim_that_is_given_back_leaves_the_row_as_it_was(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        await uow.outbox.release((await claim(uow))["a"])
        never_tried = (await claim(uow))["a"]
        assert (never_tried.attempts, never_tried.first_claimed_at) == (0, None)
        await uow.outbox.later(never_tried.token, NOW + SECOND, "timeout", surely_unsent=False)
        await uow.outbox.release((await claim(uow, NOW + SECOND))["a"])
        doubtful = (await claim(uow, NOW + SECOND))["a"]
        assert (doubtful.attempts, doubtful.first_claimed_at) == (1, NOW)
        await uow.outbox.release(never_tried)
        assert await claim(uow, NOW + SECOND) == {}

    @pytest.mark.parametrize("payload", ['{"action": {"type": "shout"}}', "anna says: it drops", None])
    async def test_a_row_that_cannot_be_read_is_dead_and_holds_nothing(
        self, uow: UnitOfWork, payload: str | None
    ) -> None:
        await add(uow, a=say(), edit=change("a"), b=say("other"))
        await uow._transaction.run(outbox.update().where(outbox.c.id == "a").values(payload=payload))
        assert list(await claim(uow)) == ["b"]
        assert await claim(uow) == {}
        rows = await stored(uow)
        assert (rows["a"].state, rows["a"].reason) == (OutboxState.DEAD, "unreadable: ValidationError")
        assert (rows["a"].payload, rows["edit"].state) == (None, OutboxState.DROPPED)

    # ---- cards

    @pytest.mark.parametrize("state", [OutboxState.DROPPED, OutboxState.DEAD])
    async def test_what_has_a_card_that_could_not_be_posted_is_held_back_for_its_team_if_there_is_one(
        self, uow: UnitOfWork, state: OutboxState
    ) -> None:
        await self._with_cards(uow, "a", "b", "c")
        await uow.teams.put_team(Team(TeamId("team-a"), ACME, "Editors", GUILD, ChannelId("a")))
        lost = (await claim(uow))["a"].token
        again = await claim(uow, NOW + LEASE)
        await uow.outbox.end(lost, state, "too late")
        assert await self._cards(uow) == {"a", "b", "c"}
        assert await uow.holdings.of_insight(ACME, InsightId("i")) == []
        await uow.outbox.end(again["a"].token, state, "refused")
        await uow.outbox.end(again["b"].token, state, "of a team that is gone")
        assert await self._cards(uow) == {"c"}
        held = [Holding(ACME, InsightId("i"), TeamId("team-a"), Because.CHANNEL, NOW - SECOND)]
        assert await uow.holdings.of_insight(ACME, InsightId("i")) == held

    async def test_what_is_held_back_already_stays_so_when_its_card_is_not_posted(self, uow: UnitOfWork) -> None:
        await self._with_cards(uow, "a")
        await uow.teams.put_team(Team(TeamId("team-a"), ACME, "Editors", GUILD, ChannelId("a")))
        held = Holding(ACME, InsightId("i"), TeamId("team-a"), Because.DIGEST, NOW)
        await uow.holdings.add(held)
        await uow.outbox.end((await claim(uow))["a"].token, OutboxState.DROPPED, "others read there")
        assert await self._cards(uow) == set()
        assert await uow.holdings.of_insight(ACME, InsightId("i")) == [held]

    async def test_what_has_a_card_that_counts_for_no_moment_is_held_back_since_it_was_decided(
        self, uow: UnitOfWork
    ) -> None:
        await self._with_cards(uow, "a", at=None)
        await uow.teams.put_team(Team(TeamId("team-a"), ACME, "Editors", GUILD, ChannelId("a")))
        await uow.outbox.end((await claim(uow))["a"].token, OutboxState.DROPPED, "others read there")
        assert [held.at for held in await uow.holdings.of_insight(ACME, InsightId("i"))] == [NOW]

    async def test_what_has_a_card_whose_post_cannot_be_read_has_none(self, uow: UnitOfWork) -> None:
        await self._with_cards(uow, "a", "b")
        await uow._transaction.run(outbox.update().where(outbox.c.id == "a").values(payload="{}"))
        await claim(uow)
        assert await self._cards(uow) == {"b"}

    async def test_a_card_stays_when_an_edit_of_it_dies(self, uow: UnitOfWork) -> None:
        await self._with_cards(uow, "a")
        await sent(uow, (await claim(uow))["a"].token, at("77"), "hello", NOW)
        await add(uow, edit=change("a"))
        await uow.outbox.end((await claim(uow))["edit"].token, OutboxState.DEAD, "there is no such post")
        assert await self._cards(uow) == {"a"}

    async def _with_cards(self, uow: UnitOfWork, *names: str, at: datetime | None = NOW - SECOND) -> None:
        await uow.messages.add([message("1")])
        await uow.insights.add(insight("i"))
        for name in names:
            await add(uow, **{name: say(name)})
            card = PostedCard(InsightId("i"), TeamId(f"team-{name}"), OutboxId(name), GUILD, ChannelId(name), at=at)
            await uow.cards.add(ACME, card)

    async def _cards(self, uow: UnitOfWork) -> set[str]:
        return {card.post for card in await uow.cards.of_insight(ACME, InsightId("i"))}

    # ---- edits

    async def test_an_edit_waits_until_its_post_is_sent_and_then_knows_where(self, uow: UnitOfWork) -> None:
        await add(uow, post=say(), edit=change("post"), behind=say())
        rows = await claim(uow)
        assert list(rows) == ["post"]
        await sent(uow, rows["post"].token, at("77"), "hello", NOW)
        rows = await claim(uow)
        assert list(rows) == ["edit", "behind"]
        assert rows["edit"].target_ref == at("77")

    @pytest.mark.parametrize("state", [OutboxState.DROPPED, OutboxState.DEAD, OutboxState.UNDELIVERABLE])
    async def test_an_edit_dies_with_its_post(self, uow: UnitOfWork, state: OutboxState) -> None:
        await add(uow, post=say(), edit=change("post"), behind=say())
        await uow.outbox.end((await claim(uow, limit=1))["post"].token, state, "refused")
        assert list(await claim(uow)) == ["behind"]
        assert (await stored(uow))["edit"].state is OutboxState.DROPPED

    async def test_an_edit_of_nothing_is_dropped(self, uow: UnitOfWork) -> None:
        await add(uow, edit=change("never"))
        assert await claim(uow) == {}
        assert (await stored(uow))["edit"].state is OutboxState.DROPPED
        assert await uow.outbox.next_due() is None

    async def test_unclaimed_edits_of_one_post_replace_each_other(self, uow: UnitOfWork) -> None:
        await add(
            uow, post=say(), one=change("post"), two=change("post"), other=change("another"), three=change("post")
        )
        await sent(uow, (await claim(uow, limit=1))["post"].token, at("77"), "hello", NOW)
        assert list(await claim(uow)) == ["three"]

    async def test_a_claimed_edit_is_not_replaced(self, uow: UnitOfWork) -> None:
        await add(uow, post=say(), one=change("post"))
        await sent(uow, (await claim(uow, limit=1))["post"].token, at("77"), "hello", NOW)
        token = (await claim(uow))["one"].token
        await add(uow, two=change("post"))
        assert await sent(uow, token, at("77"), "one", NOW) is True
        assert list(await claim(uow)) == ["two"]

    async def test_only_the_last_text_of_a_post_is_kept_and_it_stands_with_the_post(self, uow: UnitOfWork) -> None:
        await add(uow, post=say(), edit=change("post"))
        await sent(uow, (await claim(uow))["post"].token, at("77"), "anna says: it drops my tags", NOW)
        await sent(uow, (await claim(uow))["edit"].token, at("77"), "erased", NOW)
        rows = await stored(uow)
        assert (rows["post"].text, rows["edit"].text) == ("erased", None)
        assert (rows["post"].channel, rows["post"].message) == ("team", "77")

    # ---- posts under posts

    async def test_a_post_under_another_waits_for_that_and_goes_into_its_thread(self, uow: UnitOfWork) -> None:
        await add(uow, post=say(), under=below("post"), behind=say())
        rows = await claim(uow)
        assert list(rows) == ["post"]
        await sent(uow, rows["post"].token, at("77"), "hello", NOW)
        rows = await claim(uow)
        assert list(rows) == ["under", "behind"]
        assert (rows["under"].outgoing.action.thread, rows["under"].target_ref) == ("77", None)
        assert rows["behind"].outgoing.action.thread is None

    async def test_a_post_under_another_has_a_place_and_a_text_of_its_own(self, uow: UnitOfWork) -> None:
        await add(uow, post=say(), under=below("post"), edit=change("under"))
        await sent(uow, (await claim(uow))["post"].token, at("77"), "hello", NOW)
        rows = await claim(uow)
        assert list(rows) == ["under"]
        await sent(uow, rows["under"].token, at("78"), "more", NOW)
        kept = await stored(uow)
        assert (kept["post"].text, kept["post"].message) == ("hello", "77")
        assert (kept["under"].text, kept["under"].message) == ("more", "78")
        assert (await claim(uow))["edit"].target_ref == at("78")

    async def test_edits_of_a_post_leave_what_goes_under_it(self, uow: UnitOfWork) -> None:
        await add(uow, post=say(), under=below("post"), one=change("post"), two=change("post"))
        await sent(uow, (await claim(uow))["post"].token, at("77"), "hello", NOW)
        assert list(await claim(uow)) == ["under", "two"]

    @pytest.mark.parametrize("state", [OutboxState.DROPPED, OutboxState.DEAD, OutboxState.UNDELIVERABLE])
    async def test_a_post_under_another_dies_with_it(self, uow: UnitOfWork, state: OutboxState) -> None:
        await add(uow, post=say(), under=below("post"), deeper=change("under"), behind=say())
        await uow.outbox.end((await claim(uow, limit=1))["post"].token, state, "refused")
        assert list(await claim(uow)) == ["behind"]
        rows = await stored(uow)
        assert (rows["under"].state, rows["under"].payload) == (OutboxState.DROPPED, None)
        assert rows["deeper"].state is OutboxState.DROPPED

    async def test_a_post_under_nothing_is_dropped(self, uow: UnitOfWork) -> None:
        await add(uow, under=below("never"))
        assert await claim(uow) == {}
        assert (await stored(uow))["under"].state is OutboxState.DROPPED
        assert await uow.outbox.next_due() is None

    async def test_a_post_under_another_knows_its_thread_also_when_it_is_claimed_again(self, uow: UnitOfWork) -> None:
        await add(uow, post=say(), under=below("post"))
        await sent(uow, (await claim(uow))["post"].token, at("77"), "hello", NOW)
        first, again = (await claim(uow))["under"], (await claim(uow, NOW + LEASE))["under"]
        assert first.outgoing == again.outgoing
        assert (again.outgoing.action.thread, again.first_claimed_at) == ("77", NOW)

    async def test_where_a_post_stands_is_known_once_it_is_sent(self, uow: UnitOfWork) -> None:
        await add(uow, post=say(), edit=change("post"))
        assert await uow.outbox.where(ACME, OutboxId("post")) is None
        await sent(uow, (await claim(uow))["post"].token, at("77"), "hello", NOW)
        await sent(uow, (await claim(uow))["edit"].token, at("77"), "changed", NOW)
        assert await uow.outbox.where(ACME, OutboxId("post")) == at("77")
        assert await uow.outbox.where(ACME, OutboxId("edit")) is None
        assert await uow.outbox.where(ACME, OutboxId("never")) is None
        assert await uow.outbox.where(CommunityId("other"), OutboxId("post")) is None

    # ---- secrets

    @pytest.mark.parametrize("ending", ["sent", "end"])
    async def test_a_reply_handle_is_sealed_and_wiped_once_the_row_ends(self, uow: UnitOfWork, ending: str) -> None:
        await add(uow, a=answer("tok-123"))
        row = (await stored(uow))["a"]
        assert "tok-123" not in row.payload
        assert row.handle == b"sealed:321-kot"
        claimed = (await claim(uow))["a"]
        assert claimed.outgoing == answer("tok-123")
        if ending == "sent":
            await sent(uow, claimed.token, None, "", NOW)
        else:
            await uow.outbox.end(claimed.token, OutboxState.UNDELIVERABLE, "gone")
        row = (await stored(uow))["a"]
        assert (row.handle, row.payload) == (None, None)

    async def test_a_handle_sealed_with_another_key_comes_back_expired(self, uow: UnitOfWork) -> None:
        await add(uow, a=answer())
        await uow._transaction.run(outbox.update().values(handle=b"another key"))
        row = (await claim(uow))["a"]
        assert row.outgoing.action.handle.expires_at < NOW

    # ---- next_due

    async def test_next_due_is_none_when_nothing_is_open(self, uow: UnitOfWork) -> None:
        assert await uow.outbox.next_due() is None
        await add(uow, a=say())
        await sent(uow, (await claim(uow))["a"].token, at("1"), "hello", NOW)
        assert await uow.outbox.next_due() is None

    async def test_next_due_is_now_for_a_new_row_then_its_leases_end_then_when_it_may_go(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        assert await uow.outbox.next_due() == NOW
        token = (await claim(uow))["a"].token
        assert await uow.outbox.next_due() == NOW + LEASE
        await uow.outbox.later(token, NOW + 7 * SECOND, "busy", surely_unsent=True)
        assert await uow.outbox.next_due() == NOW + 7 * SECOND

    async def test_what_waits_behind_a_line_does_not_make_anybody_hurry(self, uow: UnitOfWork) -> None:
        await add(uow, a=say())
        await claim(uow)
        await add(uow, b=say())
        assert await uow.outbox.next_due() == NOW + LEASE


class TestOutboxOnSqlite(OnSqlite, OutboxContract):
    pass


class TestOutboxOnPostgresql(OnPostgresql, OutboxContract):
    pass
