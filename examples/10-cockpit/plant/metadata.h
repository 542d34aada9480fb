// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

// The only place of labels, units, decimals and limits. `minimum` and `maximum` are the ends of a scale.

inline constexpr char StationMetadata[] = R"json({
    "description": "District heating, Harbour station",
    "staleAfter": 1000,
    "fields": {
        "supply": { "label": "Supply", "unit": "°C", "decimals": 1, "minimum": 40, "maximum": 110,
                    "low": 60, "high": 85, "highHigh": 95, "hysteresis": 1 },
        "returned": { "label": "Return", "unit": "°C", "decimals": 1, "minimum": 20, "maximum": 80, "high": 60, "hysteresis": 1 },
        "target": { "label": "Set point", "unit": "°C", "decimals": 1 },
        "outside": { "label": "Outside", "unit": "°C", "decimals": 1 },
        "flow": { "label": "Flow", "unit": "m³/h", "decimals": 0, "minimum": 0, "maximum": 500, "low": 120, "hysteresis": 20 },
        "pressure": { "label": "Pressure", "unit": "bar", "decimals": 2, "minimum": 2, "maximum": 8,
                      "lowLow": 4, "low": 5, "high": 7.2, "hysteresis": 0.2, "delay": 300 },
        "output": { "label": "Output", "unit": "MW", "decimals": 1, "minimum": 0, "maximum": 24 },
        "valve": { "label": "Valve", "unit": "%", "decimals": 0, "minimum": 0, "maximum": 100 },
        "vibration": { "label": "Vibration", "unit": "mm/s", "decimals": 1, "minimum": 0, "maximum": 10,
                       "high": 4.5, "highHigh": 7.1, "hysteresis": 0.5 },
        "pump": { "label": "Pump", "values": { "0": "Off", "1": "Running", "2": "Tripped" } }
    }
})json";

inline constexpr char HistoryMetadata[] = R"json({
    "description": "Temperatures, last two minutes",
    "staleAfter": 1000,
    "timeField": "timestamp",
    "fields": {
        "supply": { "label": "Supply", "unit": "°C", "decimals": 1 },
        "returned": { "label": "Return", "unit": "°C", "decimals": 1 },
        "target": { "label": "Set point", "unit": "°C", "decimals": 1 }
    }
})json";

inline constexpr char SensorsMetadata[] = R"json({
    "description": "Substations",
    "staleAfter": 1000,
    "fields": {
        "place": { "label": "Place" },
        "temperature": { "label": "Supply", "unit": "°C", "decimals": 1, "low": 60, "high": 85, "hysteresis": 1 },
        "battery": { "label": "Battery", "unit": "%", "decimals": 0, "low": 20, "lowLow": 10, "hysteresis": 2 }
    }
})json";

inline constexpr char VibrationMetadata[] = R"json({
    "description": "Bearing of the pump",
    "staleAfter": 500,
    "sampleRate": 1000,
    "fields": { "value": { "label": "Velocity", "unit": "mm/s", "decimals": 1 } }
})json";

inline constexpr char LogMetadata[] = R"json({
    "description": "Log",
    "timeField": "timestamp",
    "fields": { "level": { "values": { "3": "Error", "4": "Warning", "6": "Info" } } }
})json";
