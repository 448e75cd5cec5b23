"""Every sentence that people meet, in English and in Chinese."""
