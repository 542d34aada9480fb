// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Copies and statistics of the newest revision.

#include "modelsupport.h"

#include <QtCore/QRegularExpression>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

class tst_ModelStatistics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void slice();
    void reductions();
    void reductionsOfFieldsAndArrays();
    void overTheCount();
    void fieldWithoutNumbers();

private:
    RegistryFolder m_folder;
};

void tst_ModelStatistics::slice()
{
    SharedArray<qint16> values(uniqueName());
    QVERIFY(values.create(6));
    const QList<qint16> numbers{1, 2, 3, 4, 5, 6};
    QVERIFY(values.publish(numbers));
    SharedArrayModel model;
    model.setSegment(values.segment());
    auto bytes = [&](int first, int count) {
        return QByteArray(reinterpret_cast<const char *>(numbers.constData() + first), count * 2);
    };
    QCOMPARE(model.slice(), bytes(0, 6));
    QCOMPARE(model.slice(4), bytes(4, 2));
    QCOMPARE(model.slice(1, 3), bytes(1, 3));
    model.setFirstRow(2);
    QCOMPARE(model.slice(1, 1), bytes(3, 1));
    QVERIFY(model.slice(-1, 2).isEmpty());
    QVERIFY(model.slice(0, 5).isEmpty());
    QVERIFY(model.slice(4, 1).isEmpty());
    QVERIFY(model.slice(1, std::numeric_limits<qint64>::max()).isEmpty());
    QVERIFY(model.slice(std::numeric_limits<qint64>::min(), -1).isEmpty());
}

void tst_ModelStatistics::reductions()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(1001));
    QList<double> numbers(1001, 2.0);
    numbers[0] = std::nan("");
    numbers[500] = -3;
    numbers[1000] = 7;
    QVERIFY(values.publish(numbers));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QCOMPARE(model.minimum(), -3.0);
    QCOMPARE(model.maximum(), 7.0);
    QCOMPARE(model.sum(), 998 * 2.0 + 4);
    QCOMPARE(model.mean(), (998 * 2.0 + 4) / 1000);
    QCOMPARE(model.minimum(501, 500), 2.0);
    QCOMPARE(model.maximum(0, 1000), 2.0);
    QVERIFY(std::isnan(model.minimum(0, 1)));
    QVERIFY(std::isnan(model.mean(0, 1)));
    QVERIFY(std::isnan(model.minimum(0, 0)));
    QVERIFY(std::isnan(model.maximum(0, 1002)));
    QVERIFY(std::isnan(model.maximum(0, 10, u"none"_s)));
    // The newest revision, also before the model shows it.
    numbers[3] = std::numeric_limits<double>::infinity();
    QVERIFY(values.publish(numbers));
    QCOMPARE(model.maximum(), std::numeric_limits<double>::infinity());
}

void tst_ModelStatistics::reductionsOfFieldsAndArrays()
{
    SharedArray<Sample> samples(uniqueName());
    QVERIFY(samples.create(20));
    {
        auto writer = samples.beginWrite();
        for (qint32 i = 0; i < 20; ++i)
            writer[i] = {-i, i * 0.5, "x", {float(i), 50, 1}, i == 3, quint8(i * 10), ~quint64(0)};
    }
    SharedArrayModel model;
    model.setSegment(samples.segment());
    QCOMPARE(model.minimum(), -19.0);
    QCOMPARE(model.minimum(0, -1, u"id"_s), -19.0);
    QCOMPARE(model.maximum(0, -1, u"value"_s), 9.5);
    QCOMPARE(model.maximum(0, -1, u"matrix"_s), 50.0);
    QCOMPARE(model.sum(0, 2, u"matrix"_s), 0.0 + 50 + 1 + 1 + 50 + 1);
    QCOMPARE(model.sum(0, -1, u"valid"_s), 1.0);
    QCOMPARE(model.maximum(0, -1, u"index"_s), 190.0);
    QCOMPARE(model.maximum(0, -1, u"index_"_s), 190.0);
    QCOMPARE(model.maximum(0, -1, u"model"_s), 18446744073709551615.0);
    QVERIFY(std::isnan(model.minimum(0, -1, u"label"_s)));
}

/// Of a variable array, the statistics are of the elements that the newest revision has.
void tst_ModelStatistics::overTheCount()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.createWithCapacity(100));
    SharedArrayModel model;
    model.setSegment(values.segment());
    QVERIFY(model.slice().isEmpty());
    QVERIFY(std::isnan(model.minimum()));
    QCOMPARE(model.sum(), 0.0);
    // The newest revision, also before the model shows it.
    QVERIFY(values.publish(QList<double>{1, 2, 6}));
    QCOMPARE(model.minimum(), 1.0);
    QCOMPARE(model.maximum(), 6.0);
    QCOMPARE(model.mean(), 3.0);
    QCOMPARE(model.sum(1), 8.0);
    QCOMPARE(model.sum(0, 2), 3.0);
    QCOMPARE(model.sum(0, 4), 0.0);
    QCOMPARE(model.slice().size(), qsizetype(3 * sizeof(double)));
    QCOMPARE(model.slice(1, 1).size(), qsizetype(sizeof(double)));
    QVERIFY(model.slice(3).isEmpty());
    QVERIFY(values.publish(QList<double>{4}));
    QCOMPARE(model.minimum(), 4.0);
    QCOMPARE(model.sum(), 4.0);
    QVERIFY(model.slice(1).isEmpty());
    QVERIFY(values.publish(QList<double>()));
    QVERIFY(std::isnan(model.maximum()));
    QCOMPARE(model.sum(), 0.0);
}

/// Without the QML module, the warning names the class.
void tst_ModelStatistics::fieldWithoutNumbers()
{
    SharedArray<Sample> samples(u"samples"_s);
    QVERIFY(samples.create(2));
    SharedArrayModel model;
    model.setSegment(samples.segment());
    QTest::ignoreMessage(QtWarningMsg,
                         "SharedArrayModel: \"samples\" has no numbers in a field \"label\"; there are: id, "
                         "value, matrix, valid, index, model");
    QVERIFY(std::isnan(model.minimum(0, -1, u"label"_s)));
    // Once.
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    QVERIFY(std::isnan(model.maximum(0, -1, u"label"_s)));
}

QTEST_GUILESS_MAIN(tst_ModelStatistics)

#include "tst_modelstatistics.moc"
