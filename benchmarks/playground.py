"""How soon `parley play` is there, and how soon a message posted in its page is a card on the screen.

    python -m benchmarks.playground [--starts 9] [--cards 15]

The program is started as a user would start it, in an empty folder each time, until its page has been fetched; one
start before goes uncounted, since it warms the disk's cache. Cards are timed in Chromium, from pressing Enter until
the card is painted; without Chromium only the starts are measured.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

CHROMIUM = Path("/usr/bin/chromium")
PORT = 8900
PROBLEMS = (
    "The calendar loses my appointments after every update.",
    "Invoices are printed in the wrong currency.",
    "The newsletter button crashes my browser.",
    "Uploading photos fails with error 500.",
    "The checkout freezes when I enter a discount code.",
    "Search throws an error when I type an umlaut.",
    "The address book is broken: every customer is missing.",
    "The map does not load on my phone, it crashes.",
    "I can't log in, the password is always refused.",
    "The label printer drops the last line.",
    "The reminder mails don't arrive, it fails every night.",
)
"""Far enough from one another that each becomes a card of its own."""


@contextmanager
def playing(folder: str) -> Iterator[str]:
    """The program for as long as the block runs; its address, once that has been printed."""
    command = [sys.executable, "-m", "bot.cli", "play", "--port", str(PORT)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                sys.exit("parley play failed")
            yield line.split()[-1]
        finally:
            process.terminate()


def start() -> float:
    """Seconds from the command to the page."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with playing(folder) as address, urlopen(address) as page:
            page.read()
            return time.perf_counter() - begun


def cards() -> list[float]:
    """Seconds from Enter to the card, for each problem; the first is told to a program just started."""
    from playwright.sync_api import sync_playwright

    taken = []
    with tempfile.TemporaryDirectory() as folder, playing(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(address)
        page.get_by_role("button", name="Pause tour").click()
        box = page.locator("#room-community").get_by_role("combobox").last
        for words in PROBLEMS:
            box.fill(words)
            begun = time.perf_counter()
            box.press("Enter")
            page.locator("#room-product-team .card", has_text=words).wait_for()
            taken.append(time.perf_counter() - begun)
        browser.close()
    return taken


def show(what: str, seconds: Sequence[float]) -> None:
    """Print the median and the range."""
    least, most = min(seconds), max(seconds)
    print(f"{what}: {statistics.median(seconds):.2f} s (median of {len(seconds)}; {least:.2f} to {most:.2f})")


def main() -> None:
    """Measure both."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--starts", type=int, default=9)
    chosen = arguments.parse_args()
    start()
    show("play: command to page", [start() for _ in range(chosen.starts)])
    if not CHROMIUM.exists():
        sys.exit(f"cards are not measured: {CHROMIUM} is not there")
    show("play: message to card on screen", cards())


if __name__ == "__main__":
    main()
