"""How often early signs are false alarms, and how many planted ones are found: ``python -m benchmarks.signs``.

Every training log of the labelled chat beside the checkout becomes a day of one channel, in the order of their dates,
judged line by line as ``parley analyse`` judges them. Channels of fewer people are made by leaving people out. Then the
channel is looked at once an hour, as the bot does it. Nothing is known to have happened there, so every alarm counts as
false; in an order of days that was shuffled, surely so. Planted is on each day, one at a time: people who say what they
said that day, only so many more of them; a part of who spoke becomes unhappy; so many name a competitor.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zlib import crc32

from benchmarks import real_chat
from dialogue.understanding.facets import facets_of
from knowledge_base.facets import Tone
from knowledge_base.ids import CommunityId
from knowledge_base.kinds import INSIGHT_KINDS, Kind
from knowledge_base.signs import DAY, LONGEST_PAST, SHORTEST_PAST, Day, Found, SignSort, found, is_over
from knowledge_base.topics import Topic, TopicKind

SHARES: Final = (1, 4, 16, 64)
"""Of how many people one is left in the channel."""
SHUFFLES: Final = 5
HOURS: Final = 24
COMPETITORS: Final = tuple(
    Topic(CommunityId("c"), TopicKind.COMPETITOR, name, ()) for name in ("Fedora", "Gentoo", "Mint", "Suse", "Windows")
)
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Line:
    """Who said what sort of thing at which second of the day."""

    second: float
    author: str
    tells: bool
    negative: bool
    named: tuple[str, ...]


Log = Sequence[Line]


def understood(logs: Sequence[Path]) -> Sequence[Log]:
    """Each log's lines by people within its first day, as they were judged."""
    with tempfile.TemporaryDirectory() as folder:
        history, told = Path(folder) / "history.jsonl", Path(folder) / "messages.jsonl"
        real_chat.write(logs, history)
        command = [sys.executable, "-m", "bot.cli", "analyse", str(history), "--messages", str(told)]
        subprocess.run([*command, "--conversations", str(Path(folder) / "conversations.jsonl")], check=True)
        days: dict[str, list[Line]] = {}
        with history.open(encoding="utf-8") as lines, told.open(encoding="utf-8") as judged:
            for said, kind in ((json.loads(a), json.loads(b)["kind"]) for a, b in zip(lines, judged, strict=True)):
                at = datetime.fromisoformat(said["time"])
                begin = datetime.fromisoformat(said["channel"][:10]).replace(tzinfo=at.tzinfo)
                if said["role"] == "customer" and at - begin < DAY:
                    days.setdefault(said["channel"], []).append(_line(said, (at - begin).total_seconds(), Kind(kind)))
    return list(days.values())


def _line(said: Mapping[str, str], second: float, kind: Kind) -> Line:
    facets = facets_of(said["text"], kind, COMPETITORS).facets
    return Line(second, said["author"], kind in INSIGHT_KINDS, facets.tone is Tone.NEGATIVE, facets.competitors)


def thinned(logs: Sequence[Log], share: int) -> Sequence[Log]:
    """The channel with one of so many people."""
    return [[line for line in log if crc32(line.author.encode()) % share == 0] for log in logs]


def by_hour(logs: Sequence[Log]) -> Sequence[Sequence[Day]]:
    """For each hour of the day: the days that end at it, the first one first."""
    found = []
    for hour in range(HOURS):
        parts = []
        for number, log in enumerate(logs):
            before = logs[number - 1] if number else ()
            late = [line for line in before if line.second > hour * 3600]
            parts.append(_day([*late, *(line for line in log if line.second <= hour * 3600)]))
        found.append(parts)
    return found


def _day(lines: Log) -> Day:
    people = len({line.author for line in lines})
    telling = len({line.author for line in lines if line.tells})
    negative = len({line.author for line in lines if line.negative})
    named = Counter(name for name, _ in {(name, line.author) for line in lines for name in line.named})
    return Day(people, telling, people, telling, negative, named)


def alarms(days: Sequence[Sequence[Day]]) -> Iterator[Found]:
    """What is told of, looking once an hour; the same is not told again until it is over."""
    lasting: dict[tuple[SignSort, str], tuple[Found, timedelta]] = {}
    for number in range(len(days[0])):
        for hour in range(HOURS):
            now, today = number * DAY + hour * HOUR, days[hour][number]
            for key, (told, since) in list(lasting.items()):
                if is_over(told, now - since, today):
                    del lasting[key]
            for one in found(today, days[hour][number - 1 :: -1][:LONGEST_PAST] if number else ()):
                if (one.sort, one.competitor) not in lasting:
                    lasting[one.sort, one.competitor] = (one, now)
                    yield one


def planted(days: Sequence[Day], change: Callable[[Day, Sequence[Day]], Day], sort: SignSort) -> str:
    """How many of the days are found once they are changed."""
    tried = [(days[number], days[number - 1 :: -1][:LONGEST_PAST]) for number in range(LONGEST_PAST, len(days))]
    hits = sum(any(one.sort is sort for one in found(change(day, past), past)) for day, past in tried)
    return f"{100 * hits / len(tried):.0f} %"


def more(times: int) -> Callable[[Day, Sequence[Day]], Day]:
    """So many times the usual number of people who tell something, five at least, beside the day's own."""

    def change(day: Day, past: Sequence[Day]) -> Day:
        extra = max(5, round((times - 1) * sum(one.telling for one in past) / len(past)))
        return replace(day, kept=day.kept + extra, telling_kept=day.telling_kept + extra)

    return change


def unhappy(percent: int) -> Callable[[Day, Sequence[Day]], Day]:
    """So many of those who spoke and were not unhappy are so."""
    return lambda day, _: replace(day, negative=day.negative + (day.kept - day.negative) * percent // 100)


def naming(people: int) -> Callable[[Day, Sequence[Day]], Day]:
    """So many more people name one of the competitors."""
    name = COMPETITORS[0].name
    return lambda day, _: replace(
        day, kept=day.kept + people, named={**day.named, name: day.named.get(name, 0) + people}
    )


def report(logs: Sequence[Log], share: int) -> None:
    """Print the figures of one channel."""
    days = by_hour(logs)
    chance = random.Random(share)
    shuffled: Counter[SignSort] = Counter()
    for _ in range(SHUFFLES):
        shuffled.update(one.sort for one in alarms(by_hour(chance.sample(logs, len(logs)))))
    told = Counter(one.sort for one in alarms(days))
    whole, looked_at = days[-1], len(logs) - SHORTEST_PAST
    people = sorted(day.people for day in whole)[len(whole) // 2]
    telling = sorted(day.telling for day in whole)[len(whole) // 2]
    print(f"1 of {share} people: {people} speak a day, {telling} of them tell something; {looked_at} days looked at")
    for sort in SignSort:
        print(f"  {sort}: {told[sort]} alarms; shuffled, {shuffled[sort]} in {SHUFFLES} times the days")
    surges = ", ".join(f"{times} times {planted(whole, more(times), SignSort.SURGE)}" for times in (3, 4, 6))
    tones = ", ".join(f"{part} % {planted(whole, unhappy(part), SignSort.TONE)}" for part in (30, 50, 70))
    names = ", ".join(f"{people} people {planted(whole, naming(people), SignSort.COMPETITOR)}" for people in (5, 10))
    print(f"  planted: surge {surges}; tone {tones}; competitor {names}", flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    if not real_chat.logs():
        print("The labelled chat is not beside the checkout.")
        return
    logs = understood(real_chat.logs())
    for share in SHARES:
        report(thinned(logs, share), share)


if __name__ == "__main__":
    main()
