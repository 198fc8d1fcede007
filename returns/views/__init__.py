"""Pages of monthly returns and of the months they belong to: one file per noun."""
