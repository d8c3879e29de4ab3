'use strict';
// How each chart looks. Every function returns an option of ECharts; colours come from the style sheet.
const Charts = (() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const number = (value, digits = 1) => value === null || value === undefined || Number.isNaN(value) ? '–'
    : value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const clock = (time) => time.slice(-5);
  const el = (tag, text, attributes = {}) => {
    const node = document.createElement(tag);
    if (text !== null && text !== undefined) node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const narrow = () => window.innerWidth < 600;

  // Names are text of the user: elements are built, never parsed.
  const tooltip = (unit, digits = 1, head = (p) => p[0].axisValue) => ({
    trigger: 'axis', confine: true, backgroundColor: css('card'), borderColor: css('line'), padding: 10,
    textStyle: { color: css('ink') }, extraCssText: 'box-shadow:0 4px 16px #0003;border-radius:8px',
    formatter: (params) => {
      const box = el('div', null, { class: 'tip' });
      box.append(el('strong', head(params)));
      for (const one of params) {
        const value = Array.isArray(one.value) ? one.value[1] : one.value;
        if (one.seriesName.startsWith('~') || value === null || value === undefined || value === '-') continue;
        if (one.seriesType === 'bar' && Math.abs(value) < 0.005) continue;
        const row = el('div'), name = el('span'), dot = el('span', null, { class: 'dot' });
        dot.style.background = one.color;
        name.append(dot, one.seriesName);
        row.append(name, el('b', number(value, digits) + ' ' + unit));
        box.append(row);
      }
      return box;
    },
  });
  const step = (count) => {
    const wide = !narrow();
    if (count <= 30) return wide ? 1 : 2;
    if (count <= 104) return wide ? 3 : 6;
    if (count <= 208) return wide ? 6 : 12;
    return 24;
  };
  const timeLabel = (times, count) => {
    const every = step(count);
    return {
      color: css('soft'), hideOverlap: true,
      interval: (_, time) => time.endsWith(':00') && Number(time.slice(-5, -3)) % every === 0,
      formatter: (time) => clock(time) === '00:00' && times.length > 1 && count > 104 ? time.slice(0, -6) : clock(time),
    };
  };
  const left = () => narrow() ? 40 : 52;
  const base = (times, unit, more = {}) => ({
    animation: false, textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: left(), right: narrow() ? 8 : 16, top: 54, bottom: more.zoom ? 64 : 26 },
    legend: { type: 'scroll', top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 8, itemGap: 14,
      textStyle: { color: css('soft') }, pageTextStyle: { color: css('soft') }, pageIconColor: css('soft'), data: more.legend },
    tooltip: tooltip(unit, more.digits ?? 1),
    axisPointer: { link: [{ xAxisIndex: 'all' }], lineStyle: { color: css('soft') } },
    xAxis: { type: 'category', data: times, axisLabel: timeLabel(times, times.length), axisTick: { show: false },
      axisLine: { lineStyle: { color: css('line') }, onZero: false }, splitLine: { show: false } },
    yAxis: { type: 'value', scale: !!more.scale, splitNumber: more.splits ?? 4, name: unit, nameLocation: 'end', nameGap: 14,
      nameTextStyle: { color: css('soft'), align: 'left', padding: [0, 0, 0, 6 - left()] },
      axisLabel: { color: css('soft') }, splitLine: { lineStyle: { color: css('grid') } } },
    dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false, moveOnMouseMove: !narrow(), preventDefaultMouseMove: false }].concat(more.zoom ? [{
      type: 'slider', bottom: 6, height: 22, borderColor: css('line'), fillerColor: css('accent') + '22', backgroundColor: 'transparent',
      dataBackground: { lineStyle: { color: css('line') }, areaStyle: { color: css('grid') } }, handleStyle: { color: css('card'), borderColor: css('soft') },
      moveHandleStyle: { color: css('line') }, labelFormatter: '', brushSelect: false, selectedDataBackground: { lineStyle: { color: css('soft') }, areaStyle: { color: css('grid') } } }] : []),
  });
  const line = (name, data, color, more = {}) => ({ name, type: 'line', step: 'middle', symbol: 'none', data, color,
    lineStyle: { width: more.width ?? 1.8, type: more.dash ?? 'solid', color }, z: more.z ?? 3, emphasis: { disabled: true }, ...more.extra });

  // The second device of a kind gets a lighter shade of its kind's colour.
  const shades = () => {
    const seen = {};
    return (role) => {
      const nth = seen[role] = (seen[role] ?? -1) + 1;
      const color = css(role);
      if (!nth) return color;
      const part = Math.min(0.35 * nth, 0.7), mix = document.documentElement.dataset.theme === 'dark' ? 0 : 255;
      const channel = (at) => Math.round(parseInt(color.slice(at, at + 2), 16) * (1 - part) + mix * part);
      return `rgb(${channel(1)},${channel(3)},${channel(5)})`;
    };
  };

  const prices = (home) => ({
    ...base(home.times, 'ct/kWh', { zoom: true, scale: false }),
    series: [
      line('import price', home.import_price, css('ink')),
      line('feed-in pay', home.export_price, css('pv'), { dash: 'dashed' }),
      line('worth of a kWh', home.worth, css('accent'), { width: 3, z: 2 }),
    ],
  });
  const power = (home) => {
    const shade = shades();
    const bars = home.tracks.map((track) => ({ name: track.label, type: 'bar', stack: 'power', data: track.kw, color: shade(track.role),
      barCategoryGap: '0%', barWidth: '101%', emphasis: { disabled: true }, itemStyle: { borderWidth: 0 } }));
    return { ...base(home.times, 'kW', { digits: 2 }), series: [...bars, line('grid', home.net_kw, css('ink'), { width: 1.6 })] };
  };
  const grid = (home) => {
    const most = Math.max(...home.net_kw.map(Math.abs), ...home.baseline_net_kw.map(Math.abs), 1);
    const near = (limits) => Math.min(...limits) < most * 2.2;
    const series = [
      line('without a plan', home.baseline_net_kw, css('soft'), { dash: [4, 3], width: 1.4 }),
      line('plan', home.net_kw, css('accent'), { width: 2, extra: { areaStyle: { opacity: .14 } } }),
    ];
    if (near(home.import_limit_kw)) series.push(line('import limit', home.import_limit_kw, css('bad'), { dash: 'dashed', width: 1.4 }));
    if (near(home.export_limit_kw) && home.net_kw.some((kw) => kw < 0)) series.push(line('export limit', home.export_limit_kw.map((kw) => -kw), css('bad'), { dash: 'dotted', width: 1.4 }));
    return { ...base(home.times, 'kW', { digits: 2 }), series };
  };
  const level = (home, store) => {
    const color = css(store.role);
    const option = base(home.times, store.unit, { digits: store.unit === '°C' ? 1 : 1, scale: store.unit === '°C', legend: [store.label, 'band'], splits: 3 });
    const band = (name, data, area) => ({ name, type: 'line', step: 'middle', symbol: 'none', stack: 'band', stackStrategy: 'all', data, lineStyle: { width: 0 }, color,
      areaStyle: area ? { color, opacity: .13 } : undefined, silent: true, emphasis: { disabled: true }, z: 1 });
    const away = store.connected ? runs(store.connected.map((on) => !on)) : [];
    const shown = store.connected ? [] : [band('~low', store.low, false), { ...band('band', store.high.map((high, t) => high - store.low[t]), true), tooltip: { show: false } }];
    if (store.unit === '°C') option.yAxis.min = (range) => Math.floor(Math.min(range.min, ...store.low, ...store.level) - .5);
    if (store.unit === '°C') option.yAxis.max = (range) => Math.ceil(Math.max(...store.high, ...store.level) + .5);
    if (store.connected) option.yAxis.max = store.high[0];
    option.legend.show = false;
    option.grid.top = 30;
    option.series = [...shown, { ...line(store.label, store.level, color, { width: 2.2 }), step: false,
      markArea: { silent: true, itemStyle: { color: css('grid'), opacity: .9 }, label: { show: true, color: css('soft'), position: 'insideTop', formatter: 'away' },
        data: away.map(([from, to]) => [{ xAxis: from }, { xAxis: Math.min(to, home.times.length - 1) }]) } }];
    if (store.connected) {
      const targets = store.low.map((low, t) => low > 0 ? [t, low] : null).filter(Boolean);
      option.series.push({ name: 'wished at departure', type: 'scatter', symbol: 'diamond', symbolSize: 11, color: css('ink'), data: targets, z: 5 });
    }
    option.tooltip = tooltip(store.unit, 1);
    const shownTip = option.tooltip.formatter;
    option.tooltip.formatter = (params) => shownTip(params.filter((one) => one.seriesName !== 'band'));
    return option;
  };
  const shadow = (home) => {
    const shade = shades();
    return { ...base(home.times, 'ct/kWh'),
      series: [line('at the meter', home.worth, css('ink'), { width: 3, extra: { lineStyle: { width: 3.4, opacity: .25, color: css('ink') } } }),
        ...home.shadow.map((one) => line(one.label, one.ct_per_kwh, shade(one.role), { width: 1.7 }))] };
  };
  const runs = (flags) => {
    const found = [];
    flags.forEach((on, t) => {
      if (!on) return;
      const last = found[found.length - 1];
      if (last && last[1] === t) last[1] = t + 1; else found.push([t, t + 1]);
    });
    return found;
  };
  const waterfall = (steps) => {
    let sum = 0;
    const rows = steps.map((one) => {
      const from = one.total ? 0 : sum, to = one.total ? one.ct : sum + one.ct;
      sum = to;
      return { one, from: from / 100, to: to / 100 };
    });
    const color = ({ one }) => one.total ? css('soft') : one.ct <= 0 ? css('good') : css('bad');
    // A bar from `from` to `to` may cross zero: one stack for what lies above, one for what lies below.
    const above = ({ from, to }) => [Math.max(Math.min(from, to), 0), Math.max(from, to, 0) - Math.max(Math.min(from, to), 0)];
    const below = ({ from, to }) => [Math.min(Math.max(from, to), 0), Math.min(from, to, 0) - Math.min(Math.max(from, to), 0)];
    const bar = (name, stack, data, hidden) => ({ name, type: 'bar', stack, barGap: '-100%', barWidth: '62%', silent: hidden, emphasis: { disabled: true }, data,
      itemStyle: hidden ? { color: 'transparent' } : {} });
    const label = (row) => (row.one.total ? '' : row.one.ct > 0 ? '+' : '−') + number(Math.abs(row.one.ct) / 100, 2);
    const option = base(steps.map((one) => one.label), 'EUR');
    option.dataZoom = [];
    option.legend.show = false;
    option.xAxis = { ...option.yAxis, type: 'value', name: '', axisLabel: { color: css('soft'), hideOverlap: true } };
    option.yAxis = { type: 'category', inverse: true, data: steps.map((one) => one.label), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: css('ink') } };
    option.grid = { left: narrow() ? 140 : 178, right: 64, top: 6, bottom: 26 };
    option.tooltip = { show: false };
    option.series = [
      bar('~', 'up', rows.map((row) => above(row)[0]), true),
      { ...bar('EUR', 'up', rows.map((row) => ({ value: above(row)[1], itemStyle: { color: color(row) } })), false),
        label: { show: true, position: 'right', color: css('ink'), formatter: ({ dataIndex }) => label(rows[dataIndex]) } },
      bar('~', 'down', rows.map((row) => below(row)[0]), true),
      bar('EUR below 0', 'down', rows.map((row) => ({ value: below(row)[1], itemStyle: { color: color(row) } })), false),
    ];
    return option;
  };
  const histogram = (spread) => {
    const digits = spread.width < 0.01 ? 3 : spread.width < 0.1 ? 2 : spread.width < 1 ? 1 : 0;
    const names = spread.counts.map((_, bin) => number(spread.from + bin * spread.width, digits));
    const option = base(names, 'homes', { digits: 0 });
    option.dataZoom = [];
    option.legend.show = false;
    option.grid.top = 30;
    option.xAxis.axisLabel = { color: css('soft'), hideOverlap: true };
    option.tooltip = tooltip('homes', 0, (params) => {
      const low = spread.from + params[0].dataIndex * spread.width;
      return `${number(low, digits)} to ${number(low + spread.width, digits)}`;
    });
    option.series = [{ name: 'homes', type: 'bar', data: spread.counts, color: css('accent'), barCategoryGap: '8%', itemStyle: { borderRadius: [3, 3, 0, 0] } }];
    return option;
  };
  return { prices, power, grid, level, shadow, waterfall, histogram, number, el, timeLabel, css, tooltip };
})();
