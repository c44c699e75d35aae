"""Whether the same is given for the same: by occasion, for months that are over, nobody named."""
