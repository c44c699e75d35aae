"""Who came, and what people tried two weeks later."""
