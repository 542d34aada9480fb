// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/backendtest.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>

#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Access = SharedSegment::Access;
using Error = SharedSegment::Error;
using Backend = SharedSegment::Backend;

struct Sample
{
    qint32 id;
    double value;
    char label[20];
};
SHARED_STRUCT(Sample, id, value, label)

class tst_Properties : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void defaults();
    void propertiesNotify();
    void bufferCountDefault();
    void namesAreDistinct();
    void changesWhileOpen();
    void layoutMismatch();
    void whatIsKnownOfTheOwner();
};

void tst_Properties::defaults()
{
    SharedSegment s;
    QCOMPARE(s.name(), QString());
    QCOMPARE(s.layoutText(), QString());
    QVERIFY(!s.layout().isValid());
    QCOMPARE(s.capacity(), 0);
    QCOMPARE(s.bufferCount(), 0);
    QCOMPARE(s.backend(), Backend::Automatic);
    QCOMPARE(s.access(), Access::ReadOnly);
    QCOMPARE(s.multipleWriters(), false);
    QCOMPARE(s.state(), State::Closed);
    QCOMPARE(s.isActive(), false);
    QCOMPARE(s.owner(), false);
    QCOMPARE(s.isOwner(), false);
    QCOMPARE(s.size(), 0);
    QCOMPARE(s.revision(), 0u);
    QVERIFY(!s.updatedAt().isValid());
    QCOMPARE(s.source(), SharedSegment::Source::Here);
    QVERIFY(!s.sourceUpdatedAt().isValid());
    QCOMPARE(s.age(), -1);
    QCOMPARE(s.isStale(), true);
    QCOMPARE(s.staleAfter(), 0);
    QCOMPARE(s.ownerPid(), 0);
    QCOMPARE(s.instance(), QString());
    QCOMPARE(s.ownerProgram(), QString());
    QVERIFY(!s.createdAt().isValid());
    QCOMPARE(s.listenerCount(), 0);
    QCOMPARE(s.error(), Error::NoError);
    QCOMPARE(s.errorString(), QString());
    QVERIFY(!s.isOpen());
    QVERIFY(s.snapshot().isEmpty());
    QCOMPARE(SharedSegment(u"x"_s).name(), u"x"_s);
}

void tst_Properties::propertiesNotify()
{
    // Each property has its own notifier, named after it.
    const QMetaObject &meta = SharedSegment::staticMetaObject;
    for (int i = meta.propertyOffset(); i < meta.propertyCount(); ++i) {
        const QMetaProperty property = meta.property(i);
        QCOMPARE(property.notifySignal().name(), QByteArray(property.name()) + "Changed");
    }
    SharedSegment s(uniqueName());
    QSignalSpy state(&s, &SharedSegment::stateChanged);
    QSignalSpy capacity(&s, &SharedSegment::capacityChanged);
    QSignalSpy layout(&s, &SharedSegment::layoutChanged);
    QSignalSpy size(&s, &SharedSegment::sizeChanged);
    QSignalSpy isOwner(&s, &SharedSegment::isOwnerChanged);
    QVERIFY(create(s));
    s.close();
    QCOMPARE(state.count(), 2);
    QCOMPARE(capacity.count(), 2);
    QCOMPARE(layout.count(), 2);
    QCOMPARE(size.count(), 2);
    QCOMPARE(isOwner.count(), 2);
}

void tst_Properties::bufferCountDefault()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s, 8));
    QCOMPARE(s.bufferCount(), 4);
    s.close();
    QVERIFY(create(s, (16 << 20) / 8));
    QCOMPARE(s.bufferCount(), 4);
    s.close();
    QVERIFY(create(s, (16 << 20) / 8 + 1));
    QCOMPARE(s.bufferCount(), 2);
}

void tst_Properties::namesAreDistinct()
{
    const QString prefix = uniqueName();
    const QStringList names{prefix + u"/a"_s,
                            prefix + u"/A"_s,
                            prefix + u"%41"_s,
                            prefix + u"%2FA"_s,
                            prefix + u"../x"_s,
                            prefix + u" x"_s,
                            prefix + u"ü"_s,
                            prefix + u"ä"_s,
                            prefix + u"日本"_s,
                            prefix + u"\t\n"_s,
                            u"."_s,
                            u".."_s,
                            u"/"_s,
                            QString(255, u'n'),
                            QString(254, u'n') + u'm',
                            QString(255, u'N')};
    std::vector<std::unique_ptr<SharedSegment>> owners;
    for (const QString &name : names) {
        owners.push_back(std::make_unique<SharedSegment>(name));
        QVERIFY2(create(*owners.back()), qPrintable(name + owners.back()->errorString()));
        QVERIFY(owners.back()->publish(name.toUtf8().leftJustified(64, '-', true)));
    }
    QCOMPARE(SharedSegment::names().size(), names.size());
    for (const QString &name : names) {
        SharedSegment reader(name);
        QVERIFY2(reader.open(), qPrintable(reader.errorString()));
        QCOMPARE(reader.snapshot(), name.toUtf8().leftJustified(64, '-', true));
    }
}

