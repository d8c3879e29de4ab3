// The parts of Apache ECharts that the report draws with; build.sh makes echarts.js from it.
import * as core from 'echarts/core';
import { LineChart, BarChart, HeatmapChart, ScatterChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, LegendComponent, DataZoomComponent, VisualMapContinuousComponent, MarkLineComponent, MarkAreaComponent, AxisPointerComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
core.use([LineChart, BarChart, HeatmapChart, ScatterChart, GridComponent, TooltipComponent, LegendComponent, DataZoomComponent, VisualMapContinuousComponent, MarkLineComponent, MarkAreaComponent, AxisPointerComponent, SVGRenderer]);
export const init = core.init, connect = core.connect, getInstanceByDom = core.getInstanceByDom, version = core.version;
