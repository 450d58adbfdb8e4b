"""How well pairs are found in the dialogs beside this file: ``python -m tests.pairing``."""

import sys

from adapters.language.models import load_understanding
from tests.pairing.dialogs import FILES, read, score

HOW = {True: "each dialog taken as one conversation", False: "as the live path untangles it"}


def main() -> None:
    """Tell the figures of every file, and what is not as written there."""
    classifier = load_understanding().classifier
    for file in FILES:
        dialogs = read(file)
        for untangled, how in HOW.items():
            found = score(dialogs, classifier, untangled=untangled)
            wrong = [f"  - {line}" for line in found.wrong]
            told = [f"{file}, {len(dialogs)} dialogs, {how}", *(f"  {line}" for line in found.lines()), *wrong]
            sys.stdout.write("\n".join(told) + "\n")


if __name__ == "__main__":
    main()
