"""How one wants to be asked, what the workspace allows, and the weeks' counts."""
