"""The picture of a hotline's tree: what it shows, where each thing stands, and how it is written. Pure."""
