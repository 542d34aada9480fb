// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QFile>
#include <QtCore/QRandomGenerator>
#include <QtCore/QRegularExpression>
#include <QtTest/QSignalSpy>

#include <limits>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;

class tst_BadInput : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void names_data();
    void names();
    void sizes_data();
    void sizes();
    void layouts_data();
    void layouts();
    void failuresLeaveTheObjectAsItWas();
    void unavailableBackend();
    void damagedRecords_data();
    void damagedRecords();
    void recordsOfAnotherVersion_data();
    void recordsOfAnotherVersion();
    void strangeThingsInTheFolder();
    void useAfterClose();
};

void tst_BadInput::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << QString();
    QTest::newRow("256 bytes") << QString(256, u'x');
    QTest::newRow("256 bytes of UTF-8") << QString(128, QChar(0xfc));
    QTest::newRow("NUL") << QString(QChar(0));
    QTest::newRow("NUL inside") << (u"a"_s + QChar(0) + u"b"_s);
    QTest::newRow("lone surrogate") << QString(QChar(0xd800));
}

void tst_BadInput::names()
{
    QFETCH(QString, name);
    SharedSegment s(name);
    QSignalSpy errors(&s, &SharedSegment::errorOccurred);
    s.setBackend(backend());
    QVERIFY(!s.create(SharedLayout::of<int>(), 1));
    QCOMPARE(s.error(), Error::InvalidName);
    QVERIFY(!s.errorString().isEmpty());
    QVERIFY(!s.open());
    QCOMPARE(s.error(), Error::InvalidName);
    QCOMPARE(errors.count(), 2);
    QVERIFY(!SharedSegment::exists(name));
    QCOMPARE(s.name(), name);
    s.setName(uniqueName());
    QVERIFY(s.create(SharedLayout::of<int>(), 1));
    QCOMPARE(s.error(), Error::NoError);
    QCOMPARE(s.errorString(), QString());
}

void tst_BadInput::sizes_data()
{
    QTest::addColumn<qint64>("length");
    QTest::addColumn<int>("bufferCount");
    QTest::addColumn<SharedSegment::Error>("error");
    QTest::newRow("0") << qint64(0) << 0 << Error::InvalidSize;
    QTest::newRow("-1") << qint64(-1) << 0 << Error::InvalidSize;
    QTest::newRow("least") << std::numeric_limits<qint64>::min() << 0 << Error::InvalidSize;
    QTest::newRow("product overflows") << std::numeric_limits<qint64>::max() << 0 << Error::InvalidSize;
    QTest::newRow("bufferCount overflow") << (std::numeric_limits<qint64>::max() / 8) << 0 << Error::InvalidSize;
    QTest::newRow("larger than the machine") << (qint64(1) << 46) << 1 << Error::OutOfMemory;
    QTest::newRow("bufferCount -1") << qint64(1) << -1 << Error::InvalidSize;
    QTest::newRow("bufferCount 17") << qint64(1) << 17 << Error::InvalidSize;
}

void tst_BadInput::sizes()
{
    QFETCH(qint64, length);
    QFETCH(int, bufferCount);
    QFETCH(SharedSegment::Error, error);
    SharedSegment s(uniqueName());
    s.setBackend(backend());
    s.setBufferCount(bufferCount);
    QVERIFY(!s.create(SharedLayout::of<double>(), length));
    QVERIFY2(s.error() == error, qPrintable(s.errorString()));
    QVERIFY(!s.errorString().isEmpty());
    QVERIFY(m_folder.files().isEmpty());
}

void tst_BadInput::layouts_data()
{
    QTest::addColumn<QString>("text");
    for (const QString &text : {u"f65"_s, u"f64[0]"_s, u"Point{"_s, u"Point{x:f64;x:f64}"_s, u"char[0]"_s, u"QString"_s,
                                u"{x:f64}"_s, u"Point{x:f64@4;y:f64@8}"_s, u"f64 f64"_s, u"P{}"_s})
        QTest::newRow(qPrintable(text)) << text;
}

void tst_BadInput::layouts()
{
    QFETCH(QString, text);
    SharedSegment s(uniqueName());
    s.setCapacity(4);
    s.setLayoutText(text);
    QCOMPARE(s.error(), Error::InvalidLayout);
    QCOMPARE(s.layoutText(), text);
    QVERIFY(!s.create());
    QCOMPARE(s.error(), Error::InvalidLayout);
    QVERIFY(!s.open());
    QCOMPARE(s.error(), Error::InvalidLayout);
    s.setLayoutText(u"f64"_s);
    QVERIFY(s.create());
}

