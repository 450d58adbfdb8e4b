"""Demand over time and by area: the picture of a digest, and what it shows in words.

Its words are ours and the names that admins gave to areas; nothing that customers said stands in it.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from dialogue.actions import DigestOf
from dialogue.charts import Chart, Charts, Series
from dialogue.digests.windows import WEEK, span_of
from dialogue.ports import UnitOfWork
from dialogue.posts import Block, Picture
from dialogue.texts.catalogue import Texts
from knowledge_base.digests import AreaWeek, DigestSettings

WEEKS: Final = 8
AREAS: Final = 4
"""How many areas have a colour of their own."""

_NAME: Final = 20


async def picture(
    uow: UnitOfWork, digest: DigestOf, settings: DigestSettings, texts: Texts, charts: Charts
) -> Sequence[Block]:
    """The picture; none where nobody said anything in its weeks."""
    rows = await uow.digests.by_area(settings.community, span_of(digest), WEEKS)
    if not rows:
        return ()
    chart = chart_of(rows, digest, settings.zone, texts)
    return [Picture(await charts.draw(chart), in_words(chart, texts))]


def chart_of(rows: Sequence[AreaWeek], digest: DigestOf, zone: str, texts: Texts) -> Chart:
    """Bars of weeks, the last of which ends with the digest; areas with most people first."""
    last = digest.until.astimezone(ZoneInfo(zone)).date()
    labels = tuple(f"{last - WEEK * back:%m-%d}" for back in reversed(range(WEEKS)))
    totals: Counter[str] = Counter()
    for row in rows:
        if row.area is not None:
            totals[row.area] += row.people
    named = [area for area, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:AREAS]]
    series = [Series(_short(area), _by_week(rows, [area])) for area in named]
    rest = {row.area for row in rows if row.area not in named}
    if rest:
        key = "digest.other_areas" if named else "digest.everybody"
        series.append(Series(texts.say(key), _by_week(rows, rest)))
    return Chart(texts.say("digest.chart"), labels, tuple(series))


def in_words(chart: Chart, texts: Texts) -> str:
    """The numbers of each week, by area."""
    weeks = []
    for number, label in enumerate(chart.labels):
        numbers = ", ".join(f"{one.name} {one.values[number]}" for one in chart.series if one.values[number])
        weeks.append(texts.say("digest.week", {"date": label, "numbers": numbers or "0"}))
    return f"{chart.title}. {'; '.join(weeks)}."


def _by_week(rows: Sequence[AreaWeek], areas: Collection[str | None]) -> tuple[int, ...]:
    return tuple(
        sum(row.people for row in rows if row.area in areas and row.weeks_ago == back)
        for back in reversed(range(WEEKS))
    )


def _short(area: str) -> str:
    name = " ".join(area.split())
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
