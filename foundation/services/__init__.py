"""Every write to jobs, messages and settings: one file per noun."""
