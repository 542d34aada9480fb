// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "audience.h"

#include "sharedwords.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QSocketNotifier>
#include <QtCore/QThread>

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

    void hear()
    {
        words[HeardWord].fetch_add(1);
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
    QObject::connect(listening->array.segment(), &SharedSegment::updated, [] { listening->hear(); });
    return listening->words.open(arguments.at(1), AudienceWordCount) && listening->array.open() ? "done" : "failed";
}

/// WORDS, and the answer is the descriptor that is to be written to.
QByteArray listenToEvent(const QList<QByteArray> &arguments)
{
    listening = std::make_unique<Listening>();
    listening->descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (listening->descriptor == -1 || !listening->words.open(arguments.at(0), AudienceWordCount))
        return "failed";
    listening->notifier = std::make_unique<QSocketNotifier>(listening->descriptor, QSocketNotifier::Read);
    QObject::connect(listening->notifier.get(), &QSocketNotifier::activated, [] {
        std::uint64_t count = 0;
        if (::read(listening->descriptor, &count, sizeof count) == sizeof count)
            listening->hear();
    });
    return QByteArray::number(listening->descriptor);
}

QByteArray stopListening(const QList<QByteArray> & /*arguments*/)
{
    listening.reset();
    return "done";
}

} // namespace

Station::Commands audienceCommands()
{
    return {{"listen-to-segment", listenToSegment},
            {"listen-to-event", listenToEvent},
            {"stop-listening", stopListening}};
}
