"""Reads and writes an account's records, several at once where that is possible.

Owns the calls of com.atproto.repo that touch records; never says what a failed one means.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from atproto import models

from threadbot.networks.bluesky_answers import FAILURES, said
from threadbot.networks.bluesky_session import NO_RENEWAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threadbot.networks.bluesky_session import Connection

_APPLY_WRITES: Final = "com.atproto.repo.applyWrites"
_NOT_FOUND: Final = "RecordNotFound"


class Repository:
    """The records of one account.

    Args:
        connection: of an account that may write them.
        did: whose they are.
        pds: the server that holds them.
    """

    def __init__(self, connection: Connection, did: str, pds: str) -> None:
        self._connection = connection
        self._did = did
        self._pds = pds

    def cid(self, collection: str, rkey: str) -> str | None:
        """Give the hash of a record as the server has it, or None where there is no record.

        Raises:
            Exception: one of `bluesky_answers.FAILURES`.
        """
        asked = models.ComAtprotoRepoGetRecord.Params(
            repo=self._did, collection=collection, rkey=rkey
        )
        reader = self._connection.reader(self._pds)
        try:
            return str(reader.com.atproto.repo.get_record(asked, **NO_RENEWAL).cid)
        except FAILURES as failure:
            if said(failure)[0] == _NOT_FOUND:
                return None
            raise

    def create(self, writes: Sequence[Mapping[str, Any]]) -> None:
        """Create records in one commit.

        Args:
            writes: collection, rkey and value of each.

        Raises:
            SignInError: there is no session.
            Exception: one of `bluesky_answers.FAILURES`.
        """
        keys = ("collection", "rkey", "value")
        self._apply([_operation("create", {key: write[key] for key in keys}) for write in writes])

    def delete(self, records: Sequence[tuple[str, str]]) -> None:
        """Delete records in one commit; those that are gone already do not count.

        Args:
            records: collection and rkey of each.

        Raises:
            SignInError: there is no session.
            Exception: one of `bluesky_answers.FAILURES`.
        """
        try:
            self._delete(records)
        except FAILURES:
            # The server refuses the whole commit where a record is missing; and after an unclear
            # answer all of them may be.
            left = [record for record in records if self.cid(*record) is not None]
            if len(left) == len(records):
                raise
            if left:
                self._delete(left)

    def _delete(self, records: Sequence[tuple[str, str]]) -> None:
        self._apply(
            [
                _operation("delete", {"collection": collection, "rkey": rkey})
                for collection, rkey in records
            ]
        )

    def _apply(self, operations: Sequence[Mapping[str, Any]]) -> None:
        body = json.dumps({"repo": self._did, "writes": operations}, ensure_ascii=False).encode()
        # Bytes go out as they are: through a model they could become others than were hashed.
        answer = self._connection.call(
            lambda client: client.invoke_procedure(
                _APPLY_WRITES, content=body, input_encoding="application/json", **NO_RENEWAL
            )
        )
        if not isinstance(answer.content, dict):
            message = "the answer to a commit is no JSON object"
            raise ValueError(message)  # noqa: TRY004 - an answer from outside, no fault of types


def _operation(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"$type": f"{_APPLY_WRITES}#{name}", **fields}
