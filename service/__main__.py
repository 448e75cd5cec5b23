"""`python -m service` is `./wutong`, but for the commands of a checkout: see `lab`."""

from service.cli.commands import main

if __name__ == "__main__":
    main()