void tst_BadInput::failuresLeaveTheObjectAsItWas()
{
    SharedSegment s(uniqueName());
    s.setBackend(backend());
    QVERIFY(!s.create());
    QCOMPARE(s.error(), Error::InvalidLayout);
    QVERIFY(s.create(SharedLayout::of<int>(), 4));
    const QString instance = s.instance();
    QVERIFY(s.publish(QByteArray(16, 'x')));
    QVERIFY(!s.publish(QByteArray(15, 'y')));
    QCOMPARE(s.error(), Error::InvalidSize);
    QVERIFY(!s.publish(QByteArray()));
    std::array<std::byte, 8> bytes;
    for (const qint64 offset : {qint64(-1), qint64(9), qint64(17), std::numeric_limits<qint64>::max()}) {
        QVERIFY(!s.read(bytes, offset));
        QCOMPARE(s.error(), Error::InvalidSize);
    }
    QVERIFY(s.read(bytes, 8));
    QVERIFY(!s.create(SharedLayout::of<double>(), 8));
    QCOMPARE(s.instance(), instance);
    QCOMPARE(s.snapshot(), QByteArray(16, 'x'));
    QCOMPARE(s.state(), State::Open);
}

void tst_BadInput::unavailableBackend()
{
    for (const Backend other : {Backend::Memfd, Backend::Posix, Backend::Win32}) {
        SharedSegment s(uniqueName());
        s.setBackend(other);
        const bool isThere = SharedSegment::backends().contains(other);
        QCOMPARE(s.create(SharedLayout::of<int>(), 4), isThere);
        QCOMPARE(s.error(), isThere ? Error::NoError : Error::Unsupported);
    }
}

void tst_BadInput::damagedRecords_data()
{
    QTest::addColumn<int>("offset"); // -1: the whole file becomes `bytes`
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<SharedSegment::Error>("error");
    QByteArray random(8192, '\0');
    for (char &c : random)
        c = char(QRandomGenerator::global()->bounded(256));
    QTest::newRow("empty") << -1 << QByteArray() << Error::Corrupt;
    QTest::newRow("short") << -1 << QByteArray("SSRECORD") << Error::Corrupt;
    QTest::newRow("random") << -1 << random << Error::Corrupt;
    QTest::newRow("magic") << 0 << QByteArray("X") << Error::Corrupt;
    QTest::newRow("version 1") << 8 << QByteArray("\1", 1) << Error::UnsupportedVersion;
    QTest::newRow("version 3") << 8 << QByteArray("\3", 1) << Error::UnsupportedVersion;
    QTest::newRow("backend") << 12 << QByteArray("\x63", 1) << Error::UnsupportedVersion;
    QTest::newRow("size") << 48 << QByteArray(8, '\xff') << Error::Corrupt;
    QTest::newRow("required features") << 56 << QByteArray("\x80", 1) << Error::UnsupportedVersion;
    QTest::newRow("kind") << 388 << QByteArray("\x63", 1) << Error::Corrupt;
    QTest::newRow("bytes of the name") << 60 << QByteArray(4, '\xff') << Error::Corrupt;
    QTest::newRow("name") << 64 << QByteArray("\xff", 1) << Error::Corrupt;
    QTest::newRow("another name") << 64 << QByteArray("another-name") << Error::NotFound;
}

void tst_BadInput::damagedRecords()
{
    QFETCH(int, offset);
    QFETCH(QByteArray, bytes);
    QFETCH(SharedSegment::Error, error);
    const QString name = u"segment-"_s + uniqueName();
    auto peer = owner(name, backend());
    SharedSegment witness(name);
    QVERIFY(witness.open());
    const QString instance = witness.instance();
    witness.close();
    const QString path = m_folder.path() + u"/s."_s + name + u".segment"_s;
    QFile record(path);
    QVERIFY2(openBesideOthers(record), qPrintable(m_folder.files().join(u' ')));
    if (offset < 0) {
        QVERIFY(record.resize(0));
        offset = 0;
    }
    QVERIFY(record.seek(offset));
    QCOMPARE(record.write(bytes), bytes.size());
    record.close();
    SharedSegment s(name);
    QVERIFY(!s.open());
    QVERIFY2(s.error() == error, qPrintable(s.errorString()));
    // A living owner's name is not taken over, whatever its record says.
    s.setBackend(backend());
    QVERIFY(!s.create(SharedLayout::of<int>(), 1));
    QVERIFY(QFile::exists(path));
    peer->kill();
    QVERIFY2(s.create(SharedLayout::of<int>(), 1), qPrintable(s.errorString()));
    // An unreadable record does not say what to sweep.
    removePosixObject(instance);
}

