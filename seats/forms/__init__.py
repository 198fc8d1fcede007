"""What people type about seats, turned into days, runs and wishes: one file per noun."""
