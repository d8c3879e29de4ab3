'use strict';
// Builds the page from the report. All text of the report goes in as text, never as HTML.
(() => {
  const report = JSON.parse(document.getElementById('data').textContent);
  const { el, number } = Charts;
  const root = document.documentElement;
  const main = document.getElementById('main');
  let drawn = [];
  let serial = 0;

  // A figure with its title, what it shows in words, the chart, and the same numbers as a table.
  const figure = (parent, title, about, height, option, table, group) => {
    const id = 'chart-' + (serial += 1);
    const frame = el('figure', null, { 'aria-labelledby': id });
    const caption = el('figcaption');
    caption.append(el('h3', title, { id }), el('p', about, { id: id + '-about' }));
    const chart = el('div', null, { class: 'chart', role: 'img', 'aria-label': title, 'aria-describedby': id + '-about' });
    chart.style.height = height + 'px';
    frame.append(caption, chart);
    if (table) frame.append(lazyTable(table));
    parent.append(frame);
    drawn.push({ chart, option, group });
    return frame;
  };
  const lazyTable = (rows) => {
    const details = el('details');
    details.append(el('summary', 'As a table'));
    details.addEventListener('toggle', () => {
      if (details.open && details.children.length === 1) {
        const { head, body } = rows();
        const box = tableOf(head, body);
        box.classList.add('tall');
        details.append(box);
      }
    });
    return details;
  };
  const tableOf = (head, body, kind = '') => {
    const box = el('div', null, { class: 'scroll' });
    const table = el('table', null, kind ? { class: kind } : {});
    const top = el('tr');
    head.forEach((name) => top.append(el('th', name.replace(/^#/, ''), { scope: 'col', ...(name.startsWith('#') ? { class: 'n' } : {}) })));
    const thead = el('thead');
    thead.append(top);
    const rows = el('tbody');
    for (const cells of body) {
      const row = el('tr');
      cells.forEach((cell, at) => {
        const place = el('td', null, { 'data-label': head[at].replace(/^#/, ''), ...(head[at].startsWith('#') ? { class: 'n' } : {}) });
        place.append(cell instanceof Node ? cell : String(cell));
        row.append(place);
      });
      rows.append(row);
    }
    table.append(thead, rows);
    box.append(table);
    return box;
  };
  const cards = (parent, facts) => {
    const box = el('div', null, { class: 'cards' });
    for (const { label, value } of facts) {
      const card = el('div', null, { class: 'card' });
      card.append(el('b', value), el('span', label));
      box.append(card);
    }
    parent.append(box);
  };
  const named = (role, text) => {
    const span = el('span'), dot = el('span', null, { class: 'dot' });
    dot.style.background = `var(--${role})`;
    span.append(dot, text);
    return span;
  };
  const stepsTable = (steps) => () => ({ head: ['step', '#EUR'], body: steps.map((one) => [one.label, number(one.ct / 100, 2)]) });

  const draw = () => {
    for (const one of drawn) {
      if (one.made) one.made.dispose();
      one.made = echarts.init(one.chart, null, { renderer: 'svg' });
      one.made.setOption(one.option());
      if (one.group) one.made.group = one.group;
      // The axis names finer steps the closer one looks.
      if (one.group === 'home') {
        one.made.on('datazoom', () => {
          const option = one.made.getOption(), times = option.xAxis[0].data, zoom = option.dataZoom[0];
          const count = Math.max(1, Math.round((zoom.end - zoom.start) / 100 * times.length));
          one.made.setOption({ xAxis: { axisLabel: Charts.timeLabel(times, count) } });
        });
      }
    }
    echarts.connect('home');
  };

  const fleetView = (fleet) => {
    main.append(el('h2', 'The homes together'));
    const pair = el('div', null, { class: 'pair' });
    main.append(pair);
    figure(pair, 'From the uncontrolled bill to the plan', 'All homes together. The last bar counts wear, comfort, service and what the plans took from the stores.',
      170, () => Charts.waterfall(fleet.waterfall), stepsTable(fleet.waterfall));
    for (const spread of fleet.spreads) {
      const table = () => ({ head: ['from', 'to', '#homes'], body: spread.counts.map((count, bin) => [number(spread.from + bin * spread.width, 3), number(spread.from + (bin + 1) * spread.width, 3), count]) });
      figure(pair, spread.label[0].toUpperCase() + spread.label.slice(1), 'How many homes lie in each range.', 170, () => Charts.histogram(spread), table);
    }
    const panel = el('section', null, { class: 'panel' });
    const shown = fleet.rows.length;
    panel.append(el('h3', shown < fleet.homes ? `The ${shown} homes of ${fleet.homes} that save most` : 'Every home'));
    const ids = new Map(report.homes.map((home, at) => [home.id, at]));
    const rows = fleet.rows.map((row) => {
      let name = row.home_id;
      if (ids.has(name)) {
        name = el('button', row.home_id, { type: 'button' });
        name.addEventListener('click', () => { pick(ids.get(row.home_id)); document.getElementById('home').scrollIntoView(); });
      }
      return [name, number(row.baseline_bill_ct / 100, 2), number(row.bill_ct / 100, 2), number(row.net_saving_ct / 100, 2), number(row.gap_ct, 2), row.closed ? 'closed' : 'open', row.iterations];
    });
    const table = tableOf(['home', '#uncontrolled EUR', '#plan EUR', '#net saving EUR', '#gap ct', 'proof', '#iterations'], rows);
    table.classList.add('tall');
    panel.append(table);
    main.append(panel);
    if (fleet.failures.length) {
      const failed = el('section', null, { class: 'panel' });
      failed.append(el('h3', `${fleet.failures.length} homes without a plan`), tableOf(['home', 'why'], fleet.failures, 'wide'));
      main.append(failed);
    }
  };

  const timeTable = (home, columns) => () => ({
    head: ['local start', ...columns.map((column) => '#' + column.name)],
    body: home.times.map((time, t) => [time, ...columns.map((column) => number(column.data[t], 2))]),
  });
  const homeView = (parent, home) => {
    cards(parent, home.facts);
    figure(parent, 'Prices', `Import price, feed-in pay, and what a kWh more or less costs the home. Local time, ${home.zone}. Drag the slider, or hold Ctrl and scroll, to look closer; all charts follow.`,
      270, () => Charts.prices(home), timeTable(home, [{ name: 'import ct/kWh', data: home.import_price }, { name: 'feed-in ct/kWh', data: home.export_price }, { name: 'worth ct/kWh', data: home.worth }]), 'home');
    figure(parent, 'Who draws and who gives', 'Above zero what draws, below zero what gives, stacked; the line is what the meter sees.',
      300, () => Charts.power(home), timeTable(home, [...home.tracks.map((track) => ({ name: track.label + ' kW', data: track.kw })), { name: 'grid kW', data: home.net_kw }]), 'home');
    figure(parent, 'At the meter', 'Import above zero, export below, with the plan and without. A limit is drawn where it is near.',
      210, () => Charts.grid(home), timeTable(home, [{ name: 'plan kW', data: home.net_kw }, { name: 'without kW', data: home.baseline_net_kw }, { name: 'import limit kW', data: home.import_limit_kw }, { name: 'export limit kW', data: home.export_limit_kw }]), 'home');
    const pair = el('div', null, { class: 'pair' });
    parent.append(pair);
    for (const store of home.levels) {
      const about = store.connected ? 'Energy in the car at the end of each interval; the diamond is what is wished for at a departure.' : `${store.unit === '°C' ? 'Temperature' : 'Energy'} at the end of each interval; the band is what it should keep to.`;
      figure(pair, `${store.label}, ${store.unit}`, about, 170, () => Charts.level(home, store), timeTable(home, [{ name: store.unit, data: store.level }, { name: 'least', data: store.low }, { name: 'most', data: store.high }]), 'home');
    }
    why(parent, home);
    figure(parent, 'From no plan to the plan', 'What each part of the cost changes. Energy that the plan leaves less of in the stores counts as borrowed, so that the last bar compares like with like.',
      40 + 30 * home.waterfall.length, () => Charts.waterfall(home.waterfall), stepsTable(home.waterfall));
  };
  const why = (parent, home) => {
    const made = el('section', null, { class: 'panel' });
    made.append(el('h3', 'What was decided, and why'), el('p', 'A device that draws is best served where a kWh is worth least, one that gives where it is worth most. The last column compares the least good interval used with the best one left out.', { class: 'about' }));
    made.append(tableOf(['device', 'does', 'when', '#kWh', '#ct/kWh then', '#ct/kWh if any time', 'why'],
      home.decisions.map((one) => [named(one.role, one.device), one.does, one.when, number(one.kwh, 1), number(one.mean_ct), number(one.could_ct), one.why]), 'wide'));
    parent.append(made);
    if (home.shadow.length) {
      const columns = [{ name: 'meter', data: home.worth }, ...home.shadow.map((one) => ({ name: one.label, data: one.ct_per_kwh }))];
      figure(parent, 'Shadow prices', 'A shadow price is what one kWh more, to this device in this interval, would be worth to the home: the price the plan acts on. Where it equals the price at the meter only the price decides; where it is higher, a limit keeps the device from having more. These are the multipliers that prove the bound. The device that the proof couples straight to the meter has none of its own.',
        250, () => Charts.shadow(home), timeTable(home, columns), 'home');
    }
    if (home.bindings.length) {
      const from = { certificate: 'shadow price', prices: 'cheapest interval with room', wish: 'price of the wish', unknown: '' };
      const bound = el('section', null, { class: 'panel' });
      bound.append(el('h3', 'What binds, and what a unit more is worth'));
      bound.append(tableOf(['limit or wish', 'when', '#intervals', '#worth of a unit', 'known from'],
        home.bindings.map((one) => [one.what, one.when, one.count, one.ct === null ? '–' : `${number(one.ct)} ct/${one.per}`, from[one.source]]), 'wide'));
      parent.append(bound);
    }
  };

  let place = null;
  let select = null;
  let fixed = 0;
  const heading = el('h2', '');
  const pick = (at) => {
    drawn.slice(fixed).forEach((one) => one.made && one.made.dispose());
    drawn = drawn.slice(0, fixed);
    select.value = String(at);
    heading.textContent = 'Home ' + report.homes[at].id;
    place.replaceChildren();
    homeView(place, report.homes[at]);
    draw();
  };
  const theme = (name) => {
    root.dataset.theme = name;
    const button = document.getElementById('theme');
    button.textContent = name === 'dark' ? 'Light' : 'Dark';
    button.setAttribute('aria-pressed', String(name === 'dark'));
  };

  document.getElementById('title').textContent = report.title;
  report.facts.forEach(({ label, value }) => document.getElementById('facts').append(el('span', label ? `${label} ${value}` : value)));
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  theme(dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', () => { theme(dark.matches ? 'dark' : 'light'); draw(); });
  document.getElementById('theme').addEventListener('click', () => { theme(root.dataset.theme === 'dark' ? 'light' : 'dark'); draw(); });
  if (report.fleet) fleetView(report.fleet);
  fixed = drawn.length;
  if (report.homes.length) {
    const bar = el('div', null, { class: 'pick', id: 'home' });
    select = el('select', null, { 'aria-label': 'home to show', class: 'noprint' });
    report.homes.forEach((home, at) => select.append(el('option', home.id, { value: at })));
    select.addEventListener('change', () => pick(Number(select.value)));
    bar.append(heading);
    if (report.homes.length > 1) bar.append(select);
    report.notes.forEach((note) => bar.append(el('span', note, { class: 'note about' })));
    place = el('div');
    main.append(bar, place);
    pick(0);
  } else if (report.study) {
    const redraw = (where, build) => {
      drawn.forEach((one) => one.made && one.made.dispose());
      drawn = [];
      where.replaceChildren();
      build();
      draw();
    };
    Study.view(report, { main, figure, tableOf, redraw });
  } else {
    draw();
  }
  let width = window.innerWidth;
  window.addEventListener('resize', () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    draw();
  });
  // Paper is white and has a width of its own.
  let before = null;
  window.addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    theme('light');
    draw();
    drawn.forEach((one) => one.made.resize({ width: Math.min(one.chart.clientWidth, 640) }));
  });
  window.addEventListener('afterprint', () => { theme(before ?? 'light'); draw(); });
  root.dataset.ready = 'yes';
})();
