"""What an agent may do with an abusive caller, the words for it, and the receipt of an ending."""
