"""The rules of offers as coordinators keep them: changed, looked at as a draft, and adopted."""
