// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A stream of another process may have more elements than the machine has memory: to read all at once is an error, to read
// some is not.

#include "../../support/sparsesegment.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedStream>
#include <SharedSegment/SharedStreamModel>
#include <SharedSegment/StreamConsumer>

using namespace Qt::StringLiterals;
using namespace testsupport;
using sharedsegment::ErrorCode;

namespace {

// The address sanitizer divides the address space.
#ifdef __SANITIZE_ADDRESS__
constexpr quint64 Count = quint64(1) << 42;
#else
constexpr quint64 Count = (quint64(1) << 43) - (quint64(1) << 17);
#endif

} // namespace

class tst_SparseStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }
    void withoutQt();
    void withQt();
    void model();

private:
    RegistryFolder m_folder;
    QString m_name;
    std::unique_ptr<SparseSegment> m_stream;
};

void tst_SparseStream::init()
{
    alarm(100); // Reading all would take hours.
    m_name = uniqueName("sparse");
    m_stream = std::make_unique<SparseSegment>(m_name, u"f64"_s, Count, false, sharedsegment::engine::Kind::Stream);
    QVERIFY(m_stream->isReady());
}

void tst_SparseStream::withoutQt()
{
    sharedsegment::StreamConsumer<double> consumer(m_name.toStdString());
    QVERIFY2(consumer.open(), consumer.errorString().c_str());
    consumer.seekToOldest();
    QCOMPARE(consumer.available(), Count);
    QVERIFY(consumer.readNew().empty());
    QCOMPARE(consumer.error(), ErrorCode::OutOfMemory);
    QVERIFY(consumer.errorString().find(m_name.toStdString()) != std::string::npos);
    QVERIFY(consumer.errorString().ends_with("; read fewer at once"));
    QCOMPARE(consumer.position(), 0u);
    QCOMPARE(consumer.readNew(3), std::vector<double>(3));
    QCOMPARE(consumer.error(), ErrorCode::NoError);
    QCOMPARE(consumer.position(), 3u);
    QCOMPARE(consumer.lost(), 0u);
    m_stream.reset();
}

void tst_SparseStream::withQt()
{
    SharedStream<double> stream(m_name);
    QVERIFY2(stream.open(), qPrintable(stream.errorString()));
    stream.seek(SharedStream<double>::Oldest);
    QCOMPARE(stream.available(), Count);
    QVERIFY(stream.readNew().isEmpty());
    QCOMPARE(stream.error(), SharedSegment::Error::OutOfMemory);
    QCOMPARE(stream.readNew(3), QList<double>(3));
    QCOMPARE(stream.error(), SharedSegment::Error::NoError);
    QCOMPARE(stream.position(), 3u);
    stream.close();
    m_stream.reset();
}

void tst_SparseStream::model()
{
    SharedSegment segment(m_name);
    QVERIFY2(segment.open(), qPrintable(segment.errorString()));
    SharedStreamModel model;
    model.setLimit(3);
    model.setSegment(&segment);
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 3, Deadline);
    segment.close();
    m_stream.reset();
}

QTEST_MAIN(tst_SparseStream)

#include "tst_sparsestream.moc"
