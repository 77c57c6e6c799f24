"""Tables made up for the sample suite: plain Python and fixed seeds, so that every machine writes the same files.

Each function gives a header and rows. They have what real tables have: missing values, placeholders for them,
identifiers, rare classes, groups, columns that are only known afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random

Cell = str | int | float | None
Table = tuple[list[str], list[list[Cell]]]


def _chance(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-score))


def _pick(random: Random, words: Sequence[str], weights: Sequence[float]) -> str:
    at = random.random() * sum(weights)
    for word, weight in zip(words, weights, strict=True):
        at -= weight
        if at < 0:
            return word
    return words[-1]


def _often(random: Random, mean: float) -> int:
    """A Poisson draw."""
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count


def churn() -> Table:
    """Customers of a telephone company; about a quarter leave. Missing charges and logins, dates, text."""
    random = Random(101)
    rows: list[list[Cell]] = []
    for n in range(1100):
        plan = _pick(random, ("basic", "plus", "family", "business"), (5, 3, 2, 1))
        payment = _pick(random, ("direct debit", "card", "invoice"), (5, 3, 2))
        joined = date(2019, 1, 1) + timedelta(days=int(1800 * random.random()))
        tenure = (date(2024, 1, 1) - joined).days // 30
        charge = {"basic": 18, "plus": 32, "family": 47, "business": 61}[plan] + random.gauss(0, 6)
        tickets = _often(random, 0.8 + 0.6 * (plan == "basic"))
        idle = int(-20 * math.log(1 - random.random()))
        score = -1.6 + 0.55 * tickets - 0.035 * tenure + 0.022 * idle + 0.02 * (charge - 30) + (payment == "invoice")
        left = random.random() < _chance(score)
        region = _pick(random, ("north", "south", "east", "west"), (3, 3, 2, 2))
        rows.append(
            [
                f"C{4000 + n}",
                joined.isoformat(),
                plan,
                region if random.random() > 0.03 else None,
                payment,
                round(charge, 2) if random.random() > 0.06 else None,
                tickets,
                idle if random.random() > 0.11 else None,
                "yes" if left else "no",
            ]
        )
    header = ["customer_id", "joined", "plan", "region", "payment_method", "monthly_charge", "support_tickets"]
    return [*header, "days_since_login", "churned"], rows


def card_payments() -> Table:
    """Card payments; about 2 % are fraud. `chargeback` is known only weeks later and gives fraud away."""
    random = Random(102)
    rows: list[list[Cell]] = []
    for n in range(1900):
        at = datetime(2024, 3, 1) + timedelta(minutes=int(n * 22 + 20 * random.random()))
        abroad = random.random() < 0.08
        kind = _pick(random, ("groceries", "fuel", "online", "travel", "electronics"), (6, 3, 5, 1, 1.5))
        amount = math.exp(random.gauss(3.2 + 0.7 * (kind in ("travel", "electronics")), 0.8))
        age = int(1 + 2400 * random.random())
        night = at.hour < 6
        score = -4.5 + 1.7 * abroad + 1.0 * night + 0.75 * math.log(amount / 25) + (kind == "online") - age / 2500
        fraud = random.random() < _chance(score)
        chargeback = random.random() < (0.93 if fraud else 0.001)
        rows.append(
            [n + 1, at.isoformat(" ", "minutes"), round(amount, 2), kind, int(abroad), age, int(chargeback), int(fraud)]
        )
    return ["payment_id", "time", "amount", "merchant", "abroad", "card_age_days", "chargeback", "is_fraud"], rows


def loans() -> Table:
    """Loans; one in six defaults. An income of -1 means that nobody asked; `recovered` is known after a default."""
    random = Random(103)
    rows: list[list[Cell]] = []
    for n in range(950):
        purpose = _pick(random, ("car", "home", "debt", "education", "other"), (3, 2, 4, 1, 1))
        income = math.exp(random.gauss(10.5, 0.45))
        amount = math.exp(random.gauss(9.1, 0.6))
        history = _pick(random, ("none", "short", "long"), (1, 3, 4))
        late = _often(random, 0.5)
        score = -2.6 + 0.8 * late + 1.3 * math.log(amount / income * 4) + 0.6 * (purpose == "debt")
        defaulted = random.random() < _chance(score + 0.7 * (history == "none"))
        recovered = round(amount * random.random(), 2) if defaulted else 0.0
        rows.append(
            [
                n + 1,
                purpose,
                round(amount),
                round(income) if random.random() > 0.09 else -1,
                history if random.random() > 0.05 else None,
                late,
                int(12 * (1 + int(5 * random.random()))),
                recovered,
                int(defaulted),
            ]
        )
    header = ["loan_id", "purpose", "amount", "income", "credit_history", "late_payments", "term_months", "recovered"]
    return [*header, "default"], rows


def _houses(random: Random, count: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for _ in range(count):
        area = round(max(35.0, random.gauss(110, 38)))
        quarter = _pick(random, ("harbour", "hills", "old town", "station", "park"), (2, 1, 2, 3, 2))
        built = 1900 + int(122 * random.random())
        energy = _pick(random, ("A", "B", "C", "D", "E"), (1, 2, 3, 2, 1) if built > 1980 else (0, 1, 2, 3, 3))
        rooms = max(1, round(area / 27 + random.gauss(0, 0.7)))
        garden = round(max(0.0, random.gauss(60, 90))) if quarter != "old town" else 0
        base = {"harbour": 3100, "hills": 3600, "old town": 3300, "station": 2300, "park": 2900}[quarter]
        price = area * base * (1 + 0.03 * ("ABCDE".index("E") - "ABCDE".index(energy))) + 250 * garden
        price *= math.exp(random.gauss(0.0012 * (built - 1960), 0.13))
        rows.append([area, rooms, quarter, built, energy, garden, round(price, -2)])
    return rows


def houses() -> Table:
    """Houses that were sold. Year and garden are missing for some."""
    random = Random(104)
    rows = _houses(random, 780)
    for row in rows:
        row[3] = row[3] if random.random() > 0.08 else None
        row[5] = row[5] if random.random() > 0.15 else None
    return ["area_m2", "rooms", "quarter", "built", "energy_class", "garden_m2", "price"], rows


def houses_new() -> Table:
    """Houses for sale, without their prices; one has a missing value, too."""
    rows: list[list[Cell]] = [[f"H{n}", *row[:-1]] for n, row in enumerate(_houses(Random(105), 12), start=1)]
    rows[4][4] = None
    return ["house", "area_m2", "rooms", "quarter", "built", "energy_class", "garden_m2"], rows


_WORDS: dict[str, tuple[str, ...]] = {
    "urgent": ("production is down since {n} o'clock", "all {n} users are locked out", "data of {n} orders is lost"),
    "normal": ("export of report {n} fails", "page {n} loads slowly", "cannot add user {n} to the team"),
    "low": ("please rename field {n}", "question about invoice {n}", "typo on page {n} of the manual"),
}
_GREETINGS = ("Hello, ", "", "", "Hi team, ", "Good morning: ")
_CLOSINGS = ("", "", ", please help", ", thank you", " - any news?", ", again")


def support_tickets() -> Table:
    """Short texts to a help desk with the priority that they got; few are urgent, and staff sometimes misjudged."""
    random = Random(109)
    rows: list[list[Cell]] = []
    for n in range(850):
        priority = _pick(random, ("urgent", "normal", "low"), (1, 7, 4))
        words = _pick(random, _WORDS[priority], (1, 1, 1)).format(n=1 + int(90 * random.random()))
        text = _pick(random, _GREETINGS, (1,) * 5) + words + _pick(random, _CLOSINGS, (1,) * 6)
        given = priority if random.random() > 0.06 else _pick(random, ("urgent", "normal", "low"), (1, 1, 1))
        channel = _pick(random, ("mail", "chat", "phone"), (3, 2, 1 + 3 * (priority == "urgent")))
        customer = _pick(random, ("free", "standard", "premium"), (3, 4, 1))
        rows.append([n + 1, channel, customer if random.random() > 0.07 else None, text, given])
    return ["ticket", "channel", "contract", "text", "priority"], rows


def pumps() -> Table:
    """Weekly readings of 40 pumps; three in a hundred come before a failure. Rows of a pump are alike."""
    random = Random(110)
    rows: list[list[Cell]] = []
    for pump in range(40):
        wear, site = random.random(), _pick(random, ("coast", "inland"), (1, 1))
        level = random.gauss(2.0, 0.35)
        for week in range(40):
            wear += 0.02 + 0.03 * random.random() + 0.01 * (site == "coast")
            shaking = level + 0.7 * wear + random.gauss(0, 0.25)
            heat = 55 + 6 * wear + random.gauss(0, 2.5)
            fails = random.random() < _chance(-6.0 + 2.2 * wear + 0.5 * (shaking - level))
            day = date(2023, 1, 2) + timedelta(weeks=week)
            values: list[Cell] = [round(shaking, 3) if random.random() > 0.05 else None, round(heat, 1)]
            rows.append([f"P{pump + 1:02d}", day.isoformat(), site, *values, int(fails)])
            wear = 0.1 * random.random() if fails else wear
    return ["pump", "week", "site", "vibration", "temperature", "fails_next_week"], rows


TABLES: dict[str, Callable[[], Table]] = {
    "card_payments": card_payments,
    "churn": churn,
    "houses": houses,
    "houses_new": houses_new,
    "loans": loans,
    "pumps": pumps,
    "support_tickets": support_tickets,
}
