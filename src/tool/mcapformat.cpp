// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "mcapformat.h"

#include <array>

namespace Mcap {

namespace {

constexpr std::size_t Slices = 8;
using Table = std::array<quint32, 256>;

/// Table `i` has the effect of a byte that `i` other bytes follow.
constexpr std::array<Table, Slices> Tables = [] {
    constexpr quint32 Polynomial = 0xedb88320;
    std::array<Table, Slices> tables{};
    for (quint32 byte = 0; byte < 256; ++byte) {
        quint32 value = byte;
        for (int bit = 0; bit < 8; ++bit)
            value = value >> 1 ^ (value & 1 ? Polynomial : 0);
        tables[0][byte] = value;
    }
    for (std::size_t slice = 1; slice < Slices; ++slice) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const quint32 before = tables[slice - 1][byte];
            tables[slice][byte] = before >> 8 ^ tables[0][before & 0xff];
        }
    }
    return tables;
}();

} // namespace

void Crc32::add(QByteArrayView bytes)
{
    const auto *at = reinterpret_cast<const uchar *>(bytes.data());
    qsizetype left = bytes.size();
    quint32 state = m_state;
    for (; left >= qsizetype(Slices); left -= qsizetype(Slices), at += Slices) {
        const quint32 low = state ^ qFromLittleEndian<quint32>(at);
        const quint32 high = qFromLittleEndian<quint32>(at + 4);
        state = Tables[7][low & 0xff] ^ Tables[6][low >> 8 & 0xff] ^ Tables[5][low >> 16 & 0xff] ^ Tables[4][low >> 24]
              ^ Tables[3][high & 0xff] ^ Tables[2][high >> 8 & 0xff] ^ Tables[1][high >> 16 & 0xff]
              ^ Tables[0][high >> 24];
    }
    for (; left > 0; --left, ++at)
        state = state >> 8 ^ Tables[0][(state ^ *at) & 0xff];
    m_state = state;
}

} // namespace Mcap
