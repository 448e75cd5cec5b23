"""A city's own sign-in: people prove who they are at its OpenID Connect provider, and its groups give them roles."""
