// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the generator of examples/03-live-plot makes of WAV files, valid and invalid.

#include "../../support/testsupport.h"
#include "exampleprocess.h"
#include "wavbytes.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <algorithm>
#include <array>
#include <climits>
#include <cmath>
#include <limits>
#include <optional>

using namespace Qt::StringLiterals;
using namespace wavbytes;

namespace {

constexpr int Timeout = ExampleProcess::Timeout;

} // namespace

class tst_Generator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void wavFile_data();
    void wavFile();
    void badWavFile_data();
    void badWavFile();
    void realRate();

private:
    QString file(const QByteArray &bytes);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<testsupport::RegistryFolder> m_registry;
    const QString m_generator = testPath("GENERATOR");
};

void tst_Generator::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    m_registry.emplace();
}

QString tst_Generator::file(const QByteArray &bytes)
{
    QFile file(m_folder->filePath(u"sound.wav"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        return QString();
    return file.fileName();
}

void tst_Generator::wavFile_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<float>>("samples");

    const QList<float> samples{0.5F, -0.5F, 0.25F, -1.0F, 0.0F};
    const QByteArray pcm16 = littleEndian<qint16>({16384, -16384, 8192, -32768, 0});
    QTest::newRow("8 bits") << wav(format(1, 1, 8000, 8), QByteArray("\xc0\x40\xa0\x00\x80", 5)) << samples;
    QTest::newRow("16 bits") << wav(format(1, 1, 8000, 16), pcm16) << samples;
    QTest::newRow("24 bits") << wav(format(1, 1, 8000, 24),
                                    QByteArray("\x00\x00\x40\x00\x00\xc0\x00\x00\x20\x00\x00\x80\x00\x00\x00", 15))
                             << samples;
    QTest::newRow("32 bits") << wav(format(1, 1, 8000, 32),
                                    littleEndian<qint32>({1 << 30, -(1 << 30), 1 << 29, INT_MIN, 0}))
                             << samples;
    QTest::newRow("float") << wav(format(3, 1, 8000, 32), littleEndian<float>(samples)) << samples;
    QTest::newRow("double") << wav(format(3, 1, 8000, 64), littleEndian<double>({0.5, -0.5, 0.25, -1, 0})) << samples;
    QTest::newRow("not finite") << wav(format(3, 1, 8000, 32),
                                       littleEndian<float>({0.5F, float(qQNaN()), 0.25F, float(qInf()), -1.0F}))
                                << QList<float>{0.5F, 0, 0.25F, 0, -1.0F};
    QTest::newRow("two channels") << wav(format(1, 2, 8000, 16),
                                         littleEndian<qint16>({16384, 0, -16384, -16384, 0, 32}))
                                  << QList<float>{0.25F, -0.5F, 16.0F / 32768};
    const QByteArray guid("\x01\x00\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71", 16);
    QTest::newRow("extensible") << wav(
        format(0xfffe, 1, 8000, 16) + QByteArray("\x16\x00\x10\x00\x04\x00\x00\x00", 8) + guid, pcm16)
                                << samples;
    const QByteArray fmt = chunk("fmt ", format(1, 1, 8000, 16));
    QTest::newRow("other chunks") << riff(chunk("LIST", "odd") + fmt + chunk("cue ", "") + chunk("data", pcm16)
                                          + chunk("LIST", "end"))
                                  << samples;
    QTest::newRow("length unknown") << riff(fmt + "data\xff\xff\xff\xff" + pcm16) << samples;
    QTest::newRow("cut short") << wav(format(1, 1, 8000, 16), pcm16).chopped(3) << samples.first(3);
}

void tst_Generator::wavFile()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QList<float>, samples);
    ExampleProcess generator(m_generator, {file(bytes), u"--window"_s, u"0.01"_s});
    QVERIFY(generator.waitForLine(u"generator: publishing \"sound\" at 8000 Hz"_s));
    SharedArray<float> signal(u"live-plot/signal"_s);
    QVERIFY(signal.open());
    QCOMPARE(signal.capacity(), 80);

    // Once the segment is full, all of it is the sound, repeated.
    const auto isTheSound = [&] {
        const QList<float> heard = signal.snapshot();
        for (qsizetype start = 0; start < samples.size() && !heard.isEmpty(); ++start) {
            bool same = true;
            for (qsizetype i = 0; i < heard.size(); ++i)
                same = same && heard.at(i) == samples.at((start + i) % samples.size());
            if (same)
                return true;
        }
        return false;
    };
    QVERIFY(QTest::qWaitFor(isTheSound, Timeout));
}

