"""What a company stands behind, word by word: a room below the features.

A feature's library holds entries (a boundary, a technique, an approved answer, a rule), all of them
in numbered versions, each with an owner and a review date, and each a draft until a named person
adopts it. What comes with Plecs is version 1.
"""
