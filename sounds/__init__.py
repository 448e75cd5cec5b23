"""Prompts as sound: the catalogue, recordings, voices, levelling, what ships; the programs that speak (`speaker/`) and
listen (`recogniser/`).
"""