void tst_Properties::layoutMismatch()
{
    SharedSegment owner(uniqueName());
    owner.setBackend(backend());
    QVERIFY(owner.create(SharedLayout::of<Sample>(), 2));
    const QList<QPair<QString, QString>> wrong{
        {u"Sample{value:f64@8;id:i32@0;label:char[20]@16}/40"_s, QString()}, // The same: order is by offset.
        {u"Sample{id:i32;other:f64;label:char[20]}"_s, u"other"_s},
        {u"Sample{id:u32;value:f64;label:char[20]}"_s, u"u32"_s},
        {u"Sample{id:i32;value:f64;label:char[24]}"_s, u"char[24]"_s},
        {u"Sample{id:f32@0;value:f64@8;label:char[20]@16}/40"_s, u"f32"_s},
        {u"Sample{value:f64@0;id:i32@8;label:char[20]@16}/40"_s, u"value"_s},
        {u"f64"_s, u"f64"_s},
    };
    for (const auto &[text, difference] : wrong) {
        SharedSegment reader(owner.name());
        reader.setLayoutText(text);
        if (difference.isEmpty()) {
            QVERIFY2(reader.open(), qPrintable(reader.errorString()));
            continue;
        }
        QVERIFY(!reader.open());
        QCOMPARE(reader.error(), Error::LayoutMismatch);
        QVERIFY2(reader.errorString().contains(owner.layoutText()), qPrintable(reader.errorString()));
        QVERIFY2(reader.errorString().contains(reader.layout().text()), qPrintable(reader.errorString()));
        QVERIFY2(reader.errorString().contains(difference), qPrintable(reader.errorString()));
        QCOMPARE(reader.state(), State::Closed);
    }
    SharedArray<Sample, 3> three(owner.name());
    QVERIFY(!three.open());
    QCOMPARE(three.error(), Error::LayoutMismatch);
    SharedArray<Sample, 2> two(owner.name());
    QVERIFY(two.open());
}

void tst_Properties::changesWhileOpen()
{
    const QString first = uniqueName();
    const QString second = uniqueName();
    SharedSegment a(first);
    SharedSegment b(second);
    QVERIFY(create(a));
    QVERIFY(create(b));
    SharedSegment reader(first);
    QSignalSpy opened(&reader, &SharedSegment::opened);
    QSignalSpy closed(&reader, &SharedSegment::closed);
    reader.setActive(true);
    QCOMPARE(reader.instance(), a.instance());
    reader.setName(second);
    QCOMPARE(reader.instance(), b.instance());
    QCOMPARE(opened.count(), 2);
    QCOMPARE(closed.count(), 1);
    reader.setLayoutText(u"f32"_s);
    QCOMPARE(reader.state(), State::Waiting);
    QCOMPARE(reader.error(), Error::LayoutMismatch);
    reader.setLayoutText(u"u64"_s);
    QCOMPARE(reader.state(), State::Open);
    // Not active: closed under the old name, and not opened under the new one.
    reader.close();
    QVERIFY(reader.open());
    reader.setName(first);
    QCOMPARE(reader.state(), State::Closed);
}

void tst_Properties::whatIsKnownOfTheOwner()
{
    QCOMPARE(SharedSegment::registryFolder(), m_folder.path());
    QVERIFY(SharedSegment::backends().contains(backend()));
    const QDateTime before = QDateTime::currentDateTime().addMSecs(-1);
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    QCOMPARE(s.ownerPid(), peer->pid());
    QVERIFY2(s.ownerProgram().startsWith(u"sharedsegment_p"_s), qPrintable(s.ownerProgram())); // as much as Linux keeps
    QVERIFY(s.createdAt() >= before && s.createdAt() <= QDateTime::currentDateTime());
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
    {
        SharedSegment other(name);
        QVERIFY(other.open());
        QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 2, Deadline);
    }
    QTRY_COMPARE_WITH_TIMEOUT(s.listenerCount(), 1, Deadline);
}

QTEST_GUILESS_MAIN(tst_Properties)
#include "tst_properties.moc"
