"""Menus and pictures in what the bot says, in a real browser; and with them an admin's first steps."""

import asyncio
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from adapters.playground.cast import SPACE
from dialogue.actions import OutboxId
from dialogue.posts import Block, Choices, Menu, Paragraph, Picture, Post
from knowledge_base.ids import ChannelId
from tests.browser.hands import channel, say, speak_as, told
from tests.browser.test_playground import CONTRAST
from tests.contract.chat.contract import png
from tests.integration.playground.running import after_the_tour, running
from tests.integration.playground.stage import Stage

pytestmark = pytest.mark.browser

TEAM = Menu("Choose a channel", "setup_team::", Choices.CHANNELS)
HELPING = Menu("Choose channels", "setup_helping::", Choices.CHANNELS, 25, ("community",))


def posted(stage: Stage, *blocks: Block) -> None:
    """The bot says this to all staff."""
    sending = stage.bot.chat.send(SPACE, ChannelId("staff"), None, Post(blocks), OutboxId("k"))
    asyncio.run_coroutine_threadsafe(sending, stage.loop).result(10)


def answers(page: Page) -> Locator:
    """The answers to what staff chose: they name the menu and what was chosen from it."""
    return channel(page, "staff").locator(".ephemeral .text")


def menu(within: Locator, label: str) -> Locator:
    """The whole of the first menu of that name, with its button."""
    return within.locator(".choosing", has=within.page.get_by_label(label)).first


def test_an_admin_sets_up_the_team_and_where_to_help(context: BrowserContext, tmp_path: Path) -> None:
    with running(after_the_tour(tmp_path)) as program:
        page = context.new_page()
        page.goto(program.address)
        speak_as(page, "staff", "ada")
        say(page, "staff", "/setup ")
        steps = channel(page, "staff").locator(".ephemeral", has_text="Set me up in Playground")
        expect(steps.get_by_role("button", name="Choose")).to_have_count(3)
        team = menu(steps, "Choose a channel")
        team.locator("select").select_option("staff")
        team.get_by_role("button").click()
        expect(told(page, "staff")).to_contain_text("appear in #staff now")
        helping = menu(steps, "Choose channels")
        helping.locator("select").select_option(["community", "support-forum"])
        helping.get_by_role("button").click()
        expect(told(page, "staff")).to_contain_text("I help in #community, #support-forum now.")
        say(page, "community", "The invoice PDF shows the wrong currency, it is always dollars.")
        expect(channel(page, "staff").locator(".card", has_text="The invoice PDF")).to_have_count(1)
        page.reload()
        speak_as(page, "staff", "ada")
        expect(menu(steps, "Choose a channel").locator("select")).to_have_value("staff")
        expect(menu(steps, "Choose channels").locator("select")).to_have_values(["community", "support-forum"])
        assert "Traceback" not in program.errors.read_text()


def test_by_keyboard_alone_nothing_is_chosen_before_the_button_is_pressed(page: Page, stage: Stage) -> None:
    posted(stage, Paragraph("Where do my cards go?"), TEAM, Paragraph("Where may I help?"), HELPING)
    page.goto(stage.address)
    one = channel(page, "staff").get_by_role("combobox", name="Choose a channel")
    expect(one).to_have_accessible_description("Where do my cards go?")
    one.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(one).to_have_value("support-forum")
    expect(answers(page)).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_text(["setup_team:: support-forum"])
    expect(one).to_have_value("support-forum")
    page.keyboard.press("Tab")
    expect(channel(page, "staff").get_by_role("listbox", name="Choose channels")).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(channel(page, "staff").get_by_role("listbox", name="Choose channels")).to_have_values(
        ["community", "support-forum"]
    )
    expect(page.get_by_role("button", name="Choose").last).to_be_focused()
    expect(answers(page).last).to_have_text("setup_helping:: community, support-forum")
    expect(answers(page)).to_have_count(2)


def test_what_is_half_chosen_stays_where_the_channel_is_shown_anew(page: Page, stage: Stage) -> None:
    posted(stage, Paragraph("Where do my cards go?"), TEAM)
    page.goto(stage.address)
    one = channel(page, "staff").get_by_label("Choose a channel")
    one.select_option("product-team")
    speak_as(page, "staff", "petra")
    expect(one).to_have_value("product-team")
    expect(answers(page)).to_have_count(0)


def test_a_picture_is_shown_and_has_words_for_who_cannot_see_it(page: Page, stage: Stage) -> None:
    posted(stage, Paragraph("This week"), Picture(png(), 'Insights rose "from 3" to <b>5</b>'))
    page.goto(stage.address)
    picture = channel(page, "staff").get_by_role("img", name='Insights rose "from 3" to <b>5</b>')
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 2

    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("tab", name="#staff").click()
    channel(page, "staff").get_by_role("button", name="Show larger").click()
    large = page.get_by_role("dialog", name="Picture").get_by_role("img")
    assert large.bounding_box()["width"] == 680
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_of_a_menu_has_enough_contrast(page: Page, stage: Stage, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    posted(stage, Paragraph("Where do my cards go?"), TEAM, HELPING)
    page.goto(stage.address)
    expect(channel(page, "staff").get_by_label("Choose channels")).to_be_visible()
    assert page.evaluate(CONTRAST) == []
