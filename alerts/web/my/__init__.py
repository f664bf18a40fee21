"""One's own settings, behind a link that is mailed: what is watched, when it comes, pause, colleagues, export, deletion."""

from alerts.web.my.door import MyDoor
from alerts.web.my.keeping import KeepingDoor

__all__ = ["KeepingDoor", "MyDoor"]
