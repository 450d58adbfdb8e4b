import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dialogue.events import FormSubmitted
from tests.browser.hands import channel, say, speak_as
from tests.integration.playground.stage import Stage

pytestmark = pytest.mark.browser

HOSTILE = [
    "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>",
    "@everyone <!channel> **bold** [link](javascript:alert(1))",
    "nul\0byte",
    "שלום \u202e abc",
    "😀 👨‍👩‍👧 e\u0301 Аdmin",
    "'; DROP TABLE messages; --",
]


def test_a_problem_becomes_a_card_whose_button_sets_its_status(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "The export drops my tags")
    card = channel(page, "product-team").locator(".card")
    expect(card.locator(".block-heading")).to_have_text("The export drops my tags")
    expect(card.locator("dd", has_text="new")).to_be_visible()
    card.get_by_role("button", name="Plan").click()
    expect(card.locator("dd", has_text="planned")).to_be_visible()
    expect(channel(page, "community").locator(".chip.problem")).to_be_visible()


def test_a_form_opens_says_what_is_missing_and_sends(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "The export drops my tags")
    card = channel(page, "product-team").locator(".card")
    card.get_by_role("button", name="Decline").click()
    form = page.get_by_role("dialog", name="Decline Problem #1")
    form.get_by_label("Why?").fill("   ")
    form.get_by_role("button", name="Decline").click()
    expect(form.get_by_text("Please say why.")).to_be_visible()
    form.get_by_label("Why?").fill("too rare")
    form.get_by_role("button", name="Decline").click()
    expect(form).to_have_count(0)
    expect(card.locator("dd", has_text="declined")).to_be_visible()


def test_what_is_chosen_in_a_form_is_sent_with_what_was_chosen_for_somebody(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "The export drops my tags")
    channel(page, "product-team").locator(".card").get_by_role("button", name="Ask").click()
    form = page.get_by_role("dialog", name="Ask them")
    form.get_by_label("What?").fill("Which browser?")
    expect(form.get_by_role("checkbox", name="Ben")).to_be_checked()
    form.get_by_role("checkbox", name="Cara").check()
    form.get_by_role("button", name="Ask").click()
    expect(form).to_have_count(0)
    expect(channel(page, "product-team").locator("dd", has_text="acknowledged")).to_be_visible()
    (sent,) = [event for event in stage.bot.heard if isinstance(event, FormSubmitted)]
    assert sent.values == {"reason": "Which browser?", "whom": "ben\ncara"}


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_shown_as_text(page: Page, stage: Stage, text: str) -> None:
    stage.do(stage.platform.say, "anna", "community", f"{text} drops")
    stage.do(stage.platform.join, text[:60])
    page.goto(stage.address)
    shown = channel(page, "community").locator(".message .text")
    expect(shown).to_have_count(1)
    assert shown.text_content() == f"{text} drops"
    assert page.locator(".message img, .message script").count() == 0
    assert page.title() == "Parley playground"


def test_a_long_message_is_folded_and_can_be_unfolded(page: Page, stage: Stage) -> None:
    stage.do(stage.platform.say, "anna", "community", "word " * 8000)
    page.goto(stage.address)
    text = channel(page, "community").locator(".message .text")
    expect(text).to_have_text(re.compile("…$"))
    assert len(text.text_content() or "") < 1000
    page.get_by_role("button", name="Show all 40,000 characters").click()
    assert len(text.text_content() or "") == 40_000


def test_reply_thread_reaction_edit_and_deletion(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "first words")
    first = channel(page, "community").locator(".message", has_text="first words").first
    first.locator("> .row").hover()
    first.get_by_role("button", name="Reply", exact=True).click()
    speak_as(page, "community", "ben")
    say(page, "community", "an answer")
    expect(channel(page, "community").locator(".answered")).to_have_text("↪ Anna: first words")
    first.locator("> .row").hover()
    first.get_by_role("button", name="Answer in a thread").click()
    say(page, "community", "below it")
    expect(first.locator(".thread .message")).to_contain_text("below it")
    first.locator("> .row").hover()
    first.get_by_role("button", name="React").first.click()
    page.get_by_role("menuitem", name="bug").click()
    expect(first.locator("> .row .reaction")).to_have_attribute("aria-pressed", "true")
    channel(page, "community").get_by_role("button", name="Cancel").click()
    speak_as(page, "community", "anna")
    first.locator("> .row").hover()
    first.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name="Edit").click()
    box = channel(page, "community").get_by_role("combobox").last
    expect(box).to_have_value("first words")
    box.fill("better words")
    box.press("Enter")
    expect(channel(page, "community").locator(".edited")).to_be_visible()
    better = channel(page, "community").locator(".message", has_text="better words").first
    better.hover()
    better.get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(channel(page, "community").locator(".gone").first).to_have_text("This message was deleted.")
    expect(channel(page, "community").locator(".thread .message")).to_contain_text("below it")


