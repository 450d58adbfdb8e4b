"""The real program killed, started again and started over, with a page open all the while."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.hands import card, channel, say
from tests.integration.playground.running import Running, after_the_tour, running

pytestmark = pytest.mark.browser

WORDS = "The newsletter button crashes the browser."
LAST = "Please add a snooze button to the alarm page."


def open_page(context: BrowserContext, program: Running) -> Page:
    page = context.new_page()
    page.goto(program.address)
    expect(page.locator("#connection")).to_have_text("Live")
    return page


def test_killed_in_the_middle_it_goes_on_with_every_message_and_one_card_each(
    context: BrowserContext, tmp_path: Path
) -> None:
    with running(after_the_tour(tmp_path)) as program:
        page = open_page(context, program)
        say(page, "community", WORDS)
        expect(card(page, WORDS)).to_have_count(1)
        say(page, "community", LAST)
        expect(channel(page, "community").locator(".message", has_text=LAST)).to_have_count(1)
        program.kill()
        expect(page.locator("#connection")).to_have_attribute("data-state", "lost")
    with running(tmp_path) as again:
        page = open_page(context, again)
        messages = channel(page, "community").locator(".message")
        expect(card(page, LAST)).to_have_count(1)
        card(page, WORDS).get_by_role("button", name="Plan").click()
        expect(card(page, WORDS)).to_contain_text("planned, by Petra Novak")
        expect(messages).to_have_count(2)
        expect(channel(page, "product-team").locator(".message")).to_have_count(3)  # two cards, and what Petra is asked
        assert again.end() == 0
        assert "Traceback" not in again.errors.read_text()


def test_started_over_it_has_forgotten_everything_and_the_tour_plays_by_itself(
    context: BrowserContext, tmp_path: Path
) -> None:
    with running(after_the_tour(tmp_path)) as program:
        page = open_page(context, program)
        say(page, "community", WORDS)
        expect(card(page, WORDS)).to_have_count(1)
        assert program.end() == 0
    with running(tmp_path, "--fresh") as fresh:
        page = open_page(context, fresh)
        expect(page.locator("#tour-caption")).to_contain_text("Anna reports a problem.")
        expect(card(page, "The CSV export drops my tags")).to_have_count(1)
        page.get_by_role("button", name="Pause tour").click()
        expect(page.get_by_role("button", name="Resume tour")).to_be_visible()
        expect(page.get_by_text(WORDS)).to_have_count(0)
