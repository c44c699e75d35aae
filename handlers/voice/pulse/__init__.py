"""The pulse: three questions a month, where a workspace wants them."""
