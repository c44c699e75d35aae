"""The dictionary of competences as people read it, and as coordinators keep it."""
