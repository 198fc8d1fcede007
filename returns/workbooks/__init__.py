"""Returns as workbooks: downloaded, filled in with Excel or WPS, uploaded, compared, saved.

Three workbooks in one language of cells: the form of one return, all months of an enterprise, all
enterprises of a month. What is written here is read back here without a change (ADR 0015).

values      how each kind of value stands in a cell, and how a cell is read
layout      which columns and rows there are, and what their heads are called
stamp       which workbook it is: format, enterprise, month, version
was         what a row said when it was downloaded: only what was changed counts
book, lines the pen: styles, locks, drop-downs, print
form, many  the three workbooks
tabular     a table found in a sheet by its heads
reading     what was filled in, by cell (side_tables: classes, markets, notes; filled: the result)
comparing   what that changes of one return; comparison: of all in the workbook
judging     what keeps it from being saved, what the checks ask
shown       the same for the page and the API
"""
