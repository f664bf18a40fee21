"""The demonstration's own world: a publisher of sample sources, a catcher of mails, three sample companies.

Everything listens on loopback only. The documents are invented; they tell of real kinds of events.
"""
