"""Everything that is measured, one after the other: ``make bench``. Each part can be run by itself, see its file.

The replay runs in one go only; ``python -m benchmarks.replay`` also kills it, and compares.
"""

import subprocess
import sys

PARTS = (
    ["help"],
    ["playground"],
    ["storage"],
    ["live"],
    ["cards"],
    ["routing"],
    ["telling"],
    ["digests"],
    ["health"],
    ["erasing"],
    ["signs"],
    ["rewards"],
    ["masking"],
    ["adapters"],
    ["replay", "--once"],
    ["analyse"],
)


def main() -> None:
    """Run each part in a process of its own, so that none is measured in another's memory."""
    for part, *options in PARTS:
        print(f"== {part}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{part}", *options], check=True)


if __name__ == "__main__":
    main()
