// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "curveshape.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

/// The rectangles of a curve of columns, in chunks of columns that follow each other. A curve that scrolls moves its chunks,
/// and computes only those that have new columns.
///
/// @tparam Chunk has `setRects(CurveShape::Rects, left)` and `place(left)`, where `left` is the first column of the chunk,
/// counted from the left edge of the picture
template<typename Chunk>
class CurveChunks
{
public:
    void clear() { m_chunks.clear(); }

    /// Shows `curve`, which has the columns and the style of the last call, and has changed from `changedFrom` on.
    /// @param make returns a new chunk as a pointer that owns it
    template<typename Make>
    void update(const PlotCurve &curve, const CurveStyle &style, Make make)
    {
        const auto size = static_cast<qint64>(curve.columns.size());
        const qint64 start = curve.window.first;
        if (size == 0) {
            clear();
            return;
        }
        const CurveShape shape(curve, style);
        const qint64 changed = std::clamp(curve.changedFrom, start, start + size);
        const qint64 dirtyFrom = changed - (changed < start + size ? shape.reach(changed - start) : 0);
        const qint64 first = chunkOf(start);
        const qint64 last = chunkOf(start + size - 1);
        std::erase_if(m_chunks, [&](const Numbered &chunk) { return chunk.number < first || chunk.number > last; });
        std::vector<Numbered> chunks;
        for (qint64 number = first; number <= last; ++number) {
            const auto at = std::find_if(m_chunks.begin(), m_chunks.end(),
                                         [number](const Numbered &chunk) { return chunk.number == number; });
            const bool isNew = at == m_chunks.end();
            chunks.push_back(isNew ? Numbered{number, make()} : std::move(*at));
            Chunk &chunk = *chunks.back().chunk;
            const qint64 left = number * Columns - start;
            if (isNew || left + Columns > dirtyFrom - start)
                chunk.setRects(shape.columns(std::max<qint64>(left, 0), std::min(left + Columns, size)), left);
            chunk.place(left);
        }
        m_chunks.swap(chunks);
    }

    /// Calls `function` for each chunk, in order.
    template<typename Function>
    void forEach(Function function) const
    {
        for (const Numbered &chunk : m_chunks)
            function(*chunk.chunk);
    }

private:
    // Few enough to be cheap to replace, and many enough that a screen has few chunks.
    static constexpr qint64 Columns = 128;

    struct Numbered
    {
        qint64 number; ///< of the columns from `number * Columns` on
        std::unique_ptr<Chunk> chunk;
    };

    static qint64 chunkOf(qint64 column)
    {
        return column >= 0 ? column / Columns : -((Columns - 1 - column) / Columns);
    }

    std::vector<Numbered> m_chunks;
};
