"""What is sent to the codecs, the loader, the HTTP interface and the open ports by chance, in ever new rounds.

`properties` are tried in this process, by unit tests briefly and by `./wutong fuzz` for long. `world` has a real
hotline whose ports get what no phone and no client would send. Begin with `run`; docs/security.md tells what it finds.
"""
