// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "interruption.h"

#include "command.h"

#include <QtCore/QCoreApplication>

Interruption::Interruption()
    : m_interrupt(sharedsegment::os::Interrupt::catchAll())
{
    if (!m_interrupt)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(qintptr(m_interrupt->native()), QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] {
        m_notifier->setEnabled(false);
        m_isInterrupted = true;
        QCoreApplication::quit();
    });
}

bool Interruption::isInterrupted() const
{
    QCoreApplication::processEvents();
    return m_isInterrupted;
}

int Interruption::run()
{
    if (!m_interrupt)
        return int(fail(QString::fromStdString(m_interrupt.error().text)));
    return m_isInterrupted ? int(ExitCode::Done) : QCoreApplication::exec();
}
