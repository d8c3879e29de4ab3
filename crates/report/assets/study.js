'use strict';
// The page of a replay: charts by tariff and policy, month, hour and home.
const Study = (() => {
  const { css, el, number, tooltip } = Charts;
  const distinct = (list) => [...new Set(list)];
  const palette = () => ['load', 'ev', 'battery', 'pv', 'rooms', 'hot_water', 'appliance', 'heater'].map(css);
  const colours = (policies) => new Map(policies.map((policy, at) => [policy, palette()[at % 8]]));
  const narrow = () => window.innerWidth < 600;
  const short = (text) => (narrow() && text.length > 14 ? text.slice(0, 13) + '…' : text);

  const axes = (labels, unit, legend) => ({
    animation: false, aria: { enabled: false },
    legend: { type: 'scroll', top: 0, left: 0, itemWidth: 14, itemHeight: 10, data: legend, textStyle: { color: css('ink') }, pageTextStyle: { color: css('soft') }, pageIconColor: css('soft'), pageIconInactiveColor: css('line') },
    grid: { left: narrow() ? 44 : 56, right: 14, top: 54, bottom: 28 },
    tooltip: tooltip(unit, 2),
    xAxis: { type: 'category', data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: css('line') }, onZero: false }, axisLabel: { color: css('soft'), formatter: short, interval: narrow() && labels.length > 6 ? 1 : 0 } },
    yAxis: { type: 'value', name: unit, nameLocation: 'end', nameGap: 12, splitNumber: 4, nameTextStyle: { color: css('soft'), align: 'left', padding: [0, 0, 0, narrow() ? -34 : -46] }, axisLabel: { color: css('soft') }, splitLine: { lineStyle: { color: css('grid') } } },
  });
  const bars = (labels, unit, series, colour) => ({
    ...axes(labels, unit, series.map((one) => one.name)),
    series: series.map((one) => ({ ...one, type: 'bar', color: colour.get(one.key), barMaxWidth: 34, barGap: '12%', emphasis: { disabled: true }, itemStyle: { borderRadius: 2 } })),
  });

  // Blue where there is little, orange where there is much: told apart in any kind of sight. Around zero, the middle is the ground.
  const scale = (diverging) => {
    const dark = document.documentElement.dataset.theme === 'dark';
    if (diverging) return ['#2f8ac4', dark ? '#20415a' : '#cfe4f2', css('card'), dark ? '#5a3a1c' : '#f8dcc0', '#d9730d'];
    return dark ? ['#16324a', '#1f5f8b', '#7c8790', '#d38a2e', '#ffd27f'] : ['#e8f1f8', '#9cc7e6', '#d8c9a8', '#e0923f', '#9c3d00'];
  };
  const heat = (months, cells, unit, diverging) => {
    const values = cells.map((cell) => cell[2]);
    const most = Math.max(...values.map(Math.abs), 1e-6);
    const min = diverging ? -most : Math.min(...values), max = diverging ? most : Math.max(...values, min + 1e-6);
    return {
      animation: false, aria: { enabled: false },
      grid: { left: narrow() ? 58 : 66, right: 14, top: 10, bottom: 78 },
      tooltip: { ...tooltip(unit, 2), trigger: 'item', formatter: (one) => {
        const box = el('div', null, { class: 'tip' });
        const hour = one.value[0];
        box.append(el('strong', `${months[one.value[1]]}, ${hour}:00 to ${hour + 1}:00`), el('div', `${number(one.value[2], 2)} ${unit}`));
        return box;
      } },
      xAxis: { type: 'category', data: Array.from({ length: 24 }, (_, hour) => hour), axisTick: { show: false }, axisLine: { show: false }, splitArea: { show: false }, axisLabel: { color: css('soft'), interval: narrow() ? 5 : 2, formatter: (hour) => `${hour}:00` } },
      yAxis: { type: 'category', data: months, inverse: true, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: css('soft') } },
      visualMap: { min, max, calculable: false, orient: 'horizontal', left: 'center', bottom: 4, itemHeight: narrow() ? 150 : 220, itemWidth: 12, precision: 1, text: [`${number(max, 1)} ${unit}`, number(min, 1)], textStyle: { color: css('soft') }, inRange: { color: scale(diverging) } },
      series: [{ type: 'heatmap', data: cells, itemStyle: { borderColor: css('card'), borderWidth: 1 }, emphasis: { itemStyle: { borderColor: css('ink') } } }],
    };
  };
  // One dot a home, one row a policy; dots of a row are spread a little so that equal ones are seen.
  const strip = (policies, groups, colour) => ({
    animation: false, aria: { enabled: false },
    grid: { left: narrow() ? 100 : 150, right: 24, top: 10, bottom: 44 },
    tooltip: { ...tooltip('EUR', 2), trigger: 'item', formatter: (one) => {
      const box = el('div', null, { class: 'tip' });
      box.append(el('strong', one.data.home), el('div', `${one.seriesName}: ${number(one.value[0], 2)} EUR`));
      return box;
    } },
    xAxis: { type: 'value', name: 'net saving, EUR per home', nameLocation: 'middle', nameGap: 28, axisLine: { onZero: false, lineStyle: { color: css('line') } }, nameTextStyle: { color: css('soft') }, axisLabel: { color: css('soft') }, splitLine: { lineStyle: { color: css('grid') } } },
    yAxis: { type: 'value', min: -1, max: policies.length, interval: 1, inverse: true, splitLine: { show: false }, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: css('ink'), formatter: (row) => short(policies[row] ?? '') } },
    series: groups.map((group, row) => ({ name: group.policy, type: 'scatter', symbolSize: group.savings.length > 200 ? 5 : 9, color: colour.get(group.policy),
      itemStyle: { opacity: .75 }, emphasis: { disabled: true },
      data: group.savings.map(([home, saving], at) => ({ home, value: [saving, row + ((at * 7) % 11 - 5) * .045] })) })),
  });

  const view = (report, kit) => {
    const study = report.study;
    const { main, figure, tableOf, redraw } = kit;
    const variants = distinct(study.groups.map((group) => group.variant));
    const tariffs = distinct(study.groups.map((group) => group.tariff));
    const policies = distinct(study.groups.map((group) => group.policy));
    const planned = policies.filter((policy) => policy !== study.baseline);
    const colour = () => colours(policies);
    const at = { variant: variants[0], tariff: null, policy: null };
    const of = (tariff, policy) => study.groups.find((group) => group.variant === at.variant && group.tariff === tariff && group.policy === policy);
    // The tariff and the policy with something to see come first.
    const spread = (tariff) => { const group = of(tariff, policies[0]); const prices = group ? group.by_hour.map((cell) => cell[2]) : [0]; return Math.max(...prices) - Math.min(...prices); };
    at.tariff = tariffs.reduce((best, tariff) => (spread(tariff) > spread(best) + 1e-9 ? tariff : best), tariffs[0]);
    at.policy = planned.find((policy) => policy !== study.bound && /horizon|ahead/.test(policy)) ?? planned[planned.length - 1] ?? policies[0];

    const bar = el('div', null, { class: 'pick', id: 'study' });
    const place = el('div');
    const chooser = (name, values) => {
      if (values.length < 2) return;
      const label = el('label', name + ' ', { class: 'noprint' });
      const select = el('select', null, { 'aria-label': name });
      values.forEach((value) => select.append(el('option', value, { value })));
      select.value = at[name];
      select.addEventListener('change', () => { at[name] = select.value; build(); });
      label.append(select);
      bar.append(label);
    };
    bar.append(el('h2', 'What it saves'));
    chooser('variant', variants);
    chooser('tariff', tariffs);
    chooser('policy', policies);
    report.notes.forEach((note) => bar.append(el('span', note, { class: 'note about' })));
    main.append(bar, place);

    const totals = (part, list) => list.map((policy) => ({ key: policy, name: policy, data: tariffs.map((tariff) => of(tariff, policy)?.[part] ?? null) }));
    const totalsTable = (part, list) => () => ({ head: ['tariff', ...list.map((policy) => '#' + policy)], body: tariffs.map((tariff) => [tariff, ...list.map((policy) => number(of(tariff, policy)?.[part], 2))]) });
    const sides = () => {
      const pair = el('div', null, { class: 'pair' });
      place.append(pair);
      figure(pair, 'Net saving by tariff and policy', `EUR over all homes against ${study.baseline} under the same tariff: bills, wear, comfort, service and energy borrowed from the stores.`,
        280, () => bars(tariffs, 'EUR', totals('saving', planned), colour()), totalsTable('saving', planned));
      figure(pair, 'Net cost by tariff and policy', 'EUR over all homes. Bars of one tariff compare policies; bars of one colour compare tariffs.',
        280, () => bars(tariffs, 'EUR', totals('net', policies), colour()), totalsTable('net', policies));
      const bound = study.groups.some((group) => group.policy === study.bound && group.regret !== null);
      const short = policies.filter((policy) => policy !== study.bound);
      if (bound) figure(pair, 'Regret by tariff and policy', `How much more it costs than ${study.bound}, EUR over all homes: what knowing everything would be worth.`,
        260, () => bars(tariffs, 'EUR', totals('regret', short), colour()), totalsTable('regret', short));
      const months = () => planned.map((policy) => ({ key: policy, name: policy, data: (of(at.tariff, policy)?.by_month ?? []).map((month) => month[1]) }));
      figure(pair, `Net saving by month: ${at.tariff}`, 'EUR over all homes against the baseline in the same month.', 260,
        () => bars(study.months, 'EUR', months(), colour()),
        () => ({ head: ['month', ...planned.map((policy) => '#' + policy)], body: study.months.map((month, place) => [month, ...months().map((one) => number(one.data[place], 2))]) }));
    };
    const hours = () => {
      const group = of(at.tariff, at.policy), base = of(at.tariff, study.baseline);
      if (!group || !group.by_hour.length) return;
      const pair = el('div', null, { class: 'pair' });
      place.append(pair);
      const height = 110 + 30 * study.months.length;
      const table = (part, unit) => () => ({ head: ['month', 'hour', '#' + unit], body: part().map(([hour, month, value]) => [study.months[month], `${hour}:00`, number(value, 2)]) });
      const prices = () => group.by_hour.map(([month, hour, price]) => [hour, month, price]);
      figure(pair, `Price: ${at.tariff}`, 'Mean import price by month and local hour.', height, () => heat(study.months, prices(), 'ct/kWh', false), table(prices, 'ct/kWh'));
      const before = new Map((base?.by_hour ?? []).map(([month, hour, , power]) => [month * 24 + hour, power]));
      const same = !base || at.policy === study.baseline;
      const power = () => group.by_hour.map(([month, hour, , kw]) => [hour, month, same ? kw : kw - (before.get(month * 24 + hour) ?? 0)]);
      figure(pair, same ? `Flexible load: ${at.policy}` : `What moves: ${at.policy}`,
        same ? 'Mean power into devices that can be shifted, less what they give back, in kW per home.' : `Mean power into flexible devices less that of ${study.baseline}, in kW per home: orange where load goes, blue where it comes from.`,
        height, () => heat(study.months, power(), 'kW', true), table(power, 'kW per home'));
    };
    const homes = () => {
      const groups = planned.map((policy) => of(at.tariff, policy)).filter((group) => group && group.savings.length);
      if (groups.length) figure(place, `Saving of each home: ${at.tariff}`, 'One dot a home.', 70 + 46 * groups.length,
        () => strip(groups.map((group) => group.policy), groups, colour()),
        () => ({ head: ['home', ...groups.map((group) => '#' + group.policy)], body: groups[0].savings.map(([home]) => [home, ...groups.map((group) => number(group.savings.find((one) => one[0] === home)?.[1], 2))]) }));
      const panel = el('section', null, { class: 'panel' });
      panel.append(el('h3', 'All tariffs and policies'), el('p', 'EUR over all homes, net of wear, comfort, service and energy borrowed; a tariff is best for a home where it costs least under that policy.', { class: 'about' }));
      const rows = study.groups.map((group) => [...(variants.length > 1 ? [group.variant] : []), group.tariff, group.policy, group.homes, number(group.bill, 2), number(group.net, 2), number(group.saving, 2), number(group.regret, 2), number(group.kelvin_hours, 1), number(group.missing_kwh, 1), group.best]);
      panel.append(tableOf([...(variants.length > 1 ? ['variant'] : []), 'tariff', 'policy', '#homes', '#bill', '#net cost', '#net saving', '#regret', '#K h', '#kWh missing', '#best for'], rows));
      place.append(panel);
      if (study.failures.length) {
        const failed = el('section', null, { class: 'panel' });
        failed.append(el('h3', `${study.failures.length} without a result`), tableOf(['what', 'why'], study.failures, 'wide'));
        place.append(failed);
      }
    };
    const build = () => redraw(place, () => { sides(); hours(); homes(); });
    build();
  };
  return { view };
})();