def test_a_command_is_found_completed_and_sent_by_keyboard_alone(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    stage.do(stage.platform.say, "anna", "community", "keep this one")
    box = channel(page, "staff").get_by_role("combobox").last
    box.focus()
    page.keyboard.type("/ta")
    options = channel(page, "staff").get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(options.first).to_contain_text("add")
    page.keyboard.press("Enter")
    expect(options.first).to_contain_text("message:")
    page.keyboard.press("Enter")
    expect(options.first).to_contain_text("keep this one")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(options.first).to_contain_text("tag:")
    page.keyboard.type("tag: bi")
    expect(options.first).to_contain_text("billing")
    page.keyboard.press("Tab")
    expect(box).to_have_value(re.compile(r"^/tag add message: #community/\w+ tag: billing $"))
    page.keyboard.press("Enter")
    answer = channel(page, "staff").locator(".ephemeral")
    expect(answer).to_contain_text("Only Sam can see this")
    expect(answer).to_contain_text("'tag': 'billing'")


def test_only_the_asker_sees_a_private_answer(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "/help ")
    expect(channel(page, "community").locator(".ephemeral")).to_have_count(1)
    speak_as(page, "community", "ben")
    expect(channel(page, "community").locator(".ephemeral")).to_have_count(0)
    speak_as(page, "community", "anna")
    expect(channel(page, "community").locator(".ephemeral")).to_have_count(1)


def test_a_command_in_a_messages_menu_is_about_that_message(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    message = stage.do(stage.platform.say, "anna", "community", "worth keeping")
    speak_as(page, "community", "sam")
    first = channel(page, "community").locator(".message").first
    first.locator("> .row").hover()
    first.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Why?").click()
    expect(channel(page, "community").locator(".ephemeral")).to_contain_text(f"#community/{message}")


def test_the_panel_tells_what_was_understood_and_marks_the_conversation(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "The export drops my tags")
    say(page, "community", "hello all")
    messages = channel(page, "community").locator(".message")
    messages.first.locator(".text").click()
    panel = page.locator("#panel-understood")
    for words in ("problem", "87 %", "#1 The export drops my tags", "2 messages, marked", "Nobody addressed me"):
        expect(panel).to_contain_text(words)
    expect(channel(page, "community").locator(".in-conversation")).to_have_count(2)


def test_the_panel_tells_rules_reasons_and_the_nearest_insights_with_their_distance(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "The export drops my tags")
    channel(page, "community").locator(".message .text").first.click()
    panel = page.locator("#panel-understood")
    for words in ('it breaks: "drops"', "the same words (+1.20)", "kept by Sam by hand", "from 50 % sure on"):
        expect(panel).to_contain_text(words)
    near = panel.locator(".near")
    expect(near).to_have_count(2)
    for words in ("#7", "0.13", "for staff to say", "Tags are gone after the export"):
        expect(near.first).to_contain_text(words)
    expect(near.last).to_contain_text("another kind")
    assert near.first.locator("meter").evaluate("meter => meter.value") == 0.87
    expect(panel).to_contain_text(
        "Merged up to 0.10, 0.15 if two words are the same, 0.20 in two languages; suggested up to 0.25."
    )


def test_messages_are_walked_through_and_selected_by_keyboard(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "one")
    say(page, "community", "two")
    expect(channel(page, "community").locator(".message")).to_have_count(2)
    channel(page, "community").get_by_role("log").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(channel(page, "community").locator("[aria-current=true]")).to_contain_text("one")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Reply"


def test_a_direct_message_reaches_its_reader(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    expect(page.locator("#connection")).to_have_text("Live")
    page.get_by_role("tab", name="Direct messages").click()
    box = page.locator("#panel-direct").get_by_role("combobox").last
    box.fill("are you there?")
    box.press("Enter")
    expect(page.locator("#panel-direct .message")).to_contain_text("are you there?")
    assert [message.channel for message in stage.platform.state.messages.values()] == ["direct-anna"]


def test_somebody_new_comes_in_and_speaks(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    channel(page, "community").get_by_label("Speak as").select_option("+")
    page.get_by_role("dialog").get_by_label("Their name").fill("<b>Zoë</b>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    say(page, "community", "hi, I am new")
    expect(channel(page, "community").locator(".author")).to_have_text("<b>Zoë</b>")


def test_the_tour_plays_and_waits_as_soon_as_somebody_types(page: Page, stage_with_tour: Stage) -> None:
    page.goto(stage_with_tour.address)
    expect(channel(page, "community").locator(".message")).to_contain_text("The export drops my tags.")
    expect(page.locator("#tour-caption")).to_have_text("Anna speaks.")
    channel(page, "staff").get_by_role("combobox").last.press_sequentially("h")
    expect(page.get_by_role("button", name="Resume tour")).to_be_visible()
    page.get_by_role("button", name="Resume tour").click()
    expect(page.get_by_role("button", name="Pause tour")).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    expect(channel(page, "community").locator(".message")).to_have_count(2)


def test_the_clock_goes_to_next_monday(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    page.get_by_role("button", name="Next Monday 09:00").click()
    expect(page.locator("#clock")).to_have_text(re.compile(r"^Mon \d+ \w+, 09:00 UTC$"))
    assert len(stage.moves) == 1


def test_what_is_not_kept_yet_is_marked(page: Page, stage: Stage) -> None:
    stage.bot.refuses = True
    page.goto(stage.address)
    say(page, "community", "keep me")
    expect(page.get_by_text("not kept yet, trying again")).to_be_visible()
    expect(page.locator("#trouble")).to_contain_text("the disk is full")
    stage.bot.refuses = False
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.get_by_text("not kept yet, trying again")).to_be_hidden()


def test_a_refusal_is_said_and_the_text_is_still_there(page: Page, stage: Stage) -> None:
    page.goto(stage.address)
    say(page, "community", "/tag add")
    expect(channel(page, "community").get_by_role("combobox").last).to_have_value("/tag add")
    expect(channel(page, "community").locator(".prompt")).to_contain_text("Nothing matches")


def test_where_it_is_narrow_channels_are_tabs(page: Page, stage: Stage) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(stage.address)
    expect(channel(page, "community")).to_be_visible()
    expect(channel(page, "product-team")).to_be_hidden()
    say(page, "community", "The export drops my tags")
    tab = page.get_by_role("tab", name="#product-team")
    expect(tab.locator(".unread")).to_be_visible()
    tab.click()
    expect(channel(page, "product-team").locator(".card")).to_be_visible()
    expect(tab.locator(".unread")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_the_token_there_is_no_page(context: BrowserContext, stage: Stage) -> None:
    page = context.new_page()
    answer = page.goto(stage.address.split("?")[0])
    assert answer is not None
    assert answer.status == 403


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_enough_contrast(page: Page, stage: Stage, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    for text in ("The export drops my tags", "great to have a dark mode", "choose Export", "thanks", "why?", "hello"):
        stage.do(stage.platform.say, "sam", "community", text)
    stage.do(stage.platform.say, "ada", "community", "edited")
    page.goto(stage.address)
    say(page, "community", "/help ")
    expect(page.locator(".chip")).to_have_count(7)
    page.locator(".message .text").first.click()
    expect(page.locator("#panel-understood .chip")).to_be_visible()
    channel(page, "staff").get_by_role("combobox").last.fill("/")
    expect(page.locator("#room-staff .prompt-item").first).to_be_visible()
    assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const linear = (one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
    const [x, y, z] = [r, g, b].map((one) => linear(one / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.matches("script, noscript, .hidden-text")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) poor.add(`${element.className || element.tagName}: ${contrast.toFixed(2)} ${node.data}`);
  }
  return [...poor];
}"""
