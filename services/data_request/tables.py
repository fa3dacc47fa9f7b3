"""The tables stored for a case: sealed, listed, and opened for its package."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from casework.case_seal import CaseSeal
from chassis.ids import uuid7
from chassis.native import aside
from chassis.vault import Vault
from contracts.data_request import TableChecked
from contracts.errors import ErrorCode, Refusal
from services.data_request.csv_files import read_written, write_csv
from services.data_request.models import DataRequestCase, StoredTable, tables_of
from services.data_request.small_cells import small_cells
from services.data_request.table import Table
from services.data_request.uploads import Upload

LISTED_CELLS = 1_000
"""So many small cells are listed one by one; their number is told in any case."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one case."""

    session: Session
    vault: Vault
    row: DataRequestCase

    def keep(self, name: str, upload: Upload, smallest: int, by: str, at: datetime) -> TableChecked:
        """Store the table; what was found in it."""
        small = aside(list, small_cells(upload.table, smallest))
        checked = TableChecked(
            table=uuid7(),
            name=name.strip(),
            sha256=upload.sha256,
            columns=upload.table.columns,
            rows=len(upload.table.rows),
            small_cells=tuple(islice(small, LISTED_CELLS)),
            small_cell_count=len(small),
        )
        rows = aside(write_csv, upload.table)
        stored = StoredTable(
            id=checked.table,
            tracking_number=self.row.tracking_number,
            stored_by=by,
            stored_at=at,
            sealed=self._pieces.seal(checked, "table", checked.table),
            sealed_rows=self._pieces.seal(rows, "table", checked.table, "rows"),
        )
        self.session.add(stored)
        return checked

    def ids(self) -> tuple[str, ...]:
        """Of every table, oldest first."""
        return tuple(each.id for each in tables_of(self.session, self.row.tracking_number))

    def checked(self) -> tuple[TableChecked, ...]:
        """What was found in each table, oldest first."""
        stored = tables_of(self.session, self.row.tracking_number)
        return tuple(self._checked(each) for each in stored)

    def opened(self, ids: tuple[str, ...]) -> tuple[tuple[str, Table], ...]:
        """Names and tables in the order of `ids`; raises a refusal with table_not_found."""
        stored = {each.id: each for each in tables_of(self.session, self.row.tracking_number)}
        for index, each in enumerate(ids):
            if each not in stored:
                raise Refusal(ErrorCode.TABLE_NOT_FOUND, field="tables", index=index)
        return tuple(
            (self._checked(stored[each]).name, aside(read_written, self._rows(stored[each])))
            for each in ids
        )

    def _checked(self, stored: StoredTable) -> TableChecked:
        return self._pieces.open_model(TableChecked, stored.sealed, "table", stored.id)

    def _rows(self, stored: StoredTable) -> bytes:
        return self._pieces.open(stored.sealed_rows, "table", stored.id, "rows")

    @property
    def _pieces(self) -> CaseSeal:
        return seal_of(self.vault, self.row)


def seal_of(vault: Vault, row: DataRequestCase) -> CaseSeal:
    """What seals everything that is kept of the case."""
    return CaseSeal(vault, row.wrapped_key, f"data_request:{row.tracking_number}")
