// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "listeners.h"

#include "sharedwords.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QSocketNotifier>
#include <QtCore/QThread>

#include <fcntl.h>
#include <memory>
#include <sys/eventfd.h>
#include <unistd.h>

namespace {

/// What listens here.
struct Listening
{
    SharedWords words;
    SharedArray<double> array;
    std::unique_ptr<QSocketNotifier> notifier;
    int descriptor = -1;

    ~Listening()
    {
        notifier.reset();
        if (descriptor != -1)
            ::close(descriptor);
    }

    void handleUpdate()
    {
        words[ReceivedWord].fetch_add(1);
        while (words[BusyWord].load() != 0)
            QThread::msleep(1);
    }
};

std::unique_ptr<Listening> listening;

/// NAME WORDS
QByteArray listenToSegment(const QList<QByteArray> &arguments)
{
    listening = std::make_unique<Listening>();
    listening->array.segment()->setName(QString::fromLatin1(arguments.at(0)));
    QObject::connect(listening->array.segment(), &SharedSegment::updated, [] { listening->handleUpdate(); });
    return listening->words.open(arguments.at(1), ListenersWordCount) && listening->array.open() ? "done" : "failed";
}

QByteArray listenTo(int descriptor, const QByteArray &words)
{
    listening = std::make_unique<Listening>();
    listening->descriptor = descriptor;
    if (descriptor == -1 || !listening->words.open(words, ListenersWordCount))
        return "failed";
    listening->notifier = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
    QObject::connect(listening->notifier.get(), &QSocketNotifier::activated, [] {
        char bytes[64];
        if (::read(listening->descriptor, bytes, sizeof bytes) > 0)
            listening->handleUpdate();
    });
    return QByteArray::number(descriptor);
}

/// WORDS, and the answer is the descriptor to write to.
QByteArray listenToEvent(const QList<QByteArray> &arguments)
{
    return listenTo(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), arguments.at(0));
}

/// WORDS PATH, where a FIFO is; the answer is a descriptor of it.
QByteArray listenToFifo(const QList<QByteArray> &arguments)
{
    return listenTo(::open(arguments.at(1).constData(), O_RDWR | O_NONBLOCK | O_CLOEXEC), arguments.at(0));
}

QByteArray stopListening(const QList<QByteArray> & /*arguments*/)
{
    listening.reset();
    return "done";
}

} // namespace

Station::Commands listenersCommands()
{
    return {{"listen-to-segment", listenToSegment},
            {"listen-to-event", listenToEvent},
            {"listen-to-fifo", listenToFifo},
            {"stop-listening", stopListening}};
}
