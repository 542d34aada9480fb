#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""Prints the readings of the segment "weather", whichever program publishes them, until the owner is gone."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/bindings/python"))
import sharedsegment

LATE = 1  # Seconds. The station publishes ten readings a second.
LAYOUT = "Reading{temperature:f64@0;humidity:f64@8;station:char[16]@16}/32"


def main():
    try:
        with sharedsegment.open("weather") as weather:
            if weather.layout_text != LAYOUT:
                print("\"weather\" holds %s, not %s" % (weather.layout_text, LAYOUT), file=sys.stderr)
                return 1
            seen = 0
            while (event := weather.wait(seen, LATE)) in ("updated", "timeout"):
                if event == "timeout":  # The station lives, but may be stopped.
                    print("no new reading for %d s" % LATE, flush=True)
                    continue
                newest = weather.revision
                try:
                    seen, _, data = weather.read()
                except sharedsegment.Failure as failure:
                    if failure.code != sharedsegment.BUSY:
                        raise
                    seen = newest  # The writer interfered; it notifies again when it is done.
                    continue
                reading = weather.layout.element(data, 0)
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
