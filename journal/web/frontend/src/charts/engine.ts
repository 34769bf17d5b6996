/** The parts of ECharts that the charts need, and nothing else. */
import { HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import { CalendarComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  CanvasRenderer,
  LineChart,
  ScatterChart,
  HeatmapChart,
  GridComponent,
  TooltipComponent,
  MarkAreaComponent,
  MarkLineComponent,
  VisualMapComponent,
  CalendarComponent,
]);

export type Option = Parameters<EChartsType["setOption"]>[0];

/** One chart in its place on the page: drawn anew when the place or the colour scheme changes. */
export class Chart {
  private readonly chart: EChartsType;
  private make: (width: number) => Option = () => ({});
  private width = 0;

  constructor(place: HTMLElement, onPress: (day: string) => void) {
    this.chart = init(place, undefined, { renderer: "canvas" });
    this.chart.on("click", (event) => {
      const day = (event.data as { day?: string } | undefined)?.day;
      if (day) onPress(day);
    });
    new ResizeObserver(() => this.resize()).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** `make` is told how wide the place is: a narrow one has room for fewer labels. */
  show(make: (width: number) => Option): void {
    this.make = make;
    this.draw();
  }

  private resize(): void {
    this.chart.resize();
    if (this.chart.getWidth() !== this.width) this.draw();
  }

  private draw(): void {
    this.width = this.chart.getWidth();
    this.chart.setOption(this.make(this.width), { notMerge: true });
  }
}
