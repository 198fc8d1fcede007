"""The sample park: data files with their sources, and what loads them."""
