// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "reduction_p.h"

#include <cmath>
#include <cstring>
#include <type_traits>

using Type = SharedLayout::Type;

namespace {

/// The byte of a bool: 0 is false, any other value is true.
struct Truth
{
    quint8 byte;
};

template<typename T>
using Number = std::conditional_t<std::is_same_v<T, Truth>, quint8, T>;

template<typename T>
Number<T> loadNumber(const std::byte *bytes)
{
    T value;
    std::memcpy(&value, bytes, sizeof value);
    if constexpr (std::is_same_v<T, Truth>)
        return value.byte != 0;
    else
        return value;
}

template<typename T>
constexpr T lowest()
{
    if constexpr (std::is_floating_point_v<T>)
        return -std::numeric_limits<T>::infinity();
    else
        return std::numeric_limits<T>::lowest();
}

template<typename T>
constexpr T highest()
{
    if constexpr (std::is_floating_point_v<T>)
        return std::numeric_limits<T>::infinity();
    else
        return std::numeric_limits<T>::max();
}

/// Number of independent lanes, so that one comparison does not wait for the previous one.
constexpr qsizetype Lanes = 8;

template<typename T, bool WithSum>
struct Accumulator
{
    using N = Number<T>;
    N low[Lanes];
    N high[Lanes];
    double sum[Lanes] = {};
    qsizetype nans = 0;
    qsizetype seen = 0;

    Accumulator()
    {
        for (qsizetype lane = 0; lane < Lanes; ++lane) {
            low[lane] = highest<N>();
            high[lane] = lowest<N>();
        }
    }

    void add(qsizetype lane, N value)
    {
        // Comparisons with NaN are false, so NaN is ignored.
        low[lane] = value < low[lane] ? value : low[lane];
        high[lane] = value > high[lane] ? value : high[lane];
        if constexpr (WithSum) {
            if constexpr (std::is_floating_point_v<N>) {
                const bool isNan = value != value;
                nans += isNan;
                sum[lane] += isNan ? 0.0 : static_cast<double>(value);
            } else {
                sum[lane] += static_cast<double>(value);
            }
        }
    }

    void run(const std::byte *bytes, qsizetype stride, qsizetype count)
    {
        qsizetype i = 0;
        for (; i + Lanes <= count; i += Lanes) {
            for (qsizetype lane = 0; lane < Lanes; ++lane)
                add(lane, loadNumber<T>(bytes + (i + lane) * stride));
        }
        for (; i < count; ++i)
            add(0, loadNumber<T>(bytes + i * stride));
        seen += count;
    }

    Reduction result() const
    {
        Reduction result;
        N least = low[0];
        N most = high[0];
        for (qsizetype lane = 0; lane < Lanes; ++lane) {
            least = low[lane] < least ? low[lane] : least;
            most = high[lane] > most ? high[lane] : most;
            result.sum += sum[lane];
        }
        result.count = seen - nans;
        if (seen > 0 && least <= most) {
            result.minimum = static_cast<double>(least);
            result.maximum = static_cast<double>(most);
        }
        return result;
    }
};

template<typename T, bool WithSum>
Reduction accumulate(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize,
                     qsizetype count)
{
    constexpr auto size = static_cast<qsizetype>(sizeof(T));
    Accumulator<T, WithSum> accumulator;
    if (field.size == elementSize) {
        // The compiler knows this stride.
        accumulator.run(elements, size, count * field.count);
    } else {
        for (qsizetype item = 0; item < field.count; ++item)
            accumulator.run(elements + field.offset + item * size, elementSize, count);
    }
    return accumulator.result();
}

template<typename T>
Reduction finiteExtent(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize,
                       qsizetype count)
{
    Reduction result = accumulate<T, false>(field, elements, elementSize, count);
    if constexpr (std::is_floating_point_v<T>) {
        if (!std::isinf(result.minimum) && !std::isinf(result.maximum))
            return result;
        result = Reduction();
        for (qsizetype i = 0; i < count; ++i) {
            for (qsizetype item = 0; item < field.count; ++item) {
                const double value =
                    loadNumber<T>(elements + i * elementSize + field.offset + item * static_cast<qsizetype>(sizeof(T)));
                if (!std::isfinite(value))
                    continue;
                result.minimum = std::fmin(result.minimum, value);
                result.maximum = std::fmax(result.maximum, value);
            }
        }
    }
    return result;
}

template<typename T>
Reduction storeNumbers(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize,
                       qsizetype count, double *lows, double *highs)
{
    constexpr auto Size = static_cast<qsizetype>(sizeof(T));
    if (!field.isArray) {
        const auto store = [&](qsizetype stride) {
            for (qsizetype i = 0; i < count; ++i)
                lows[i] = static_cast<double>(loadNumber<T>(elements + field.offset + i * stride));
        };
        // The compiler knows the first stride.
        if (elementSize == Size)
            store(Size);
        else
            store(elementSize);
        return Reduction();
    }
    for (qsizetype i = 0; i < count; ++i) {
        const std::byte *const at = elements + i * elementSize + field.offset;
        lows[i] = static_cast<double>(loadNumber<T>(at));
        highs[i] = lows[i];
        for (qsizetype item = 1; item < field.count; ++item) {
            const auto number = static_cast<double>(loadNumber<T>(at + item * Size));
            lows[i] = std::fmin(lows[i], number);
            highs[i] = std::fmax(highs[i], number);
        }
    }
    return Reduction();
}

template<typename Function>
Reduction dispatch(Type type, Function function)
{
    switch (type) {
    case Type::Int8:
        return function(qint8());
    case Type::UInt8:
        return function(quint8());
    case Type::Int16:
        return function(qint16());
    case Type::UInt16:
        return function(quint16());
    case Type::Int32:
        return function(qint32());
    case Type::UInt32:
        return function(quint32());
    case Type::Int64:
        return function(qint64());
    case Type::UInt64:
        return function(quint64());
    case Type::Float32:
        return function(float());
    case Type::Float64:
        return function(double());
    case Type::Bool:
        return function(Truth());
    case Type::Text:
        break;
    }
    return Reduction();
}

} // namespace

Reduction reduce(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize, qsizetype count)
{
    return dispatch(field.type,
                    [&]<typename T>(T) { return accumulate<T, true>(field, elements, elementSize, count); });
}

Reduction extent(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize, qsizetype count)
{
    return dispatch(field.type, [&]<typename T>(T) { return finiteExtent<T>(field, elements, elementSize, count); });
}

void toNumbers(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize, qsizetype count,
               double *lows, double *highs)
{
    dispatch(field.type,
             [&]<typename T>(T) { return storeNumbers<T>(field, elements, elementSize, count, lows, highs); });
}
