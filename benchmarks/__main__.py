"""Everything that is measured, one after the other: ``make bench``. Each part can be run by itself, see its file."""

import subprocess
import sys

PARTS = ("help", "playground", "storage", "replay", "analyse")


def main() -> None:
    """Run each part in a process of its own, so that none is measured in another's memory."""
    for part in PARTS:
        print(f"== {part}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{part}"], check=True)


if __name__ == "__main__":
    main()
