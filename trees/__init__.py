"""The commands of people who change menu trees: make one, check, walk, try, draw it, print its card."""
