"""Pages of the archive, made in processes of their own: the daemon's own loop stays free for polls, mails and whoever asks.

:class:`Makers` (in the daemon) hands a question to a process that runs :func:`serve`; :class:`Elsewhere` is the middleware that
does so for the addresses that only read. Where no process can answer, the daemon makes the page itself.
"""

from alerts.web.makers.elsewhere import Elsewhere
from alerts.web.makers.pool import Makers
from alerts.web.makers.serve import serve

__all__ = ["Elsewhere", "Makers", "serve"]
