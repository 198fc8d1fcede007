"""The launcher: brings everything that Xiyuan needs, and starts, watches and stops it.

Standard library only: it runs before anything is installed. `python3 -m launcher --help` lists its
commands; the Makefile has one target for each.
"""
