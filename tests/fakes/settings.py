"""A workspace's settings, in memory."""


class SettingsInMemory:
    """What was put is there; a workspace that set nothing has nothing."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], dict[str, object]] = {}

    def get(self, workspace: str, section: str) -> dict[str, object] | None:
        return self._kept.get((workspace, section))

    def put(self, workspace: str, section: str, value: dict[str, object]) -> None:
        self._kept[workspace, section] = value
