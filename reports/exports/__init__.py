"""Figures that were filed once, in the shape in which others ask for them: nobody types twice.

data/           the workbooks: sheets and columns as versioned data
layout.py       reads them
periods.py      a month, a quarter, a year to date
facts.py        everything that a workbook needs, from one snapshot
firms.py        who the enterprises are
amounts.py      sums over the months of a period, only where every return gives the figure
commerce.py     the five groups of the commerce ministry's system
zone.py         the statistics of development zones, by quarter
workbook.py     rows as XLSX
"""
