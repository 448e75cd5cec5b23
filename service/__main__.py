"""`python -m service` is `./wutong`, but for the commands of a checkout: see `lab`."""

import gc

gc.set_threshold(50_000)  # modules stay: to look for garbage while they are loaded takes an eighth of the time

from service.cli.commands import main  # noqa: E402

if __name__ == "__main__":
    main()
