#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
"""A weather station: owns the segment "weather" and publishes ten readings a second until it is interrupted."""

import math
import os
import signal
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/bindings/python"))
import sharedsegment

LAYOUT = "Reading{temperature:f64@0;humidity:f64@8;station:char[16]@16}/32"
METADATA = {
    "description": "weather on the roof", "staleAfter": 1000,
    "fields": {"temperature": {"unit": "\u00b0C", "decimals": 1}, "humidity": {"unit": "%"}},
}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with sharedsegment.create("weather", LAYOUT, metadata=METADATA) as weather:
            hours = 0.0
            while True:
                weather.publish(struct.pack("<dd16s", 15 + 5 * math.sin(hours), 60 - 10 * math.sin(hours), b"roof"))
                hours += 0.1
                time.sleep(0.1)
    except sharedsegment.Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
