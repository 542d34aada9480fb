// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

namespace sharedsegment {

/// The cause of a failure, with the same meaning on every system. SharedSegment::Error has the same values.
enum class ErrorCode {
    NoError,            ///< no failure
    InvalidName,        ///< the name is empty, longer than 255 bytes of UTF-8, contains NUL, or is not UTF-8
    InvalidLayout,      ///< the layout is missing, or its text is not a layout
    InvalidSize,        ///< a capacity, a number of buffers or a number of bytes is not possible
    AlreadyExists,      ///< a living owner has the name
    NotFound,           ///< the name has no owner, or nothing is open
    PermissionDenied,   ///< a folder, an access or a forked child: the text says which
    LayoutMismatch,     ///< the segment has another layout or capacity than the expected one
    UnsupportedVersion, ///< a record or memory has another version of the format
    Corrupt,            ///< the record, the memory or the writers' lock is damaged
    OutOfMemory,        ///< the machine, its control group or its file system does not have enough memory
    Busy,               ///< other writers or processes were at work for the whole waiting time
    Unsupported,        ///< this system lacks what the call needs
    SystemError,        ///< a system call failed for another reason
    InvalidState,       ///< the call does not fit the state, such as create() of an open object
    InvalidValue,       ///< a value does not fit its field
};

} // namespace sharedsegment
