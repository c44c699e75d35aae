"""Notices on their way: kept with what caused them, claimed by lease, paced for all replicas.

Where a notice goes is decided when it is claimed: to the place that its reader used last, and for
several to one where all of them are. A message that is there is changed where it is.
"""
