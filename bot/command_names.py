"""What commands are called in Slack, where an installation may put its own word before them."""


def installed_as(word: str, prefix: str) -> str:
    """The command's name under the prefix: `acme-break`; without one the word itself."""
    before = prefix.strip("-")
    return f"{before}-{word}" if before else word


def is_command_name(name: str) -> bool:
    """Whether Slack takes it: lower-case letters, figures, - and _."""
    return name.replace("-", "").replace("_", "").isalnum() and name == name.lower()
