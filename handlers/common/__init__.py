"""What several features need, below them: topics, languages, crisis numbers, finding colleagues."""
