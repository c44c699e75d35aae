"""A hard call of one's own becomes one that others practise: written by its author, without who
called, and approved by a coordinator."""
