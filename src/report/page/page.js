/*
 * Draws the charts of a page about a run, and lets keyboards and screen readers walk through them. It stands in the page
 * as it is: no modules, and nothing is fetched.
 */
(() => {
  /** @typedef {InstanceType<typeof uPlot>} Plot */
  /** @type {{from: number, to: number, timeZone: string, times: number[], events: number[], charts: {id: string, title: string, unit: string, isLog: boolean, series: {label: string, values: (number | null)[]}[]}[]}} */
  const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}');
  const HEIGHT = 180;
  const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [1, 4], [8, 3, 2, 3, 2, 3], [14, 3, 5, 3]];

  /** @param {string} name */
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  /** @param {number} seconds */
  const dateAt = (seconds) => uPlot.tzDate(new Date(seconds * 1000), data.timeZone);
  /** @param {number} n */
  const two = (n) => String(n).padStart(2, '0');
  /** @param {number} seconds @param {number} step */
  const timeLabel = (seconds, step) => {
    const date = dateAt(seconds);
    if (step >= 86400) return `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
    return step < 60 ? `${minutes}:${two(date.getSeconds())}` : minutes;
  };
  /** @param {number | null | undefined} value */
  const figure = (value) => {
    if (value === null || value === undefined) return '–';
    return value >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
  };

  /** @type {{plot: Plot, frame: HTMLElement, show: (index: number | null) => void, index: number | null}[]} */
  const drawn = [];

  /** Numbers as long as they have room, and a line for each thing that happened. @param {Plot} plot */
  const drawEvents = (plot) => {
    const { ctx, bbox } = plot;
    const scale = uPlot.pxRatio;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = color('--mark');
    ctx.font = `${10 * scale}px system-ui, sans-serif`;
    ctx.textAlign = 'center';
    ctx.lineWidth = scale;
    ctx.setLineDash([3 * scale, 3 * scale]);
    let free = bbox.left - 8 * scale;
    for (const [index, at] of data.events.entries()) {
      const x = plot.valToPos(at, 'x', true);
      if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const text = String(index + 1);
      const half = ctx.measureText(text).width / 2;
      if (x - half < free) continue;
      ctx.fillText(text, x, bbox.top - 4 * scale);
      free = x + half + 4 * scale;
    }
    ctx.restore();
  };

  /** @param {HTMLElement} frame */
  const widthOf = (frame) => Math.max(240, frame.clientWidth);

  /** A line as a chart draws it. @param {number} index */
  const swatch = (index) => {
    const canvas = document.createElement('canvas');
    canvas.className = 'swatch';
    canvas.width = 44;
    canvas.height = 20;
    canvas.setAttribute('aria-hidden', 'true');
    const paint = () => {
      const ctx = canvas.getContext('2d');
      if (ctx === null) return;
      ctx.clearRect(0, 0, 44, 20);
      ctx.strokeStyle = color(`--s${index + 1}`);
      ctx.lineWidth = 4;
      ctx.setLineDash((DASHES[index] ?? []).map((dash) => dash * 2));
      ctx.beginPath();
      ctx.moveTo(0, 10);
      ctx.lineTo(44, 10);
      ctx.stroke();
    };
    paint();
    repaints.push(paint);
    return canvas;
  };
  /** @type {(() => void)[]} */
  const repaints = [];

  /** @param {typeof data.charts[number]} chart */
  const draw = (chart) => {
    const place = document.getElementById(chart.id);
    const frame = place?.querySelector('.plot');
    const legend = place?.querySelector('.legend');
    const spoken = place?.querySelector('output');
    if (!(frame instanceof HTMLElement) || !(legend instanceof HTMLElement) || !spoken) return;

    const values = chart.series.map(({ label }, index) => {
      const entry = document.createElement('span');
      const value = document.createElement('span');
      entry.append(swatch(index), `${label} `, value);
      legend.append(entry);
      return value;
    });
    const clock = document.createElement('span');
    legend.append(clock);

    /** @param {number | null} index */
    const show = (index) => {
      const at = index === null ? undefined : data.times[index];
      clock.textContent = at === undefined ? '' : `at ${timeLabel(at, 1)}`;
      for (const [i, value] of values.entries()) {
        value.textContent = index === null ? '' : figure(chart.series[i].values[index]);
      }
    };
    /** Log scales have no place for nothing. @param {number | null} value */
    const shown = (value) => (chart.isLog && value !== null && value <= 0 ? null : value);
    /** @type {import('uplot').Options} */
    const options = {
      width: widthOf(frame),
      height: HEIGHT,
      // Half of the last label of the axis of time may stand beyond its end.
      padding: [14, 32, 0, 0],
      tzDate: dateAt,
      legend: { show: false },
      cursor: { sync: { key: 'run' }, drag: { x: true, y: false }, points: { size: 7 } },
      scales: {
        x: { time: true, range: (_plot, min, max) => (min === max ? [min - 1, max + 1] : [min, max]) },
        y: chart.isLog
          ? { distr: 3, log: 10 }
          : { range: (_plot, _min, max) => [0, max === null || max <= 0 ? 1 : max * 1.08] },
      },
      axes: [
        {
          stroke: () => color('--faint'),
          grid: { stroke: () => color('--line'), width: 1 },
          ticks: { stroke: () => color('--line'), width: 1 },
          space: 70,
          size: 36,
          values: (_plot, splits, _axis, _space, step) => splits.map((at) => timeLabel(at, step)),
        },
        {
          stroke: () => color('--faint'),
          grid: { stroke: () => color('--line'), width: 1 },
          ticks: { show: false },
          size: 50,
          values: (_plot, splits) => splits.map((value) => (value === null ? '' : figure(value))),
        },
      ],
      series: [
        {},
        ...chart.series.map(({ label }, index) => ({
          label,
          stroke: () => color(`--s${index + 1}`),
          width: 1.75,
          dash: DASHES[index] ?? [],
          spanGaps: false,
          points: { fill: () => color('--paper') },
        })),
      ],
      hooks: {
        draw: [drawEvents],
        setCursor: [(plot) => show(plot.cursor.idx ?? null)],
      },
    };
    const plot = new uPlot(
      options,
      [data.times, ...chart.series.map(({ values: column }) => column.map(shown))],
      frame,
    );
    plot.setScale('x', { min: data.from, max: Math.max(data.to, data.from + 1) });
    const entry = { plot, frame, show, index: /** @type {number | null} */ (null) };
    drawn.push(entry);

    frame.addEventListener('keydown', (event) => {
      const last = data.times.length - 1;
      const before = entry.index ?? plot.cursor.idx ?? -1;
      /** @type {Record<string, number>} */
      const steps = {
        ArrowLeft: before - 1,
        ArrowRight: before + 1,
        PageUp: before - 10,
        PageDown: before + 10,
        Home: 0,
        End: last,
      };
      if (event.key === 'Escape') {
        plot.setScale('x', { min: data.from, max: Math.max(data.to, data.from + 1) });
        return;
      }
      const wanted = steps[event.key];
      if (wanted === undefined) return;
      event.preventDefault();
      const index = Math.max(0, Math.min(last, wanted));
      entry.index = index;
      const top = Math.max(0, plot.valToPos(chart.series[0].values[index] ?? 0, 'y'));
      plot.setCursor({ left: plot.valToPos(data.times[index], 'x'), top: Math.min(top, plot.height) });
      const words = chart.series.map(({ label, values: column }) => `${label} ${figure(column[index])}`);
      spoken.textContent = `${timeLabel(data.times[index], 1)}: ${words.join(', ')} ${chart.unit}`;
    });
    frame.addEventListener('blur', () => {
      entry.index = null;
    });
  };

  for (const chart of data.charts ?? []) draw(chart);

  const repaint = () => {
    for (const paint of repaints) paint();
    for (const { plot } of drawn) plot.redraw(false, true);
  };
  /** @param {number} [width] */
  const resize = (width) => {
    for (const { plot, frame } of drawn) plot.setSize({ width: width ?? widthOf(frame), height: HEIGHT });
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
  new ResizeObserver(() => resize()).observe(document.body);
  addEventListener('beforeprint', () => {
    document.documentElement.dataset.print = '';
    repaint();
    resize(680);
  });
  addEventListener('afterprint', () => {
    delete document.documentElement.dataset.print;
    repaint();
    resize();
  });

  const live = document.getElementById('live');
  if (live instanceof HTMLInputElement) {
    live.checked = location.hash !== '#still';
    live.addEventListener('change', () => history.replaceState(null, '', live.checked ? '#' : '#still'));
    setInterval(() => {
      /** @typedef {InstanceType<typeof uPlot>} Plot */
      if (live.checked && !document.hidden) location.reload();
    }, 5000);
  }
})();
