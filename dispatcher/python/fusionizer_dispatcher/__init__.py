"""The Dispatcher: routes an event to its Task and keeps calls between the Tasks of one function local.

The contract is docs/dispatcher.md. `entry` is what a function package imports.
"""
