"""What a person does on the page, and where they look."""

from playwright.sync_api import Locator, Page


def channel(page: Page, name: str) -> Locator:
    return page.locator(f"#room-{name}")


def say(page: Page, name: str, text: str) -> None:
    box = channel(page, name).get_by_role("combobox").last
    box.fill(text)
    box.press("Enter")


def speak_as(page: Page, name: str, account: str) -> None:
    channel(page, name).get_by_label("Speak as").select_option(account)


def message(page: Page, name: str, text: str) -> Locator:
    """The newest message of a channel that says this."""
    return channel(page, name).locator(".message:not(.from-bot)", has_text=text).last


def choose(message: Locator, item: str) -> None:
    """Take something from a message's menu."""
    message.locator("> .row").hover()
    message.get_by_role("button", name="More").first.click()
    message.page.get_by_role("menuitem", name=item).click()


def card(page: Page, text: str) -> Locator:
    """The card in the team's channel that says this."""
    return channel(page, "product-team").locator(".card", has_text=text)


def told(page: Page, name: str) -> Locator:
    """The last answer in a channel that only the asker sees."""
    return channel(page, name).locator(".ephemeral").last
