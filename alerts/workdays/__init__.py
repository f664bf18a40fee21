"""When the offices of a jurisdiction rest: the one place that knows public holidays.

An office at Spring Festival or at Christmas is not silent, and a period that is counted in working days stops there.
The dates come from the library ``holidays``, which is imported when the first day is asked for: it takes a tenth of a
second that most commands need not spend. Days that move by decree or by the moon are its estimates until they are
published; so :func:`rests` serves for what is usual, not for a deadline that someone will rely on unread.
"""

from alerts.workdays.calendars import calendar_of, is_holiday, rests, works

__all__ = ["calendar_of", "is_holiday", "rests", "works"]
