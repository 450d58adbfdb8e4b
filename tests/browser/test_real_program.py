"""The playground as a newcomer meets it: the real program behind the page, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import card, channel, choose, message, say, speak_as, told
from tests.integration.playground.running import Running, after_the_tour, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One program for all tests here: each lets people speak of something else."""
    with running(after_the_tour(tmp_path_factory.mktemp("play"))) as program:
        yield program
        assert "Traceback" not in program.errors.read_text()


@pytest.fixture
def open_page(page: Page, program: Running) -> Page:
    page.goto(program.address)
    expect(page.locator("#connection")).to_have_text("Live")
    return page


def fact(card: Locator, label: str) -> Locator:
    return card.locator(".fact", has=card.page.locator("dt", has_text=label)).locator("dd")


def test_a_problem_becomes_a_card_and_its_button_sets_the_status(open_page: Page) -> None:
    words = "The invoice PDF shows the wrong currency, it is always dollars."
    say(open_page, "community", words)
    problem = card(open_page, words)
    expect(problem.locator(".block-heading")).to_have_text(words)
    expect(fact(problem, "Problem #")).to_have_text("1 person")
    expect(fact(problem, "Status")).to_have_text("new")
    expect(problem.get_by_role("link", name="Anna Kowalska")).to_be_visible()
    problem.get_by_role("button", name="Plan").click()
    expect(fact(problem, "Status")).to_have_text("planned, by Petra Novak")
    expect(problem.get_by_role("button", name="Plan")).to_have_count(0)


def test_the_same_problem_of_somebody_else_joins_the_card(open_page: Page) -> None:
    say(open_page, "community", "The calendar sync drops my appointments: they are missing in the calendar.")
    mine = card(open_page, "The calendar sync drops my appointments")
    expect(fact(mine, "Problem #")).to_have_text("1 person")
    speak_as(open_page, "support-forum", "ben")
    say(open_page, "support-forum", "My appointments are missing in the calendar, the calendar sync drops them.")
    expect(fact(mine, "Problem #")).to_have_text("2 people")
    expect(mine.locator("blockquote")).to_have_count(2)
    expect(mine.get_by_role("link", name="Ben Okafor")).to_be_visible()


def test_staff_tag_with_a_reaction_from_the_beginning(open_page: Page) -> None:
    say(open_page, "community", "Sunday was quiet here, the shop looked odd")
    odd = message(open_page, "community", "the shop looked odd")
    expect(odd.locator(".chip")).to_be_visible()
    speak_as(open_page, "community", "sam")
    odd.locator("> .row").hover()
    odd.get_by_role("button", name="React").click()
    open_page.get_by_role("menuitem", name="bug").click()
    expect(fact(card(open_page, "the shop looked odd"), "Tags")).to_have_text("bug")
    expect(odd.locator(".reaction")).to_have_count(2)
    odd.locator(".text").click()
    expect(open_page.locator("#panel-understood")).to_contain_text("tagged bug by Sam Lindqvist with a reaction")


def test_declining_asks_for_a_reason_that_stands_on_the_card(open_page: Page) -> None:
    words = "Please add a fax button to the address book."
    say(open_page, "community", words)
    wish = card(open_page, words)
    wish.get_by_role("button", name="Decline…").click()
    form = open_page.get_by_role("dialog")
    form.get_by_label("Why?").fill("Nobody has a fax any more")
    form.get_by_role("button", name="Decline").click()
    expect(fact(wish, "Status")).to_contain_text("declined")
    expect(wish).to_contain_text("Nobody has a fax any more")


def test_an_edit_and_a_deletion_reach_the_card(open_page: Page) -> None:
    say(open_page, "community", "The photo upload fails with error 12.")
    failing = card(open_page, "The photo upload fails with error")
    expect(failing.locator("blockquote")).to_have_text("The photo upload fails with error 12.")
    choose(message(open_page, "community", "The photo upload fails"), "Edit")
    say(open_page, "community", "The photo upload fails with error 500.")
    expect(failing.locator("blockquote")).to_have_text("The photo upload fails with error 500.")
    gone = channel(open_page, "product-team").locator(".from-bot", has_text="have taken it back")
    before = gone.count()
    choose(message(open_page, "community", "The photo upload fails"), "Delete")
    open_page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(gone).to_have_count(before + 1)
    expect(failing).to_have_count(0)


def test_privacy_shows_what_is_kept_and_erases_it_up_to_the_card(open_page: Page) -> None:
    words = "The label printer crashes on every second label."
    speak_as(open_page, "community", "diego")
    say(open_page, "community", words)
    crash = card(open_page, words)
    expect(crash).to_have_count(1)
    say(open_page, "community", "/privacy ")
    expect(told(open_page, "community").locator("blockquote")).to_have_text(words)
    say(open_page, "community", "/privacy export")
    with open_page.expect_download() as download:
        told(open_page, "community").get_by_role("link", name="parley-export.json").click()
    assert words in download.value.path().read_text("utf-8")
    say(open_page, "community", "/privacy erase")
    expect(told(open_page, "community")).to_contain_text("1 message of yours is erased")
    expect(crash).to_have_count(0)
    said = message(open_page, "community", words)
    said.locator(".text").click()
    expect(open_page.locator("#panel-understood")).to_contain_text("Parley keeps nothing of this message")


