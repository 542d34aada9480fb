// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "descriptors.h"

#include <QtCore/QDir>
#include <QtCore/QFile>

#include <algorithm>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

QByteArray pathOf(const QByteArray &name)
{
    return QFile::encodeName(QDir::tempPath()) + '/' + name;
}

sockaddr_un addressOf(const QByteArray &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy_n(path.begin(), std::min<std::size_t>(static_cast<std::size_t>(path.size()), sizeof address.sun_path - 1),
                address.sun_path);
    return address;
}

} // namespace

DescriptorEnds::~DescriptorEnds()
{
    if (m_out != m_in)
        ::close(m_out);
    if (m_in != -1) {
        ::close(m_in);
        ::unlink(m_mine.constData());
    }
}

void DescriptorEnds::receive() const
{
    char bytes[64];
    [[maybe_unused]] const ssize_t count = ::read(m_in, bytes, sizeof bytes);
}

void DescriptorEnds::send() const
{
    [[maybe_unused]] const ssize_t count = ::write(m_out, "!", 1);
}

bool FifoEnds::create(const QByteArray &mine, const QByteArray &theirs)
{
    m_mine = pathOf(mine);
    m_theirs = pathOf(theirs);
    if (::mkfifo(m_mine.constData(), S_IRUSR | S_IWUSR) == -1)
        return false;
    m_in = ::open(m_mine.constData(), O_RDWR | O_CLOEXEC);
    return m_in != -1;
}

bool FifoEnds::connectToOther()
{
    m_out = ::open(m_theirs.constData(), O_WRONLY | O_CLOEXEC);
    return m_out != -1;
}

bool DatagramEnds::create(const QByteArray &mine, const QByteArray &theirs)
{
    m_mine = pathOf(mine);
    m_theirs = pathOf(theirs);
    m_in = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    m_out = m_in;
    const sockaddr_un address = addressOf(m_mine);
    return m_in != -1 && ::bind(m_in, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
}

bool DatagramEnds::connectToOther()
{
    const sockaddr_un address = addressOf(m_theirs);
    return ::connect(m_in, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
}
