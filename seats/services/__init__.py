"""Every write to who holds which seats: one file per noun, all under the park-wide lock."""
