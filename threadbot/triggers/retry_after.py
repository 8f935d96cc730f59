"""When a server would like to be asked again: the header `Retry-After`, in either of its forms.

Owns the reading of it; never decides whether that is granted. Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def retry_after(text: str, now: datetime) -> datetime | None:
    """Read HTTP's Retry-After, seconds or a date (RFC 9110, 10.2.3); None for anything else."""
    text = text.strip()
    try:
        if text.isascii() and text.isdecimal():
            return now + timedelta(seconds=int(text[:9]))
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
