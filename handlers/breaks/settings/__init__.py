"""How many stay available while others are on a break."""
