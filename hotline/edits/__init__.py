"""An edit of a hotline's file: a value set, taken out, a key renamed. What is not edited stays as it is written."""
