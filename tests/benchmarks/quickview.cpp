// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "quickview.h"

#include "waiting.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>
#include <QtQml/QQmlComponent>

#include <ctime>
#include <utility>

using namespace Qt::StringLiterals;

double threadTime()
{
    timespec now;
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

QuickView::QuickView(const QByteArray &qml, const QVariantMap &properties)
{
    m_view.engine()->addImportPath(QStringLiteral(IMPORT_PATH));
    auto *component = new QQmlComponent(m_view.engine(), &m_view);
    component->setData(qml, QUrl(u"benchmark.qml"_s));
    QObject *object = component->createWithInitialProperties(properties);
    m_root = qobject_cast<QQuickItem *>(object);
    if (!m_root) {
        qWarning("%s", qPrintable(component->errorString()));
        return;
    }
    m_view.setContent(QUrl(), component, object);
    QObject::connect(&m_view, &QQuickWindow::frameSwapped, &m_view, [this] { m_isShown = m_isShown || m_isChanged; });
}

void QuickView::show()
{
    m_view.show();
    change();
    m_root->update();
    m_view.update();
    waitForFrame();
}

bool QuickView::waitForFrame()
{
    const bool isShown = waitFor([this] { return m_isShown; });
    m_isShown = m_isChanged = false;
    return isShown;
}

void QuickView::run(int milliseconds)
{
    bool isOver = false;
    QTimer::singleShot(milliseconds, Qt::PreciseTimer, qApp, [&isOver] { isOver = true; });
    while (!isOver)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}
