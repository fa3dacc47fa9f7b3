"""The tables stored for a case: sealed, listed, and opened for its package."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

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
    """The tables of one case; each is sealed for its own place and opens nowhere else."""

    session: Session
    vault: Vault
    row: DataRequestCase

    def keep(self, name: str, upload: Upload, smallest: int, by: str, at: datetime) -> TableChecked:
        """Store the table; what was found in it."""
        small = [*small_cells(upload.table, smallest)]
        checked = TableChecked(
            table=uuid7(),
            name=name.strip(),
            sha256=upload.sha256,
            columns=upload.table.columns,
            rows=len(upload.table.rows),
            small_cells=tuple(islice(small, LISTED_CELLS)),
            small_cell_count=len(small),
        )
        key, place = self.row.wrapped_key, self._place(checked.table)
        stored = StoredTable(
            id=checked.table,
            tracking_number=self.row.tracking_number,
            stored_by=by,
            stored_at=at,
            sealed=self.vault.seal(key, checked, place),
            sealed_rows=self.vault.seal(key, write_csv(upload.table), f"{place}:rows"),
        )
        self.session.add(stored)
        return checked

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
        key, place = self.row.wrapped_key, self._place(stored.id)
        return self.vault.open_model(key, stored.sealed, place, TableChecked)

    def _rows(self, stored: StoredTable) -> bytes:
        place = f"{self._place(stored.id)}:rows"
        return self.vault.open(self.row.wrapped_key, stored.sealed_rows, place)

    def _place(self, table: str) -> str:
        return f"data_request:{self.row.tracking_number}:table:{table}"
