"""The shared words: people, hours, cards, commands, notices and the ports to the outside."""
