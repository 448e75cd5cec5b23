"""The settings with which a hotline was started, for the commands that follow."""

from ipaddress import IPv4Address

from processes import running
from settings.settings import Settings


def as_told(settings: Settings) -> Settings:
    """`settings`, with hotline, ports and address of what still runs wherever `settings` leaves them out."""
    folder = settings.folder
    told = running.service(folder) or (running.last_supervisor(folder) if running.asterisk(folder) else None)
    if told is None:
        return settings
    before = {"hotline": told.hotline, "base_port": told.base_port, "listen": IPv4Address(told.listen)}
    unsaid = {name: value for name, value in before.items() if name not in settings.model_fields_set}
    return settings.model_copy(update=unsaid)
