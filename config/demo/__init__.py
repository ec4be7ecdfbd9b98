"""The story that `make demo` tells: real corridors, invented people, every door of the product."""
