"""Who people are here: topics, absences, roles, language."""
