"""A small Asterisk for tests. It speaks AMI and AGI, as bytes, to the product's own link and server.

`manager`, `agi`  the two protocols; what is said to them is answered by hand
`asterisk`        channels, bridges, variables and phones behind them; they answer by themselves
`caller`, `leg`   a caller's channel there, an agent's leg
`memory`          the network between, where time is fake
"""
