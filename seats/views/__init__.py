"""Pages of the place, of requests and of allocations: one file per noun."""
