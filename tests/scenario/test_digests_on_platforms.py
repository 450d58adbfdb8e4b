"""A digest in Slack of what was said on Discord and Slack, and who is told where their words went, over sockets."""

from tests.scenario.company import ANNA, Company
from tests.scenario.test_loop_on_platforms import asked_by_three, decide_and_send, told_in_slack


async def test_a_digest_says_how_many_heard_on_both_platforms_and_each_sees_where_their_words_went(
    company: Company,
) -> None:
    world = company.discord.world
    async with company.running():
        anna, ben, _ = await asked_by_three(company)
        await decide_and_send(company, "ship")
        await company.slack.until(lambda: told_in_slack(company))
        await company.discord.until(lambda: all(world.messages.get(asked) for asked in (anna, ben)))
        await company.in_slack("insight show insight:1")
        assert "is on its way to #product" in await company.in_slack("digest now team:product")
        await company.slack.until(lambda: len(company.cards()) > 1)

        shown = await company.in_discord(ANNA, "privacy", "show")

    digest = company.cards()[-1]
    assert "Shipped:" in digest
    assert "3 people, 3 told" in digest
    assert "card for product; digest for product; your words quoted in #general, where you were told: shipped" in shown
    assert "Pia (admin): /insight show, Problem #1" in shown
    assert "Pia (admin): ship, Problem #1" in shown
    assert world.pings == []
