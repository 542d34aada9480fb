// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "name.h"

#include "fnv.h"
#include "format.h"

#include <array>
#include <tuple>
#include <utility>

namespace sharedsegment::engine {

namespace {

constexpr std::string_view Prefix = "s.";
constexpr std::string_view Suffix = ".segment";
constexpr std::size_t LongestEncoded = 200;
constexpr std::size_t KeptOfLonger = 150;
constexpr std::size_t HashDigits = 32;
constexpr std::string_view HexDigits = "0123456789ABCDEF";

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

void appendHex(std::string &text, unsigned byte)
{
    text += HexDigits[(byte >> 4) & 15];
    text += HexDigits[byte & 15];
}

bool isHex(std::string_view text)
{
    return text.find_first_not_of(HexDigits) == text.npos;
}

/// The byte of two hexadecimal digits.
char byteOf(std::string_view digits)
{
    return static_cast<char>(HexDigits.find(digits[0]) * 16 + HexDigits.find(digits[1]));
}

/// @param cut whether the text may end within an escape
bool isEncoded(std::string_view text, bool cut)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isPlain(text[i]))
            continue;
        const std::string_view digits = text.substr(i + 1, 2);
        if (text[i] != '%' || !isHex(digits) || (digits.size() < 2 && !cut))
            return false;
        if (digits.size() == 2) {
            const char byte = byteOf(digits);
            if (byte == '\0' || isPlain(byte))
                return false;
        }
        i += digits.size();
    }
    return true;
}

} // namespace

bool isUtf8(std::string_view bytes)
{
    std::size_t i = 0;
    while (i < bytes.size()) {
        const auto first = static_cast<unsigned char>(bytes[i++]);
        if (first < 0x80)
            continue;
        // Only the second byte's range depends on the first byte: RFC 3629, section 4.
        unsigned lowest = 0x80;
        unsigned highest = 0xbf;
        int following = 0;
        if (first >= 0xc2 && first <= 0xdf) {
            following = 1;
        } else if (first >= 0xe0 && first <= 0xef) {
            following = 2;
            if (first == 0xe0)
                lowest = 0xa0;
            else if (first == 0xed)
                highest = 0x9f;
        } else if (first >= 0xf0 && first <= 0xf4) {
            following = 3;
            if (first == 0xf0)
                lowest = 0x90;
            else if (first == 0xf4)
                highest = 0x8f;
        } else {
            return false;
        }
        for (; following > 0; --following) {
            const unsigned byte = i < bytes.size() ? static_cast<unsigned char>(bytes[i++]) : 0;
            if (byte < lowest || byte > highest)
                return false;
            lowest = 0x80;
            highest = 0xbf;
        }
    }
    return true;
}

Status checkName(std::string_view name)
{
    if (name.empty())
        return Error{ErrorCode::InvalidName, "the name of the segment is empty; give it one of 1 to 255 bytes"};
    if (name.size() > MaximumNameBytes) {
        return Error{ErrorCode::InvalidName, "the name of the segment has " + std::to_string(name.size())
                                                 + " bytes of UTF-8; give it one of at most 255"};
    }
    if (name.find('\0') != name.npos)
        return Error{ErrorCode::InvalidName, "the name of the segment contains a NUL character; leave that out"};
    if (!isUtf8(name))
        return Error{ErrorCode::InvalidName, "the name of the segment is not well-formed UTF-8; encode it as such"};
    return {};
}

bool isMirrorName(std::string_view name)
{
    return name.starts_with(MirrorSign);
}

std::string_view hostOf(std::string_view mirrorName)
{
    mirrorName.remove_prefix(1);
    return mirrorName.substr(0, mirrorName.find('/'));
}

Source sourceIn(std::string_view name, std::uint32_t stated)
{
    if (!isMirrorName(name))
        return Source::Here;
    return stated == static_cast<std::uint32_t>(Source::Reachable) ? Source::Reachable : Source::NotReachable;
}

std::string recordFileName(std::string_view name)
{
    std::string file(Prefix);
    file.reserve(Prefix.size() + 3 * name.size() + Suffix.size());
    for (const char c : name) {
        if (isPlain(c)) {
            file += c;
        } else {
            file += '%';
            appendHex(file, static_cast<unsigned char>(c));
        }
    }
    if (file.size() > Prefix.size() + LongestEncoded) {
        file.resize(Prefix.size() + KeptOfLonger);
        file += '~';
        const Hash128 hash = fnv1a128(name);
        for (const std::uint64_t half : {hash.high, hash.low}) {
            for (int shift = 56; shift >= 0; shift -= 8)
                appendHex(file, static_cast<unsigned>(half >> shift) & 0xff);
        }
    }
    file += Suffix;
    return file;
}

bool isRecordFileName(std::string_view fileName)
{
    if (fileName.size() <= Prefix.size() + Suffix.size() || !fileName.starts_with(Prefix)
        || !fileName.ends_with(Suffix))
        return false;
    fileName.remove_prefix(Prefix.size());
    fileName.remove_suffix(Suffix.size());
    if (fileName.size() == KeptOfLonger + 1 + HashDigits && fileName[KeptOfLonger] == '~')
        return isEncoded(fileName.substr(0, KeptOfLonger), true) && isHex(fileName.substr(KeptOfLonger + 1));
    return fileName.size() <= LongestEncoded && isEncoded(fileName, false);
}

std::optional<std::string> nameOfRecordFile(std::string_view fileName)
{
    if (!isRecordFileName(fileName) || fileName.find('~') != fileName.npos)
        return std::nullopt;
    fileName.remove_prefix(Prefix.size());
    fileName.remove_suffix(Suffix.size());
    std::string name;
    for (std::size_t i = 0; i < fileName.size(); ++i) {
        if (fileName[i] == '%') {
            name += byteOf(fileName.substr(i + 1, 2));
            i += 2;
        } else {
            name += fileName[i];
        }
    }
    return checkName(name) ? std::optional(std::move(name)) : std::nullopt;
}

std::string toHex(const os::InstanceId &id)
{
    std::array<char, 2 * std::tuple_size_v<os::InstanceId>> digits;
    for (std::size_t i = 0; i < id.size(); ++i) {
        digits[2 * i] = HexDigits[id[i] >> 4];
        digits[2 * i + 1] = HexDigits[id[i] & 15];
    }
    return {digits.data(), digits.size()};
}

} // namespace sharedsegment::engine
