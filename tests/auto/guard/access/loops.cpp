// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The same loops through SharedArray and over a bare pointer, in pairs that compare.py compares. Compiled, never run.

#include <SharedSegment/SharedArray>

struct Sample
{
    qint32 id;
    float weight;
    double value;
    char label[20];
};
SHARED_STRUCT(Sample, id, weight, value, label)

using Doubles = SharedArray<double>;
using Floats = SharedArray<float, 4096>;
using Bytes = SharedArray<quint8>;
using Samples = SharedArray<Sample>;

extern "C" {

double sum_live_ours(const Doubles &array)
{
    double sum = 0;
    for (const double value : array.live())
        sum += value;
    return sum;
}

double sum_live_bare(const double *values, std::size_t size)
{
    double sum = 0;
    for (const double *value = values; value != values + size; ++value)
        sum += *value;
    return sum;
}

double sum_snapshot_ours(const Doubles &array)
{
    double sum = 0;
    const QList<double> values = array.snapshot();
    for (const double value : values)
        sum += value;
    return sum;
}

double sum_snapshot_bare(const double *values, std::size_t size)
{
    double sum = 0;
    for (const double *value = values; value != values + size; ++value)
        sum += *value;
    return sum;
}

void add_live_by_index_ours(const Doubles &array, double more)
{
    const std::span<double> values = array.live();
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] += more;
}

void add_live_by_index_bare(double *values, std::size_t size, double more)
{
    for (std::size_t i = 0; i < size; ++i)
        values[i] += more;
}

void scale_writer_ours(Doubles::Writer &writer, double factor)
{
    for (double &value : writer)
        value *= factor;
}

void scale_writer_bare(double *values, std::size_t size, double factor)
{
    for (double *value = values; value != values + size; ++value)
        *value *= factor;
}

void scale_writer_by_index_ours(Doubles::Writer &writer, double factor)
{
    for (qsizetype i = 0; i < writer.size(); ++i)
        writer[i] *= factor;
}

void scale_writer_by_index_bare(double *values, qsizetype size, double factor)
{
    for (qsizetype i = 0; i < size; ++i)
        values[i] *= factor;
}

void scale_writer_by_span_ours(Doubles::Writer &writer, double factor)
{
    for (double &value : writer.span())
        value *= factor;
}

void scale_writer_by_span_bare(double *values, std::size_t size, double factor)
{
    for (double *value = values; value != values + size; ++value)
        *value *= factor;
}

void fill_writer_by_index_ours(Floats::Writer &writer, float first)
{
    for (qsizetype i = 0; i < writer.size(); ++i)
        writer[i] = first + static_cast<float>(i);
}

void fill_writer_by_index_bare(float *values, qsizetype size, float first)
{
    for (qsizetype i = 0; i < size; ++i)
        values[i] = first + static_cast<float>(i);
}

// As far as the compiler knows, writing a byte may change anything: only what is read before the loop is read once.
void invert_bytes_ours(Bytes::Writer &writer)
{
    for (quint8 &byte : writer)
        byte = static_cast<quint8>(~byte);
}

void invert_bytes_bare(quint8 *bytes, std::size_t size)
{
    for (quint8 *byte = bytes; byte != bytes + size; ++byte)
        *byte = static_cast<quint8>(~*byte);
}

void weigh_samples_ours(Samples::Writer &writer)
{
    for (Sample &sample : writer)
        sample.value *= static_cast<double>(sample.weight);
}

void weigh_samples_bare(Sample *samples, std::size_t size)
{
    for (Sample *sample = samples; sample != samples + size; ++sample)
        sample->value *= static_cast<double>(sample->weight);
}

double sum_of_field_live_ours(const Samples &array)
{
    double sum = 0;
    for (const Sample &sample : array.live())
        sum += sample.value;
    return sum;
}

double sum_of_field_live_bare(const Sample *samples, std::size_t size)
{
    double sum = 0;
    for (const Sample *sample = samples; sample != samples + size; ++sample)
        sum += sample->value;
    return sum;
}
}