void tst_Generator::badWavFile_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray good = wav(format(1, 1, 8000, 16), QByteArray(8, 'x'));
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("Not a sound at all, however long it may be.");
    QTest::newRow("only a header") << good.first(12);
    QTest::newRow("ends in the format") << good.first(30);
    QTest::newRow("no data") << riff(chunk("fmt ", format(1, 1, 8000, 16)));
    QTest::newRow("no samples") << wav(format(1, 1, 8000, 16), "");
    QTest::newRow("less than a frame") << wav(format(1, 2, 8000, 16), "abc");
    QTest::newRow("no format") << riff(chunk("data", QByteArray(8, 'x')));
    QTest::newRow("no channels") << wav(format(1, 0, 8000, 16), QByteArray(8, 'x'));
    QTest::newRow("many channels") << wav(format(1, 5000, 8000, 16), QByteArray(20000, 'x'));
    QTest::newRow("no rate") << wav(format(1, 1, 0, 16), QByteArray(8, 'x'));
    QTest::newRow("a great rate") << wav(format(1, 1, 0xffffffff, 16), QByteArray(8, 'x'));
    QTest::newRow("12 bits") << wav(format(1, 1, 8000, 12), QByteArray(8, 'x'));
    QTest::newRow("no bits") << wav(format(1, 1, 8000, 0), QByteArray(8, 'x'));
    QTest::newRow("ADPCM") << wav(format(2, 1, 8000, 4), QByteArray(8, 'x'));
    QTest::newRow("extensible without a coding") << wav(format(0xfffe, 1, 8000, 16), QByteArray(8, 'x'));
    QByteArray contradiction = good;
    contradiction[32] = 7; // bytes of a frame
    QTest::newRow("contradiction") << contradiction;
}

void tst_Generator::badWavFile()
{
    QFETCH(QByteArray, bytes);
    ExampleProcess generator(m_generator, {file(bytes)});
    QCOMPARE(generator.waitForEnd(), 1);
    QCOMPARE(generator.lines(), QStringList());
}

/// A file that counts its samples shows how fast it is played.
void tst_Generator::realRate()
{
    constexpr int Rate = 48000;
    constexpr double Length = 20; // s
    constexpr double Half = 1.5;
    QList<float> counting(Rate * int(Length));
    for (qsizetype i = 0; i < counting.size(); ++i)
        counting[i] = static_cast<float>(i);
    ExampleProcess generator(m_generator,
                             {file(wav(format(3, 1, Rate, 32), littleEndian(counting))), u"--window"_s, u"0.1"_s});
    QVERIFY(generator.waitForLine(u"generator: publishing "_s));
    SharedArray<float> signal(u"live-plot/signal"_s);
    QVERIFY(signal.open());

    // How far each timestamp is from the position in the sound. A process that has to wait for the processor timestamps
    // late and never early. So the least of many distances is correct, and is the same early and late if the rate is
    // right.
    std::array<double, 2> least{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    double start = 0;
    double place = 0;
    const auto isDone = [&] {
        SharedRevision revision;
        const QList<float> samples = signal.snapshot(&revision);
        if (samples.isEmpty() || revision.number == 0)
            return false; // The writer was in the way, or nothing was played yet.
        const double seconds = static_cast<double>(revision.timestamp) / 1e9;
        start = start == 0 ? seconds : start;
        double now = static_cast<double>(samples.last()) / Rate;
        while (now < place) // The sound begins again at its end.
            now += Length;
        place = now;
        const std::size_t half = seconds - start < Half ? 0 : 1;
        least[half] = std::min(least[half], seconds - start - place);
        return seconds - start >= 2 * Half;
    };
    QVERIFY(QTest::qWaitFor(isDone, Timeout));
    // What 5 % would make from the middle of one half to the middle of the other.
    QVERIFY2(std::abs(least[1] - least[0]) <= 0.05 * Half, qPrintable(QString::number(least[1] - least[0])));
}

QTEST_GUILESS_MAIN(tst_Generator)
#include "tst_generator.moc"
