"""Pages of reports: reading them, and having them made and issued."""
