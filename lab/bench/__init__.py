"""How fast Wutong is: beside app_queue on one real Asterisk, with a thousand callers waiting, and the engine alone."""
