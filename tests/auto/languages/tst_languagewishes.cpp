// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Another language waits for names; and says which mirrors of other hosts it waits for or has open.

#include "languagetest.h"

#include <SharedSegment/SharedStream>

#include <QtTest/QTest>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_LanguageWishes : public LanguageTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data()
    {
        // A wish does not depend on it.
        QTest::addColumn<SharedSegment::Backend>("backend");
        QTest::newRow("preferred") << preferredBackend();
    }
    void cleanup() { checkNothingIsLeft(); }

    void whileOpen();
    void whileWaiting();
    void killed();
    void ofItsChildren();
    void waitsForAnyName_data();
    void waitsForAnyName();
    void waitsForTheFolder();

private:
    /// The names that living processes wish: the sweep removes all other wishes.
    QStringList wished() const
    {
        SharedSegment::names();
        QStringList names;
        for (const QString &file : m_folder.files().filter(u".wish"_s)) {
            QFile wish(m_folder.path() + u'/' + file);
            if (wish.open(QIODevice::ReadOnly))
                names += QString::fromUtf8(wish.readAll());
        }
        return names;
    }
    static QString mirrorName() { return u"@host/"_s + uniqueName(); }
    static std::unique_ptr<Peer> waiting(const QString &name, int milliseconds = -1)
    {
        return independentPeer({u"await"_s, name, QString::number(milliseconds)});
    }
};

void tst_LanguageWishes::whileOpen()
{
    const QString name = mirrorName();
    auto mirror = owner(name, backend());
    QVERIFY(wished().isEmpty());
    auto reader = independentReader(name);
    QCOMPARE(wished(), QStringList{name});
    auto second = independentReader(name);
    QCOMPARE(wished(), QStringList({name, name}));
    QCOMPARE(second->ask("close"), u"closed"_s);
    QCOMPARE(wished(), QStringList{name});
    QVERIFY(reader->finish()); // A program that ends in order.
    QTRY_VERIFY_WITH_TIMEOUT(wished().isEmpty(), Deadline);
    // An attempt that fails, and a segment of this host.
    QVERIFY(independentPeer({u"attach"_s, mirrorName()})->line().startsWith(u"error"));
    auto plain = owner(uniqueName(), backend());
    QVERIFY(wished().isEmpty());
}

void tst_LanguageWishes::whileWaiting()
{
    const QString name = mirrorName();
    auto reader = waiting(name);
    QTRY_COMPARE_WITH_TIMEOUT(wished(), QStringList{name}, Deadline);
    // If another program removes it, the next change of the folder brings another.
    QVERIFY(QFile::remove(m_folder.path() + u'/' + m_folder.files().filter(u".wish"_s).value(0)));
    QTRY_COMPARE_WITH_TIMEOUT(wished(), QStringList{name}, Deadline);
    auto mirror = owner(name, backend());
    QCOMPARE(reader->line(), u"ready"_s);
    QCOMPARE(wished(), QStringList{name});
    QCOMPARE(mirror->ask("publish 7"), u"published 1"_s);
    QCOMPARE(reader->ask("read"), u"whole 1"_s);
    mirror->kill();
    QCOMPARE(wished(), QStringList{name});
    QCOMPARE(reader->ask("close"), u"closed"_s);
    QVERIFY(wished().isEmpty());
    // Without effect.
    QVERIFY(waiting(name, 1)->line().startsWith(u"error -1 "));
    QVERIFY(wished().isEmpty());
}

void tst_LanguageWishes::killed()
{
    const QString name = mirrorName();
    auto reader = waiting(name);
    QTRY_COMPARE_WITH_TIMEOUT(wished(), QStringList{name}, Deadline);
    reader->kill();
    QVERIFY(wished().isEmpty());
    auto mirror = owner(name, backend());
    reader = independentReader(name);
    QCOMPARE(wished(), QStringList{name});
    reader->kill();
    QVERIFY(wished().isEmpty());
}

void tst_LanguageWishes::ofItsChildren()
{
    const QString name = mirrorName();
    auto mirror = owner(name, backend());
    auto reader = independentReader(name);
    const int child = reader->ask("fork stay").toInt();
    QVERIFY(child > 0);
    QCOMPARE(wished(), QStringList{name});
    // The end of a child does not concern the wish, and a child does not keep it.
    QCOMPARE(reader->ask("fork exit"), u"child 0"_s);
    QCOMPARE(wished(), QStringList{name});
    reader->kill();
    QCOMPARE(::kill(child, 0), 0);
    QVERIFY(wished().isEmpty());
    ::kill(child, SIGKILL);
}

void tst_LanguageWishes::waitsForAnyName_data()
{
    QTest::addColumn<QString>("kind");
    for (const QString &kind : {u"fixed"_s, u"stream"_s})
        QTest::newRow(qPrintable(kind)) << kind;
}

void tst_LanguageWishes::waitsForAnyName()
{
    QFETCH(QString, kind);
    const QString name = uniqueName();
    auto reader = waiting(name);
    // Until it waits.
    QTest::qWait(100);
    QVERIFY(m_folder.files().isEmpty());
    auto first = std::make_unique<Peer>(
        QStringList{u"own"_s, name, u"u64"_s, u"8"_s, nameOf(backend()), u"0"_s, u"one"_s, kind});
    QCOMPARE(first->line(), u"ready"_s);
    QCOMPARE(reader->line(), u"ready"_s);
    QVERIFY(m_folder.files().filter(u".wish"_s).isEmpty());
    // What is there already needs no wait, and a name that is none no patience.
    QCOMPARE(waiting(name)->line(), u"ready"_s);
    QVERIFY(waiting(QString(300, u'x'))->line().startsWith(u"error -5 "));
}

void tst_LanguageWishes::waitsForTheFolder()
{
    const QString before = m_folder.path();
    const QString folder = before + u"/later"_s;
    qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(folder));
    {
        const QString name = mirrorName();
        auto reader = waiting(name);
        QTest::qWait(100);
        auto mirror = owner(name, backend());
        QCOMPARE(reader->line(), u"ready"_s);
        QCOMPARE(mirror->ask("close"), u"closed"_s);
        QCOMPARE(reader->ask("close"), u"closed"_s);
    }
    QVERIFY(QDir(folder).removeRecursively());
    qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(before));
}

QTEST_GUILESS_MAIN(tst_LanguageWishes)
#include "tst_languagewishes.moc"
