"""What the rooms of supervision share: it stands below them."""
