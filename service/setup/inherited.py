"""What the command line that started a hotline said of it, for the commands that come after."""

from ipaddress import IPv4Address

from service.setup import running
from service.setup.settings import Settings


def as_told(settings: Settings) -> Settings:
    """What still runs was told hotline, ports and address; where nothing else is said now, that holds on."""
    folder = settings.folder
    told = running.service(folder) or (running.last_supervisor(folder) if running.asterisk(folder) else None)
    if told is None:
        return settings
    before = {"hotline": told.hotline, "base_port": told.base_port, "listen": IPv4Address(told.listen)}
    unsaid = {name: value for name, value in before.items() if name not in settings.model_fields_set}
    return settings.model_copy(update=unsaid)
