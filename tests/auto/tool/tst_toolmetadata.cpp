// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Metadata in the command `sharedsegment`: how they are given, checked and shown.

#include "../../support/errorstyle.h"
#include "toolprocess.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_ToolMetadata : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void units();
    void objectAndUnits();
    void file();
    void mistakes_data();
    void mistakes();
    void hostile();
    void replayLeavesOutWhatIsWrong();

private:
    static QJsonObject metadataOf(const QString &name)
    {
        const QJsonArray all = QJsonDocument::fromJson(Tool::run({u"list"_s, u"--json"_s}).out).array();
        for (const QJsonValue &segment : all) {
            if (segment.toObject().value(u"name"_s) == name)
                return segment.toObject().value(u"metadata"_s).toObject();
        }
        return {};
    }
    QString path(const char *file) const { return m_files.filePath(QLatin1String(file)); }
    bool write(const char *file, const QByteArray &content) const
    {
        QFile to(path(file));
        return to.open(QIODevice::WriteOnly) && to.write(content) == content.size();
    }

    RegistryFolder m_folder;
    QTemporaryDir m_files;
};

void tst_ToolMetadata::units()
{
    Tool owner({u"publish"_s, u"tank"_s, u"--layout"_s, u"Tank{level:f64;pump:i32}"_s, u"--unit"_s, u"level=m"_s,
                u"--unit"_s, u"pump==1"_s, u"--hold"_s});
    owner.feed("1,2\n");
    Tool scalar({u"create"_s, u"plain"_s, u"--layout"_s, u"f64"_s, u"--unit"_s, u"°C"_s});
    QVERIFY(waitUntilThere(u"tank"_s) && waitUntilThere(u"plain"_s));
    QCOMPARE(metadataOf(u"tank"_s),
             QJsonDocument::fromJson(R"({"fields":{"level":{"unit":"m"},"pump":{"unit":"=1"}}})").object());
    QCOMPARE(metadataOf(u"plain"_s), QJsonDocument::fromJson(R"({"fields":{"value":{"unit":"°C"}}})").object());
    const QByteArray info = Tool::run({u"info"_s, u"plain"_s}).out;
    QVERIFY2(info.contains("FIELD  TYPE  OFFSET  BYTES  LABEL  UNIT  RANGE  LIMITS\n"), info);
    QVERIFY2(info.contains("value  f64        0      8  value  °C\n"), info);
}

void tst_ToolMetadata::objectAndUnits()
{
    Tool owner(
        {u"create"_s, u"tank"_s, u"--layout"_s, u"Tank{level:f64;pump:i32}"_s, u"--metadata"_s,
         uR"({"own":1,"fields":{"level":{"label":"Level","unit":"ft","minimum":0,"low":1,"high":4.5,"highHigh":5}}})"_s,
         u"--unit"_s, u"level=m"_s});
    QVERIFY(waitUntilThere(u"tank"_s));
    const QJsonObject metadata = metadataOf(u"tank"_s);
    QCOMPARE(metadata.value(u"own"_s), 1);
    QCOMPARE(metadata.value(u"fields"_s).toObject().value(u"level"_s).toObject().value(u"unit"_s), u"m"_s);
    const QByteArray info = Tool::run({u"info"_s, u"tank"_s}).out;
    QVERIFY2(info.contains("level  f64        0      8  Level  m     0 to ?  low 1, high 4.5, highHigh 5\n"), info);
    QVERIFY2(info.contains("pump   i32        8      4  pump\n"), info);
}

void tst_ToolMetadata::file()
{
    QVERIFY(write("good.json", R"({"fields": {"value": {"unit": "V"}}})"));
    Tool owner({u"create"_s, u"volts"_s, u"--layout"_s, u"f64"_s, u"--metadata"_s, path("good.json")});
    QVERIFY(waitUntilThere(u"volts"_s));
    QCOMPARE(metadataOf(u"volts"_s), QJsonDocument::fromJson(R"({"fields":{"value":{"unit":"V"}}})").object());
}

