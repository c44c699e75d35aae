"""The audit log: who changed what holds for others, a setting, a role, a boundary, and when."""

from handlers.audit import commands
from handlers.kit.facts import LibraryAdopted, LibraryChanged, RolesChanged, SettingChanged
from handlers.kit.feature import Feature, Hears, SettingButton
from handlers.kit.ports import mark

FEATURE = Feature(
    "audit",
    routes=commands.ROUTES,
    hears=(
        Hears(SettingChanged, commands.setting_changed),
        Hears(RolesChanged, commands.roles_changed),
        Hears(LibraryChanged, commands.library_changed),
        Hears(LibraryAdopted, commands.library_adopted),
    ),
    in_settings=(SettingButton(90, mark("Who changed what"), "audit"),),
)
