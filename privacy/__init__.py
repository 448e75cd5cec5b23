"""Old data, and what is known of one caller: removed, shown, forgotten."""
