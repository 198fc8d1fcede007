"""What the API of the seats takes and gives: one file per noun."""
