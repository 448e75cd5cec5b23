"""The emergency message: what callers hear before or instead of the menus, who may switch it on, and when it ends."""
