// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the models show of a segment's metadata: headers, and values as texts.

#include "modelsupport.h"

#include <SharedSegment/SharedStream>
#include <SharedSegment/SharedStreamModel>

#include <QtCore/QLocale>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

struct Reading
{
    qint64 time;
    double pressure;
    quint8 mode;
};
SHARED_STRUCT(Reading, time, pressure, mode)

struct Clash
{
    qint32 a;
    qint32 aText;
    qint32 valueText;
    qint32 display;
};
SHARED_STRUCT(Clash, a, aText, valueText, display)

namespace {

QVariantMap about(const QString &unit)
{
    return {{u"fields"_s, QVariantMap{{u"pressure"_s, QVariantMap{{u"label"_s, u"Pressure"_s},
                                                                  {u"unit"_s, unit},
                                                                  {u"decimals"_s, 1},
                                                                  {u"description"_s, u"at the inlet"_s}}},
                                      {u"mode"_s, QVariantMap{{u"values"_s, QVariantMap{{u"1"_s, u"On"_s}}}}}}}};
}

} // namespace

class tst_ModelMetadata : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void arrayTexts();
    void textsAreNotWritten();
    void textsChangeWithTheirValue();
    void namesThatClash();
    void otherMetadata();
    void streamTexts();
    void otherMetadataOfAStream();
    void hostile();

private:
    RegistryFolder m_folder;
};

void tst_ModelMetadata::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
}

void tst_ModelMetadata::arrayTexts()
{
    SharedArray<Reading> readings(uniqueName());
    readings.segment()->setMetadata(about(u"bar"_s));
    QVERIFY2(readings.create(1), qPrintable(readings.errorString()));
    QVERIFY(readings.publish(QList<Reading>{{7, 2.55, 1}}));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(readings.segment());
    QCOMPARE(model.headerData(0, Qt::Horizontal), QVariant(u"time"_s));
    QCOMPARE(model.headerData(1, Qt::Horizontal), QVariant(u"Pressure [bar]"_s));
    QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::ToolTipRole), QVariant(u"at the inlet"_s));
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::ToolTipRole), QVariant());
    QCOMPARE(model.headerData(3, Qt::Horizontal), QVariant());
    QCOMPARE(cell(model, 0, 1), QVariant(2.55));
    QCOMPARE(cell(model, 0, 2), QVariant(1));
    QCOMPARE(cell(model, 0, 1, SharedArrayModel::TextRole), QVariant(u"2,5\u00a0bar"_s));
    QCOMPARE(cell(model, 0, 2, SharedArrayModel::TextRole), QVariant(u"On"_s));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "pressureText")), QVariant(u"2,5\u00a0bar"_s));
    QCOMPARE(cell(model, 0, 0, SharedArrayModel::FirstTextRole + 2), QVariant(u"On"_s));
    QCOMPARE(cell(model, 0, 0, SharedArrayModel::FirstTextRole + 3), QVariant());
    QCOMPARE(cell(model, 0, 0, SharedArrayModel::LevelRole + 0x100000), QVariant());
    QCOMPARE(cell(model, 0, 0, Qt::UserRole - 1), QVariant());
    model.setSegment(nullptr);
    QCOMPARE(model.headerData(1, Qt::Horizontal), QVariant());
}

void tst_ModelMetadata::textsAreNotWritten()
{
    SharedArray<Reading> readings(uniqueName());
    QVERIFY(readings.create(1));
    SharedArrayModel model;
    model.setSegment(readings.segment());
    QVERIFY(!model.setData(model.index(0, 1), u"3"_s, SharedArrayModel::TextRole));
    QCOMPARE(readings.error(), SharedSegment::Error::InvalidValue);
    QVERIFY(!model.setData(model.index(0, 1), u"3"_s, roleOf(model, "pressureText")));
    QVERIFY(model.setData(model.index(0, 1), u"3"_s, roleOf(model, "pressure")));
}

void tst_ModelMetadata::textsChangeWithTheirValue()
{
    SharedArray<Reading> readings(uniqueName());
    QVERIFY(readings.create(1));
    SharedArrayModel model;
    model.setSegment(readings.segment());
    QCOMPARE(cell(model, 0, 1), QVariant(0.0));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(readings.publish(QList<Reading>{{0, 1.5, 0}}));
    QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, Deadline);
    const auto roles = changed.first().at(2).value<QList<int>>();
    for (const int role : {int(Qt::DisplayRole), int(SharedArrayModel::TextRole), roleOf(model, "pressure"),
                           roleOf(model, "pressureText")})
        QVERIFY2(roles.contains(role), QByteArray::number(role).constData());
    QVERIFY(!roles.contains(roleOf(model, "modeText")));
}

void tst_ModelMetadata::namesThatClash()
{
    SharedArray<Clash> values(uniqueName());
    QVERIFY(values.create(1));
    QVERIFY(values.publish(QList<Clash>{{1, 2, 3, 4}}));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QCOMPARE(cell(model, 0, 0, roleOf(model, "aText")), QVariant(2));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "aText_")), QVariant(u"1"_s));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "valueText")), QVariant(3));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "valueText_")), QVariant(u"1"_s));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "display")), QVariant(4));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "displayText")), QVariant(u"4"_s));
    QCOMPARE(QSet<QByteArray>(model.roleNames().cbegin(), model.roleNames().cend()).size(), model.roleNames().size());
}

