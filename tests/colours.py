"""Colours on each other, as WCAG 2.2 reckons them."""

import re


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, each written ``#rrggbb`` or ``rgb(r, g, b)``."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    if colour.startswith("#"):
        values = [float(int(colour[at : at + 2], 16)) for at in (1, 3, 5)]
    else:
        values = [float(part) for part in re.findall(r"[\d.]+", colour)[:3]]
    parts = [value / 255 for value in values]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
