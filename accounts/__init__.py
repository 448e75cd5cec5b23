"""People and programs that use the HTTP interface: who they are, what they may do, and what they did."""
