// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../peer/pattern.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedSegment>

#include <QtQml/QQmlContext>
#include <QtQml/QQmlEngine>
#include <QtQuickTest/quicktest.h>

#include <memory>

/// What the tests in QML need from outside QML.
class Setup : public QObject
{
    Q_OBJECT

public Q_SLOTS:
    void qmlEngineAvailable(QQmlEngine *engine)
    {
        engine->addImportPath(testPath("IMPORT_PATH"));
        engine->rootContext()->setContextProperty(QStringLiteral("peers"), this);
    }

public:
    Q_INVOKABLE QString uniqueName() { return testsupport::uniqueName("quick"); }
    /// Starts a process that owns the segment; kills the previous one.
    Q_INVOKABLE void start(const QString &name, int length)
    {
        m_peer.reset();
        m_peer = testsupport::owner(name, testsupport::preferredBackend(), length);
    }
    Q_INVOKABLE QString ask(const QString &what) { return m_peer ? m_peer->ask(what.toUtf8().constData()) : QString(); }
    /// An element that the process publishes, as JavaScript has it.
    Q_INVOKABLE double word(int key, int index)
    {
        return static_cast<double>(pattern::wordOf(static_cast<quint64>(key), static_cast<std::size_t>(index)));
    }
    Q_INVOKABLE void kill() { m_peer.reset(); }

private:
    testsupport::RegistryFolder m_folder;
    std::unique_ptr<testsupport::Peer> m_peer;
};

QUICK_TEST_MAIN_WITH_SETUP(quick, Setup)

#include "tst_quick.moc"
