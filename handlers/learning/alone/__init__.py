"""What is learned without a class: at an address, or from a colleague who offers it."""
