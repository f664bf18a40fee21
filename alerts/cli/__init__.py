"""The command line: one module for each group of commands, all thin over ``flow``.

Every command has ``--help``; those that list have ``--format text|json`` (one JSON object a line).
Exit codes: 0 good, 1 findings, 2 misuse, with one clear sentence on standard error.
"""
