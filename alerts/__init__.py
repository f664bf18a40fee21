"""IP Risk Alerts: legal rules and risk warnings on intellectual property, told in time.

Data runs along one line; imports do not (docs/architecture.md):

    feeds.yaml → fetch → parse → normalise → classify → STORE → match → digest → render → deliver → STORE

``domain`` holds the values that travel, each stage has a room of its own name, ``flow`` alone
knows the order, ``wiring`` builds the real parts, and ``daemon``, ``web`` and ``cli`` are the faces.
"""

__version__ = "0.1.0"
