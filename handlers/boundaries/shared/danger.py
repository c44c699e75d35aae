"""Where coordinators change what is said of a danger to somebody's life."""

from handlers.kit.cards import Button
from handlers.kit.ports import Texts


def edit_button(t: Texts) -> Button:
    """Leads to the form, beside the boundaries that can be changed."""
    return Button(t("Danger to life: words and numbers"), "policy.danger")