def test_where_a_channel_is_off_nothing_is_stored(open_page: Page, program: Running) -> None:
    speak_as(open_page, "community", "ada")
    say(open_page, "community", "/channel mode mode: off")
    expect(told(open_page, "community")).to_contain_text("I keep no message")
    speak_as(open_page, "community", "emi")
    say(open_page, "community", "The kaleidoscope filter crashes my phone.")
    unheard = message(open_page, "community", "kaleidoscope")
    say(open_page, "support-forum", "Where do I find the colour wheel?")
    expect(message(open_page, "support-forum", "colour wheel").locator(".chip")).to_be_visible()
    expect(unheard.locator(".chip")).to_have_count(0)
    kept = b"".join(file.read_bytes() for file in (program.folder / "playground").glob("play.db*"))
    assert b"colour wheel" in kept
    assert b"kaleidoscope" not in kept
    speak_as(open_page, "community", "ada")
    say(open_page, "community", "/channel mode mode: on_mention")
    expect(told(open_page, "community")).to_contain_text("speak when addressed")


def test_markup_and_mentions_stand_on_the_card_as_they_were_typed(open_page: Page) -> None:
    words = "@everyone <b>The search</b> crashes <img src=x onerror=\"document.title='broken'\"> & **shows** nothing"
    say(open_page, "community", words)
    hostile = card(open_page, "onerror")
    expect(hostile.locator("blockquote")).to_have_text(words)
    assert hostile.locator("b, img").count() == 0
    assert open_page.title() == "Parley playground"


RUBBISH = {
    "40,000 characters": "crash " * 6_666 + "done",
    "deep markup": "*_~`[(<" * 3_000,
    "brackets": "[" * 20_000,
    "NUL": "nul\0byte crashes",
    "right to left": "\u202eשלום crashes\u202c \u2066عربي\u2069",
    "combining": "e" + "\u0301" * 2_000,
    "one word": "w" * 20_000,
}


def test_after_any_rubbish_it_still_understands(open_page: Page) -> None:
    speak_as(open_page, "community", "ben")
    for text in RUBBISH.values():
        say(open_page, "community", text)
        said = channel(open_page, "community").locator(".message:not(.from-bot)").last
        expect(said.locator(".text")).to_have_text(re.compile("^" + re.escape(text[:9].strip())))
        expect(said.locator(".chip")).to_be_visible()
    assert open_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    say(open_page, "community", "Thank you, great work!")
    expect(message(open_page, "community", "great work").locator(".chip")).to_have_text("praise")


def test_next_monday_brings_the_digest(open_page: Page) -> None:
    say(open_page, "community", "Please add a timer to the oven page.")
    expect(card(open_page, "timer to the oven page")).to_have_count(1)
    open_page.get_by_role("button", name="Next Monday 09:00").click()
    digest = card(open_page, "This week for product")
    expect(digest).to_contain_text("Please add a timer to the oven page.")
    expect(digest.locator("time")).to_have_text("09:00")


def test_staff_work_with_a_card_and_take_back_what_they_decided(open_page: Page) -> None:
    words = "The label printer jams on every second page, it is broken."
    say(open_page, "community", words)
    problem = card(open_page, words)
    problem.get_by_role("button", name="Acknowledge").click()
    expect(fact(problem, "Owner")).to_have_text("Petra Novak")
    problem.get_by_role("button", name="Add a note…").click()
    form = open_page.get_by_role("dialog")
    form.get_by_label("Note.").fill("they print 2,000 labels a day")
    form.get_by_role("button", name="Keep").click()
    expect(fact(problem, "Note by Petra Novak")).to_have_text("they print 2,000 labels a day")
    problem.get_by_role("button", name="Plan").click()
    expect(fact(problem, "Status")).to_have_text("planned, by Petra Novak")
    problem.get_by_role("button", name="Undo").click()
    expect(fact(problem, "Status")).to_have_text("acknowledged, by Petra Novak")


def test_the_menu_of_a_message_opens_a_form_with_what_was_guessed(open_page: Page) -> None:
    words = "The stock counter shows minus three, this is broken"
    say(open_page, "community", words)
    expect(fact(card(open_page, words), "Problem #")).to_have_text("1 person")
    speak_as(open_page, "community", "sam")
    choose(message(open_page, "community", words), "Tag as insight")
    form = open_page.get_by_role("dialog")
    expect(form.get_by_role("radio", name="Problem")).to_be_checked()
    form.get_by_role("radio", name="Request").check()
    form.get_by_label("Tag.").fill("bug")
    form.get_by_role("button", name="Keep").click()
    expect(fact(card(open_page, words), "Request #")).to_have_text("1 person")
    expect(fact(card(open_page, words), "Tags")).to_have_text("bug")
