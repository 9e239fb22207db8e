"""Numbers and days as the reader writes them: 1,234.5 or 1 234,5; 92.9 MB or 92,9 Mo; 1 May 2027 or 1er mai 2027."""

from datetime import date
from decimal import Decimal

from counterpoint.i18n.catalogue import system_language

_UNITS = {"en": ("B", "kB", "MB", "GB", "TB"), "fr": ("o", "ko", "Mo", "Go", "To")}

_MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}


def number(value: float | Decimal, decimals: int = 0, *, lang: str | None = None) -> str:
    """With thousands apart. French sets a narrow no-break space (Imprimerie nationale)."""
    text = f"{value:,.{decimals}f}"
    if (lang or system_language()) == "fr":
        return text.replace(",", "\u202f").replace(".", ",")
    return text


def size(count: int, *, lang: str | None = None) -> str:
    """Bytes, to three digits."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < 4:
        amount /= 1000
        unit += 1
    decimals = 0 if unit == 0 or amount >= 100 else 1
    return f"{number(amount, decimals, lang=lang)} {_UNITS[lang or system_language()][unit]}"


def money(amount: Decimal, currency: str, *, lang: str | None = None) -> str:
    """Two decimals at least, six at most: `0.0135 USD`."""
    exponent = amount.normalize().as_tuple().exponent if amount else 0
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{number(amount, min(places, 6), lang=lang)} {currency}"


def day(value: date, *, lang: str | None = None) -> str:
    """With the month in words, which nobody can mistake for the day. French says the first, then two, three."""
    lang = lang or system_language()
    first = "1er" if lang == "fr" and value.day == 1 else str(value.day)
    return f"{first} {_MONTHS[lang][value.month - 1]} {value.year}"
