// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "player.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Player::Player(Sound sound, QObject *parent)
    : QObject(parent)
    , m_sound(std::move(sound))
    , m_source(u"live-plot/source"_s)
    , m_signal(u"live-plot/signal"_s)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(16ms);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!publish()) {
            m_timer.stop();
            Q_EMIT failed();
        }
    });
}

bool Player::start(double windowSeconds)
{
    m_window = static_cast<std::size_t>(std::max(2.0, std::round(windowSeconds * m_sound.rate)));
    m_samples.assign(2 * m_window, 0);
    m_end = m_window;

    Source source{static_cast<double>(m_sound.rate), {}};
    QString title = m_sound.title;
    while (title.toUtf8().size() > qsizetype(sizeof source.title)) // cut between characters
        title.chop(1);
    const QByteArray bytes = title.toUtf8();
    std::copy(bytes.begin(), bytes.end(), source.title);
    m_signal.segment()->setMetadata({{u"staleAfter"_s, 2000}}); // in ms
    if (!m_source.create() || !m_source.set(source))
        return fail(m_source.errorString());
    if (!m_signal.create(static_cast<qint64>(m_window)))
        return fail(m_signal.errorString());
    m_clock.start();
    m_timer.start();
    return true;
}

bool Player::fail(const QString &reason)
{
    m_errorString = reason;
    return false;
}

bool Player::publish()
{
    const auto due = static_cast<qint64>(static_cast<double>(m_clock.nsecsElapsed()) / 1e9 * m_sound.rate);
    // After a suspend of the machine, skip samples that would already have left the window.
    m_played = std::max(m_played, due - static_cast<qint64>(m_window));
    for (; m_played < due; ++m_played) {
        if (m_end == m_samples.size()) {
            std::copy(m_samples.end() - static_cast<std::ptrdiff_t>(m_window), m_samples.end(), m_samples.begin());
            m_end = m_window;
        }
        m_samples[m_end++] = m_sound.sample(m_played);
    }
    return m_signal.publish(std::span(m_samples).subspan(m_end - m_window, m_window)) || fail(m_signal.errorString());
}
