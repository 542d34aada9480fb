// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Qt Charts, by QLineSeries::replace(). With all samples a frame takes many seconds, so it gets each tenth, or each hundredth.

#include "widgetplotpeer.h"

#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <algorithm>
#include <array>

namespace {

/// @tparam Step it gets each sample whose number is a multiple
template<int Step>
class ChartPeer : public WidgetPlotPeer
{
public:
    explicit ChartPeer(const scene::Source &source)
        : WidgetPlotPeer(source)
    {
        QChart *const chart = m_view.chart();
        chart->legend()->hide();
        m_yAxis->setRange(scene::Lowest, scene::Highest);
        chart->addAxis(m_xAxis, Qt::AlignBottom);
        chart->addAxis(m_yAxis, Qt::AlignLeft);
        for (int i = 0; i < scene::SeriesCount; ++i) {
            auto *const line = new QLineSeries;
            line->setPen(QPen(scene::colorOf(i), 1));
            chart->addSeries(line);
            line->attachAxis(m_xAxis);
            line->attachAxis(m_yAxis);
            m_lines[static_cast<std::size_t>(i)] = line;
        }
    }

    scene::Picture picture() override
    {
        const auto place = [this](QPointF point) {
            return QPointF(
                m_view.mapFromScene(m_view.chart()->mapToScene(m_view.chart()->mapToPosition(point, m_lines.front()))));
        };
        scene::Picture result;
        result.image = m_view.grab().toImage();
        result.column = [place](qint64 sample) { return place({toX(sample), 0}).x(); };
        result.row = [place](double value) { return place({0, value}).y(); };
        result.left = place({m_xAxis->min(), 0}).x();
        result.right = place({m_xAxis->max(), 0}).x();
        result.newest = m_newest;
        return result;
    }

protected:
    QWidget *widget() override { return &m_view; }
    QWidget *painted() override { return m_view.viewport(); }

    qint64 step() override
    {
        qint64 samples = 0;
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            qint64 number = 0;
            QList<QPointF> &points = m_points[i];
            for (const float value : m_feed.read(static_cast<int>(i), &number)) {
                if (number % Step == 0)
                    points.append({toX(number), static_cast<double>(value)});
                ++number;
                ++samples;
            }
            m_newest = number;
            const double first = toX(number) - scene::Span;
            const auto kept =
                std::find_if(points.cbegin(), points.cend(), [first](QPointF point) { return point.x() >= first; });
            points.erase(points.cbegin(), kept);
            m_lines[i]->replace(points);
        }
        m_xAxis->setRange(toX(m_newest) - scene::Span, toX(m_newest));
        return samples;
    }

private:
    static double toX(qint64 sample) { return static_cast<double>(sample) / scene::Rate; }

    QChartView m_view{new QChart};
    // These belong to the chart.
    QValueAxis *const m_xAxis = new QValueAxis;
    QValueAxis *const m_yAxis = new QValueAxis;
    std::array<QLineSeries *, scene::SeriesCount> m_lines{};
    std::array<QList<QPointF>, scene::SeriesCount> m_points;
    qint64 m_newest = 0;
};

} // namespace

QList<PlotPeer::Kind> chartPlots()
{
    return {{"Qt Charts, each 10th", makePlotPeer<ChartPeer<10>>, 3},
            {"Qt Charts, each 100th", makePlotPeer<ChartPeer<100>>, 3}};
}
