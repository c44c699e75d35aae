"""What somebody says without their name: nothing that is kept leads to them."""
