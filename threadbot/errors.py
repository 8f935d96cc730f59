"""The errors that threadbot raises on purpose, and nothing else.

ThreadbotError                 a fault of ours, unless a subclass says otherwise (exit code 1)
├── LawError                   a composed thread breaks a law of its own; nothing is posted
├── LedgerError                the ledger cannot be read or written; what it holds is kept
│   ├── LedgerBusyError        another program is writing to it, or posting (exit code 4)
│   │   └── WorkerRunsError    a worker drives it, and does so as long as it runs
│   ├── LedgerAwayError        its server does not answer (exit code 4)
│   ├── LedgerDiskError        its disk is full, or fails (exit code 4)
│   ├── UnstorableError        its database does not take a value; all others are no worse off
│   └── DamagedError           a row of it is not what was stored; the others are
├── EngineError                threads cannot be driven now: a worker's name is taken, or its
│                              database cannot be used (exit code 4)
└── InputError                 what the user gave cannot be used (exit code 2)
    ├── SourceError            the article cannot be read: empty, binary, too large, no title
    ├── ConfigError            the configuration is wrong; holds every finding at once
    ├── TimeError              a time that somebody typed is past, unclear or does not exist
    ├── FetchError             what an address leads to cannot be had, or may not be
    ├── TemplateError          a template errs, or leaves no room for the text
    └── ThreadError            no valid thread can be made of this article for this account

A message says what happened, to what, and what to do about it, in one sentence or two.
"""

from __future__ import annotations


class ThreadbotError(Exception):
    """Something that threadbot could not do, said so that its user can act on it."""

    exit_code = 1


class LawError(ThreadbotError):
    """A composed thread breaks a law that holds for every thread."""


class LedgerError(ThreadbotError):
    """The ledger cannot be read or written; what it holds is kept."""


class LedgerBusyError(LedgerError):
    """Another program is writing to the ledger, or posting from it."""

    exit_code = 4


class MovedLedgerError(LedgerError):
    """The ledger was moved elsewhere; the configuration still names its old place."""

    exit_code = 2


class WorkerRunsError(LedgerBusyError):
    """A worker drives the ledger, and does so as long as it runs."""


class LedgerAwayError(LedgerError):
    """The ledger's server does not answer; what was being stored may be stored, or not."""

    exit_code = 4


class LedgerDiskError(LedgerError):
    """The ledger's disk is full, or fails; what is stored is kept, and all may go on later."""

    exit_code = 4


class UnstorableError(LedgerError):
    """The ledger's database does not take a value; nothing of that change is stored."""


class DamagedError(LedgerError):
    """A row of the ledger is not what was stored; it says nothing of the other rows."""


class EngineError(ThreadbotError):
    """Threads cannot be driven now; what the ledger holds is kept."""

    exit_code = 4


class InputError(ThreadbotError):
    """What the user gave cannot be used."""

    exit_code = 2


class SourceError(InputError):
    """The source of an article cannot be read."""


class ConfigError(InputError):
    """The configuration is wrong.

    Args:
        findings: one line for each thing that is wrong, in the order of the file.
    """

    def __init__(self, *findings: str) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings


class SecretAwayError(ConfigError):
    """The command that prints a secret failed; it may not do so the next time."""


class TimeError(InputError):
    """A time that somebody typed cannot be used."""


class FetchError(InputError):
    """What an address leads to cannot be had, or may not be."""


class TemplateError(InputError):
    """A template errs, or leaves no room for the text that it should carry."""


class ThreadError(InputError):
    """No valid thread can be made of this article for this account."""
