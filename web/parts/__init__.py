"""The parts of a page, one function a tag; `{% load parts %}` is their index."""
