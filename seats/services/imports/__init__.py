"""Lists of allocations: opened, checked, applied as one, undone as one."""

from seats.services.imports.applying import apply_import, request_apply
from seats.services.imports.checking import check_import, is_large, request_check
from seats.services.imports.leaving_out import (
    leave_out_rows,
    rows_left_out,
    stopping_rows,
    take_rows_in,
)
from seats.services.imports.opening import (
    answer_names,
    choose_columns,
    choose_sheet,
    choose_whole_zones,
    open_import,
)
from seats.services.imports.undoing import undo_import

__all__ = [
    "answer_names",
    "apply_import",
    "check_import",
    "choose_columns",
    "choose_sheet",
    "choose_whole_zones",
    "is_large",
    "leave_out_rows",
    "open_import",
    "request_apply",
    "request_check",
    "rows_left_out",
    "stopping_rows",
    "take_rows_in",
    "undo_import",
]