void tst_ToolMetadata::mistakes_data()
{
    QVERIFY(write("bad.json", "{\"a\":"));
    QVERIFY(write("list.json", "[1]"));
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char *name, const QStringList &options, const char *error) {
        QTest::newRow(name) << options << QByteArray(error);
    };
    row("no JSON", {u"--metadata"_s, u"{7}"_s}, "--metadata takes a JSON object, and it has a mistake after ");
    row("no file", {u"--metadata"_s, path("none.json")}, "takes a JSON object or a file that has one; reading");
    row("folder", {u"--metadata"_s, m_files.path()}, "takes a JSON object or a file that has one; reading");
    row("bad file", {u"--metadata"_s, path("bad.json")}, "bad.json\" has a mistake after ");
    row("list", {u"--metadata"_s, path("list.json")}, "list.json\" has another value");
    row("unknown field", {u"--metadata"_s, u"{\"fields\":{\"levle\":{}}}"_s}, "use one of: level, pump");
    row("unknown field of a unit", {u"--unit"_s, u"levle=m"_s}, "fields.levle is no field of Tank{");
    row("no field of a unit", {u"--unit"_s, u"m"_s}, "--unit takes FIELD=UNIT, not \"m\"");
    row("fields", {u"--metadata"_s, u"{\"fields\":7}"_s, u"--unit"_s, u"level=m"_s}, "fields is not an object");
    row("timeField", {u"--metadata"_s, u"{\"timeField\":\"level\"}"_s},
        "no field of type i64 or u64; leave the key out");
    row("decimals", {u"--metadata"_s, u"{\"fields\":{\"level\":{\"decimals\":\"2\"}}}"_s}, "from 0 to 20");
}

void tst_ToolMetadata::mistakes()
{
    QFETCH(const QStringList, options);
    QFETCH(const QByteArray, error);
    for (const QString &command : {u"create"_s, u"publish"_s}) {
        const Result result =
            Tool::run(QStringList{command, u"tank"_s, u"--layout"_s, u"Tank{level:f64;pump:i32}"_s} + options, "1,2\n");
        QVERIFY2(result.error.contains(error), result.error);
        QCOMPARE(result.code, 2);
    }
}

/// Of another program: shown without harm, and nothing that would control a terminal.
void tst_ToolMetadata::hostile()
{
    for (const QString &text :
         {u"no JSON"_s, u"{\"fields\":7}"_s, u"{\"fields\":{\"value\":{\"unit\":7,\"low\":\"x\",\"minimum\":{}}}}"_s,
          u"{\"fields\":{\"value\":{\"unit\":\"a\\nb\",\"label\":\"\\u001b[31m\"}}}"_s}) {
        Peer peer({u"own"_s, u"hostile"_s, u"f64"_s, u"4"_s, u"automatic"_s, u"1"_s, u"one"_s, u"fixed"_s, text});
        QCOMPARE(peer.line(), u"ready"_s);
        const Result info = Tool::run({u"info"_s, u"hostile"_s});
        QCOMPARE(info.code, 0);
        QVERIFY2(!info.out.contains("a\nb"), info.out);
        QCOMPARE(Tool::run({u"list"_s, u"--json"_s}).code, 0);
    }
}

void tst_ToolMetadata::replayLeavesOutWhatIsWrong()
{
    QVERIFY(write(
        "other.csv",
        "# {\"recording\":1,\"capacity\":10,\"kind\":\"stream\",\"layout\":\"i64\",\"metadata\":{\"description\":\"d\","
        "\"fields\":{\"levle\":{}},\"sampleRate\":-1},\"name\":\"replayed\"}\n@time,@number,value\n1,0,7\n"));
    Tool player({u"replay"_s, path("other.csv"), u"--hold"_s});
    QVERIFY(waitUntilThere(u"replayed"_s));
    QCOMPARE(metadataOf(u"replayed"_s), (QJsonObject{{u"description"_s, u"d"_s}}));
}

QTEST_GUILESS_MAIN(tst_ToolMetadata)

#include "tst_toolmetadata.moc"
