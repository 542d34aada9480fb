// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>

/// The two ends of a connection that is a file descriptor: the same system calls, whether they block or an event loop waits.
class DescriptorEnds
{
public:
    DescriptorEnds() = default;
    ~DescriptorEnds();
    Q_DISABLE_COPY_MOVE(DescriptorEnds)

    /// To wait on; receive() takes what is there or waits for it.
    int descriptor() const { return m_in; }
    void receive() const;
    void send() const;

protected:
    int m_in = -1;
    int m_out = -1;
    QByteArray m_mine;
    QByteArray m_theirs;
};

class FifoEnds : public DescriptorEnds
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs);
    bool connectToOther();
};

class DatagramEnds : public DescriptorEnds
{
public:
    bool create(const QByteArray &mine, const QByteArray &theirs);
    bool connectToOther();
};
