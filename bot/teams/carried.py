"""The names under which our cards carry what comes back when something on them is pressed."""

OURS = "plecs."
"""How the names begin that no value of a button or a form has."""

DOES = f"{OURS}does"
"""In the data of an Action.Submit: the route that an Action.Execute has as its verb."""

NOTICE = f"{OURS}notice"
"""What a delivered card carries: which notice it is."""

REPLY = f"{OURS}reply"
"""What a card carries that is a reply: the next one may take its place."""

FORM = f"{OURS}form"
"""What a form carries: it is a window, which closes when there is nothing more to say. `OVER`: what
it was opened over is still the message, and comes back."""

OVER = "over"

AGAIN = f"{OURS}again"
"""What a reply carries that can be asked for again without doing anything: its route, and as a
query its values."""

REFRESH = f"{OURS}refresh"
"""The verb by which a card that is looked at asks how things stand now."""

CANCEL = f"{OURS}cancel"
"""The verb by which a form is put away."""

SEVERAL = "[]"
"""How the name of a choice of several ends, which comes back joined by commas."""

NOTHING = "-"
"""The value of the choice that chooses nothing: Teams' phones take no card with an empty one."""
