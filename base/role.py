"""The roles that people and programs may have."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the hotline. An account may have several: it may do what any of them may."""

    AGENT = "agent"  # takes calls; sees and changes only the own agent
    SUPERVISOR = "supervisor"  # watches queues, agents and calls, changes agents' states, moves callers, listens
    ADMINISTRATOR = "administrator"  # everything
    OPERATIONS = "operations"  # keeps it running; sees no caller's number
    DEPARTMENT = "department"  # a department behind the hotline: its own queues and calls
