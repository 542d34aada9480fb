// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QHash>
#include <QtCore/QString>
#include <QtGui/QFont>
#include <QtGui/QFontMetricsF>

#include <cmath>

/// The sizes of texts in a font, in pixels. It keeps the widths of many texts: to lay out a text takes longer than all that
/// a plot does with it. Belongs to one thread.
class TextSizes
{
public:
    explicit TextSizes(const QFont &font)
        : ascent(std::ceil(QFontMetricsF(font).ascent()))
        , descent(std::ceil(QFontMetricsF(font).descent()))
        , digitHeight(QFontMetricsF(font).tightBoundingRect(QStringLiteral("0")).height())
        , m_metrics(font)
    {
    }

    const double ascent;
    const double descent;
    /// Labels are centred by it, since a line of text has space for accents and descenders, too.
    const double digitHeight;

    double lineHeight() const { return ascent + descent; }

    double width(const QString &text)
    {
        constexpr qsizetype Most = 1000; // of which a few are in view
        if (const auto at = m_widths.constFind(text); at != m_widths.cend())
            return *at;
        if (m_widths.size() >= Most)
            m_widths.clear();
        return *m_widths.insert(text, m_metrics.horizontalAdvance(text));
    }

    /// Returns a text without an end that takes more than `width`.
    QString elided(const QString &text, double width)
    {
        return this->width(text) <= width ? text : m_metrics.elidedText(text, Qt::ElideRight, width);
    }

private:
    QFontMetricsF m_metrics;
    QHash<QString, double> m_widths;
};
