"""How soon `parley --help` is there: ``python -m benchmarks.help``.

The median of 15 starts, after one that warms up.
"""

import statistics
import subprocess
import sys
import time

STARTS = 15


def main() -> None:
    """Print it."""
    seconds = []
    for _ in range(STARTS + 1):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot.cli", "--help"], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - began)
    print(f"parley --help: {statistics.median(seconds[1:]):.2f} s, at most {max(seconds[1:]):.2f} s")


if __name__ == "__main__":
    main()
