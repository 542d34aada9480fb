// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "numbertext.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <system_error>
#include <type_traits>

using namespace Qt::StringLiterals;

namespace NumberText {

namespace {

using Type = SharedLayout::Type;

template<typename T>
T load(const std::byte *bytes)
{
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

template<typename T>
void store(std::byte *bytes, T value)
{
    std::memcpy(bytes, &value, sizeof value);
}

bool isSame(QByteArrayView text, const char *word)
{
    return text.compare(word, Qt::CaseInsensitive) == 0;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The parts of a decimal number. Its value is 0.DIGITS times 10 to the power of `scale`.
struct Decimal
{
    bool isNegative = false;
    QByteArrayView unsignedText;
    QByteArray digits; ///< without leading and trailing zeros; empty for zero
    std::int64_t scale = 0;
};

bool toDecimal(QByteArrayView text, Decimal &decimal)
{
    constexpr std::int64_t Most = 1'000'000'000'000'000;
    qsizetype i = 0;
    if (!text.isEmpty() && (text.front() == '-' || text.front() == '+')) {
        decimal.isNegative = text.front() == '-';
        text = text.sliced(1);
    }
    decimal.unsignedText = text;
    bool hasDigit = false;
    bool isFraction = false;
    std::int64_t scale = 0;
    for (; i < text.size() && (isDigit(text[i]) || (text[i] == '.' && !isFraction)); ++i) {
        if (text[i] == '.') {
            isFraction = true;
            continue;
        }
        hasDigit = true;
        if (text[i] == '0' && decimal.digits.isEmpty()) {
            scale -= isFraction ? 1 : 0;
            continue;
        }
        decimal.digits += text[i];
        scale += isFraction ? 0 : 1;
    }
    if (!hasDigit)
        return false;
    if (i < text.size()) {
        if (text[i] != 'e' && text[i] != 'E')
            return false;
        ++i;
        bool isNegative = false;
        if (i < text.size() && (text[i] == '-' || text[i] == '+'))
            isNegative = text[i++] == '-';
        if (i == text.size())
            return false;
        std::int64_t exponent = 0;
        for (; i < text.size(); ++i) {
            if (!isDigit(text[i]))
                return false;
            exponent = std::min(exponent * 10 + (text[i] - '0'), Most);
        }
        scale += isNegative ? -exponent : exponent;
    }
    while (decimal.digits.endsWith('0'))
        decimal.digits.chop(1);
    decimal.scale = scale;
    return true;
}

template<typename T>
Outcome parseInteger(QByteArrayView text, std::byte *to)
{
    constexpr std::int64_t MostDigits = 20;
    Decimal decimal;
    if (!toDecimal(text, decimal))
        return isSame(text, "inf") || isSame(text, "-inf") || isSame(text, "infinity") || isSame(text, "-infinity")
                 ? Outcome::OutOfRange
                 : Outcome::NotANumber;
    if (decimal.digits.isEmpty()) {
        store(to, T(0));
        return Outcome::Good;
    }
    if (decimal.digits.size() > decimal.scale)
        return Outcome::NotWhole;
    if (decimal.scale > MostDigits)
        return Outcome::OutOfRange;
    const QByteArray digits = decimal.digits.leftJustified(qsizetype(decimal.scale), '0');
    std::uint64_t number = 0;
    if (std::from_chars(digits.constBegin(), digits.constEnd(), number).ec != std::errc())
        return Outcome::OutOfRange;
    constexpr std::uint64_t Greatest = std::uint64_t(std::numeric_limits<T>::max());
    if (number > (decimal.isNegative ? (std::is_signed_v<T> ? Greatest + 1 : 0) : Greatest))
        return Outcome::OutOfRange;
    store(to, static_cast<T>(decimal.isNegative ? 0 - number : number));
    return Outcome::Good;
}

template<typename T>
struct Bits
{
    using Integer = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    static constexpr int Mantissa = std::numeric_limits<T>::digits - 1;
    static constexpr Integer Sign = Integer(1) << (sizeof(T) * 8 - 1);
    static constexpr Integer Payload = (Integer(1) << Mantissa) - 1;
    static constexpr Integer Infinity = static_cast<Integer>(~Sign & ~Payload);
    static constexpr Integer Quiet = Integer(1) << (Mantissa - 1); ///< the payload of the usual NaN
};

/// Parses `nan` and `nan(0x7)`.
template<typename T>
bool parseNaN(QByteArrayView text, typename Bits<T>::Integer &bits)
{
    if (text.size() < 3 || !isSame(text.first(3), "nan"))
        return false;
    auto payload = Bits<T>::Quiet;
    if (text.size() > 3) {
        if (text.size() < 8 || !isSame(text.sliced(3, 3), "(0x") || text.back() != ')')
            return false;
        const QByteArrayView digits = text.sliced(6).chopped(1);
        const auto [end, code] = std::from_chars(digits.begin(), digits.end(), payload, 16);
        if (code != std::errc() || end != digits.end() || payload == 0 || payload > Bits<T>::Payload)
            return false;
    }
    bits = Bits<T>::Infinity | payload;
    return true;
}

template<typename T>
Outcome parseReal(QByteArrayView text, std::byte *to)
{
    using Integer = typename Bits<T>::Integer;
    Decimal decimal;
    const bool isNumber = toDecimal(text, decimal);
    const Integer sign = decimal.isNegative ? Bits<T>::Sign : 0;
    if (!isNumber) {
        Integer bits = 0;
        if (isSame(decimal.unsignedText, "inf") || isSame(decimal.unsignedText, "infinity"))
            bits = Bits<T>::Infinity;
        else if (!parseNaN<T>(decimal.unsignedText, bits))
            return Outcome::NotANumber;
        store<Integer>(to, bits | sign);
        return Outcome::Good;
    }
    T number = 0;
    const char *const begin = decimal.unsignedText.begin();
    const char *const end = decimal.unsignedText.end();
#if defined(__cpp_lib_to_chars)
    const bool isFar = std::from_chars(begin, end, number).ec == std::errc::result_out_of_range;
#else
    // Rounds a float twice, unlike std::from_chars(), which this standard library has from its next version on.
    bool isGood = false;
    const double wide = QByteArray(begin, end - begin).toDouble(&isGood);
    number = static_cast<T>(wide);
    const bool isFar = !isGood || std::isinf(number);
#endif
    if (isFar) {
        if (decimal.scale > 0)
            return Outcome::OutOfRange;
        number = 0; // Nearer to zero than to any other number.
    }
    store(to, decimal.isNegative ? -number : number);
    return Outcome::Good;
}

Outcome parseBool(QByteArrayView text, std::byte *to)
{
    if (isSame(text, "true") || isSame(text, "false")) {
        store<quint8>(to, isSame(text, "true") ? 1 : 0);
        return Outcome::Good;
    }
    quint8 number = 0;
    const Outcome outcome = parseInteger<quint8>(text, reinterpret_cast<std::byte *>(&number));
    if (outcome != Outcome::Good || number > 1)
        return Outcome::NotANumber;
    store(to, number);
    return Outcome::Good;
}

template<typename T>
void appendReal(QByteArray &text, const std::byte *from)
{
    using Integer = typename Bits<T>::Integer;
    const auto bits = load<Integer>(from);
    const Integer payload = bits & Bits<T>::Payload;
    if ((bits & Bits<T>::Infinity) == Bits<T>::Infinity && payload != 0) {
        text += (bits & Bits<T>::Sign) != 0 ? "-nan" : "nan";
        if (payload != Bits<T>::Quiet)
            text += "(0x" + QByteArray::number(quint64(payload), 16) + ')';
        return;
    }
    std::array<char, 64> digits;
    const std::to_chars_result result = std::to_chars(digits.data(), digits.data() + digits.size(), load<T>(from));
    text.append(digits.data(), result.ptr - digits.data());
}

template<typename T>
void appendInteger(QByteArray &text, const std::byte *from)
{
    std::array<char, 24> digits;
    const std::to_chars_result result = std::to_chars(digits.data(), digits.data() + digits.size(), load<T>(from));
    text.append(digits.data(), result.ptr - digits.data());
}

} // namespace

Outcome parse(QByteArrayView text, Type type, std::byte *to)
{
    switch (type) {
    case Type::Int8:
        return parseInteger<qint8>(text, to);
    case Type::UInt8:
        return parseInteger<quint8>(text, to);
    case Type::Int16:
        return parseInteger<qint16>(text, to);
    case Type::UInt16:
        return parseInteger<quint16>(text, to);
    case Type::Int32:
        return parseInteger<qint32>(text, to);
    case Type::UInt32:
        return parseInteger<quint32>(text, to);
    case Type::Int64:
        return parseInteger<qint64>(text, to);
    case Type::UInt64:
        return parseInteger<quint64>(text, to);
    case Type::Float32:
        return parseReal<float>(text, to);
    case Type::Float64:
        return parseReal<double>(text, to);
    case Type::Bool:
        return parseBool(text, to);
    case Type::Text:
        break;
    }
    return Outcome::NotANumber;
}

void append(QByteArray &text, Type type, const std::byte *from)
{
    switch (type) {
    case Type::Int8:
        return appendInteger<qint8>(text, from);
    case Type::UInt8:
        return appendInteger<quint8>(text, from);
    case Type::Int16:
        return appendInteger<qint16>(text, from);
    case Type::UInt16:
        return appendInteger<quint16>(text, from);
    case Type::Int32:
        return appendInteger<qint32>(text, from);
    case Type::UInt32:
        return appendInteger<quint32>(text, from);
    case Type::Int64:
        return appendInteger<qint64>(text, from);
    case Type::UInt64:
        return appendInteger<quint64>(text, from);
    case Type::Float32:
        return appendReal<float>(text, from);
    case Type::Float64:
        return appendReal<double>(text, from);
    case Type::Bool:
        text += load<quint8>(from) != 0 ? "true" : "false";
        return;
    case Type::Text:
        return;
    }
}

QString problemOf(Outcome outcome, const QString &shown, const SharedLayout::Field &field)
{
    switch (outcome) {
    case Outcome::NotWhole:
        return shown + u" is not a whole number, as "_s + field.typeText + u" needs"_s;
    case Outcome::OutOfRange:
        return shown + u" is outside the range of "_s + field.typeText;
    case Outcome::NotANumber:
    case Outcome::Good:
        break;
    }
    return shown + (field.type == Type::Bool ? u" is no bool"_s : u" is no number for "_s + field.typeText);
}

QString remedyFor(Outcome outcome, Type type)
{
    if (type == Type::Bool)
        return u"give true or false"_s;
    const bool isReal = type == Type::Float32 || type == Type::Float64;
    if (outcome == Outcome::NotANumber)
        return isReal ? u"give a number such as 1.5"_s : u"give a whole number"_s;
    if (outcome == Outcome::NotWhole)
        return u"round it"_s;
    switch (type) {
    case Type::Int8:
        return u"give one from -128 to 127"_s;
    case Type::UInt8:
        return u"give one from 0 to 255"_s;
    case Type::Int16:
        return u"give one from -32768 to 32767"_s;
    case Type::UInt16:
        return u"give one from 0 to 65535"_s;
    case Type::Int32:
        return u"give one from -2147483648 to 2147483647"_s;
    case Type::UInt32:
        return u"give one from 0 to 4294967295"_s;
    case Type::Int64:
        return u"give one from -9223372036854775808 to 9223372036854775807"_s;
    case Type::UInt64:
        return u"give one from 0 to 18446744073709551615"_s;
    case Type::Float32:
        return u"give one from -3.4e38 to 3.4e38"_s;
    default:
        return u"give one from -1.8e308 to 1.8e308"_s;
    }
}

} // namespace NumberText
