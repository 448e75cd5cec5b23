"""HTTP: the app with the routes of all packages, who may use it, what it is measured by."""
