"""The tables of several machines: which leads (one row at most), all that there are, and the files that all have."""

from sqlalchemy import BigInteger, Column, Double, Integer, LargeBinary, MetaData, Table, Text

from journal.tables import NAMES

metadata = MetaData(naming_convention=NAMES)

leaders = Table(
    "leaders",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1
    Column("epoch", BigInteger, nullable=False),  # rises with each machine that takes over
    Column("node", Text, nullable=False),  # its name
    Column("holder", Text, nullable=False),  # which start of its service: chosen by chance
    Column("since", Double, nullable=False),  # seconds since the epoch, by PostgreSQL's clock
    Column("kept_until", Double, nullable=False),  # until then it may restart, and nobody takes over; 0: no restart
)

nodes = Table(
    "nodes",
    metadata,
    Column("id", Text, primary_key=True),  # of the machine's state folder: chosen by chance
    Column("name", Text, nullable=False),  # the setting `node`
    Column("holder", Text, nullable=False),  # which start of its service: chosen by chance
    Column("version", Text, nullable=False),  # of Wutong
    Column("address", Text, nullable=False),  # where the others reach it; empty: nowhere
    Column("known_to", Text, nullable=False),  # the holder of the leader that counts on it; empty: none
    Column("since", Double, nullable=False),  # when that start was, in seconds since the epoch, by PostgreSQL's clock
    Column("seen", Double, nullable=False),  # its last sign of life, by the same clock
)

shared = Table(
    "shared",
    metadata,
    Column("name", Text, primary_key=True),  # of a file in the state folder, as `versions/000012.json`
    Column("digest", Text, nullable=False),  # SHA-256
    Column("data", LargeBinary, nullable=False),
    Column("at", Double, nullable=False),  # when it was written, in seconds since the epoch
)
