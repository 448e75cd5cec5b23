"""`python -m service` is `./wutong`."""

from service.cli import main

if __name__ == "__main__":
    main()
