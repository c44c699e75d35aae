"""Dates of classes, as coordinators plan and change them."""
