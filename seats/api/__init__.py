"""The API of the seats and of the place that they are in: one file per noun."""
