// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Messages from one process to another one, each on a processor of its own.

#include "transfer.h"

#include "../samples.h"
#include "streampeer.h"

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

std::unique_ptr<StreamPeer> end;

/// PEER NAME PROCESSOR ELEMENTS
QByteArray listen(const QList<QByteArray> &arguments)
{
    // The peer's own threads, too, which are made on the same processor.
    if (!runOn({arguments.at(2).toInt()}))
        return "failed";
    end = StreamPeer::make(QByteArray(arguments.at(0)).replace('/', ' '));
    return end && end->listen(arguments.at(1), arguments.at(3).toULongLong()) ? "done" : "failed";
}

/// PEER NAME PROCESSOR
QByteArray connectToReceiver(const QList<QByteArray> &arguments)
{
    if (!runOn({arguments.at(2).toInt()}))
        return "failed";
    end = StreamPeer::make(QByteArray(arguments.at(0)).replace('/', ' '));
    return end && end->connectToReceiver(arguments.at(1)) ? "done" : "failed";
}

/// NAME
QByteArray accept(const QList<QByteArray> &arguments)
{
    return end->accept(arguments.at(0)) ? "done" : "failed";
}

/// FIRST MESSAGES ELEMENTS: the answer is when it began, and when the last one was handed over, in ns.
QByteArray send(const QList<QByteArray> &arguments)
{
    std::uint64_t number = arguments.at(0).toULongLong();
    const std::uint64_t messages = arguments.at(1).toULongLong();
    std::vector<Element> elements(arguments.at(2).toULongLong());
    const std::int64_t begin = monotonicTime();
    for (std::uint64_t i = 0; i < messages; ++i) {
        for (Element &element : elements)
            element.number = number++;
        end->send(elements);
    }
    end->flush();
    return QByteArray::number(qint64(begin)) + ' ' + QByteArray::number(qint64(monotonicTime()));
}

/// FIRST COUNT: the answer is when the last element came, in ns, and how many were lost; "disorder" when one came twice or too
/// early.
QByteArray receive(const QList<QByteArray> &arguments)
{
    std::uint64_t expected = arguments.at(0).toULongLong();
    const std::uint64_t behind = expected + arguments.at(1).toULongLong();
    std::uint64_t lost = 0;
    std::int64_t last = 0;
    while (expected < behind) {
        const std::span<const Element> elements = end->receive();
        if (elements.empty()) {
            lost += behind - expected;
            break;
        }
        for (const Element &element : elements) {
            if (element.number < expected)
                return "disorder";
            lost += element.number - expected;
            expected = element.number + 1;
        }
        last = monotonicTime();
    }
    return QByteArray::number(qint64(last)) + ' ' + QByteArray::number(quint64(lost));
}

QByteArray close(const QList<QByteArray> & /*arguments*/)
{
    end.reset();
    return "done";
}

/// Both ends of a peer.
class Transfer
{
public:
    Transfer(const StreamPeer::Kind &kind, std::size_t elements)
        : m_kind(kind)
        , m_elements(QByteArray::number(quint64(elements)))
    {
    }
    ~Transfer()
    {
        m_sender.ask("transfer-close");
        m_receiver.ask("transfer-close");
    }
    Q_DISABLE_COPY_MOVE(Transfer)

    bool connectEnds()
    {
        static int counter = 0;
        const QByteArray name = "benchmark." + QByteArray::number(QCoreApplication::applicationPid()) + ".transfer."
                              + QByteArray::number(++counter);
        const QByteArray peer = QByteArray(m_kind.name).replace(' ', '/');
        return m_receiver.start() && m_sender.start()
            && m_receiver.ask("transfer-listen " + peer + ' ' + name + " 1 " + m_elements) == "done"
            && m_sender.ask("transfer-connect " + peer + ' ' + name + " 0") == "done"
            && m_receiver.ask("transfer-accept " + name) == "done";
    }
    /// @returns false, after a message, when something else than losses goes wrong.
    bool run(benchmark::State &state)
    {
        const std::uint64_t count = m_kind.messages * m_elements.toULongLong();
        const QByteArray first = QByteArray::number(quint64(m_next));
        m_receiver.tell("transfer-receive " + first + ' ' + QByteArray::number(quint64(count)));
        const QList<QByteArray> sent =
            m_sender
                .ask("transfer-send " + first + ' ' + QByteArray::number(quint64(m_kind.messages)) + ' ' + m_elements)
                .split(' ');
        const QList<QByteArray> received = m_receiver.answer().split(' ');
        m_next += count;
        if (sent.size() != 2 || received.size() != 2) {
            state.SkipWithError("the messages do not arrive in order");
            return false;
        }
        const double messages = static_cast<double>(m_kind.messages);
        state.SetIterationTime(static_cast<double>(sent.at(1).toLongLong() - sent.at(0).toLongLong()) / messages / 1e9);
        state.counters["until received"] = static_cast<double>(received.at(0).toLongLong() - sent.at(0).toLongLong())
                                         / messages;
        state.counters["lost"] = received.at(1).toDouble();
        return true;
    }

private:
    StreamPeer::Kind m_kind;
    QByteArray m_elements;
    std::uint64_t m_next = 0;
    Station m_receiver;
    Station m_sender;
};

void transfer(benchmark::State &state, const StreamPeer::Kind &kind)
{
    Transfer ends(kind, static_cast<std::size_t>(state.range(0)));
    if (!ends.connectEnds()) {
        state.SkipWithError("the ends do not come up");
        return;
    }
    // Once before it counts: memory that was never written to takes longer.
    for (auto iteration : state) {
        if (!ends.run(state) || !ends.run(state))
            return;
    }
}

} // namespace

Station::Commands transferCommands()
{
    return {{"transfer-listen", listen}, {"transfer-connect", connectToReceiver}, {"transfer-accept", accept},
            {"transfer-send", send},     {"transfer-receive", receive},           {"transfer-close", close}};
}

void addTransferBenchmarks(bool withIceoryx)
{
    for (const StreamPeer::Kind &kind : StreamPeer::all()) {
        if (!withIceoryx && std::strcmp(kind.name, "iceoryx") == 0)
            continue;
        for (const std::int64_t elements : {1, 64}) {
            const std::string name = std::string("message/") + kind.name;
            benchmark::RegisterBenchmark(name.c_str(), [kind](benchmark::State &state) { transfer(state, kind); })
                ->Arg(elements)
                ->UseManualTime()
                ->Iterations(1)
                ->Repetitions(7);
        }
    }
}
