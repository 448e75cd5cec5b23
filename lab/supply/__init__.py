"""What Wutong is made of: the list of packages (`bom`), and what is known against them (`advisories`)."""
