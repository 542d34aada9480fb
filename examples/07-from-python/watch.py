#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Prints each reading of the segment "weather" that it sees, whoever publishes it, until its owner is gone."""

import sys

import sharedsegment


def main():
    try:
        with sharedsegment.open("weather") as weather:
            seen = 0
            while weather.wait(seen) == "news":
                try:
                    seen = weather.read()[0]
                    reading = weather.values()[0]
                except sharedsegment.Failure as failure:
                    if failure.code == sharedsegment.BUSY:
                        continue  # The writer was in the way; it rings again when it is done.
                    raise
                print("%d: %.1f degrees, %.0f %%, %s" % (seen, reading["temperature"], reading["humidity"], reading["station"]),
                      flush=True)
            print("the station is gone")
    except sharedsegment.Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
