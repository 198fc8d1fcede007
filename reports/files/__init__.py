"""The files of a report: XLSX, PDF and CSV of the same document."""

from collections.abc import Callable

from reports.document import Document
from reports.files.plain import csv_of
from reports.files.printed import pdf_of
from reports.files.workbook import xlsx_of

# By the file's ending, in the order in which they are offered.
WRITERS: dict[str, Callable[[Document], bytes]] = {
    "xlsx": xlsx_of,
    "pdf": pdf_of,
    "csv": csv_of,
}

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}
