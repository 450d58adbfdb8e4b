"""Charts are readable on any ground, show the numbers, and come out the same."""

import hashlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.charts.drawing import SIZE, PillowCharts, draw
from adapters.charts.lettering import lettered
from adapters.charts.palette import BARS, GROUND, INK, contrast
from adapters.playground.gateway import LARGEST_PICTURE
from dialogue.charts import Chart, Series

LABELS = tuple(f"03-{day:02}" for day in range(1, 9))
CHART = Chart(
    "People who spoke up, a week and by area",
    LABELS,
    (Series("Export", (1, 0, 2, 3, 5, 8, 4, 9)), Series("other", (0, 0, 1, 0, 2, 2, 0, 3))),
)


def pixels(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def coloured(png: bytes, colour: tuple[int, int, int]) -> int:
    """How many points have that colour."""
    return sum(count for count, found in pixels(png).getcolors(1 << 20) if found == colour)


async def test_the_same_chart_gives_the_same_picture() -> None:
    png = await PillowCharts().draw(CHART)
    assert png == draw(CHART)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert pixels(png).size == SIZE
    assert hashlib.sha256(pixels(png).tobytes()).hexdigest() == SEEN


SEEN = "0e75b82840747a942128717a428935e88c9a23060cec7a297ea4a89afae34e21"
"""Of the points of a picture that somebody looked at. It changes where drawing changes, or Pillow's own font."""


@pytest.mark.parametrize("colour", [INK, *BARS])
def test_colours_stand_out_from_the_ground_which_is_the_pictures_own(colour: tuple[int, int, int]) -> None:
    assert contrast(colour, GROUND) >= 4.5
    assert pixels(draw(CHART)).getpixel((0, 0)) == GROUND


def test_colours_of_bars_differ() -> None:
    assert len(set(BARS)) == len(BARS) == 5
    assert round(contrast((0, 0, 0), (255, 255, 255))) == 21


def test_one_among_thousands_is_still_to_be_seen() -> None:
    chart = Chart("", ("a", "b"), (Series("x", (1, 0)), Series("y", (9_999, 3))))
    assert coloured(draw(chart), BARS[0]) > coloured(draw(Chart("", ("a",), (Series("x", (0,)),))), BARS[0])


def test_bars_are_as_high_as_their_numbers_say() -> None:
    def area(value: int) -> int:
        chart = Chart("", ("a", "b"), (Series("x", (value, 0)), Series("y", (0, 8))))
        return coloured(draw(chart), BARS[0])

    one, two, none = area(2), area(4), area(0)
    key = none  # its square in the legend
    assert key > 0
    assert (two - key) == pytest.approx(2 * (one - key), rel=0.05)


@pytest.mark.parametrize(
    "chart",
    [
        Chart("", (), ()),
        Chart("nothing", LABELS, (Series("x", (0,) * 8),)),
        Chart("many", LABELS, tuple(Series(f"area {n}", (10**9,) * 8) for n in range(9))),
        Chart("検索", LABELS, (Series("検索", (1,) * 8), Series("Überblick \u202e", (1,) * 8), Series("", (1,) * 8))),
    ],
)
def test_whatever_is_asked_for_is_drawn_and_small_enough_for_every_platform(chart: Chart) -> None:
    assert 0 < len(draw(chart)) < LARGEST_PICTURE


@given(st.lists(st.lists(st.integers(0, 10**7) | st.integers(0, 3), min_size=8, max_size=8), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_whatever_the_numbers_they_are_drawn(series: list[list[int]]) -> None:
    assert draw(Chart("", LABELS, tuple(Series("x", tuple(values)) for values in series)))


SCRIPTS = ("Экспорт", "検索とフィルター", "تصدير (CSV) 2", "Αναζήτηση και αρχείο", "결제 및 환불")


def named(*names: str) -> Chart:
    return Chart("Für alle", LABELS, tuple(Series(name, (1,) * 8) for name in names))


def test_names_stand_in_their_own_letters_the_same_on_every_machine() -> None:
    png = draw(named(*SCRIPTS))
    assert hashlib.sha256(pixels(png).tobytes()).hexdigest() == SEEN_SCRIPTS
    assert len({draw(named(name)) for name in (*SCRIPTS, "导出", "חיפוש", "Überblick", "Uberblick", "#1")}) == 10
    assert len(png) < LARGEST_PICTURE


SEEN_SCRIPTS = "351174159a24718601aaea90b29175db5d58071adc57f8276bb196e0ae1a3ce4"
"""Of a picture that somebody looked at; it changes with weblate-fonts and arabic-reshaper, too."""


@pytest.mark.parametrize("name", ["सदस्यता", "ค้นหา", "\U0001f600", "Export \u202e", "\U0010fffd"])
def test_what_no_font_has_or_needs_help_in_setting_is_drawn_as_its_number(name: str) -> None:
    assert draw(named(name)) == draw(named("#1"))


@pytest.mark.parametrize("name", ["Reports and billing of the year", "検索とフィルターとエクスポートの設定"])
def test_long_names_are_cut_to_their_room(name: str) -> None:
    shown = lettered(name, 20, 120, "#1")
    assert shown.text.endswith("...")
    assert shown.font.getlength(shown.text) <= 120
    assert lettered(name, 20, 1000, "#1").text == name
