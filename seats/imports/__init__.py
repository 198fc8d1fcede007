"""Allocations from a spreadsheet and back: reading, columns, names, the difference. Plain Python.

`services/imports.py` reads the park, asks these modules, and writes.
"""