void tst_ModelMetadata::otherMetadata()
{
    SharedArray<Reading> readings(uniqueName());
    readings.segment()->setMetadata(about(u"bar"_s));
    QVERIFY(readings.create(1));
    SharedArrayModel model;
    const auto checks = tester(&model);
    model.setSegment(readings.segment());
    QCOMPARE(cell(model, 0, 1, SharedArrayModel::TextRole), QVariant(u"0,0\u00a0bar"_s));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy headers(&model, &QAbstractItemModel::headerDataChanged);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    readings.segment()->setMetadata(about(u"kPa"_s));
    QVERIFY2(readings.segment()->recreate(1), qPrintable(readings.errorString()));
    QCOMPARE(headers.count(), 1);
    QCOMPARE(headers.first().at(0).value<Qt::Orientation>(), Qt::Horizontal);
    QCOMPARE(headers.first().at(2), QVariant(2));
    QCOMPARE(model.headerData(1, Qt::Horizontal), QVariant(u"Pressure [kPa]"_s));
    QCOMPARE(cell(model, 0, 1, SharedArrayModel::TextRole), QVariant(u"0,0\u00a0kPa"_s));
    QVERIFY(changed.last().at(2).value<QList<int>>().contains(SharedArrayModel::FirstTextRole + 1));
    // The same metadata again.
    QVERIFY(readings.segment()->recreate(2));
    QCOMPARE(headers.count(), 1);
    QCOMPARE(reset.count(), 0);
}

void tst_ModelMetadata::streamTexts()
{
    SharedStream<Reading> readings(uniqueName());
    readings.segment()->setMetadata(about(u"bar"_s));
    QVERIFY2(readings.create(10), qPrintable(readings.errorString()));
    QVERIFY(readings.append(Reading{7, 2.55, 1}));
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(readings.segment());
    QCOMPARE(model.headerData(1, Qt::Horizontal), QVariant(u"Pressure [bar]"_s));
    QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::ToolTipRole), QVariant(u"at the inlet"_s));
    QCOMPARE(cell(model, 0, 1, SharedStreamModel::TextRole), QVariant(u"2,5\u00a0bar"_s));
    QCOMPARE(cell(model, 0, 0, roleOf(model, "modeText")), QVariant(u"On"_s));
    QCOMPARE(roleOf(model, "modeText"), SharedStreamModel::FirstTextRole + 2);
    QCOMPARE(cell(model, 0, 1, roleOf(model, "mode")), QVariant(1));
    QCOMPARE(cell(model, 0, 1, roleOf(model, "position")), QVariant(quint64(0)));
}

void tst_ModelMetadata::otherMetadataOfAStream()
{
    SharedStream<Reading> readings(uniqueName());
    readings.segment()->setMetadata(about(u"bar"_s));
    QVERIFY(readings.create(10));
    QVERIFY(readings.append(Reading{1'000'000'000, 2.55, 1}));
    SharedStreamModel model;
    const auto checks = tester(&model);
    model.setSegment(readings.segment());
    QSignalSpy headers(&model, &QAbstractItemModel::headerDataChanged);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVariantMap metadata = about(u"kPa"_s);
    metadata.insert(u"timeField"_s, u"time"_s);
    readings.segment()->setMetadata(metadata);
    QVERIFY2(readings.segment()->recreate(20), qPrintable(readings.errorString()));
    QCOMPARE(headers.count(), 1);
    QCOMPARE(changed.count(), 1);
    QVERIFY(changed.last().at(2).value<QList<int>>().contains(SharedStreamModel::TimeRole));
    QCOMPARE(cell(model, 0, 1, SharedStreamModel::TextRole), QVariant(u"2,5\u00a0kPa"_s));
    QCOMPARE(cell(model, 0, 0, SharedStreamModel::TimeRole).toDateTime().toMSecsSinceEpoch(), 1000);
}

/// What another program may have written: it counts as absent.
void tst_ModelMetadata::hostile()
{
    for (const QString &text :
         {u"no JSON"_s, u"[]"_s, u"{\"fields\":7}"_s, u"{\"fields\":{\"value\":[]}}"_s,
          u"{\"fields\":{\"value\":{\"decimals\":1e9,\"unit\":7,\"values\":{\"0\":{}},\"label\":null}}}"_s,
          u"{\"timeField\":{},\"sampleRate\":\"fast\",\"fields\":{\"value\":{\"decimals\":-1}}}"_s,
          u"{\"timeField\":\"value\",\"sampleRate\":-1}"_s, u"{\"sampleRate\":1e-320}"_s}) {
        const QString name = uniqueName();
        Peer peer({u"own"_s, name, u"f64"_s, u"4"_s, u"automatic"_s, u"1"_s, u"one"_s, u"stream"_s, text});
        QCOMPARE(peer.line(), u"ready"_s);
        QVERIFY(!peer.ask("append 1").isEmpty());
        SharedStream<double> stream(name);
        QVERIFY2(stream.open(), qPrintable(stream.errorString()));
        SharedStreamModel model;
        const auto checks = tester(&model);
        model.setSegment(stream.segment());
        QCOMPARE(model.headerData(0, Qt::Horizontal), QVariant(u"value"_s));
        QVERIFY(!cell(model, 0, 0, SharedStreamModel::TextRole).toString().isEmpty());
        QVERIFY(cell(model, 0, 0, SharedStreamModel::TimeRole).toDateTime().isValid());
    }
}

QTEST_GUILESS_MAIN(tst_ModelMetadata)

#include "tst_modelmetadata.moc"
