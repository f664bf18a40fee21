"""The way in: one question a page, answers in the address, a mail that asks, a button that confirms."""

from alerts.web.signup.door import SignupDoor

__all__ = ["SignupDoor"]
