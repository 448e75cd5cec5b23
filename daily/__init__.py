"""The daily sheet for the authority: yesterday's figures on one page, by HTTP, by command and by mail."""
