"""`python -m service` is `./wutong`, but for `test`, `bench` and `chaos`: see `lab`."""

from service.cli.commands import main

if __name__ == "__main__":
    main()