void tst_BadInput::strangeThingsInTheFolder()
{
    QDir folder(m_folder.path());
    const QString name = uniqueName("strange");
    const QString path = m_folder.path() + u"/s."_s + name + u".segment"_s;
    SharedSegment s(name);
    s.setBackend(backend());
    // Makes the folder if it does not exist.
    QVERIFY(s.create(SharedLayout::of<int>(), 1));
    s.close();
    // A file that no process holds is stale, whatever its content.
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("nothing of ours");
    file.close();
    QVERIFY(!s.open());
    QCOMPARE(s.error(), Error::NotFound);
    QVERIFY(s.create(SharedLayout::of<int>(), 1));
    s.close();
    // An empty folder is swept, and a folder with content is not.
    QVERIFY(folder.mkdir(path));
    QVERIFY(s.create(SharedLayout::of<int>(), 1));
    s.close();
    QVERIFY(folder.mkpath(path + u"/inside"_s));
    QVERIFY(!s.open());
    QVERIFY(!s.create(SharedLayout::of<int>(), 1));
    QVERIFY(QDir(path).removeRecursively());
    QVERIFY(s.create(SharedLayout::of<int>(), 1));
}

void tst_BadInput::useAfterClose()
{
    SharedArray<int> a(uniqueName());
    a.segment()->setBackend(backend());
    a.segment()->setBufferCount(1);
    QVERIFY(a.create(4));
    auto w = a.beginWrite();
    a.close();
    w[0] = 1; // The writer keeps the memory.
    QVERIFY(!w.publish());
    QVERIFY(a.snapshot().isEmpty());
    QCOMPARE(a.error(), Error::NotFound);
    QVERIFY(!a.beginWrite());
    QCOMPARE(a.error(), Error::NotFound);
    QVERIFY(!a.publish(std::vector<int>(4)));
    QVERIFY(!a.read(std::span<int>()));
    QCOMPARE(a.readElement(0), 0);
    QVERIFY(a.live().empty());
    QCOMPARE(a.capacity(), 0);
    QCOMPARE(a.revision(), 0u);
    a.close();
    QCOMPARE(a.error(), Error::NoError);
}

void tst_BadInput::recordsOfAnotherVersion_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("offset");
    QTest::addColumn<bool>("isListed");
    QTest::newRow("version") << u"Ämter/%~ 1"_s << 8 << true;
    QTest::newRow("required features") << u"newer"_s << 59 << true;
    QTest::newRow("only a hash of the name") << QString(255, u'x') << 8 << false;
}

void tst_BadInput::recordsOfAnotherVersion()
{
    QFETCH(const QString, name);
    QFETCH(const int, offset);
    QFETCH(const bool, isListed);
    auto peer = owner(name, backend());
    SharedSegment witness(name);
    QVERIFY(witness.open());
    const QString instance = witness.instance();
    witness.close();
    const QStringList files = m_folder.files().filter(u".segment"_s);
    QCOMPARE(files.size(), 1);
    QFile record(m_folder.path() + u'/' + files.constFirst());
    QVERIFY(openBesideOthers(record));
    QVERIFY(record.seek(offset));
    QCOMPARE(record.write("\3"), 1);
    record.close();
    // A living owner has the name, so it is listed, or the list says that it is not complete.
    QVERIFY(SharedSegment::exists(name));
    if (!isListed)
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"names\\(\\).*format version 3"_s));
    QCOMPARE(SharedSegment::names(), isListed ? QStringList{name} : QStringList());
    peer->kill();
    QTRY_VERIFY_WITH_TIMEOUT(!SharedSegment::exists(name), Deadline);
    removePosixObject(instance);
}

QTEST_GUILESS_MAIN(tst_BadInput)
#include "tst_badinput.moc"
