"""A storm over several machines of one hotline: who leads, who offers, and whether ever two did at once."""
