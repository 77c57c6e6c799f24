"""Series made up for the sample suite, by the day and by the hour: like `sample_tables.py`, and with gaps in time."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from sample_tables import Cell, Table


def bike_hire() -> Table:
    """Bicycles hired a day over two years, with the weather, which is missing on some days."""
    random = Random(106)
    rows: list[list[Cell]] = []
    drift = 0.0
    for n in range(731):
        day = date(2022, 1, 1) + timedelta(days=n)
        season = math.sin(2 * math.pi * (n - 105) / 365.25)
        warm = 11 + 9 * season + random.gauss(0, 3.2)
        rain = max(0.0, random.gauss(-1.5, 4))
        holiday = (day.month, day.day) in {(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)}
        drift = 0.8 * drift + random.gauss(0, 25)
        mean = 420 + 0.25 * n + 190 * season + 6 * warm - 16 * rain - 90 * (day.weekday() > 4) - 150 * holiday + drift
        known = random.random() > 0.04
        hires = max(12, round(mean + random.gauss(0, 30)))
        weather: list[Cell] = [round(warm, 1) if known else None, round(rain, 1) if known else None]
        rows.append([day.isoformat(), *weather, int(holiday), hires])
    return ["date", "temperature", "rain_mm", "holiday", "hires"], rows


def shop_sales() -> Table:
    """Units sold a day in six shops over 48 weeks; closed on Sundays but for one, and some days were not reported."""
    random = Random(107)
    rows: list[list[Cell]] = []
    for number, shop in enumerate(("alder", "birch", "cedar", "elm", "maple", "oak")):
        for n in range(336):
            day = date(2023, 2, 6) + timedelta(days=n)
            promotion = random.random() < 0.12
            mean = (60 + 25 * number) * (1 + 0.25 * (day.weekday() == 5) + 0.4 * promotion + 0.0008 * n)
            mean *= 1 + 0.5 * (day.month == 12)
            units = round(max(0.0, random.gauss(mean, math.sqrt(mean) * 1.6)))
            if day.weekday() == 6 and shop != "oak":
                continue
            rows.append([day.isoformat(), shop, int(promotion), units if random.random() > 0.02 else None])
    return ["date", "shop", "promotion", "units"], rows


def power_load() -> Table:
    """Electric load of a town by the hour over nine weeks. Some hours are not in the file at all."""
    random = Random(108)
    rows: list[list[Cell]] = []
    drift = 0.0
    for n in range(24 * 63):
        at = datetime(2024, 1, 8) + timedelta(hours=n)
        drift = 0.92 * drift + random.gauss(0, 0.7)
        daily = 9 * math.sin(2 * math.pi * (at.hour - 8) / 24) + 4 * math.sin(4 * math.pi * (at.hour - 4) / 24)
        cold = 2 - 0.09 * (n / 24) + 3 * math.sin(2 * math.pi * n / (24 * 9)) + random.gauss(0, 0.5)
        load = 62 + daily - 6 * (at.weekday() > 4) - 0.8 * cold + drift
        if random.random() > 0.012 and not 700 <= n < 707:
            rows.append([at.isoformat(" ", "minutes"), round(cold, 1), round(load, 2)])
    return ["time", "temperature", "load_mw"], rows


SERIES: dict[str, Callable[[], Table]] = {"bike_hire": bike_hire, "power_load": power_load, "shop_sales": shop_sales}
