// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Several registry folders in one process: the property `registry`, and the environment as its default.

#include "../../support/errorstyle.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedValue>

#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;
using State = SharedSegment::State;

class tst_Registries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void oneNameInTwoFolders();
    void activeInAnotherFolder();
    void moved();
    void relativePath();
    void waitWithoutALoop();
    void pathWithNul();
    void unusable_data();
    void unusable();

private:
    QString other() const { return m_others.path() + u"/other"_s; }

    RegistryFolder m_registry;
    QTemporaryDir m_others;
};

void tst_Registries::oneNameInTwoFolders()
{
    const QString name = uniqueName();
    SharedValue<int> here(name);
    SharedValue<int> there(name);
    there.segment()->setRegistry(other());
    QCOMPARE(there.segment()->registry(), other());
    QVERIFY(here.create() && here.set(1));
    QVERIFY(there.create() && there.set(2));
    QCOMPARE(SharedSegment::names(), QStringList(name));
    QCOMPARE(SharedSegment::names(other()), QStringList(name));
    QVERIFY(SharedSegment::exists(name, other()));
    QVERIFY(!SharedSegment::exists(name + u"x"_s, other()));

    SharedValue<int> reader(name);
    QVERIFY(reader.open());
    QCOMPARE(reader.get(), 1);
    reader.close();
    reader.segment()->setRegistry(other());
    QVERIFY(reader.open());
    QCOMPARE(reader.get(), 2);
    there.close();
    QVERIFY(!SharedSegment::exists(name, other()));
    QVERIFY(SharedSegment::exists(name));
    QVERIFY(SharedSegment::names(other()).isEmpty());
}

void tst_Registries::activeInAnotherFolder()
{
    const QString name = uniqueName();
    SharedSegment reader(name);
    reader.setRegistry(other());
    reader.setActive(true);
    QCOMPARE(reader.state(), State::Waiting);
    SharedValue<int> here(name);
    QVERIFY(here.create());
    SharedValue<int> there(name);
    there.segment()->setRegistry(other());
    QVERIFY(there.create());
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Open, Deadline);
    QCOMPARE(reader.instance(), there.segment()->instance());
    // A larger one follows in the same folder.
    QSignalSpy reopened(&reader, &SharedSegment::reopened);
    QVERIFY(there.segment()->recreate(2));
    QTRY_COMPARE_WITH_TIMEOUT(reopened.size(), 1, Deadline);
    QCOMPARE(reader.instance(), there.segment()->instance());
    there.close();
    QTRY_COMPARE_WITH_TIMEOUT(reader.state(), State::Orphaned, Deadline);
}

void tst_Registries::moved()
{
    const QString name = uniqueName();
    SharedSegment owner(name);
    owner.setLayout(SharedLayout::of<int>());
    owner.setCapacity(1);
    owner.setOwner(true);
    owner.setActive(true);
    QCOMPARE(owner.state(), State::Open);
    QSignalSpy closed(&owner, &SharedSegment::closed);
    owner.setRegistry(other());
    QCOMPARE(closed.size(), 1);
    QCOMPARE(owner.state(), State::Open);
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(SharedSegment::exists(name, other()));
    owner.setRegistry(QString());
    QVERIFY(SharedSegment::exists(name));
    owner.close();
}

void tst_Registries::relativePath()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_others.path()));
    SharedValue<int> value(uniqueName());
    value.segment()->setRegistry(u"relative/"_s);
    const bool isCreated = value.create();
    QVERIFY(QDir::setCurrent(before));
    QVERIFY2(isCreated, qPrintable(value.errorString()));
    QVERIFY(value.segment()->recreate(3)); // in the folder of its record
    QVERIFY(SharedSegment::exists(value.segment()->name(), m_others.path() + u"/relative"_s));
}

void tst_Registries::waitWithoutALoop()
{
    const QString name = uniqueName();
    SharedSegment reader(name);
    reader.setRegistry(other());
    QVERIFY(!reader.waitForOpened(std::chrono::milliseconds(1)));
    QCOMPARE(reader.error(), Error::NotFound);
    QVERIFY2(reader.errorString().contains(other()), qPrintable(reader.errorString()));
    SharedValue<int> there(name);
    there.segment()->setRegistry(other());
    QVERIFY(there.create());
    QVERIFY(reader.waitForOpened(std::chrono::seconds(20)));
    QCOMPARE(reader.error(), Error::NoError);
    QVERIFY(!reader.waitForUpdated(0, QDeadlineTimer(1)));
    QCOMPARE(reader.error(), Error::NoError);
    QVERIFY(there.set(1));
    QVERIFY(reader.waitForUpdated(0, QDeadlineTimer(QDeadlineTimer::Forever)));
}

/// The folder with the name before the NUL is another one.
void tst_Registries::pathWithNul()
{
    QVERIFY(QDir(m_others.path()).mkpath(u"before"_s));
    QFile::setPermissions(m_others.path() + u"/before"_s, QFile::Permissions(0x7000));
    const QString path = m_others.path() + u"/before"_s + QChar(0) + u"behind"_s;
    SharedValue<int> value(uniqueName());
    value.segment()->setRegistry(path);
    QVERIFY(!value.create());
    QCOMPARE(value.error(), Error::PermissionDenied);
    QCOMPARE(errorstyle::problemOf(value.errorString()), QString());
    QVERIFY(!value.open());
    QCOMPARE(value.error(), Error::PermissionDenied);
    QVERIFY(QDir(m_others.path()).exists(u"before"_s));
}

void tst_Registries::unusable_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<Error>("error");
    QTest::newRow("missing above") << u"/none/there"_s << Error::NotFound;
    QTest::newRow("a file") << u"/file"_s << Error::PermissionDenied;
    QTest::newRow("open to others") << u"/open"_s << Error::PermissionDenied;
}

void tst_Registries::unusable()
{
    QFETCH(const QString, path);
    QFETCH(const Error, error);
    QFile file(m_others.path() + u"/file"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QDir(m_others.path()).mkdir(u"open"_s);
    QFile::setPermissions(m_others.path() + u"/open"_s, QFile::Permissions(0x7777));
    SharedValue<int> value(uniqueName());
    value.segment()->setRegistry(m_others.path() + path);
    QVERIFY(!value.create());
    QCOMPARE(value.error(), error);
    QCOMPARE(errorstyle::problemOf(value.errorString()), QString());
    QVERIFY2(error != Error::PermissionDenied || value.errorString().endsWith(u"; give a folder of its own"_s),
             qPrintable(value.errorString()));
}

QTEST_GUILESS_MAIN(tst_Registries)
#include "tst_registries.moc"
